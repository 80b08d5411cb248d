//! Base64 as Python's `base64.b64decode` reads it: what is no base64 letter is passed over.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{GeneralPurpose, GeneralPurposeConfig};

const LENIENT: GeneralPurpose =
    GeneralPurpose::new(&STANDARD, GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true));

/// The bytes, if the letters end where a group ends. Nothing is read behind the padding.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let is_letter = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=');
    let mut letters: String = text.chars().filter(is_letter).collect();
    if let Some(padding) = letters.find('=') {
        letters.truncate(padding.next_multiple_of(4));
    }
    LENIENT.decode(&letters).ok()
}

/// The bytes in letters, padded.
pub(crate) fn encode(bytes: &[u8]) -> String {
    LENIENT.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_characters_are_passed_over_and_padding_counts() {
        assert_eq!(decode("aGk="), Some(b"hi".to_vec()));
        assert_eq!(decode("aG\nl="), Some(b"hi".to_vec()));
        assert_eq!(decode("aGk=AAAA"), Some(b"hi".to_vec()));
        assert_eq!(decode(""), Some(Vec::new()));
        assert_eq!(decode("aGk"), None);
        assert_eq!(decode("x"), None);
    }
}
