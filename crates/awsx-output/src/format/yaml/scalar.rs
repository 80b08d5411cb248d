//! Which style a text needs: plain if it reads back as the same text, single quotes if not, double quotes if it has
//! characters to escape. The conditions are libyaml's.

use super::plain::reads_as_text;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    SingleQuoted,
    DoubleQuoted,
}

/// What there is in a text that decides its style.
pub(super) struct Scalar {
    pub(super) multiline: bool,
    may_be_plain: bool,
    may_be_single_quoted: bool,
}

impl Scalar {
    pub(super) fn analyze(text: &str) -> Self {
        let mut indicators = text.starts_with("---") || text.starts_with("...");
        let mut special = false;
        let mut multiline = false;
        // A blank before a break, or a break before a blank, would be lost in quotes without escapes.
        let mut blank_lost = false;
        let mut previous = None;
        let mut characters = text.chars().peekable();
        while let Some(character) = characters.next() {
            let before_blank = characters.peek().is_none_or(|next| is_blank(*next));
            let after_blank = previous.is_none_or(is_blank);
            indicators |= match character {
                ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@' | '`' => {
                    previous.is_none()
                }
                '#' => after_blank,
                ':' => before_blank,
                '?' | '-' => previous.is_none() && before_blank,
                _ => false,
            };
            special |= !is_printable(character);
            multiline |= is_break(character);
            blank_lost |= match (previous, character) {
                (Some(previous), ' ') => is_break(previous),
                (Some(' '), character) => is_break(character),
                _ => false,
            };
            previous = Some(character);
        }
        let ends_blank = |character: Option<char>| character.is_some_and(|character| character == ' ');
        let edges = ends_blank(text.chars().next()) || ends_blank(previous);
        Self {
            multiline,
            may_be_plain: !(indicators || special || multiline || edges),
            may_be_single_quoted: !(special || blank_lost),
        }
    }

    pub(super) fn style(&self, text: &str, is_key: bool) -> Style {
        if self.may_be_plain && reads_as_text(text) {
            Style::Plain
        } else if self.may_be_single_quoted && !(is_key && self.multiline) {
            Style::SingleQuoted
        } else {
            Style::DoubleQuoted
        }
    }
}

pub(super) fn is_break(character: char) -> bool {
    matches!(character, '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

pub(super) fn needs_escape(character: char) -> bool {
    !is_printable(character) || is_break(character) || matches!(character, '"' | '\\')
}

pub(super) fn escape(character: char) -> String {
    let letter = match character {
        '\0' => '0',
        '\u{7}' => 'a',
        '\u{8}' => 'b',
        '\t' => 't',
        '\n' => 'n',
        '\u{b}' => 'v',
        '\u{c}' => 'f',
        '\r' => 'r',
        '\u{1b}' => 'e',
        '"' => '"',
        '\\' => '\\',
        '\u{85}' => 'N',
        '\u{2028}' => 'L',
        '\u{2029}' => 'P',
        other => {
            return match u32::from(other) {
                code @ ..=0xff => format!("\\x{code:02X}"),
                code @ ..=0xffff => format!("\\u{code:04X}"),
                code => format!("\\U{code:08X}"),
            };
        }
    };
    format!("\\{letter}")
}

fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\0') || is_break(character)
}

/// What may stand unescaped: neither controls (tab included) nor anything beyond the Basic Multilingual Plane.
fn is_printable(character: char) -> bool {
    matches!(character, '\n' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}')
}
