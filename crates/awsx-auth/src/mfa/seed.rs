//! What a new device is made of: its seed, and the codes and pictures that follow from it.

use awsx_core::Secret;
use time::{Duration, OffsetDateTime};
use url::form_urlencoded::byte_serialize;

use crate::mfa_code::{SeedError, code_at};

/// A virtual device that is not enabled yet.
#[derive(Clone, Debug)]
pub struct NewDevice {
    /// Its ARN.
    pub serial: String,
    /// What its codes are computed from, in Base32.
    pub seed: Secret<String>,
    /// The seed as AWS draws it.
    pub qr_code_png: Secret<Vec<u8>>,
    /// The account it is in.
    pub account: String,
    /// Its name in the account.
    pub name: String,
}

/// How long a device shows one code.
const STEP: Duration = Duration::seconds(30);

impl NewDevice {
    /// What authenticator apps read from a QR code: issuer, name and account, and the seed.
    pub fn otpauth_url(&self) -> Secret<String> {
        // Apps do not take `+` for a blank.
        let encode = |text: &str| byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20");
        let issuer = encode("Amazon Web Services");
        let label = encode(&format!("{}@{}", self.name, self.account));
        let seed = self.seed.expose();
        Secret::new(format!("otpauth://totp/{issuer}:{label}?secret={seed}&issuer={issuer}"))
    }
}

/// The device's code of half a minute ago and its current one: two that follow each other.
pub fn codes_of_seed(
    serial: &str,
    seed: &Secret<String>,
    now: OffsetDateTime,
) -> Result<[Secret<String>; 2], SeedError> {
    Ok([code_at(serial, seed, now - STEP)?, code_at(serial, seed, now)?])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn apps_get_issuer_name_account_and_seed() {
        let device = NewDevice {
            serial: "arn:aws:iam::111122223333:mfa/team phone".to_owned(),
            seed: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ".into(),
            qr_code_png: Secret::new(Vec::new()),
            account: "111122223333".to_owned(),
            name: "team phone".to_owned(),
        };
        assert_eq!(
            device.otpauth_url().expose(),
            "otpauth://totp/Amazon%20Web%20Services:team%20phone%40111122223333\
             ?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Amazon%20Web%20Services"
        );
        assert!(!format!("{device:?}").contains("GEZDG"));
    }

    #[test]
    fn two_codes_follow_each_other() {
        let seed = Secret::from("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        let at = |seconds| OffsetDateTime::from_unix_timestamp(seconds).unwrap();
        let [_, second] = codes_of_seed("s", &seed, at(59)).unwrap();
        let [first, _] = codes_of_seed("s", &seed, at(89)).unwrap();
        assert_eq!((first.expose().as_str(), second.expose().as_str()), ("287082", "287082"));
    }
}
