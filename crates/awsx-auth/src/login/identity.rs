//! Who signed in: the subject of the ID token, an ARN.

use base64::Engine;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde::Deserialize;

/// The identity behind a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Identity {
    /// What a profile's `login_session` is set to: `arn:aws:iam::111122223333:user/alice`.
    pub(super) arn: String,
    /// The ARN's account.
    pub(super) account_id: String,
}

/// Padding is not part of a JWT, but some writers add it.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

#[derive(Deserialize)]
struct Claims {
    sub: String,
}

impl Identity {
    /// Reads an ID token. Its signature is not looked at: it came straight from the service, over TLS.
    pub(super) fn parse_id_token(token: &str) -> Option<Self> {
        let mut parts = token.split('.');
        let (_, Some(claims), Some(_), None) = (parts.next()?, parts.next(), parts.next(), parts.next())
        else {
            return None;
        };
        let claims: Claims = serde_json::from_slice(&BASE64.decode(claims).ok()?).ok()?;
        Self::parse_arn(&claims.sub)
    }

    /// The ARN goes into the config file and onto the terminal, so it is one line of what can be seen.
    fn parse_arn(arn: &str) -> Option<Self> {
        let fields: Vec<&str> = arn.splitn(6, ':').collect();
        let ["arn", _, _, _, account_id, _] = fields.as_slice() else { return None };
        let visible = arn.chars().all(|character| !character.is_control());
        visible.then(|| Self { arn: arn.to_owned(), account_id: (*account_id).to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(claims: &str) -> String {
        format!("e30.{}.c2ln", BASE64.encode(claims))
    }

    #[test]
    fn the_subject_of_the_token_is_the_session() {
        let parse = |claims: &str| Identity::parse_id_token(&token(claims));
        let arn = "arn:aws:sts::012345678901:assumed-role/Admin/me:too";
        let identity = parse(&format!(r#"{{"iss":"x","sub":"{arn}"}}"#)).unwrap();
        assert_eq!((identity.arn.as_str(), identity.account_id.as_str()), (arn, "012345678901"));
        for bad in [r#"{"sub":"me"}"#, r#"{"sub":"arn:aws:iam::1:user/a\nregion = x"}"#, "{}", "no"] {
            assert_eq!(parse(bad), None, "{bad}");
        }
        assert_eq!(Identity::parse_id_token("e30.e30"), None);
        assert_eq!(Identity::parse_id_token(""), None);
    }
}
