//! A plain GET, whose answer is read piece by piece.

use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use http::{Request, Uri};
use http_body_util::BodyExt;

use crate::{HttpClient, RequestError};

/// An answer whose bytes come.
#[derive(Debug)]
pub struct Download {
    /// The status, with its usual words: `404 Not Found`.
    pub status: http::StatusCode,
    body: SdkBody,
    uri: Uri,
}

impl HttpClient {
    /// Asks for what is at a URL, without a signature. None if it is no URL.
    pub async fn download(&self, url: &str) -> Result<Option<Download>, RequestError> {
        let uri = url.parse::<Uri>().ok().filter(|uri| uri.scheme().is_some());
        let Some(uri) = uri else { return Ok(None) };
        let mut request = Request::new(SdkBody::empty());
        *request.uri_mut() = uri.clone();
        let (parts, body) = self.send(request).await?.into_parts();
        Ok(Some(Download { status: parts.status, body, uri }))
    }
}

impl Download {
    /// The next bytes; none after the last ones.
    pub async fn next(&mut self) -> Result<Option<Bytes>, RequestError> {
        while let Some(frame) = self.body.frame().await {
            let frame = frame.map_err(|error| RequestError::new(&self.uri, error))?;
            if let Ok(data) = frame.into_data() {
                return Ok(Some(data));
            }
        }
        Ok(None)
    }
}
