//! Percent-encoding, as signatures want it.

use std::fmt::Write;

/// Encodes all but letters, digits and `-._~`.
pub fn encode(text: &str) -> String {
    encode_but(text, b"-._~")
}

/// Encodes a path with its slashes kept.
pub fn encode_path(text: &str) -> String {
    encode_but(text, b"-._~/")
}

fn encode_but(text: &str, kept: &[u8]) -> String {
    let mut encoded = String::with_capacity(text.len());
    for &byte in text.as_bytes() {
        if byte.is_ascii_alphanumeric() || kept.contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            write!(encoded, "%{byte:02X}").expect("a String takes everything");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_letter_or_digit_is_written_in_hex() {
        assert_eq!(encode("a-Z_0.~"), "a-Z_0.~");
        assert_eq!(encode("my user+x/ü"), "my%20user%2Bx%2F%C3%BC");
        assert_eq!(encode_path("/my user/ü"), "/my%20user/%C3%BC");
    }
}
