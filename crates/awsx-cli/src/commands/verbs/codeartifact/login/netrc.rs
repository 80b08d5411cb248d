//! `~/.netrc`: tokens by host. All else in it stays.

use std::ops::Range;
use std::path::Path;

use awsx_core::Secret;
use awsx_core::store::{self, StoreError};

use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// Puts a host's token into the file, or prints the line.
pub(super) fn put(context: &Context, host: &str, token: &Secret<String>, dry_run: bool) -> CommandResult {
    let path = context.env().expand_path("~/.netrc");
    let entry = format!("machine {host} login token password {}", token.expose());
    if dry_run {
        return context.ui.out(format_args!(
            "Dryrun mode is enabled, not writing to netrc.\nThe following line would have been written to {}:\n\n\
             {entry}\n\nAnd would have run the following commands:\n\n",
            path.display()
        ));
    }
    let before = store::read(&path)?.unwrap_or_default();
    let before = String::from_utf8(before)
        .map_err(|_| CommandError::general(format!("`{}` is not UTF-8 text", path.display())))?;
    write_secret(&path, &with(&before, host, token.expose(), &entry))?;
    Ok(())
}

/// Writes a file of another tool that holds secrets: readable by its owner alone, also where it was not before. The
/// tool has no lock, and one of ours would lie beside it for ever.
pub(super) fn write_secret(path: &Path, text: &str) -> Result<(), StoreError> {
    #[cfg(unix)]
    if path.exists() {
        use std::os::unix::fs::PermissionsExt;
        let private = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(path, private)
            .map_err(|source| StoreError::Write { path: path.to_owned(), source })?;
    }
    store::write_atomic(path, text.as_bytes())
}

/// The text with the host's token in it.
fn with(text: &str, host: &str, token: &str, entry: &str) -> String {
    let mut places = tokens_of(text, host);
    if places.is_empty() {
        let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
        return format!("{text}{end}{entry}\n");
    }
    let mut text = text.to_owned();
    while let Some(place) = places.pop() {
        text.replace_range(place, token);
    }
    text
}

/// Where the tokens of a host stand.
fn tokens_of(text: &str, host: &str) -> Vec<Range<usize>> {
    let start = |word: &str| word.as_ptr() as usize - text.as_ptr() as usize;
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_entry =
        |six: &&[&str]| six[0] == "machine" && six[1] == host && six[2] == "login" && six[4] == "password";
    let tokens = words.windows(6).filter(is_entry).map(|six| six[5]);
    tokens.map(|token| start(token)..start(token) + token.len()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_replaced_or_added_and_all_else_stays() {
        let put = |text: &str| with(text, "h", "new", "machine h login token password new");
        assert_eq!(put(""), "machine h login token password new\n");
        assert_eq!(put("machine x login a password b"), {
            "machine x login a password b\nmachine h login token password new\n"
        });
        assert_eq!(
            put("# mine\nmachine h\n  login token\n  password old # x\nmachine hh login a password b\n"),
            "# mine\nmachine h\n  login token\n  password new # x\nmachine hh login a password b\n"
        );
        assert_eq!(put("machine h login token password new\n"), "machine h login token password new\n");
    }
}
