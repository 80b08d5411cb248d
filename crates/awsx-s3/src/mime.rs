//! Guesses content types from names, as Python's `mimetypes` does.

use std::collections::HashMap;
use std::path::Path;
use std::sync::OnceLock;

/// Python's own table: an extension and its type per line.
const BUILT_IN: &str = include_str!("mime/types.txt");
/// Where Python looks for more; the later ones win.
const SYSTEM: [&str; 3] = ["/etc/mime.types", "/etc/apache2/mime.types", "/etc/httpd/conf/mime.types"];

const DOUBLE: [(&str, &str); 6] = [
    ("svgz", "svg.gz"),
    ("tgz", "tar.gz"),
    ("taz", "tar.gz"),
    ("tz", "tar.gz"),
    ("tbz2", "tar.bz2"),
    ("txz", "tar.xz"),
];
/// Extensions that tell how something is packed, not what it is. Case counts here.
const ENCODINGS: [&str; 5] = ["gz", "Z", "bz2", "xz", "br"];

/// Types by extension.
#[derive(Debug)]
pub struct MimeTypes(HashMap<String, String>);

impl MimeTypes {
    /// Python's table with the system's laid over it, read once.
    pub fn of_system() -> &'static Self {
        static TYPES: OnceLock<MimeTypes> = OnceLock::new();
        TYPES.get_or_init(|| {
            let mut types = Self::built_in();
            for path in SYSTEM {
                if let Ok(text) = std::fs::read_to_string(path) {
                    types.lay_over(&text);
                }
            }
            types
        })
    }

    /// Python's table alone.
    pub fn built_in() -> Self {
        let rows = BUILT_IN.lines().filter_map(|line| line.split_once(' '));
        Self(rows.map(|(extension, kind)| (extension.to_owned(), kind.to_owned())).collect())
    }

    /// Adds the types of a `mime.types` file.
    fn lay_over(&mut self, text: &str) {
        for line in text.lines() {
            let line = line.split('#').next().unwrap_or_default();
            let mut words = line.split_ascii_whitespace();
            let Some(kind) = words.next() else { continue };
            self.0.extend(words.map(|extension| (extension.to_owned(), kind.to_owned())));
        }
    }

    /// The type of a file by its name.
    pub fn guess(&self, path: &Path) -> Option<&str> {
        let name = path.file_name()?.to_str()?;
        let (stem, extension) = split_extension(name)?;
        let double =
            DOUBLE.iter().find(|(short, _)| *short == extension).map(|(_, long)| format!("{stem}.{long}"));
        let name = double.as_deref().unwrap_or(name);
        let (stem, extension) = split_extension(name)?;
        let extension = if ENCODINGS.contains(&extension) { split_extension(stem)?.1 } else { extension };
        let known = self.0.get(extension).or_else(|| self.0.get(&extension.to_lowercase()));
        known.map(String::as_str)
    }
}

/// Python's `splitext`: dots at the beginning of a name begin no extension.
fn split_extension(name: &str) -> Option<(&str, &str)> {
    let (stem, extension) = name.rsplit_once('.')?;
    (!stem.trim_start_matches('.').is_empty()).then_some((stem, extension))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guess(name: &str) -> Option<String> {
        MimeTypes::built_in().guess(Path::new(name)).map(str::to_owned)
    }

    #[test]
    fn types_are_python_s() {
        assert_eq!(guess("a/b.txt").as_deref(), Some("text/plain"));
        assert_eq!(guess("b.JPG").as_deref(), Some("image/jpeg"));
        assert_eq!(guess("b.tar.gz").as_deref(), Some("application/x-tar"));
        assert_eq!(guess("b.tgz").as_deref(), Some("application/x-tar"));
        assert_eq!(guess("b.html.bz2").as_deref(), Some("text/html"));
        assert_eq!(guess("x.json").as_deref(), Some("application/json"));
        for unknown in ["README", ".txt", "a.unknown", "a.gz", "a.", "x.d/file"] {
            assert_eq!(guess(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn the_system_s_types_are_laid_over() {
        let mut types = MimeTypes::built_in();
        types.lay_over("# comment\napplication/x-mine mine m # more\n\ntext/other txt\n");
        assert_eq!(types.guess(Path::new("a.m")), Some("application/x-mine"));
        assert_eq!(types.guess(Path::new("a.txt")), Some("text/other"));
    }
}
