//! The hashes that name cache files, so that the AWS CLI and the SDKs find the same ones.

use std::fmt::Write;

use sha1::Sha1;
use sha2::{Digest, Sha256};

pub use super::python_json::{JsonLayout, python_json};

/// The SHA-1 of a text in lower-case hexadecimal digits.
pub fn sha1_hex(text: &str) -> String {
    hex(&Sha1::digest(text.as_bytes()))
}

/// The SHA-256 of a text in lower-case hexadecimal digits.
pub fn sha256_hex(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a string cannot fail");
        text
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn digests_are_the_published_ones() {
        assert_eq!(sha1_hex("abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
        assert_eq!(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    // Names recorded from the AWS CLI.

    #[test]
    fn registration_file_is_named_as_by_the_aws_cli() {
        let key = json!({
            "tool": "botocore",
            "startUrl": "https://d-1234567890.awsapps.com/start",
            "region": "us-east-1",
            "scopes": null,
            "session_name": null,
        });
        assert_eq!(
            sha1_hex(&python_json(&key, JsonLayout::Sorted)),
            "365414a68be7c9bfc776c660981dbdbd942acea4"
        );
    }

    #[test]
    fn role_file_is_named_as_by_the_aws_cli() {
        let key = json!({"RoleArn": "arn:aws:iam::123456789012:role/r"});
        assert_eq!(
            sha1_hex(&python_json(&key, JsonLayout::Sorted)),
            "6dc9e6e1e186b9f293814df3266de783142c48a2"
        );
    }
}
