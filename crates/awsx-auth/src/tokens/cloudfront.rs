//! CloudFront's signed URLs: whoever has one may get what a distribution keeps for signers.

use std::fmt::Write;

use awsx_core::Secret;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Map, Value, json};

use super::TokenError;
use super::rsa_key::RsaKey;

/// What may be got, by whom, until when.
#[derive(Debug, Clone)]
pub struct CloudFrontUrl {
    /// The URL that is to be signed.
    pub url: String,
    /// By what CloudFront finds the public key.
    pub key_pair_id: String,
    /// Until when it is good, in seconds since 1970 began.
    pub until: i64,
    /// From when on, likewise.
    pub from: Option<i64>,
    /// An address, or a range of them in CIDR notation.
    pub ip_address: Option<String>,
}

impl CloudFrontUrl {
    /// The URL with its signature. The key is an RSA key in PEM.
    pub fn sign(&self, private_key: &Secret<String>) -> Result<String, TokenError> {
        let key = RsaKey::from_pem(private_key.expose())?;
        let policy = self.policy();
        let signature = key.sign_sha1(policy.as_bytes())?;
        let said = if self.is_canned() {
            format!("Expires={}", self.until)
        } else {
            format!("Policy={}", letters(policy.as_bytes()))
        };
        let separator = if self.url.contains('?') { '&' } else { '?' };
        let (url, signature, id) = (&self.url, letters(&signature), &self.key_pair_id);
        Ok(format!("{url}{separator}{said}&Signature={signature}&Key-Pair-Id={id}"))
    }

    /// Whether CloudFront can make up the policy by itself.
    fn is_canned(&self) -> bool {
        self.from.is_none() && self.ip_address.is_none()
    }

    /// In the order that a canned policy must have.
    fn policy(&self) -> String {
        let mut condition = Map::new();
        condition.insert("DateLessThan".to_owned(), json!({ "AWS:EpochTime": self.until }));
        if let Some(address) = self.ip_address.as_ref().filter(|address| !address.is_empty()) {
            let range = if address.contains('/') { address.clone() } else { format!("{address}/32") };
            condition.insert("IpAddress".to_owned(), json!({ "AWS:SourceIp": range }));
        }
        if let Some(from) = self.from {
            condition.insert("DateGreaterThan".to_owned(), json!({ "AWS:EpochTime": from }));
        }
        let statement = json!({ "Resource": self.url, "Condition": Value::Object(condition) });
        in_ascii(&json!({ "Statement": [statement] }).to_string())
    }
}

/// JSON without letters beyond ASCII.
fn in_ascii(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for character in json.chars() {
        if character.is_ascii() {
            text.push(character);
        } else {
            let mut units = [0; 2];
            for unit in character.encode_utf16(&mut units) {
                write!(text, "\\u{unit:04x}").expect("memory takes what is written");
            }
        }
    }
    text
}

/// Base64 with letters that CloudFront takes in a URL.
fn letters(bytes: &[u8]) -> String {
    BASE64_STANDARD.encode(bytes).replace('+', "-").replace('=', "_").replace('/', "~")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A key made for tests, in both forms.
    const PKCS1: &str = include_str!("../../../../tests/keys/rsa-pkcs1.pem");
    const PKCS8: &str = include_str!("../../../../tests/keys/rsa-pkcs8.pem");

    fn request(url: &str) -> CloudFrontUrl {
        CloudFrontUrl {
            url: url.to_owned(),
            key_pair_id: "KEY1".to_owned(),
            until: 1_767_312_000,
            from: None,
            ip_address: None,
        }
    }

    /// What botocore 1.43.55 and OpenSSL make of the same.
    #[test]
    fn urls_are_botocore_s_to_the_byte() {
        let plain = request("https://d1.cloudfront.net/a b/ü.mp4");
        let expected = "https://d1.cloudfront.net/a b/ü.mp4?Expires=1767312000&Signature=MxSpTeldqlhj6HsLzEjvuWF6PiUmT-b0ALQ3FwdEg5c18wJb39DrhBEL40NotD3wZTOD2v~6QSCuYm6v-EU1ZFGLFhZq5sX2r-1fQUN4A0qA~fg-cT4I1qVdieGhQSArVCgWLnVUflg8Jbd9pJW13FbB6Jv6GlGsX2O3fwpQm6Q_&Key-Pair-Id=KEY1";
        assert_eq!(plain.sign(&PKCS1.into()).unwrap(), expected);
        assert_eq!(plain.sign(&PKCS8.into()).unwrap(), expected);
        let narrow = CloudFrontUrl {
            from: Some(1_735_776_000),
            ip_address: Some("10.0.0.1".to_owned()),
            ..request("https://d1.cloudfront.net/x?y=1")
        };
        assert_eq!(
            narrow.sign(&PKCS1.into()).unwrap(),
            "https://d1.cloudfront.net/x?y=1&Policy=eyJTdGF0ZW1lbnQiOlt7IlJlc291cmNlIjoiaHR0cHM6Ly9kMS5jbG91ZGZyb250Lm5ldC94P3k9MSIsIkNvbmRpdGlvbiI6eyJEYXRlTGVzc1RoYW4iOnsiQVdTOkVwb2NoVGltZSI6MTc2NzMxMjAwMH0sIklwQWRkcmVzcyI6eyJBV1M6U291cmNlSXAiOiIxMC4wLjAuMS8zMiJ9LCJEYXRlR3JlYXRlclRoYW4iOnsiQVdTOkVwb2NoVGltZSI6MTczNTc3NjAwMH19fV19&Signature=REKQ~JV-RykuaqJDadlYXORrEPwKNYNMlI3MyLbVq2UpZCU-5Oc-b0FRqNsleOrGdSBZUctjhAYSJnxwmKQ1fq6m9cH0urkuwSrVyQU3NfXLKmcsU8rkKOiHyMqCn1XeG-zFuFA0U977Htfijs8k56TNHVppWEVAoedO5OtVVWc_&Key-Pair-Id=KEY1"
        );
    }

    #[test]
    fn what_is_no_key_is_not_repeated() {
        let error = request("https://d1.cloudfront.net/").sign(&"-----BEGIN hunter2".into()).unwrap_err();
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }
}
