//! Texts as numbers in base 36, as they stand in the names of EMR's service accounts.

/// The text's characters as digits in base 256, written in base 36.
pub(super) fn encode(text: &str) -> String {
    const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    // The last digit first.
    let mut digits: Vec<u8> = Vec::new();
    for character in text.chars() {
        let mut carry = u32::from(character);
        for digit in &mut digits {
            let value = u32::from(*digit) * 256 + carry;
            *digit = (value % 36) as u8;
            carry = value / 36;
        }
        while carry > 0 {
            digits.push((carry % 36) as u8);
            carry /= 36;
        }
    }
    if digits.is_empty() {
        return "0".to_owned();
    }
    digits.iter().rev().map(|digit| char::from(DIGITS[usize::from(*digit)])).collect()
}

#[cfg(test)]
mod tests {
    use super::encode;

    #[test]
    fn a_text_is_a_number() {
        assert_eq!(encode("a"), "2p");
        assert_eq!(encode("jobs-role"), "bicuj9kzhsghgl");
        assert_eq!(encode("é€"), "1gh8");
        assert_eq!(encode(""), "0");
    }
}
