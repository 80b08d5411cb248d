//! Opens a page in the person's browser: `$BROWSER` or the platform's, by arguments, never through a shell.

mod known;

use std::ffi::OsStr;
use std::process::{Command, Stdio};

use awsx_core::words;

pub(crate) use known::Browser;

/// What separates the programs in `$BROWSER`.
const SEPARATOR: char = if cfg!(windows) { ';' } else { ':' };

/// Tries to open a page with the programs that `$BROWSER` names, in turn, then with the platform's own browser. The
/// URL takes the place of `%s`, or stands last. Says whether one was started.
pub(crate) fn open(url: &str, named: Option<&str>) -> bool {
    let programs = named.into_iter().flat_map(|list| list.split(SEPARATOR));
    if programs.filter(|program| !program.is_empty()).any(|program| start(program, url)) {
        return true;
    }
    let opened = webbrowser::open(url);
    if let Err(error) = &opened {
        tracing::debug!(target: "awsx::browser", %error, "no browser");
    }
    opened.is_ok()
}

fn start(program: &str, url: &str) -> bool {
    let Some(mut words) = arguments(program, url) else { return false };
    let name = words.remove(0);
    spawn(&name, &words)
}

/// Starts a program that lives on by itself.
fn spawn(program: &str, arguments: &[impl AsRef<OsStr>]) -> bool {
    let quiet = || Stdio::null();
    let started =
        Command::new(program).args(arguments).stdin(quiet()).stdout(quiet()).stderr(quiet()).spawn();
    started.is_ok()
}

/// The program and its arguments; none if the text cannot be split.
fn arguments(program: &str, url: &str) -> Option<Vec<String>> {
    let mut words = words::split(program).filter(|words| !words.is_empty())?;
    if words.iter().any(|word| word.contains("%s")) {
        for word in &mut words {
            *word = word.replace("%s", url);
        }
    } else {
        words.push(url.to_owned());
    }
    Some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_url_stays_one_argument() {
        let url = "https://x/?a=1&b=$(id) '\"";
        assert_eq!(arguments("firefox", url).unwrap(), ["firefox", url]);
        assert_eq!(
            arguments("'/opt/my browser' --app=%s -x", url).unwrap(),
            ["/opt/my browser", &format!("--app={url}"), "-x"]
        );
        assert_eq!(arguments("a 'b", url), None);
    }
}
