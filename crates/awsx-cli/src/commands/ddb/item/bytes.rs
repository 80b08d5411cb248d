//! Base64 as Python reads it, with Python's words for what is wrong.

/// The bytes; letters that are none are passed over.
pub(in super::super) fn decode(text: &str) -> Result<Vec<u8>, String> {
    awsx_params::decode_base64(text).ok_or_else(|| {
        let is_letter = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/');
        let letters = text.chars().filter(is_letter).count();
        if letters % 4 == 1 {
            format!(
                "Invalid base64-encoded string: number of data characters ({letters}) cannot be 1 more than a multiple \
                 of 4"
            )
        } else {
            "Incorrect padding".to_owned()
        }
    })
}
