//! What is listed as JSON: one object a line for each bucket, prefix, object or version.

use awsx_s3::Time;
use awsx_s3::list::{Bucket, Object};
use jiff::Timestamp;
use serde::Serialize;

use super::results::bare;

/// One line.
#[derive(Debug, Default, Serialize)]
pub(super) struct ListedLine<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_modified: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    etag: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    storage_class: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_latest: Option<bool>,
}

/// How much there is: below a prefix, or of a storage class.
#[derive(Debug, Serialize)]
pub(super) struct SumLine<'a> {
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    pub(super) path: &'a str,
    pub(super) size: u64,
    pub(super) objects: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) storage_class: Option<&'a str>,
}

impl<'a> ListedLine<'a> {
    pub(super) fn of_bucket(bucket: &'a Bucket) -> Self {
        let path = format!("s3://{}", bucket.name);
        Self { kind: "bucket", path, last_modified: bucket.created.and_then(iso), ..Self::default() }
    }

    pub(super) fn of_prefix(bucket: &str, prefix: &'a str) -> Self {
        let path = format!("s3://{bucket}/{prefix}");
        Self { kind: "prefix", path, key: Some(prefix), ..Self::default() }
    }

    pub(super) fn of_object(bucket: &str, object: &'a Object) -> Self {
        Self {
            kind: "object",
            path: format!("s3://{bucket}/{}", object.key),
            key: Some(&object.key),
            size: Some(object.size),
            last_modified: object.modified.and_then(iso),
            etag: object.etag.clone().map(bare),
            storage_class: object.storage_class.as_deref(),
            version_id: object.version.as_deref(),
            is_latest: None,
        }
    }

    pub(super) fn of_version(bucket: &str, object: &'a Object) -> Self {
        let line = Self { is_latest: Some(object.is_latest), ..Self::of_object(bucket, object) };
        if object.is_delete_marker { Self { kind: "delete-marker", size: None, ..line } } else { line }
    }
}

fn iso(time: Time) -> Option<String> {
    let nanos = i32::try_from(time.nanos).ok()?;
    Timestamp::new(time.seconds, nanos).ok().map(|timestamp| timestamp.to_string())
}
