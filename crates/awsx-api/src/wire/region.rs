//! S3's buckets lie in one region each, and are told of where they do.

use http::{HeaderMap, Method};

use super::xml;

const BUCKET_REGION: &str = "x-amz-bucket-region";

/// The region a bucket is in, if S3 refuses because it was asked for in another one.
pub fn other_region(
    (status, code): (u16, &str),
    headers: &HeaderMap,
    body: &[u8],
    method: &Method,
    asked: &str,
) -> Option<String> {
    let redirects = matches!(status, 301 | 302 | 307)
        || matches!(
            code,
            "AuthorizationHeaderMalformed" | "IllegalLocationConstraintException" | "PermanentRedirect"
        )
        || (status == 400 && method == Method::HEAD);
    if !redirects {
        return None;
    }
    let header = headers.get(BUCKET_REGION).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let in_document = || xml::child_text(std::str::from_utf8(body).ok()?, "Region");
    header.or_else(in_document).filter(|region| !region.is_empty() && region != asked)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn a_refusal_that_names_another_region_leads_there() {
        let named = HeaderMap::from_iter([(
            http::HeaderName::from_static(BUCKET_REGION),
            HeaderValue::from_static("eu-west-1"),
        )]);
        let region =
            |status, code, method: &Method, asked| other_region((status, code), &named, b"", method, asked);
        assert_eq!(region(301, "PermanentRedirect", &Method::GET, "us-east-1").as_deref(), Some("eu-west-1"));
        assert_eq!(region(400, "400", &Method::HEAD, "us-east-1").as_deref(), Some("eu-west-1"));
        assert_eq!(region(400, "InvalidArgument", &Method::GET, "us-east-1"), None);
        assert_eq!(region(403, "AccessDenied", &Method::GET, "us-east-1"), None);
        assert_eq!(region(301, "PermanentRedirect", &Method::GET, "eu-west-1"), None);
        let text = b"<Error><Code>AuthorizationHeaderMalformed</Code><Region>eu-west-1</Region></Error>";
        let refusal = (400, "AuthorizationHeaderMalformed");
        let found = other_region(refusal, &HeaderMap::new(), text, &Method::GET, "us-east-1");
        assert_eq!(found.as_deref(), Some("eu-west-1"));
    }
}
