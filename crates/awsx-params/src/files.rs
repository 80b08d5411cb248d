//! `file://` and `fileb://`: values that lie in files.

use std::io;
use std::path::Path;

use awsx_core::Env;
use awsx_output::{Value, python_repr};

use crate::{Given, ParamsError};

/// The text of an option's value: what lies in the file it refers to, else itself. `option` is the option as it is written
/// (`--csv`), for the error.
pub fn load_text(env: &Env, option: &str, text: &str) -> Result<String, ParamsError> {
    match load(env, text).map_err(|message| ParamsError::parameter(option, message))? {
        None => Ok(text.to_owned()),
        Some(Given::Bytes(bytes)) => String::from_utf8(bytes)
            .map_err(|_| ParamsError::parameter(option, format!("{text} holds no text in UTF-8"))),
        Some(other) => Ok(other.python_text()),
    }
}

/// What the text refers to, if it refers to a file.
pub(crate) fn load(env: &Env, text: &str) -> Result<Option<Given>, String> {
    if let Some(path) = text.strip_prefix("fileb://") {
        let path = env.expand_path(path);
        return Ok(Some(Given::Bytes(read(&path, text)?)));
    }
    let Some(path) = text.strip_prefix("file://") else { return Ok(None) };
    let path = env.expand_path(path);
    match String::from_utf8(read(&path, text)?) {
        // Python reads text with every kind of line end as `\n`.
        Ok(content) if content.contains('\r') => {
            Ok(Some(content.replace("\r\n", "\n").replace('\r', "\n").into()))
        }
        Ok(content) => Ok(Some(content.into())),
        Err(_) => Err(format!(
            "Unable to load paramfile ({}), text contents could not be decoded.  If this is a binary file, please \
             use the fileb:// prefix instead of the file:// prefix.",
            path.display()
        )),
    }
}

fn read(path: &Path, text: &str) -> Result<Vec<u8>, String> {
    std::fs::read(path)
        .map_err(|error| format!("Unable to load paramfile {text}: {}", os_error(&error, path)))
}

/// An error as Python's `OSError` shows it.
pub fn os_error(error: &io::Error, path: &Path) -> String {
    let path = python_repr(&Value::from(path.to_string_lossy().as_ref()));
    let words = error.to_string();
    // The system's words, which Rust follows with ` (os error 2)`.
    let words = words.split(" (os error").next().unwrap_or(&words);
    match error.raw_os_error() {
        Some(number) => format!("[Errno {number}] {words}: {path}"),
        None => format!("{words}: {path}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::disallowed_methods, reason = "a test's own file")]
    fn write(folder: &Path, name: &str, bytes: &[u8]) {
        std::fs::write(folder.join(name), bytes).unwrap();
    }

    fn env_at(folder: &Path) -> Env {
        Env::of([("HOME", folder.to_str().unwrap())])
    }

    #[test]
    fn only_the_two_prefixes_mean_files() {
        let env = Env::of([("HOME", "/nowhere")]);
        for text in ["x", "http://x", "FILE://x", "s3://x"] {
            assert_eq!(load(&env, text), Ok(None), "{text}");
        }
    }

    #[test]
    fn text_keeps_its_last_line_end_and_bytes_are_bytes() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "t", b"a\r\nb\n");
        let env = env_at(folder.path());
        assert_eq!(load(&env, "file://~/t"), Ok(Some("a\nb\n".into())));
        assert_eq!(load(&env, "fileb://$HOME/t"), Ok(Some(Given::Bytes(b"a\r\nb\n".to_vec()))));
    }

    #[test]
    fn an_option_s_text_is_the_file_s_or_its_own() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "t", b"a\r\n");
        let env = env_at(folder.path());
        assert_eq!(load_text(&env, "--csv", "file://~/t").unwrap(), "a\n");
        assert_eq!(load_text(&env, "--csv", "fileb://~/t").unwrap(), "a\r\n");
        assert_eq!(load_text(&env, "--csv", "~/t").unwrap(), "~/t");
        assert_eq!(
            load_text(&env, "--csv", "file:///nope").unwrap_err().to_string(),
            "Error parsing parameter '--csv': Unable to load paramfile file:///nope: [Errno 2] No such file or \
             directory: '/nope'"
        );
    }

    #[test]
    fn what_cannot_be_read_is_told_in_python_s_words() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "b", &[0xff, 0xfe]);
        let env = env_at(folder.path());
        assert_eq!(
            load(&env, "file:///nope").unwrap_err(),
            "Unable to load paramfile file:///nope: [Errno 2] No such file or directory: '/nope'"
        );
        let path = folder.path().join("b");
        assert_eq!(
            load(&env, "file://~/b").unwrap_err(),
            format!(
                "Unable to load paramfile ({}), text contents could not be decoded.  If this is a binary file, \
                 please use the fileb:// prefix instead of the file:// prefix.",
                path.display()
            )
        );
    }
}
