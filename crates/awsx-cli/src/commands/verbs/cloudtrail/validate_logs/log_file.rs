//! One file of logs, held against what its digest says of it.

use std::fmt::Write;

use awsx_model::Input;
use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};

use super::buckets::Buckets;
use crate::commands::verbs::gunzip::Gunzip;
use crate::commands::verbs::values::members;
use crate::error::{CommandError, CommandResult, Kind};

/// A file of logs as a digest names it.
pub(super) struct LogFile {
    bucket: String,
    key: String,
    /// SHA-256 of what is packed in it.
    hash: String,
}

impl LogFile {
    /// Reads an entry of a digest.
    pub(super) fn of(entry: &Json) -> CommandResult<Self> {
        let text = |name: &str| {
            let text = entry.get(name).and_then(Json::as_str).map(str::to_owned);
            text.ok_or_else(|| CommandError::general(format!("'{name}'")))
        };
        Ok(Self { bucket: text("s3Bucket")?, key: text("s3Object")?, hash: text("hashValue")? })
    }

    /// Where it lies.
    pub(super) fn place(&self) -> String {
        format!("s3://{}/{}", self.bucket, self.key)
    }

    /// Downloads it. Gives what is wrong with it, if anything is.
    pub(super) async fn check(&self, buckets: &mut Buckets<'_>) -> CommandResult<Option<&'static str>> {
        match self.hash_now(buckets).await {
            Ok(Hashed::Trailing) => Ok(Some("unexpected data after end of compressed stream")),
            Ok(Hashed::As(hash)) if hash == self.hash => Ok(None),
            Ok(Hashed::As(_)) => Ok(Some("hash value doesn't match")),
            Err(error) if error.service_code() == Some("NoSuchKey") => Ok(Some("not found")),
            Err(error) if error.kind == Kind::Service || matches!(error.kind, Kind::Said(_)) => Err(error),
            // AWS CLI takes whatever else goes wrong for this.
            Ok(Hashed::Unreadable) | Err(_) => Ok(Some("invalid format")),
        }
    }

    async fn hash_now(&self, buckets: &mut Buckets<'_>) -> CommandResult<Hashed> {
        let s3 = buckets.client(&self.bucket).await?;
        let object: Input =
            members([("Bucket", self.bucket.as_str().into()), ("Key", self.key.as_str().into())]);
        let mut body = s3.fetch("GetObject", object).await?.body;
        let (mut gunzip, mut hash) = (Gunzip::new(), Sha256::new());
        while let Some(body) = &mut body
            && let Some(piece) = body.next().await?
        {
            if gunzip.read(&piece, |bytes| hash.update(bytes)).is_err() {
                return Ok(Hashed::Unreadable);
            }
        }
        if gunzip.has_trailing_bytes {
            return Ok(Hashed::Trailing);
        }
        Ok(Hashed::As(hex(&hash.finalize())))
    }
}

/// What a file holds now.
enum Hashed {
    As(String),
    /// More than one stream.
    Trailing,
    /// No gzip stream.
    Unreadable,
}

/// Bytes in hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("memory takes what is written");
        text
    })
}
