//! Proof that whoever shows a refresh token also holds the key it was given to (DPoP, RFC 9449): a small signed
//! statement, made anew for every request.

use awsx_core::Secret;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use p256::elliptic_curve::sec1::ToSec1Point;
use p256::pkcs8::LineEnding;
use p256::{FieldBytes, SecretKey};
use serde_json::{Value, json};
use time::OffsetDateTime;
use uuid::Uuid;

/// A key on the curve P-256.
#[derive(Clone)]
pub(super) struct DpopKey(SecretKey);

impl DpopKey {
    pub(super) fn random() -> Self {
        loop {
            let mut random = [0; 32];
            getrandom::fill(&mut random).expect("the system has random numbers");
            // All but one in four billion numbers of this size are keys.
            if let Ok(key) = SecretKey::from_slice(Secret::new(random).expose()) {
                return Self(key);
            }
        }
    }

    /// Reads a key as AWS CLI writes it (SEC 1), or in the form that other tools prefer (PKCS #8).
    pub(super) fn parse_pem(pem: &str) -> Option<Self> {
        SecretKey::from_sec1_pem(pem).or_else(|_| SecretKey::from_pem(pem)).ok().map(Self)
    }

    /// The form that AWS CLI writes, with the curve named in it.
    pub(super) fn to_pem(&self) -> Secret<String> {
        let pem = self.0.to_sec1_pem(LineEnding::LF).expect("a key of a known curve can be written");
        Secret::from(pem.as_str())
    }

    /// The `DPoP` header for one request.
    pub(super) fn prove(&self, method: &str, url: &str, now: OffsetDateTime) -> String {
        let claims = json!({
            "htm": method,
            "htu": url,
            "iat": now.unix_timestamp(),
            "jti": Uuid::new_v4().to_string(),
        });
        let header = json!({ "typ": "dpop+jwt", "alg": "ES256", "jwk": self.public_jwk() });
        let message = format!("{}.{}", encode(&header), encode(&claims));
        let signature: Signature = SigningKey::from(&self.0).sign(message.as_bytes());
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
    }

    fn public_jwk(&self) -> Value {
        let point = self.0.public_key().to_sec1_point(false);
        let coordinate = |bytes: Option<&FieldBytes>| {
            URL_SAFE_NO_PAD.encode(bytes.expect("an uncompressed point has both coordinates"))
        };
        json!({
            "kty": "EC",
            "x": coordinate(point.x()),
            "y": coordinate(point.y()),
            "crv": "P-256",
        })
    }
}

fn encode(json: &Value) -> String {
    URL_SAFE_NO_PAD.encode(json.to_string())
}

#[cfg(test)]
mod tests {
    use p256::ecdsa::VerifyingKey;
    use p256::ecdsa::signature::Verifier;
    use p256::pkcs8::EncodePrivateKey;

    use super::*;

    fn parts(proof: &str) -> (Value, Value) {
        let part = |text: &str| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap();
        let mut texts = proof.split('.');
        (part(texts.next().unwrap()), part(texts.next().unwrap()))
    }

    #[test]
    fn a_proof_names_the_request_and_is_signed_by_the_key_it_shows() {
        let key = DpopKey::random();
        let now = OffsetDateTime::from_unix_timestamp(1_764_000_000).unwrap();
        let proof = key.prove("POST", "https://signin.example/v1/token", now);
        let (header, claims) = parts(&proof);
        assert_eq!((&header["typ"], &header["alg"]), (&json!("dpop+jwt"), &json!("ES256")));
        let members: Vec<_> = header["jwk"].as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(members, ["kty", "x", "y", "crv"]);
        assert_eq!(claims["htm"], "POST");
        assert_eq!(claims["htu"], "https://signin.example/v1/token");
        assert_eq!(claims["iat"], 1_764_000_000);

        let (message, signature) = proof.rsplit_once('.').unwrap();
        let signature = Signature::from_slice(&URL_SAFE_NO_PAD.decode(signature).unwrap()).unwrap();
        VerifyingKey::from(key.0.public_key()).verify(message.as_bytes(), &signature).unwrap();
        assert_ne!(parts(&key.prove("POST", "u", now)).1["jti"], claims["jti"], "each is made anew");
    }

    #[test]
    fn keys_come_back_from_both_forms() {
        let key = DpopKey::random();
        let pem = key.to_pem();
        assert!(pem.expose().starts_with("-----BEGIN EC PRIVATE KEY-----\n"));
        assert!(pem.expose().ends_with("\n-----END EC PRIVATE KEY-----\n"));
        assert!(pem.expose().lines().all(|line| line.len() <= 64));
        assert_eq!(DpopKey::parse_pem(pem.expose()).unwrap().public_jwk(), key.public_jwk());
        let pkcs8 = key.0.to_pkcs8_pem(LineEnding::LF).unwrap();
        assert_eq!(DpopKey::parse_pem(&pkcs8).unwrap().public_jwk(), key.public_jwk());
        assert!(
            DpopKey::parse_pem("-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n")
                .is_none()
        );
        assert!(DpopKey::parse_pem("").is_none());
    }
}
