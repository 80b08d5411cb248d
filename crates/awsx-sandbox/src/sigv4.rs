//! Signature Version 4, seen from the service: reads what a request claims and recomputes its signature.
//!
//! S3's own differences (streamed payloads, unescaped paths) are left to `s3s`; here is what all other services do.

use std::time::Duration;

use aws_sigv4::sign::v4::{calculate_signature, generate_signing_key};
use http::StatusCode;
use http::request::Parts;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sha2::{Digest, Sha256};
use time::format_description::StaticFormatDescription;
use time::macros::format_description;
use time::{OffsetDateTime, PrimitiveDateTime};

use crate::log::parameters;
use crate::refusal::Refusal;
use crate::state::{AccessKey, KeyProblem, World, now, same};

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
const SKEW: Duration = Duration::from_mins(15);
const LONGEST_PRESIGNED: Duration = Duration::from_hours(7 * 24);
const AMZ_DATE: StaticFormatDescription = format_description!("[year][month][day]T[hour][minute][second]Z");
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The signature a request carries, in its `Authorization` header or its query.
#[derive(Debug)]
pub(crate) struct Signature {
    pub(crate) key_id: String,
    date: String,
    region: String,
    pub(crate) service: String,
    terminator: String,
    timestamp: String,
    signed_headers: Vec<String>,
    digest: String,
    pub(crate) session_token: Option<String>,
    /// `X-Amz-Expires` of a presigned request
    presigned_for: Option<Duration>,
}

/// Reads the signature of a request; `None` if it is not signed at all.
pub(crate) fn read(parts: &Parts) -> Option<Result<Signature, Refusal>> {
    let query = parts.uri.query().unwrap_or_default();
    if let Some(authorization) = parts.headers.get(http::header::AUTHORIZATION) {
        let fields = authorization.to_str().ok()?.strip_prefix(ALGORITHM)?;
        Some(read_header(parts, fields))
    } else if query.contains("X-Amz-Signature=") {
        Some(read_query(query))
    } else {
        None
    }
}

/// Checks a request the way AWS does: key, token, time, scope, then the signature itself. The service that it is signed for
/// is the one that answers it.
pub(crate) fn verify(
    world: &World,
    parts: &Parts,
    body: &[u8],
    signature: &Signature,
) -> Result<AccessKey, Refusal> {
    let service = &signature.service;
    let key = world.check_key(&signature.key_id, signature.session_token.as_deref()).map_err(|problem| {
        match problem {
            KeyProblem::Unknown | KeyProblem::WrongToken => Refusal::forbidden(
                "InvalidClientTokenId",
                "The security token included in the request is invalid.",
            ),
            KeyProblem::Expired => {
                Refusal::forbidden("ExpiredToken", "The security token included in the request is expired")
            }
        }
    })?;
    let signed_at = check_time(signature)?;
    check_scope(signature)?;
    check_signed_headers(parts, signature)?;

    let canonical = canonical_request(parts, body, signature);
    let string_to_sign = format!(
        "{ALGORITHM}\n{}\n{}/{}/{service}/aws4_request\n{}",
        signature.timestamp,
        signature.date,
        signature.region,
        sha256_hex(canonical.as_bytes()),
    );
    let signing_key = generate_signing_key(&key.secret, signed_at.into(), &signature.region, service);
    if !same(&calculate_signature(signing_key, string_to_sign.as_bytes()), &signature.digest) {
        return Err(mismatch(
            "The request signature we calculated does not match the signature you provided. Check your AWS Secret \
             Access Key and signing method. Consult the service documentation for details.",
        ));
    }
    world.state().directory.note_use(&key.id, service, &signature.region);
    Ok(key)
}

