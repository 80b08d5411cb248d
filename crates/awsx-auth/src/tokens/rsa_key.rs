//! RSA (PKCS #1 v1.5): signatures with SHA-1, and texts that were encrypted for a key. ring, which does all else, verifies
//! such signatures and does neither.
//!
//! The time that this arithmetic takes depends on the key: it is for a person's own machine, not for a server that
//! strangers can measure.

use num_bigint::BigUint;
use p256::pkcs8::der::asn1::UintRef;
use p256::pkcs8::der::{Decode, Reader, SliceReader};
use p256::pkcs8::{PrivateKeyInfoRef, SecretDocument};
use sha1::{Digest, Sha1};

use super::TokenError;

/// What stands before a SHA-1 hash, so that it can be taken for no other (RFC 8017, 9.2).
const SHA1_PREFIX: [u8; 15] =
    [0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00, 0x04, 0x14];
/// Bytes of the shortest key that is taken: 1,024 bits.
const SHORTEST: usize = 128;

/// A private key.
pub(super) struct RsaKey {
    modulus: BigUint,
    public: BigUint,
    private: BigUint,
    /// Bytes of a signature.
    length: usize,
}

impl RsaKey {
    /// Reads `BEGIN RSA PRIVATE KEY` or `BEGIN PRIVATE KEY`.
    pub(super) fn from_pem(pem: &str) -> Result<Self, TokenError> {
        let (label, document) = SecretDocument::from_pem(pem.trim()).map_err(|_| TokenError::PrivateKey)?;
        let key = match label {
            "RSA PRIVATE KEY" => Self::from_der(document.as_bytes()),
            "PRIVATE KEY" => PrivateKeyInfoRef::from_der(document.as_bytes())
                .ok()
                .and_then(|info| Self::from_der(info.private_key.as_bytes())),
            _ => None,
        };
        key.filter(|key| key.length >= SHORTEST).ok_or(TokenError::PrivateKey)
    }

    /// `RSAPrivateKey` of RFC 8017: a version, then eight numbers, of which the first three will do.
    fn from_der(der: &[u8]) -> Option<Self> {
        let mut reader = SliceReader::new(der).ok()?;
        let numbers = reader.sequence(|inside| {
            let _version = u8::decode(inside)?;
            let mut numbers = Vec::new();
            for _ in 0..8 {
                numbers.push(BigUint::from_bytes_be(UintRef::decode(inside)?.as_bytes()));
            }
            Ok::<_, p256::pkcs8::der::Error>(numbers)
        });
        let mut numbers = numbers.ok()?.into_iter();
        let (modulus, public, private) = (numbers.next()?, numbers.next()?, numbers.next()?);
        let length = modulus.to_bytes_be().len();
        Some(Self { modulus, public, private, length })
    }

    /// Signs a message.
    pub(super) fn sign_sha1(&self, message: &[u8]) -> Result<Vec<u8>, TokenError> {
        let mut block = vec![0xFF; self.length];
        let tail = [&[0][..], &SHA1_PREFIX, &Sha1::digest(message)].concat();
        block[..2].copy_from_slice(&[0, 1]);
        block[self.length - tail.len()..].copy_from_slice(&tail);
        let block = BigUint::from_bytes_be(&block);
        let signature = block.modpow(&self.private, &self.modulus);
        // Numbers that do not belong together would sign what nobody can verify.
        if signature.modpow(&self.public, &self.modulus) != block {
            return Err(TokenError::PrivateKey);
        }
        let bytes = signature.to_bytes_be();
        Ok([vec![0; self.length - bytes.len()], bytes].concat())
    }

    /// What was encrypted with the public key.
    pub(super) fn decrypt(&self, encrypted: &[u8]) -> Option<Vec<u8>> {
        let number = BigUint::from_bytes_be(encrypted);
        if encrypted.len() != self.length || number >= self.modulus {
            return None;
        }
        let block = number.modpow(&self.private, &self.modulus).to_bytes_be();
        // A zero, which a number does not show, a two, eight bytes or more that are no zero, a zero.
        let padded = block.strip_prefix(&[2]).filter(|_| block.len() + 1 == self.length)?;
        let end = padded.iter().position(|byte| *byte == 0).filter(|end| *end >= 8)?;
        Some(padded[end + 1..].to_vec())
    }
}
