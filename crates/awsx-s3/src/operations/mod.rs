//! S3's operations on objects and buckets as far as transfers need them, each over [`crate::wire`].

mod beside;
mod buckets;
mod objects;
mod parts;

use awsx_api::CallError;
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::checksum::Algorithm;
use crate::wire::xml::escape;
use crate::wire::{Call, S3};

pub(crate) use beside::{get_annotation, get_tags, list_annotations, put_annotation, put_tags};
pub use buckets::{create_bucket, delete_bucket, put_bucket_website};
pub use objects::{Head, delete_object, head_object};
pub(crate) use objects::{copy_object, delete_objects, get_object, put_object};
pub(crate) use parts::{
    ListedPart, Part, PartOf, abort_multipart, complete_multipart, create_multipart, list_multipart_uploads,
    list_parts, upload_part, upload_part_copy,
};

pub(crate) const COPY_SOURCE: HeaderName = HeaderName::from_static("x-amz-copy-source");
const CHECKSUM_ALGORITHM: HeaderName = HeaderName::from_static("x-amz-checksum-algorithm");
const SDK_CHECKSUM_ALGORITHM: HeaderName = HeaderName::from_static("x-amz-sdk-checksum-algorithm");
const NAMESPACE: &str = "http://s3.amazonaws.com/doc/2006-03-01/";

/// Sends with a checksum in a header, and gives the answer's headers and that checksum.
async fn send_checked(
    s3: &S3,
    mut call: Call<'_>,
    algorithm: Option<Algorithm>,
) -> Result<(HeaderMap, Option<String>), CallError> {
    let digests = s3.digest(&call, algorithm)?;
    if let (Some(algorithm), Some(checksum)) = (algorithm, &digests.checksum) {
        let value = HeaderValue::try_from(checksum.as_str()).expect("Base64 is ASCII");
        call.headers.insert(algorithm.header(), value);
        call.headers.insert(SDK_CHECKSUM_ALGORITHM, HeaderValue::from_static(algorithm.name()));
    }
    let answer = s3.fetch_digested(&call, &digests).await?;
    Ok((answer.headers, digests.checksum))
}

fn tag_set(element: &str, tags: &[(String, String)]) -> String {
    let tags = tags
        .iter()
        .map(|(key, value)| format!("<Tag><Key>{}</Key><Value>{}</Value></Tag>", escape(key), escape(value)));
    format!("<{element}>{}</{element}>", tags.collect::<String>())
}

/// Appends to a document.
fn push(document: &mut String, text: std::fmt::Arguments<'_>) {
    use std::fmt::Write;
    document.write_fmt(text).expect("memory takes what is written");
}

fn other(error: impl std::fmt::Display) -> CallError {
    CallError::Answer(error.to_string())
}