fn read_header(parts: &Parts, fields: &str) -> Result<Signature, Refusal> {
    let header =
        |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let field = |name: &str| {
        fields
            .split(',')
            .find_map(|field| field.trim().strip_prefix(name)?.strip_prefix('='))
            .map(str::to_owned)
    };
    let (credential, signed_headers, signature) =
        (field("Credential"), field("SignedHeaders"), field("Signature"));
    let timestamp = header("x-amz-date");

    let mut missing = Vec::new();
    for (name, value) in
        [("Credential", &credential), ("Signature", &signature), ("SignedHeaders", &signed_headers)]
    {
        if value.is_none() {
            missing.push(format!("Authorization header requires '{name}' parameter."));
        }
    }
    if timestamp.is_none() {
        missing.push(
            "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.".to_owned(),
        );
    }
    let (Some(credential), Some(signed_headers), Some(signature), Some(timestamp)) =
        (credential, signed_headers, signature, timestamp)
    else {
        return Err(incomplete(&missing.join(" ")));
    };
    Signature::new(&credential, &signed_headers, signature, timestamp, header("x-amz-security-token"), None)
}

fn read_query(query: &str) -> Result<Signature, Refusal> {
    let mut query = parameters(query.as_bytes());
    let mut take = |name: &str| {
        query
            .remove(name)
            .ok_or_else(|| incomplete(&format!("AWS query-string parameters must include '{name}'.")))
    };
    if take("X-Amz-Algorithm")? != ALGORITHM {
        return Err(incomplete("AWS query-string parameter 'X-Amz-Algorithm' is not supported."));
    }
    let seconds = take("X-Amz-Expires").ok().map_or(Some(SKEW.as_secs()), |seconds| seconds.parse().ok());
    let lifetime =
        seconds.map(Duration::from_secs).filter(|lifetime| *lifetime <= LONGEST_PRESIGNED).ok_or_else(
            || incomplete("AWS query-string parameter 'X-Amz-Expires' must be 1 to 604800 seconds."),
        )?;
    Signature::new(
        &take("X-Amz-Credential")?,
        &take("X-Amz-SignedHeaders")?,
        take("X-Amz-Signature")?,
        take("X-Amz-Date")?,
        take("X-Amz-Security-Token").ok(),
        Some(lifetime),
    )
}

impl Signature {
    fn new(
        credential: &str,
        signed_headers: &str,
        signature: String,
        timestamp: String,
        session_token: Option<String>,
        presigned_for: Option<Duration>,
    ) -> Result<Self, Refusal> {
        // Key ids hold no slash, so the scope is what follows the first one.
        let [key_id, date, region, service, terminator] = credential.split('/').collect::<Vec<_>>()[..]
        else {
            return Err(incomplete(&format!(
                "Credential must have exactly 5 slash-delimited elements, e.g. \
                 keyid/date/region/service/term, got '{credential}'"
            )));
        };
        Ok(Self {
            key_id: key_id.to_owned(),
            date: date.to_owned(),
            region: region.to_owned(),
            service: service.to_owned(),
            terminator: terminator.to_owned(),
            timestamp,
            signed_headers: signed_headers.split(';').map(str::to_owned).collect(),
            digest: signature,
            session_token,
            presigned_for,
        })
    }
}

fn check_time(signature: &Signature) -> Result<OffsetDateTime, Refusal> {
    let stamp = &signature.timestamp;
    let signed_at = PrimitiveDateTime::parse(stamp, AMZ_DATE)
        .map_err(|_| incomplete(&format!("Date must be in ISO-8601 'basic format'. Got '{stamp}'.")))?
        .assume_utc();
    let now = now();
    let show = |time: OffsetDateTime| time.format(AMZ_DATE).expect("the format fits every date");
    if signed_at > now + SKEW {
        return Err(mismatch(&format!(
            "Signature not yet current: {stamp} is still later than {} ({} + 15 min.)",
            show(now + SKEW),
            show(now),
        )));
    }
    let lifetime = signature.presigned_for.unwrap_or(SKEW);
    if signed_at + lifetime < now {
        return Err(mismatch(&format!(
            "Signature expired: {stamp} is now earlier than {} ({} - {} min.)",
            show(now - lifetime),
            show(now),
            lifetime.as_secs() / 60,
        )));
    }
    Ok(signed_at)
}

