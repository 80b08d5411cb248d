//! The checksums that services keep with what they are sent, and the hash of signatures.

use awsx_core::store::hash::hex;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use crc_fast::CrcAlgorithm;
use http::HeaderName;
use sha1::Digest as _;
use twox_hash::{XxHash3_64, XxHash3_128, XxHash64};

/// A way to check an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// CRC-64/NVME, what AWS CLI sends where nothing else is asked for.
    Crc64Nvme,
    /// CRC-32.
    Crc32,
    /// CRC-32C.
    Crc32c,
    /// SHA-1.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-512.
    Sha512,
    /// xxHash, 64 bits.
    XxHash64,
    /// xxHash 3, 64 bits.
    XxHash3,
    /// xxHash 3, 128 bits.
    XxHash128,
}

impl Algorithm {
    /// All, in the order `--checksum-algorithm` names them.
    pub const ALL: [Self; 9] = [
        Self::Crc64Nvme,
        Self::Crc32,
        Self::Sha256,
        Self::Sha1,
        Self::Crc32c,
        Self::Sha512,
        Self::XxHash64,
        Self::XxHash3,
        Self::XxHash128,
    ];

    /// S3's name, as in `CRC64NVME`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Crc64Nvme => "CRC64NVME",
            Self::Crc32 => "CRC32",
            Self::Crc32c => "CRC32C",
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
            Self::Sha512 => "SHA512",
            Self::XxHash64 => "XXHASH64",
            Self::XxHash3 => "XXHASH3",
            Self::XxHash128 => "XXHASH128",
        }
    }

    /// The one with this name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name().eq_ignore_ascii_case(name))
    }

    /// The header that carries it.
    pub fn header(self) -> HeaderName {
        HeaderName::from_static(match self {
            Self::Crc64Nvme => "x-amz-checksum-crc64nvme",
            Self::Crc32 => "x-amz-checksum-crc32",
            Self::Crc32c => "x-amz-checksum-crc32c",
            Self::Sha1 => "x-amz-checksum-sha1",
            Self::Sha256 => "x-amz-checksum-sha256",
            Self::Sha512 => "x-amz-checksum-sha512",
            Self::XxHash64 => "x-amz-checksum-xxhash64",
            Self::XxHash3 => "x-amz-checksum-xxhash3",
            Self::XxHash128 => "x-amz-checksum-xxhash128",
        })
    }

    /// The element that carries it in documents.
    pub fn element(self) -> String {
        format!("Checksum{}", self.name())
    }

    /// Whether those of parts make that of the whole.
    pub fn combines(self) -> bool {
        matches!(self, Self::Crc64Nvme | Self::Crc32 | Self::Crc32c)
    }
}

/// Computes what signatures have of a body while its bytes go by.
#[derive(Clone)]
pub struct Sha256(ring::digest::Context);

impl Sha256 {
    /// Of nothing yet.
    pub fn new() -> Self {
        Self(ring::digest::Context::new(&ring::digest::SHA256))
    }

    /// Takes more bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The hash, in hexadecimal.
    pub fn finish_hex(self) -> String {
        hex(self.0.finish().as_ref())
    }
}

impl Default for Sha256 {
    fn default() -> Self {
        Self::new()
    }
}

/// Computes a checksum while bytes go by.
pub enum Hasher {
    /// Of the CRC kind; `bytes` long.
    Crc {
        /// The state.
        digest: Box<crc_fast::Digest>,
        /// Bytes of the result.
        bytes: usize,
    },
    /// SHA-1.
    Sha1(Box<sha1::Sha1>),
    /// SHA-256 and SHA-512.
    Sha2(Box<ring::digest::Context>),
    /// xxHash, 64 bits.
    XxHash64(Box<XxHash64>),
    /// xxHash 3, 64 bits.
    XxHash3(Box<XxHash3_64>),
    /// xxHash 3, 128 bits.
    XxHash128(Box<XxHash3_128>),
}

impl Hasher {
    /// Of nothing yet.
    pub fn new(algorithm: Algorithm) -> Self {
        let crc = |algorithm, bytes| Self::Crc { digest: Box::new(crc_fast::Digest::new(algorithm)), bytes };
        let sha2 = |algorithm| Self::Sha2(Box::new(ring::digest::Context::new(algorithm)));
        match algorithm {
            Algorithm::Crc64Nvme => crc(CrcAlgorithm::Crc64Nvme, 8),
            Algorithm::Crc32 => crc(CrcAlgorithm::Crc32IsoHdlc, 4),
            Algorithm::Crc32c => crc(CrcAlgorithm::Crc32Iscsi, 4),
            Algorithm::Sha1 => Self::Sha1(Box::default()),
            Algorithm::Sha256 => sha2(&ring::digest::SHA256),
            Algorithm::Sha512 => sha2(&ring::digest::SHA512),
            Algorithm::XxHash64 => Self::XxHash64(Box::new(XxHash64::with_seed(0))),
            Algorithm::XxHash3 => Self::XxHash3(Box::new(XxHash3_64::new())),
            Algorithm::XxHash128 => Self::XxHash128(Box::new(XxHash3_128::new())),
        }
    }

