//! The `DPoP` header, seen from the service (RFC 9449, section 4.3).

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature, VerifyingKey};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use sha2::{Digest, Sha256};
use time::{Duration, OffsetDateTime};

/// How far the sender's clock may be off.
const SKEW: Duration = Duration::minutes(5);
const LONGEST_ID: usize = 128;

/// A proof that holds.
#[derive(Debug)]
pub(super) struct Proof {
    /// Made up by the sender; serves once.
    pub(super) id: String,
    /// The key's thumbprint (RFC 7638).
    pub(super) thumbprint: String,
}

#[derive(Deserialize)]
struct Header {
    typ: String,
    alg: String,
    jwk: Jwk,
}

#[derive(Deserialize)]
struct Jwk {
    kty: String,
    crv: String,
    x: String,
    y: String,
    /// The secret half, which nobody should send.
    d: Option<String>,
}

#[derive(Deserialize)]
struct Claims {
    htm: String,
    htu: String,
    iat: i64,
    jti: String,
}

/// Checks a proof for one request; says what is wrong with it.
pub(super) fn verify(
    proof: &str,
    method: &str,
    url: &str,
    now: OffsetDateTime,
) -> Result<Proof, &'static str> {
    let parts: Vec<&str> = proof.split('.').collect();
    let [header, claims, signature] = parts.as_slice() else { return Err("The DPoP proof is not a JWT") };
    let signed = &proof[..proof.len() - signature.len() - 1];
    let header: Header = decode(header).ok_or("The DPoP proof has no readable header")?;
    let claims: Claims = decode(claims).ok_or("The DPoP proof has no readable claims")?;
    if header.typ != "dpop+jwt" || header.alg != "ES256" {
        return Err("The DPoP proof is of another type");
    }
    let key = header.jwk.key()?;
    let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).ok();
    let signature = signature.and_then(|bytes| Signature::from_slice(&bytes).ok());
    let signature = signature.ok_or("The DPoP proof has no readable signature")?;
    key.verify(signed.as_bytes(), &signature).map_err(|_| "The DPoP proof's signature is wrong")?;
    if claims.htm != method || claims.htu != url {
        return Err("The DPoP proof is for another request");
    }
    if !OffsetDateTime::from_unix_timestamp(claims.iat).is_ok_and(|iat| (now - iat).abs() <= SKEW) {
        return Err("The DPoP proof is too old or from the future");
    }
    if !(1..=LONGEST_ID).contains(&claims.jti.len()) {
        return Err("The DPoP proof has no id, or one that is too long");
    }
    Ok(Proof { id: claims.jti, thumbprint: header.jwk.thumbprint() })
}

impl Jwk {
    fn key(&self) -> Result<VerifyingKey, &'static str> {
        if self.kty != "EC" || self.crv != "P-256" || self.d.is_some() {
            return Err("The DPoP proof's key is not a public one of P-256");
        }
        let coordinate =
            |text: &str| BASE64_URL_SAFE_NO_PAD.decode(text).ok().filter(|bytes| bytes.len() == 32);
        let point = coordinate(&self.x).zip(coordinate(&self.y)).map(|(x, y)| [vec![4], x, y].concat());
        point
            .and_then(|point| VerifyingKey::from_sec1_bytes(&point).ok())
            .ok_or("The DPoP proof's key is not a point of P-256")
    }

    fn thumbprint(&self) -> String {
        // The members in this order, and no blanks.
        let json = json!({ "crv": self.crv, "kty": self.kty, "x": self.x, "y": self.y });
        BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(json.to_string()))
    }
}

fn decode<T: DeserializeOwned>(part: &str) -> Option<T> {
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 9449, section 4.1.
    const EXAMPLE: &str = "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg";

    #[test]
    fn the_proof_of_rfc_9449_holds_for_its_request_and_time_only() {
        let at = |seconds| OffsetDateTime::from_unix_timestamp(seconds).unwrap();
        let (url, then) = ("https://server.example.com/token", 1_562_262_616);
        let proof = verify(EXAMPLE, "POST", url, at(then)).unwrap();
        assert_eq!(proof.id, "-BwC3ESc6acc2lTc");
        // RFC 9449, section 6.1.
        assert_eq!(proof.thumbprint, "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
        assert!(verify(EXAMPLE, "POST", url, at(then + 300)).is_ok());
        let (_, rest) = EXAMPLE.split_once('.').unwrap();
        let claims = BASE64_URL_SAFE_NO_PAD.decode(rest.split_once('.').unwrap().0).unwrap();
        let later = String::from_utf8(claims.clone()).unwrap().replace("1562262616", "1562262617");
        let encode = |text: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(text);
        let forged = EXAMPLE.replace(&encode(&claims), &encode(later.as_bytes()));
        for (proof, method, url, time, why) in [
            (EXAMPLE, "GET", url, then, "another request"),
            (EXAMPLE, "POST", "https://server.example.com/v1/token", then, "another request"),
            (EXAMPLE, "POST", url, then + 301, "too old"),
            (EXAMPLE, "POST", url, then - 301, "from the future"),
            (&forged, "POST", url, then, "signature is wrong"),
            (&EXAMPLE.replace(".2-", ".3-"), "POST", url, then, "signature is wrong"),
            (&EXAMPLE.replace(".2-", "."), "POST", url, then, "no readable signature"),
            ("a.b", "POST", url, then, "not a JWT"),
            ("", "POST", url, then, "not a JWT"),
        ] {
            let refusal = verify(proof, method, url, at(time)).unwrap_err();
            assert!(refusal.contains(why), "{why}: {refusal}");
        }
    }
}
