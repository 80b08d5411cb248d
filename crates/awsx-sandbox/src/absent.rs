//! Services that the sandbox does not have: says so, in the form that their clients read errors in.

use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{StatusCode, header};

use crate::refusal::Refusal;
use crate::{iam, sts};

const S3: &str = "s3";

/// The error for a request that is signed for this service; none where the sandbox has it.
pub(crate) fn refuse(service: &str, parts: &Parts) -> Option<Response> {
    if [iam::SERVICE.name, sts::SERVICE.name, S3].contains(&service) {
        return None;
    }
    let message = format!(
        "The sandbox has no service `{service}`: it has `sts`, `iam` and `s3`, IAM Identity Center, console login and \
         sign-in federation"
    );
    let refusal = Refusal::new(StatusCode::NOT_FOUND, "UnknownOperationException", message);
    let header = |name: &str| parts.headers.get(name).map_or(&b""[..], |value| value.as_bytes());
    Some(if header("smithy-protocol") == b"rpc-v2-cbor" {
        into_cbor_response(&refusal)
    } else if header("content-type").starts_with(b"application/x-www-form-urlencoded") || speaks_xml(service)
    {
        refusal.into_query_response(sts::SERVICE.namespace)
    } else {
        refusal.into_portal_response()
    })
}

/// The services whose requests do not tell that they read XML.
fn speaks_xml(service: &str) -> bool {
    matches!(service, "cloudfront" | "route53")
}

fn into_cbor_response(refusal: &Refusal) -> Response {
    const MAP_OF_TWO: u8 = 0xa2;
    let mut body = vec![MAP_OF_TWO];
    for text in ["__type", &refusal.code, "message", &refusal.message] {
        body.extend(text_in_cbor(text));
    }
    let headers = [(header::CONTENT_TYPE.as_str(), "application/cbor"), ("smithy-protocol", "rpc-v2-cbor")];
    (refusal.status, headers, body).into_response()
}

fn text_in_cbor(text: &str) -> Vec<u8> {
    const TEXT_WITH_FOUR_BYTES_OF_LENGTH: u8 = 0x7a;
    let length = u32::try_from(text.len()).expect("no request's head is that long");
    [&[TEXT_WITH_FOUR_BYTES_OF_LENGTH], &length.to_be_bytes()[..], text.as_bytes()].concat()
}