    /// Takes more bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        use std::hash::Hasher as _;
        match self {
            Self::Crc { digest, .. } => digest.update(bytes),
            Self::Sha1(sha1) => sha1.update(bytes),
            Self::Sha2(context) => context.update(bytes),
            Self::XxHash64(hash) => hash.write(bytes),
            Self::XxHash3(hash) => hash.write(bytes),
            Self::XxHash128(hash) => hash.write(bytes),
        }
    }

    /// The checksum in Base64, as S3 writes it.
    pub fn finish_base64(self) -> String {
        use std::hash::Hasher as _;
        match self {
            Self::Crc { digest, bytes } => crc_text(digest.finalize(), bytes),
            Self::Sha1(sha1) => BASE64_STANDARD.encode(sha1.finalize()),
            Self::Sha2(context) => BASE64_STANDARD.encode(context.finish()),
            Self::XxHash64(hash) => BASE64_STANDARD.encode(hash.finish().to_be_bytes()),
            Self::XxHash3(hash) => BASE64_STANDARD.encode(hash.finish().to_be_bytes()),
            Self::XxHash128(hash) => BASE64_STANDARD.encode(hash.finish_128().to_be_bytes()),
        }
    }

    /// The number, for those that combine.
    pub fn finish_crc(&self) -> Option<u64> {
        match self {
            Self::Crc { digest, .. } => Some(digest.finalize()),
            _ => None,
        }
    }
}

/// Appends the CRC of a stretch that follows, `length` bytes long.
pub fn combine(algorithm: Algorithm, before: u64, after: u64, length: u64) -> u64 {
    crc_fast::checksum_combine(crc_algorithm(algorithm).0, before, after, length)
}

/// A CRC as S3 writes it.
pub fn crc_base64(algorithm: Algorithm, crc: u64) -> String {
    crc_text(crc, crc_algorithm(algorithm).1)
}

fn crc_algorithm(algorithm: Algorithm) -> (CrcAlgorithm, usize) {
    match algorithm {
        Algorithm::Crc32 => (CrcAlgorithm::Crc32IsoHdlc, 4),
        Algorithm::Crc32c => (CrcAlgorithm::Crc32Iscsi, 4),
        _ => (CrcAlgorithm::Crc64Nvme, 8),
    }
}

fn crc_text(crc: u64, bytes: usize) -> String {
    BASE64_STANDARD.encode(&crc.to_be_bytes()[8 - bytes..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checksum(algorithm: Algorithm, text: &str) -> String {
        let mut hasher = Hasher::new(algorithm);
        hasher.update(text.as_bytes());
        hasher.finish_base64()
    }

    /// The values of "hello", from S3's answers and the hashes' own tools.
    #[test]
    fn checksums_are_those_of_s3() {
        assert_eq!(checksum(Algorithm::Crc64Nvme, "hello"), "M3eFcAZSQlc=");
        assert_eq!(checksum(Algorithm::Crc32, "hello"), "NhCmhg==");
        assert_eq!(checksum(Algorithm::Crc32c, "hello"), "mnG7TA==");
        assert_eq!(checksum(Algorithm::Sha1, "hello"), "qvTGHdzF6KLavt4PO0gs2a6pQ00=");
        assert_eq!(checksum(Algorithm::Sha256, "hello"), "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=");
        assert_eq!(checksum(Algorithm::XxHash64, ""), "70bbN1HY6Zk=");
    }

    #[test]
    fn checksums_of_parts_make_that_of_the_whole() {
        for algorithm in Algorithm::ALL.into_iter().filter(|algorithm| algorithm.combines()) {
            let crc = |text: &str| {
                let mut hasher = Hasher::new(algorithm);
                hasher.update(text.as_bytes());
                hasher.finish_crc().unwrap()
            };
            let whole = combine(algorithm, crc("hel"), crc("lo"), 2);
            assert_eq!(crc_base64(algorithm, whole), checksum(algorithm, "hello"));
        }
    }

    #[test]
    fn names_lead_back_to_their_algorithm() {
        for algorithm in Algorithm::ALL {
            assert_eq!(Algorithm::of_name(algorithm.name()), Some(algorithm));
        }
        assert_eq!(Algorithm::of_name("MD5"), None);
    }
}
