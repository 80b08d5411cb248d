//! A key pair for one connection by SSH, in OpenSSH's forms.

use awsx_core::Secret;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use ring::signature::{Ed25519KeyPair, KeyPair};

const KIND: &[u8] = b"ssh-ed25519";
/// Letters in a line of a key file.
const LINE: usize = 70;

/// Why there is no key pair.
#[derive(Debug, thiserror::Error)]
#[error("the system gives no random numbers")]
pub struct NoRandomNumbers;

/// An Ed25519 key pair.
#[derive(Debug, Clone)]
pub struct SshKey {
    /// The line that a server is given.
    pub public: String,
    /// The file that `ssh -i` is given.
    pub private: Secret<String>,
}

impl SshKey {
    /// Makes up a key pair.
    pub fn generate() -> Result<Self, NoRandomNumbers> {
        let mut seed = [0; 32];
        let mut check = [0; 4];
        getrandom::fill(&mut seed).and_then(|()| getrandom::fill(&mut check)).map_err(|_| NoRandomNumbers)?;
        Ok(Self::of(&seed, check))
    }

    /// `check` is any number: by it a reader sees whether it has deciphered the key.
    fn of(seed: &[u8; 32], check: [u8; 4]) -> Self {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).expect("a seed has 32 bytes");
        let public_key = pair.public_key().as_ref();
        let mut public = Vec::new();
        put(&mut public, KIND);
        put(&mut public, public_key);
        let mut private = [check, check].concat();
        put(&mut private, KIND);
        put(&mut private, public_key);
        put(&mut private, &[seed, public_key].concat());
        put(&mut private, b"");
        // Filled up to whole blocks.
        private.extend((1..).take(private.len().next_multiple_of(8) - private.len()));
        let mut file = b"openssh-key-v1\0".to_vec();
        for field in [&b"none"[..], b"none", b""] {
            put(&mut file, field);
        }
        file.extend(1_u32.to_be_bytes());
        put(&mut file, &public);
        put(&mut file, &private);
        let letters = BASE64_STANDARD.encode(&file);
        let lines = letters.as_bytes().chunks(LINE).map(|line| String::from_utf8_lossy(line).into_owned());
        let body = lines.collect::<Vec<_>>().join("\n");
        let file =
            format!("-----BEGIN OPENSSH PRIVATE KEY-----\n{body}\n-----END OPENSSH PRIVATE KEY-----\n");
        Self {
            public: format!("ssh-ed25519 {}", BASE64_STANDARD.encode(&public)),
            private: Secret::new(file),
        }
    }
}

/// Bytes behind their length.
fn put(to: &mut Vec<u8>, bytes: &[u8]) {
    let length = u32::try_from(bytes.len()).expect("keys are short");
    to.extend(length.to_be_bytes());
    to.extend(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `ssh-keygen -y` says of the same file.
    #[test]
    fn openssh_reads_what_is_written() {
        let key = SshKey::of(&[7; 32], [1, 2, 3, 4]);
        assert_eq!(
            key.public,
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOpKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs"
        );
        assert_eq!(
            key.private.expose().lines().nth(1),
            Some("b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW")
        );
        let sizes = key.private.expose().lines().map(str::len);
        assert!(sizes.max() == Some(LINE), "{:?}", key.private.expose().lines().count());
    }

    #[test]
    fn no_key_is_made_twice() {
        assert_ne!(SshKey::generate().unwrap().public, SshKey::generate().unwrap().public);
    }
}