fn check_scope(signature: &Signature) -> Result<(), Refusal> {
    let stamp = &signature.timestamp;
    let mut wrong = Vec::new();
    if !is_region(&signature.region) {
        wrong.push("Credential should be scoped to a valid region.".to_owned());
    }
    if signature.terminator != "aws4_request" {
        wrong.push("Credential should be scoped with a valid terminator: 'aws4_request'.".to_owned());
    }
    if !stamp.starts_with(&signature.date) || signature.date.len() != 8 {
        wrong.push(format!(
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: \
             '{}' != '{}', from '{stamp}'.",
            signature.date,
            stamp.get(..8).unwrap_or_default(),
        ));
    }
    if wrong.is_empty() { Ok(()) } else { Err(mismatch(&wrong.join(" "))) }
}

/// Whether this has a region's form, such as `us-gov-west-1`. Pseudo regions such as `aws-global` are never signed for.
fn is_region(region: &str) -> bool {
    let parts: Vec<_> = region.split('-').collect();
    let letters = |part: &&str| !part.is_empty() && part.bytes().all(|letter| letter.is_ascii_lowercase());
    let [names @ .., number] = &parts[..] else { return false };
    names.len() >= 2
        && names.iter().all(letters)
        && number.len() == 1
        && number.bytes().all(|b| b.is_ascii_digit())
}

/// `host` and every `x-amz-` header have to be covered, in order and by lower-case names.
fn check_signed_headers(parts: &Parts, signature: &Signature) -> Result<(), Refusal> {
    let signed = &signature.signed_headers;
    if !signed.is_sorted() {
        return Err(mismatch("Signed headers must be in ASCII order and lower case."));
    }
    let required = parts
        .headers
        .keys()
        .map(http::HeaderName::as_str)
        .filter(|name| name.starts_with("x-amz-"))
        .chain(["host"])
        .find(|required| !signed.iter().any(|name| name == required));
    match required {
        Some(name) => Err(mismatch(&format!("'{name}' must be a 'SignedHeader' in the AWS Authorization."))),
        None => Ok(()),
    }
}

fn canonical_request(parts: &Parts, body: &[u8], signature: &Signature) -> String {
    let headers: Vec<_> = signature
        .signed_headers
        .iter()
        .map(|name| format!("{name}:{}", canonical_header(parts, name)))
        .collect();
    format!(
        "{}\n{}\n{}\n{}\n\n{}\n{}",
        parts.method,
        canonical_path(parts.uri.path()),
        canonical_query(parts.uri.query().unwrap_or_default()),
        headers.join("\n"),
        signature.signed_headers.join(";"),
        sha256_hex(body),
    )
}

/// Services other than S3 encode the path, as sent, once more.
fn canonical_path(path: &str) -> String {
    path.split('/').map(encode).collect::<Vec<_>>().join("/")
}

fn canonical_query(query: &str) -> String {
    let mut pairs: Vec<_> = url::form_urlencoded::parse(query.as_bytes())
        .filter(|(name, _)| name != "X-Amz-Signature")
        .map(|(name, value)| (encode(&name), encode(&value)))
        .collect();
    pairs.sort_unstable();
    pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

fn canonical_header(parts: &Parts, name: &str) -> String {
    let tidy = |value: &http::HeaderValue| {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        value.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
    };
    parts.headers.get_all(name).iter().map(tidy).collect::<Vec<_>>().join(",")
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, UNRESERVED).to_string()
}

pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from(b"0123456789abcdef"[usize::from(value)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

fn incomplete(message: &str) -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, "IncompleteSignature", message)
}

fn mismatch(message: &str) -> Refusal {
    Refusal::forbidden("SignatureDoesNotMatch", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_are_told_from_pseudo_regions() {
        for region in ["us-east-1", "us-gov-west-1", "eusc-de-east-1", "cn-north-1"] {
            assert!(is_region(region), "{region}");
        }
        for other in ["aws-global", "", "us-east", "us_east_1", "US-EAST-1", "east-1"] {
            assert!(!is_region(other), "{other}");
        }
    }

    #[test]
    fn queries_are_sorted_after_encoding() {
        assert_eq!(canonical_query("b=2&a=x+y&a=%2F&X-Amz-Signature=00"), "a=%2F&a=x%20y&b=2");
    }
}
