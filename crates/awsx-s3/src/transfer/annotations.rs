//! Annotations of objects that are copied in parts: S3 takes none along there, so they are read before and written after,
//! as AWS CLI does for `--copy-props all`. Copies with one request take them along by themselves.

use bytes::Bytes;

use super::lane::Lane;
use super::{CopyProps, TransferError};
use crate::operations::{get_annotation, list_annotations, put_annotation};
use crate::stored::Stored;

/// An annotation's name and what it says.
pub(super) type Annotation = (String, Bytes);

/// What the source has, where it is wanted.
pub(super) async fn read(lane: &Lane, bucket: &str, key: &str) -> Result<Vec<Annotation>, TransferError> {
    let settings = &lane.shared.settings;
    let mut annotations = Vec::new();
    if settings.copy_props == CopyProps::All {
        let headers = &settings.headers.plain;
        for name in list_annotations(&lane.source_s3, bucket, key, headers).await? {
            let payload = get_annotation(&lane.source_s3, bucket, key, &name, headers).await?;
            annotations.push((name, payload));
        }
    }
    Ok(annotations)
}

/// Gives them to the copy, if it is still that one. All are tried, and those that failed are told together.
pub(super) async fn write(
    lane: &Lane,
    bucket: &str,
    key: &str,
    annotations: &[Annotation],
    stored: &Stored,
) -> Result<(), TransferError> {
    let settings = &lane.shared.settings;
    let (mut written, mut failed) = (Vec::new(), Vec::new());
    for (name, payload) in annotations {
        let put = put_annotation(
            &lane.s3,
            (bucket, key),
            (name, payload.clone()),
            stored,
            &settings.headers.plain,
            settings.checksum,
        );
        match put.await {
            Ok(()) => written.push(name.as_str()),
            Err(error) => failed.push(format!("{name}: {error}")),
        }
    }
    if failed.is_empty() {
        return Ok(());
    }
    let written = if written.is_empty() { "(none)".to_owned() } else { written.join(", ") };
    let (object, failed) = (format!("s3://{bucket}/{key}"), failed.join("; "));
    Err(TransferError::Annotations { object, written, failed })
}
