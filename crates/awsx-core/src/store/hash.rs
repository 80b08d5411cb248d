//! The hashes that name cache files, so that the AWS CLI and the SDKs find the same ones.

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

/// Two lower-case hexadecimal digits for each byte.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
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

    #[test]
    fn files_are_named_as_by_the_aws_cli() {
        // Names recorded from the AWS CLI.
        let sorted = |key| sha1_hex(&python_json(&key, JsonLayout::Sorted));
        let compact = |key| sha1_hex(&python_json(&key, JsonLayout::SortedCompact));
        let registration = |start_url: &str, scopes, session_name| {
            json!({
                "tool": "botocore",
                "startUrl": start_url,
                "region": "us-east-1",
                "scopes": scopes,
                "session_name": session_name,
            })
        };
        let portal = "https://my-sso-portal.awsapps.com/start";

        assert_eq!(sha1_hex("my-sso"), "0ad374308c5a4e22f723adf10145eafad7c4031c");
        assert_eq!(sha1_hex(portal), "c7aaaf71fcc8777ae2475525ed049d39fe16c484");
        assert_eq!(
            sorted(registration("https://d-1234567890.awsapps.com/start", json!(null), json!(null))),
            "365414a68be7c9bfc776c660981dbdbd942acea4"
        );
        assert_eq!(
            sorted(registration(portal, json!(["sso:account:access"]), json!("my-sso"))),
            "c5cfae6e3e4f067423a532368c8b514b6a4b0ace"
        );
        assert_eq!(
            compact(json!({"sessionName": "my-sso", "roleName": "ReadOnly", "accountId": "123456789011"})),
            "7cf4e2174d7ed20d472d2ce031094d0e528196c0"
        );
        assert_eq!(
            sorted(json!({"RoleArn": "arn:aws:iam::123456789012:role/r"})),
            "6dc9e6e1e186b9f293814df3266de783142c48a2"
        );
        assert_eq!(
            sorted(json!({
                "RoleArn": "arn:aws:iam::123456789011:role/Deploy",
                "RoleSessionName": "me",
                "DurationSeconds": 1800,
                "ExternalId": "ext-1",
            })),
            "e791e3e754f8d205fe83ff32628dc3e5619eb38e"
        );
    }
}
