//! Values as each shell's words, so that `eval` reads text and nothing else.
//!
//! A value of harmless characters comes out as AWS CLI prints it.

/// What no shell reads anything into. `+`, `/` and `=` stand in every key and token.
fn is_plain(value: &str) -> bool {
    !value.is_empty()
        && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.+/=:,@%".contains(&byte))
}

/// For sh, bash, zsh: single quotes, where only a single quote is special.
pub(super) fn posix(value: &str) -> String {
    if is_plain(value) { value.to_owned() } else { format!("'{}'", value.replace('\'', r"'\''")) }
}

/// For PowerShell: double quotes as AWS CLI prints them, single quotes (where only they are special) if need be.
/// PowerShell takes typographic single quotes for quotes too.
pub(super) fn powershell(value: &str) -> String {
    if is_plain(value) {
        return format!("\"{value}\"");
    }
    let mut quoted = String::from("'");
    for character in value.chars() {
        if matches!(character, '\'' | '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{201b}') {
            quoted.push(character);
        }
        quoted.push(character);
    }
    quoted + "'"
}

/// For fish: double quotes as AWS CLI prints them, single quotes (with `\` and `'` escaped) if need be.
pub(super) fn fish(value: &str) -> String {
    if is_plain(value) {
        format!("\"{value}\"")
    } else {
        format!("'{}'", value.replace('\\', r"\\").replace('\'', r"\'"))
    }
}

/// For cmd.exe the whole assignment: `set NAME=value`, or quoted around both. None for what cmd.exe cannot take as
/// text in any way: line ends, quotes, and percent signs, which name variables even inside quotes.
pub(super) fn windows_cmd(name: &str, value: &str) -> Option<String> {
    if value.contains(['"', '%', '\r', '\n', '\0']) {
        return None;
    }
    if is_plain(value) {
        Some(format!("set {name}={value}"))
    } else {
        Some(format!("set \"{name}={value}\""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str = "a'b; touch x $(id) `id` \\ \"q\"";

    #[test]
    fn harmless_values_look_as_aws_cli_prints_them() {
        assert_eq!(posix("wJalr/bPx+EY="), "wJalr/bPx+EY=");
        assert_eq!(powershell("wJalr/bPx+EY="), "\"wJalr/bPx+EY=\"");
        assert_eq!(fish("wJalr/bPx+EY="), "\"wJalr/bPx+EY=\"");
        assert_eq!(windows_cmd("K", "wJalr/bPx+EY=").unwrap(), "set K=wJalr/bPx+EY=");
    }

    /// The shell itself says what it reads.
    #[test]
    fn a_posix_shell_reads_back_exactly_the_value() {
        for value in [HOSTILE, "", " ", "a\nb", "~", "*", "é"] {
            let script = format!("v={}; printf %s \"$v\"", posix(value));
            let output = std::process::Command::new("sh").args(["-c", &script]).output().unwrap();
            assert_eq!(String::from_utf8_lossy(&output.stdout), value);
        }
    }

    #[test]
    fn other_shells_quotes_leave_nothing_to_expand() {
        assert_eq!(powershell("a'b$c"), "'a''b$c'");
        assert_eq!(powershell("a\u{2019}b"), "'a\u{2019}\u{2019}b'");
        assert_eq!(fish("a'b\\$c"), r"'a\'b\\$c'");
        assert_eq!(windows_cmd("K", "a&calc").unwrap(), "set \"K=a&calc\"");
        assert_eq!(windows_cmd("K", "%PATH%"), None);
    }
}
