//! Which plain texts YAML 1.2 would read as something other than text: numbers, truths, null, dates and the like.

/// What a scalar without quotes reads as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum YamlKind {
    /// A text.
    Text,
    /// Nothing.
    Null,
    /// A truth.
    Truth,
    /// A whole number: `10`, `0x1f`, `1_000`.
    Int,
    /// Another number: `1.5`, `1e3`, `.inf`.
    Float,
    /// A date, or a date and a time.
    Moment,
    /// `<<` or `=`, which have a meaning as keys.
    Key,
}

impl YamlKind {
    /// What YAML 1.2 takes this text for where it stands without quotes.
    pub fn of(text: &str) -> Self {
        match text {
            "" | "~" | "null" | "Null" | "NULL" => Self::Null,
            "true" | "True" | "TRUE" | "false" | "False" | "FALSE" => Self::Truth,
            "<<" | "=" => Self::Key,
            text if is_int(text) => Self::Int,
            text if is_float(text) => Self::Float,
            text if is_timestamp(text) => Self::Moment,
            _ => Self::Text,
        }
    }
}

pub(super) fn reads_as_text(text: &str) -> bool {
    YamlKind::of(text) == YamlKind::Text
}

/// Which plain texts YAML 1.1 read as something other than text, and 1.2 does not.
pub(super) fn was_no_text(text: &str) -> bool {
    let is_word = ["yes", "no", "on", "off"].iter().any(|word| {
        let capital = [&word[..1].to_ascii_uppercase(), &word[1..]].concat();
        text == *word || text == capital || text == word.to_ascii_uppercase()
    });
    // Numbers to the base of sixty: `1:30` was 90.
    let is_base_sixty = text.contains(':')
        && text.starts_with(|first: char| first.is_ascii_digit())
        && text.bytes().all(|byte| is_digit(byte) || byte == b':' || byte == b'.');
    is_word || is_base_sixty
}

fn is_int(text: &str) -> bool {
    let Some(digits) = strip_sign_where_digits_may_follow(text) else {
        return false;
    };
    let all = |digits: &str, accept: fn(u8) -> bool| !digits.is_empty() && digits.bytes().all(accept);
    all(digits, is_digit)
        || digits
            .strip_prefix("0b")
            .is_some_and(|digits| all(digits, |byte| matches!(byte, b'0' | b'1' | b'_')))
        || digits
            .strip_prefix("0o")
            .is_some_and(|digits| all(digits, |byte| matches!(byte, b'0'..=b'7' | b'_')))
        || digits
            .strip_prefix("0x")
            .is_some_and(|digits| all(digits, |byte| byte.is_ascii_hexdigit() || byte == b'_'))
}

/// A text that starts with `_` is no number, though one that goes on with it after its sign is.
fn strip_sign_where_digits_may_follow(text: &str) -> Option<&str> {
    match text.as_bytes().first()? {
        b'+' | b'-' => Some(&text[1..]),
        b'0'..=b'9' => Some(text),
        _ => None,
    }
}

fn is_float(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    let run = |text: &str| text.bytes().take_while(|byte| is_digit(*byte)).count();
    let whole = run(unsigned);
    if whole > 0 && !unsigned.starts_with(|first: char| first.is_ascii_digit()) {
        return false;
    }
    let rest = &unsigned[whole..];
    match rest.strip_prefix('.') {
        Some(fraction) => {
            let digits = run(fraction);
            let exponent = &fraction[digits..];
            // Without a whole part, the exponent's sign is required.
            let signed = whole > 0 || exponent.get(1..).is_some_and(|rest| rest.starts_with(['+', '-']));
            (whole > 0 || digits > 0) && (exponent.is_empty() || (signed && is_exponent(exponent)))
        }
        None => whole > 0 && is_exponent(rest),
    }
}

fn is_exponent(text: &str) -> bool {
    text.strip_prefix(['e', 'E'])
        .map(|exponent| exponent.strip_prefix(['+', '-']).unwrap_or(exponent))
        .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

fn is_digit(byte: u8) -> bool {
    byte.is_ascii_digit() || byte == b'_'
}

/// `2020-01-01`, or a date and a time such as `2020-1-1 1:00:00.5 +01:00`.
fn is_timestamp(text: &str) -> bool {
    let mut reader = Reader { rest: text };
    is_date(text)
        || (reader.digits(4, 4)
            && reader.skip("-")
            && reader.digits(1, 2)
            && reader.skip("-")
            && reader.digits(1, 2)
            && (reader.skip("T") || reader.skip("t") || reader.blanks())
            && reader.digits(1, 2)
            && reader.skip(":")
            && reader.digits(2, 2)
            && reader.skip(":")
            && reader.digits(2, 2)
            && reader.fraction_and_zone())
}

fn is_date(text: &str) -> bool {
    let mut reader = Reader { rest: text };
    reader.digits(4, 4)
        && reader.skip("-")
        && reader.digits(2, 2)
        && reader.skip("-")
        && reader.digits(2, 2)
        && reader.rest.is_empty()
}

struct Reader<'t> {
    rest: &'t str,
}

impl Reader<'_> {
    fn skip(&mut self, token: &str) -> bool {
        let after = self.rest.strip_prefix(token);
        self.rest = after.unwrap_or(self.rest);
        after.is_some()
    }

    fn digits(&mut self, least: usize, most: usize) -> bool {
        let count = self.rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
        self.rest = &self.rest[count..];
        count >= least
    }

    fn blanks(&mut self) -> bool {
        let after = self.rest.trim_start_matches([' ', '\t']);
        let found = after.len() < self.rest.len();
        self.rest = after;
        found
    }

    fn fraction_and_zone(&mut self) -> bool {
        if self.skip(".") {
            self.digits(0, usize::MAX);
        }
        if self.rest.is_empty() {
            return true;
        }
        self.blanks();
        if self.skip("Z") {
            return self.rest.is_empty();
        }
        (self.skip("+") || self.skip("-"))
            && self.digits(1, 2)
            && (!self.skip(":") || self.digits(2, 2))
            && self.rest.is_empty()
    }
}
