//! Signatures of CloudTrail: RSA (PKCS #1 v1.5) with SHA-256.

use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};

/// Why a signature does not hold.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum SignatureError {
    /// The key is no base64.
    KeyText,
    /// The key is no `RSAPublicKey` of RFC 8017.
    Key,
    /// The signature is no hexadecimal text; what Python says of it.
    Text(&'static str),
    /// It is not this key's signature of this message.
    Wrong,
}

/// Verifies a signature in hexadecimal with a key in base64.
pub(super) fn verify(key: &str, message: &[u8], signature: &str) -> Result<(), SignatureError> {
    let key = awsx_params::decode_base64(key).ok_or(SignatureError::KeyText)?;
    let (n, e) = numbers(&key).ok_or(SignatureError::Key)?;
    let signature = decode_hex(signature)?;
    RsaPublicKeyComponents { n, e }
        .verify(&RSA_PKCS1_2048_8192_SHA256, message, &signature)
        .map_err(|_| SignatureError::Wrong)
}

fn decode_hex(text: &str) -> Result<Vec<u8>, SignatureError> {
    let bytes = text.as_bytes();
    if !bytes.len().is_multiple_of(2) {
        return Err(SignatureError::Text("Odd-length string"));
    }
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let pairs = bytes.chunks(2).map(|pair| Some(digit(pair[0])? * 16 + digit(pair[1])?));
    pairs
        .map(|byte| byte.and_then(|byte| u8::try_from(byte).ok()))
        .collect::<Option<Vec<u8>>>()
        .ok_or(SignatureError::Text("Non-hexadecimal digit found"))
}

/// Modulus and exponent of a key in DER.
fn numbers(der: &[u8]) -> Option<(&[u8], &[u8])> {
    const SEQUENCE: u8 = 0x30;
    const INTEGER: u8 = 0x02;
    let (inside, _) = element(der, SEQUENCE)?;
    let (modulus, rest) = element(inside, INTEGER)?;
    let (exponent, _) = element(rest, INTEGER)?;
    Some((without_zeros(modulus), without_zeros(exponent)))
}

/// The content of the element of this kind at the start, and what follows it.
fn element(der: &[u8], kind: u8) -> Option<(&[u8], &[u8])> {
    let (&first, rest) = der.split_first()?;
    let (&length, rest) = rest.split_first()?;
    let (length, rest) = match length {
        0..=0x7F => (usize::from(length), rest),
        // So many bytes of length follow; more than four no key has.
        0x81..=0x84 => {
            let (bytes, rest) = rest.split_at_checked(usize::from(length & 0x7F))?;
            (bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)), rest)
        }
        _ => return None,
    };
    (first == kind).then(|| rest.split_at_checked(length))?
}

/// A positive number may begin with a zero byte, which ring takes for a mistake.
fn without_zeros(number: &[u8]) -> &[u8] {
    let start = number.iter().position(|byte| *byte != 0).unwrap_or(number.len());
    &number[start..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_two_numbers() {
        assert_eq!(numbers(&[0x30, 7, 2, 2, 0, 5, 2, 1, 3]), Some((&[5][..], &[3][..])));
        assert_eq!(numbers(&[0x30, 0x81, 6, 2, 1, 5, 2, 1, 3]), Some((&[5][..], &[3][..])));
        for other in [&b""[..], b"junk", &[0x30, 6, 2, 1, 5, 2, 9, 3], &[0x30, 0x80, 2, 1, 5]] {
            assert_eq!(numbers(other), None, "{other:?}");
        }
    }

    #[test]
    fn what_is_no_signature_is_told_as_python_does() {
        let key = "MAYCAQUCAQM=";
        assert_eq!(verify(key, b"", "abc"), Err(SignatureError::Text("Odd-length string")));
        assert_eq!(verify(key, b"", "zz"), Err(SignatureError::Text("Non-hexadecimal digit found")));
        assert_eq!(verify(key, b"", "00"), Err(SignatureError::Wrong));
        assert_eq!(verify("anVuaw==", b"", "00"), Err(SignatureError::Key));
        assert_eq!(verify("a", b"", "00"), Err(SignatureError::KeyText));
    }
}
