//! One digest: fetched, read, its signature verified.

use awsx_model::Moment;
use awsx_output::Value;
use serde_json::{Map, Value as Json};
use sha2::{Digest as _, Sha256};

use super::buckets::Buckets;
use super::log_file::{LogFile, hex};
use super::trail::is_backfill;
use crate::commands::verbs::cloudtrail::signature::{self, SignatureError};
use crate::commands::verbs::cloudtrail::times;
use crate::commands::verbs::gunzip::Gunzip;
use crate::commands::verbs::values::members;
use crate::error::{CommandError, CommandResult, Kind};

/// A digest that was fetched; whose signature it has is not verified yet.
pub(super) struct Digest {
    place: Place,
    /// As it was signed.
    bytes: Vec<u8>,
    content: Map<String, Json>,
    signature: String,
    /// When a late one was made.
    pub(super) made: Option<String>,
}

/// Where an object lies.
#[derive(Clone)]
pub(super) struct Place {
    pub(super) bucket: String,
    pub(super) key: String,
}

/// Why a digest does not count.
pub(super) enum Problem {
    /// It is not there.
    Missing,
    /// What is told of it.
    Invalid(String),
    /// The command ends.
    Fatal(CommandError),
}

/// Members that a digest must have.
const REQUIRED: [&str; 6] = [
    "digestPublicKeyFingerprint",
    "digestS3Bucket",
    "digestS3Object",
    "previousDigestSignature",
    "digestEndTime",
    "digestStartTime",
];

impl Place {
    /// A line of the report.
    pub(super) fn line(&self, verdict: &str) -> String {
        format!("Digest file\t{self}\t{verdict}")
    }

    pub(super) fn invalid(&self, why: &str) -> Problem {
        Problem::Invalid(self.line(&format!("INVALID: {why}")))
    }

    /// What AWS CLI makes of an error at this place: a service's ends the command, unless there is no such object.
    pub(super) fn problem(&self, error: CommandError) -> Problem {
        match error.kind {
            Kind::Service if error.service_code() == Some("NoSuchKey") => Problem::Missing,
            Kind::Service | Kind::Said(_) => Problem::Fatal(error),
            _ => self.invalid(error.message.trim()),
        }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "s3://{}/{}", self.bucket, self.key)
    }
}

impl Digest {
    /// Fetches a digest, and checks that it is whole and where it was put.
    pub(super) async fn fetch(buckets: &mut Buckets<'_>, place: &Place) -> Result<Self, Problem> {
        let fetched = download(buckets, place).await.map_err(|error| place.problem(error))?;
        let wrong_format = || place.invalid("invalid format");
        let bytes = fetched.bytes.ok_or_else(wrong_format)?;
        let Ok(Json::Object(content)) = serde_json::from_slice(&bytes) else { return Err(wrong_format()) };
        let named = |name| fetched.metadata.get(name).and_then(Value::as_str).map(str::to_owned);
        let (Some(signature), Some(_)) = (named("signature"), named("signature-algorithm")) else {
            return Err(place.invalid("signature verification failed"));
        };
        let made = named("backfill-generation-timestamp");
        let lacks_time = is_backfill(&place.key) && made.is_none();
        if lacks_time || REQUIRED.iter().any(|name| !content.contains_key(*name)) {
            return Err(wrong_format());
        }
        let digest = Self { place: place.clone(), bytes, content, signature, made };
        if digest.text("digestS3Bucket") != place.bucket || digest.text("digestS3Object") != place.key {
            return Err(place.invalid("has been moved from its original location"));
        }
        Ok(digest)
    }

    /// The fingerprint of the key that signed it.
    pub(super) fn fingerprint(&self) -> String {
        self.text("digestPublicKeyFingerprint")
    }

    /// Verifies its signature with this key.
    pub(super) fn verify(&self, key: &str) -> Result<(), Problem> {
        let message = format!(
            "{}\n{}/{}\n{}\n{}",
            self.text("digestEndTime"),
            self.place.bucket,
            self.place.key,
            hex(&Sha256::digest(&self.bytes)),
            match self.content.get("previousDigestSignature") {
                None | Some(Json::Null) => "null".to_owned(),
                Some(_) => self.text("previousDigestSignature"),
            }
        );
        let why = match signature::verify(key, message.as_bytes(), &self.signature) {
            Ok(()) => return Ok(()),
            Err(SignatureError::KeyText) => "Incorrect padding".to_owned(),
            Err(SignatureError::Key) => {
                format!("Unable to load PKCS #1 key with fingerprint {}", self.fingerprint())
            }
            Err(SignatureError::Text(why)) => why.to_owned(),
            Err(SignatureError::Wrong) => "signature verification failed".to_owned(),
        };
        Err(self.place.invalid(&why))
    }

    /// The time that it covers.
    pub(super) fn times(&self) -> CommandResult<(Moment, Moment)> {
        Ok((times::parse(&self.text("digestStartTime"))?, times::parse(&self.text("digestEndTime"))?))
    }

    /// The digest before, unless this one is the first after a pause.
    pub(super) fn previous(&self) -> Option<Place> {
        let text = |name| self.content.get(name).and_then(Json::as_str).map(str::to_owned);
        Some(Place { bucket: text("previousDigestS3Bucket")?, key: text("previousDigestS3Object")? })
    }

    /// The files of logs that it is made of.
    pub(super) fn logs(&self) -> CommandResult<Vec<LogFile>> {
        let logs = self.content.get("logFiles").ok_or_else(|| CommandError::general("'logFiles'"))?;
        logs.as_array().map(Vec::as_slice).unwrap_or_default().iter().map(LogFile::of).collect()
    }

    fn text(&self, name: &str) -> String {
        let value = self.content.get(name).cloned().map_or(Value::Null, Value::from);
        awsx_output::python_str(&value)
    }
}

/// An object as it came.
struct Fetched {
    /// Unpacked; none if that is not possible.
    bytes: Option<Vec<u8>>,
    metadata: Value,
}

async fn download(buckets: &mut Buckets<'_>, place: &Place) -> CommandResult<Fetched> {
    let s3 = buckets.client(&place.bucket).await?;
    let object = members([("Bucket", place.bucket.as_str().into()), ("Key", place.key.as_str().into())]);
    let mut response = s3.fetch("GetObject", object).await?;
    let (mut gunzip, mut bytes, mut is_readable) = (Gunzip::new(), Vec::new(), true);
    while let Some(body) = &mut response.body
        && let Some(piece) = body.next().await?
    {
        is_readable &= gunzip.read(&piece, |unpacked| bytes.extend_from_slice(unpacked)).is_ok();
    }
    let is_whole = is_readable && gunzip.is_whole();
    let metadata = response.value.get("Metadata").cloned().unwrap_or_default();
    Ok(Fetched { bytes: is_whole.then_some(bytes), metadata })
}
