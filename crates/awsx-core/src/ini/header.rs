//! What a section header means.

use crate::words;

/// The thing a section describes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SectionName {
    /// `[default]` or `[profile NAME]` in the config file.
    Profile(String),
    /// `[sso-session NAME]`.
    SsoSession(String),
    /// `[services NAME]`.
    Services(String),
    /// A header that stands for itself: `[plugins]`, and every section of the credentials file.
    Plain(String),
}

impl SectionName {
    /// Reads the text between the brackets of a header in the config file.
    ///
    /// Nothing means that the section is ignored: `[profile]`, `[profile a b]`, an open quote. A header that merely
    /// starts like one of ours (`[profilexx yy]`) names nothing either, although the AWS CLI takes it for `yy`.
    pub fn parse_config_header(header: &str) -> Option<SectionName> {
        if header == "default" {
            return Some(SectionName::Profile(header.to_owned()));
        }
        let kind = if header.starts_with("profile") {
            Kind { prefix: "profile", name: SectionName::Profile }
        } else if header.starts_with("sso-session") {
            Kind { prefix: "sso-session", name: SectionName::SsoSession }
        } else if header.starts_with("services") {
            Kind { prefix: "services", name: SectionName::Services }
        } else {
            return Some(SectionName::Plain(header.to_owned()));
        };
        if let Some(name) = plain_word_after(header, kind.prefix) {
            return Some((kind.name)(name.to_owned()));
        }
        match <[String; 2]>::try_from(words::split(header)?) {
            Ok([first, name]) if first == kind.prefix => Some((kind.name)(name)),
            _ => None,
        }
    }

    /// Writes the text between the brackets, quoted where the name needs it.
    pub fn to_header(&self) -> String {
        let (prefix, name) = match self {
            SectionName::Plain(header) => return header.clone(),
            SectionName::Profile(name) if name == "default" => return name.clone(),
            SectionName::Profile(name) => ("profile", name),
            SectionName::SsoSession(name) => ("sso-session", name),
            SectionName::Services(name) => ("services", name),
        };
        let bare = format!("{prefix} {name}");
        if SectionName::parse_config_header(&bare).as_ref() == Some(self) {
            bare
        } else {
            format!("{prefix} {}", words::quote(name))
        }
    }
}

/// A kind of section: the first word of its header, and what the second word names.
struct Kind {
    prefix: &'static str,
    name: fn(String) -> SectionName,
}

/// The second word of `prefix word` when nothing in it asks for the splitter: nearly every header there is.
fn plain_word_after<'a>(header: &'a str, prefix: &str) -> Option<&'a str> {
    let name = header[prefix.len()..].strip_prefix(' ')?;
    let is_plain = |byte: u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'/' | b'@' | b'+' | b':')
    };
    (!name.is_empty() && name.bytes().all(is_plain)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(name: &str) -> SectionName {
        SectionName::Profile(name.to_owned())
    }

    #[test]
    fn headers_name_what_the_aws_cli_reads_from_them() {
        for (header, name) in [
            ("default", Some(profile("default"))),
            ("profile default", Some(profile("default"))),
            ("profile dev", Some(profile("dev"))),
            ("profile\tdev", Some(profile("dev"))),
            ("profile   dev  ", Some(profile("dev"))),
            ("profile \"q r\"", Some(profile("q r"))),
            ("profile 's t'", Some(profile("s t"))),
            ("profile \u{e9}\u{4e2d}", Some(profile("\u{e9}\u{4e2d}"))),
            ("profile #1", Some(profile("#1"))),
            ("sso-session corp", Some(SectionName::SsoSession("corp".to_owned()))),
            ("services 'my services'", Some(SectionName::Services("my services".to_owned()))),
            ("plugins", Some(SectionName::Plain("plugins".to_owned()))),
            ("Profile up", Some(SectionName::Plain("Profile up".to_owned()))),
            (" profile sp ", Some(SectionName::Plain(" profile sp ".to_owned()))),
            (" default ", Some(SectionName::Plain(" default ".to_owned()))),
            ("profile", None),
            ("profile a b", None),
            ("profile  spaced name", None),
            ("profile it's", None),
            ("services", None),
        ] {
            assert_eq!(SectionName::parse_config_header(header), name, "[{header}]");
        }
    }

    #[test]
    fn a_longer_first_word_defines_nothing() {
        for header in ["profilexx yy", "profiles yy", "sso-sessions yy", "servicesx yy", "profile-x y"] {
            assert_eq!(SectionName::parse_config_header(header), None, "[{header}]");
        }
    }

    #[test]
    fn names_are_quoted_only_when_they_need_it() {
        let header = |name: &str| SectionName::Profile(name.to_owned()).to_header();
        assert_eq!(header("default"), "default");
        assert_eq!(header("dev"), "profile dev");
        assert_eq!(header("a$b#c"), "profile a$b#c");
        assert_eq!(header("b c"), "profile 'b c'");
        assert_eq!(header("b\tc"), "profile 'b\tc'");
        assert_eq!(header("it's here"), r#"profile 'it'"'"'s here'"#);
        assert_eq!(header("it's"), r#"profile 'it'"'"'s'"#);
        assert_eq!(header(r"dom\user"), r"profile 'dom\user'");
        assert_eq!(header(""), "profile ''");
        assert_eq!(SectionName::SsoSession("my corp".to_owned()).to_header(), "sso-session 'my corp'");
        assert_eq!(SectionName::Plain("b c".to_owned()).to_header(), "b c");
    }
}
