//! S3: what its operations need beyond the model.

use awsx_http::percent::{encode, encode_path};
use awsx_model::{Input, Location};
use awsx_output::{Map, Value};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest, Md5};
use percent_encoding::percent_decode_str;

use super::{Call, Changes};
use crate::protocol::{Answer, WireRequest, show_moment_text, xml_text};
use crate::send::Failed;
use crate::wire::{self, check_bucket_name};
use crate::{CallError, Request, Timestamps};

/// Refuses what cannot be a bucket.
pub(super) fn check_bucket(input: &Input) -> Result<(), CallError> {
    input.get("Bucket").and_then(Input::as_text).map_or(Ok(()), check_bucket_name)
}

/// Keys may hold what XML cannot.
pub(super) fn encode_listing(_: Call<'_>, input: &mut Input, changes: &mut Changes) {
    if let Input::Map(entries) = input
        && !entries.contains_key("EncodingType")
    {
        entries.insert("EncodingType".to_owned(), Input::Text("url".to_owned()));
        changes.decodes_listing = true;
    }
}

pub(super) fn decode_listing(
    call: Call<'_>,
    _: &Answer<'_>,
    changes: Changes,
    read: &mut Map,
    _: &Timestamps,
) {
    if !changes.decodes_listing || read.get("EncodingType").and_then(Value::as_str) != Some("url") {
        return;
    }
    let names: &[&str] = match call.operation.name {
        "ListObjects" => &["Delimiter", "Marker", "NextMarker"],
        "ListObjectsV2" => &["Delimiter", "Prefix", "StartAfter"],
        _ => &["KeyMarker", "NextKeyMarker", "Prefix", "Delimiter"],
    };
    for name in names {
        decode_text(read, name);
    }
    let inner =
        [("Contents", "Key"), ("Versions", "Key"), ("DeleteMarkers", "Key"), ("CommonPrefixes", "Prefix")];
    for (list, name) in inner {
        let Some(Value::List(entries)) = read.get_mut(list) else { continue };
        for entry in entries {
            if let Value::Map(entry) = entry {
                decode_text(entry, name);
            }
        }
    }
}

fn decode_text(map: &mut Map, name: &str) {
    if let Some(Value::String(text)) = map.get_mut(name) {
        // S3 writes a space as `+`.
        let spaced = text.replace('+', " ");
        *text = percent_decode_str(&spaced).decode_utf8_lossy().into_owned();
    }
}

/// The key stands in a header, so it is encoded; the version behind it is not.
pub(super) fn quote_copy_source(_: Call<'_>, input: &mut Input, _: &mut Changes) {
    let Input::Map(entries) = input else { return };
    if let Some(Input::Text(source)) = entries.get_mut("CopySource") {
        let at = source.find("?versionId=").filter(|&at| {
            let version = &source[at + "?versionId=".len()..];
            !version.is_empty() && !version.contains(char::is_whitespace)
        });
        let (path, version) = source.split_at(at.unwrap_or(source.len()));
        *source = encode_path(path) + version;
    }
}

pub(super) fn check_metadata(input: &Input) -> Result<(), CallError> {
    let Some(Input::Map(metadata)) = input.get("Metadata") else { return Ok(()) };
    wire::check_metadata(
        metadata.iter().map(|(key, value)| (key.as_str(), value.as_text().unwrap_or_default())),
    )
}

/// A customer's key goes as base64 and with its hash.
pub(super) fn complete_customer_keys(call: Call<'_>, input: &mut Input, _: &mut Changes) {
    let Input::Map(entries) = input else { return };
    for (key, hash) in
        [("SSECustomerKey", "SSECustomerKeyMD5"), ("CopySourceSSECustomerKey", "CopySourceSSECustomerKeyMD5")]
    {
        if entries.contains_key(hash) || !call.takes(hash) {
            continue;
        }
        let bytes = match entries.get(key) {
            Some(Input::Text(text)) => text.clone().into_bytes(),
            Some(Input::Blob(bytes)) => bytes.clone(),
            _ => continue,
        };
        entries.insert(key.to_owned(), Input::Text(STANDARD.encode(&bytes)));
        entries.insert(hash.to_owned(), Input::Text(STANDARD.encode(Md5::digest(&bytes))));
    }
}

/// The endpoint's rules put the bucket into host or path already.
pub(super) fn leave_bucket_to_endpoint(call: Call<'_>, input: &Input, wire: &mut WireRequest) {
    if !call.operation.request_uri.starts_with("/{Bucket}") {
        return;
    }
    let bucket = input.get("Bucket").and_then(Input::as_text).unwrap_or_default();
    if let Some(rest) = wire.path.strip_prefix(&format!("/{}", encode(bucket))) {
        wire.path = rest.to_owned();
    }
}

/// The region is the whole text of the document, and nothing where it is us-east-1.
pub(super) fn read_location(_: Call<'_>, answer: &Answer<'_>, _: Changes, read: &mut Map, _: &Timestamps) {
    let region = xml_text(answer.body).filter(|text| !text.is_empty());
    read.insert("LocationConstraint", region);
}

/// `Expires` may be no date at all: it is shown as it came, and as a date where it is one.
pub(super) fn show_expires(
    call: Call<'_>,
    answer: &Answer<'_>,
    _: Changes,
    read: &mut Map,
    timestamps: &Timestamps,
) {
    let expires = call.service.output(call.operation).and_then(|output| output.member("Expires"));
    let has_expires = expires.is_some_and(|member| member.location == Some(Location::Header));
    let Some(came) = answer.headers.get("expires").filter(|_| has_expires) else { return };
    let came = String::from_utf8_lossy(came.as_bytes()).into_owned();
    let is_date =
        matches!(timestamps, Timestamps::Wire) || show_moment_text(&came, timestamps).as_str() != Some(&came);
    if !is_date {
        read.remove("Expires");
    }
    read.insert("ExpiresString", came);
}

/// The region a bucket is in, if this answer says that it is another than the one asked.
pub(crate) fn other_region(
    service: &awsx_model::Service,
    request: &Request,
    failed: &Failed,
) -> Option<String> {
    let code = failed.code().filter(|_| service.name == "s3")?;
    let method = request.method.parse().ok()?;
    let asked = &request.signing.region;
    crate::wire::other_region((failed.status, code), &failed.headers, &failed.body, &method, asked)
}
