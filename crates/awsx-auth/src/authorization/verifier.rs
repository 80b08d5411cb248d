//! The secret of PKCE (RFC 7636).

use awsx_core::Secret;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// The secret that only this process knows until it redeems the code.
pub(crate) struct Verifier(Secret<String>);

impl Verifier {
    pub(crate) fn random() -> Self {
        const LENGTH: usize = 64;
        // 64 of RFC 7636's 66 unreserved characters, so that six random bits pick one without bias.
        const CHARACTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let mut random = [0u8; LENGTH];
        getrandom::fill(&mut random).expect("the system has random numbers");
        let text: String = random.iter().map(|byte| char::from(CHARACTERS[usize::from(byte & 63)])).collect();
        Self(Secret::new(text))
    }

    pub(crate) fn secret(&self) -> &Secret<String> {
        &self.0
    }

    /// The SHA-256 that may be seen, in 43 characters.
    pub(crate) fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(self.0.expose()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_is_rfc_7636_s_example() {
        let verifier = Verifier(Secret::from("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));
        assert_eq!(verifier.challenge(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn verifiers_are_long_unreserved_and_never_alike() {
        let (one, two) = (Verifier::random(), Verifier::random());
        assert_eq!(one.0.expose().len(), 64);
        assert!(one.0.expose().bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b)));
        assert_ne!(one.0, two.0);
    }
}
