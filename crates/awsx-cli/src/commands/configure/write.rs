//! Changes to the two files: one lock, one parse, one write each.

use std::path::Path;

use awsx_core::ini::{Change, Document, SectionName};
use awsx_core::profile::{Paths, ProfileError};
use awsx_core::store;

use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// Writes sections of the config file.
pub(crate) fn write_config(context: &Context, sections: &[(SectionName, Vec<Change>)]) -> CommandResult {
    write(&Paths::resolve(context.env()).config, sections)
}

/// Writes sections of the credentials file, and warns if others can read it.
pub(super) fn write_credentials(context: &Context, sections: &[(SectionName, Vec<Change>)]) -> CommandResult {
    let path = Paths::resolve(context.env()).credentials;
    let existed = path.exists();
    write(&path, sections)?;
    if existed {
        warn_if_permissive(context, &path);
    }
    Ok(())
}

/// A profile's section in the credentials file, which has bare names.
pub(super) fn credentials_file_changes(profile: &str, changes: Vec<Change>) -> (SectionName, Vec<Change>) {
    (SectionName::Plain(profile.to_owned()), changes)
}

fn write(path: &Path, sections: &[(SectionName, Vec<Change>)]) -> CommandResult {
    store::update(path, |before| {
        let mut document = match before {
            None => Document::empty(),
            Some(bytes) => Document::parse(bytes)
                .map_err(|problem| ProfileError::Parse { path: path.to_owned(), problem })?,
        };
        for (section, changes) in sections {
            document.update(section, changes)?;
        }
        let after = document.render().into_bytes();
        Ok::<_, CommandError>((before.unwrap_or_default() != after).then_some(after))
    })
}

/// AWS CLI's warning, word for word.
#[cfg(unix)]
fn warn_if_permissive(context: &Context, path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let shared = std::fs::metadata(path).is_ok_and(|metadata| metadata.permissions().mode() & 0o077 != 0);
    if shared {
        let path = path.display();
        context.ui.err(format_args!(
            "\nawsx: [WARNING]: The file '{path}' is accessible by other users. Consider running 'chmod 600 {path}' \
             to restrict access to only your user.\n"
        ));
    }
}

/// Windows keeps the user's folder to the user.
#[cfg(not(unix))]
fn warn_if_permissive(_: &Context, _: &Path) {}
