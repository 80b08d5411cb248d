//! Gets an object, or a stretch of it, and goes on where an answer breaks off.

use aws_smithy_types::body::SdkBody;
use awsx_api::CallError;
use awsx_http::RequestError;
use http::{HeaderMap, Response};
use http_body::Body as _;

use super::TransferError;
use super::lane::Lane;
use crate::Stored;
use crate::checksum::{Algorithm, Hasher};
use crate::operations::get_object;
use crate::wire::connection_lost;

/// How often a body that breaks off is asked for again.
const ATTEMPTS: usize = 5;
/// An answer that breaks off after so many bytes has done its part, and does not count.
const ENOUGH: u64 = 8 * 1024 * 1024;

/// Which object is got.
pub(super) struct Getting<'a> {
    pub(super) lane: &'a Lane,
    pub(super) bucket: &'a str,
    pub(super) key: &'a str,
    pub(super) etag: Option<&'a str>,
    pub(super) size: u64,
}

/// Takes what comes, in order.
pub(super) trait Taker {
    /// The headers of an answer that begins with the object's first byte.
    fn begin(&mut self, _: &HeaderMap) {}

    /// Bytes, and their place in the object.
    fn take(&mut self, bytes: &[u8], offset: u64) -> Result<(), TransferError>;
}

impl Getting<'_> {
    /// Gets all of it with one request, and holds it against the checksum that comes with it.
    pub(super) async fn whole(
        &self,
        write: impl FnMut(&[u8], u64) -> Result<(), TransferError>,
    ) -> Result<Stored, TransferError> {
        let validates = self.lane.shared.settings.validates;
        let mut whole = Whole { write, validates, hasher: None, expected: None, stored: Stored::default() };
        self.get_on(None, &mut whole).await?;
        if let (Some(hasher), Some((_, expected))) = (whole.hasher, &whole.expected) {
            check(expected, hasher.finish_base64())?;
        }
        Ok(whole.stored)
    }

    /// Gets a stretch of it, offset and length.
    pub(super) async fn stretch(
        &self,
        stretch: (u64, u64),
        taker: &mut impl Taker,
    ) -> Result<(), TransferError> {
        self.get_on(Some(stretch), taker).await
    }

    async fn get_on(&self, stretch: Option<(u64, u64)>, taker: &mut impl Taker) -> Result<(), TransferError> {
        let (begin, length) = stretch.unwrap_or((0, self.size));
        let end = begin + length;
        let (mut at, mut attempts) = (begin, 0);
        while attempts < ATTEMPTS {
            // What comes in several pieces is the same object only with its `ETag`.
            let range = (stretch.is_some() || at > begin).then(|| (at, end.saturating_sub(1)));
            let answer = self.get(range, stretch.is_none()).await?;
            if range.is_none() {
                taker.begin(answer.headers());
            }
            let began_at = at;
            let received = self.receive(answer, &mut at, taker).await;
            attempts = if at - began_at >= ENOUGH { 0 } else { attempts + 1 };
            match received {
                Ok(()) if at == end || (at > end && stretch.is_none()) => return Ok(()),
                Ok(()) if at > end => break,
                Err(TransferError::Call(error)) if !connection_lost(&error) || attempts >= ATTEMPTS => {
                    return Err(error.into());
                }
                Ok(()) | Err(TransferError::Call(_)) => {}
                Err(other) => return Err(other),
            }
        }
        Err(TransferError::Short { received: at - begin, expected: length })
    }

    async fn get(
        &self,
        range: Option<(u64, u64)>,
        is_whole: bool,
    ) -> Result<Response<SdkBody>, TransferError> {
        let settings = &self.lane.shared.settings;
        let (headers, checksum) = (&settings.headers.get, is_whole && settings.validates);
        get_object(&self.lane.source_s3, self.bucket, self.key, headers, self.etag, range, checksum)
            .await
            .map_err(|error| TransferError::of_read(error, self.bucket, self.key))
    }

    /// Passes an answer's body on; `at` grows with what came.
    async fn receive(
        &self,
        answer: Response<SdkBody>,
        at: &mut u64,
        taker: &mut impl Taker,
    ) -> Result<(), TransferError> {
        let shared = &self.lane.shared;
        let mut body = std::pin::pin!(answer.into_body());
        while let Some(frame) = std::future::poll_fn(|cx| body.as_mut().poll_frame(cx)).await {
            let frame = frame.map_err(|error| lost(&*error))?;
            let Ok(bytes) = frame.into_data() else { continue };
            taker.take(&bytes, *at)?;
            *at += bytes.len() as u64;
            shared.tally.moved.add(bytes.len() as u64);
            if let Some(pause) = shared.settings.bandwidth.pause_after(bytes.len() as u64) {
                tokio::time::sleep(pause).await;
            }
        }
        Ok(())
    }
}

/// A whole object, and what its headers say of it.
struct Whole<W> {
    write: W,
    validates: bool,
    hasher: Option<Hasher>,
    expected: Option<(Algorithm, String)>,
    stored: Stored,
}

impl<W: FnMut(&[u8], u64) -> Result<(), TransferError>> Taker for Whole<W> {
    fn begin(&mut self, headers: &HeaderMap) {
        self.stored = Stored::of_headers(headers);
        self.expected = expected_of(headers).filter(|_| self.validates);
        self.hasher = self.expected.as_ref().map(|(algorithm, _)| Hasher::new(*algorithm));
    }

    fn take(&mut self, bytes: &[u8], offset: u64) -> Result<(), TransferError> {
        (self.write)(bytes, offset)?;
        if let Some(hasher) = &mut self.hasher {
            hasher.update(bytes);
        }
        Ok(())
    }
}

/// The checksum of the whole object among an answer's headers.
pub(super) fn expected_of(headers: &HeaderMap) -> Option<(Algorithm, String)> {
    let found = Algorithm::ALL.into_iter().find_map(|algorithm| {
        let value = headers.get(algorithm.header())?.to_str().ok()?;
        // One of parts' checksums says nothing about the bytes as such.
        (!value.contains('-')).then(|| (algorithm, value.to_owned()))
    })?;
    let is_composite = headers.get("x-amz-checksum-type").is_some_and(|kind| kind == "COMPOSITE");
    (!is_composite).then_some(found)
}

/// Holds what came against what S3 says of it.
pub(super) fn check(expected: &str, calculated: String) -> Result<(), TransferError> {
    if expected == calculated {
        return Ok(());
    }
    Err(TransferError::Checksum { expected: expected.to_owned(), calculated })
}

fn lost(error: &(dyn std::error::Error + 'static)) -> TransferError {
    TransferError::Call(match RequestError::find(error) {
        Some(found) => CallError::Request(found.clone()),
        None => CallError::Answer(error.to_string()),
    })
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn only_a_checksum_of_the_whole_is_expected() {
        let headers = |pairs: &[(&'static str, &'static str)]| {
            let pairs = pairs
                .iter()
                .map(|(name, value)| (http::HeaderName::from_static(name), HeaderValue::from_static(value)));
            pairs.collect::<HeaderMap>()
        };
        let crc = ("x-amz-checksum-crc64nvme", "M3eFcAZSQlc=");
        assert_eq!(expected_of(&headers(&[crc])), Some((Algorithm::Crc64Nvme, "M3eFcAZSQlc=".to_owned())));
        assert_eq!(expected_of(&headers(&[("x-amz-checksum-crc32", "abcd-3")])), None);
        assert_eq!(expected_of(&headers(&[crc, ("x-amz-checksum-type", "COMPOSITE")])), None);
        assert_eq!(expected_of(&headers(&[])), None);
    }
}
