//! Checksums: of bodies that are sent, in a header or after the body, and of those that come.

use std::io;
use std::path::Path;
use std::pin::Pin;
use std::task::{Context, Poll};

use aws_smithy_types::body::SdkBody;
use awsx_model::{Input, Operation, PayloadSigning, Service};
use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderName};
use http_body::Frame;

use crate::body::FileBody;
use crate::handlers::streams_input;
use crate::protocol::input_header;
use crate::wire::checksum::{Algorithm, Hasher, Sha256};
use crate::{Body, CallError, ChecksumUse, ClientConfig, Request};

/// AWS CLI's choice where the user makes none.
const DEFAULT: Algorithm = Algorithm::Crc64Nvme;

/// Adds the checksum that the operation wants, and the hash that a signature needs of a file.
pub(crate) fn add(
    request: &mut Request,
    service: &Service,
    operation: &Operation,
    input: &Input,
    config: &ClientConfig,
) -> Result<(), CallError> {
    let over_tls = request.url.starts_with("https:");
    let streams = streams_input(service, operation);
    if let Some(chosen) = choose(request, operation, input, config)? {
        if let Some(header) = chosen.said_in.and_then(|member| input_header(service, operation, member)) {
            request.set_header(header, chosen.algorithm.name());
        }
        if streams && over_tls {
            announce_trailer(request, chosen.algorithm)?;
        } else {
            let sum = sum_up(&request.body, chosen.algorithm)?;
            request.set_header(chosen.algorithm.header().as_str(), sum);
        }
    }
    choose_payload_signing(request, streams, over_tls, config)
}

struct Choice {
    algorithm: Algorithm,
    /// The member that says so on the wire, where the user did not.
    said_in: Option<&'static str>,
}

fn choose(
    request: &Request,
    operation: &Operation,
    input: &Input,
    config: &ClientConfig,
) -> Result<Option<Choice>, CallError> {
    let given = |(name, _): &(String, String)| {
        let name = name.to_ascii_lowercase();
        name.strip_prefix("x-amz-checksum-")
            .is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_alphanumeric()))
    };
    if request.headers.iter().any(given) {
        return Ok(None);
    }
    let trait_ = operation.http_checksum.as_ref();
    let member = trait_.and_then(|checksum| checksum.request_algorithm_member);
    if let Some(name) = member.and_then(|member| input.get(member)).and_then(Input::as_text) {
        let refused =
            || CallError::Input(format!("Unsupported checksum algorithm: {}", name.to_ascii_lowercase()));
        let algorithm = Algorithm::of_name(name).ok_or_else(refused)?;
        return Ok(Some(Choice { algorithm, said_in: None }));
    }
    let required = operation.checksum_required || trait_.is_some_and(|checksum| checksum.request_required);
    let supported = member.is_some() && config.request_checksums == ChecksumUse::WhenSupported;
    Ok((required || supported).then_some(Choice { algorithm: DEFAULT, said_in: member }))
}

fn sum_up(body: &Body, algorithm: Algorithm) -> Result<String, CallError> {
    let mut hasher = Hasher::new(algorithm);
    each_piece(body, |piece| hasher.update(piece))?;
    Ok(hasher.finish_base64())
}

fn each_piece(body: &Body, mut take: impl FnMut(&[u8])) -> Result<(), CallError> {
    match body {
        Body::Bytes(bytes) => take(bytes),
        Body::File(path) => {
            let mut file = FileBody::open(path)?;
            while let Some(piece) = file.read().map_err(|source| unreadable(path, source))? {
                take(&piece);
            }
        }
    }
    Ok(())
}

fn unreadable(path: &Path, source: io::Error) -> CallError {
    CallError::File { path: path.to_owned(), source }
}

/// The hash of a body as signatures have it.
pub(crate) fn sha256_hex(body: &Body) -> Result<String, CallError> {
    let mut hasher = Sha256::new();
    each_piece(body, |piece| hasher.update(piece))?;
    Ok(hasher.finish_hex())
}

fn length(body: &Body) -> Result<u64, CallError> {
    match body {
        Body::Bytes(bytes) => Ok(bytes.len() as u64),
        Body::File(path) => Ok(FileBody::open(path)?.left()),
    }
}

/// Says that the checksum follows the body, which goes in chunks of S3's own kind.
fn announce_trailer(request: &mut Request, algorithm: Algorithm) -> Result<(), CallError> {
    let encoding = match request.header("Content-Encoding") {
        Some(encoding) => format!("{encoding},aws-chunked"),
        None => "aws-chunked".to_owned(),
    };
    request.set_header("Content-Encoding", encoding);
    request.set_header("X-Amz-Trailer", algorithm.header().as_str());
    let length = length(&request.body)?;
    request.set_header("X-Amz-Decoded-Content-Length", length.to_string());
    request.set_header("X-Amz-Content-SHA256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER");
    request.trailer = Some(algorithm);
    Ok(())
}

/// Bodies that go over TLS with a checksum need no second hash.
fn choose_payload_signing(
    request: &mut Request,
    streams: bool,
    over_tls: bool,
    config: &ClientConfig,
) -> Result<(), CallError> {
    let has_checksum = request.headers.iter().any(|(name, _)| {
        let name = name.to_ascii_lowercase();
        name == "content-md5" || name.starts_with("x-amz-checksum-")
    });
    if !over_tls {
        request.payload_signing = PayloadSigning::Signed;
    } else if request.signing.s3 && streams && has_checksum && !config.s3.sign_payloads {
        request.payload_signing = PayloadSigning::Unsigned;
    }
    let hashed = request.header("x-amz-content-sha256").is_some();
    if matches!(request.body, Body::File(_)) && request.payload_signing == PayloadSigning::Signed && !hashed {
        let hash = sha256_hex(&request.body)?;
        request.set_header("x-amz-content-sha256", hash);
    }
    Ok(())
}

/// A body in chunks with its checksum behind them.
pub(crate) fn chunked(body: &Body, algorithm: Algorithm) -> Result<SdkBody, CallError> {
    let source = match body {
        Body::Bytes(bytes) => Source::Bytes(Some(Bytes::copy_from_slice(bytes))),
        Body::File(path) => Source::File(FileBody::open(path)?),
    };
    let hasher = Some(Hasher::new(algorithm));
    Ok(SdkBody::from_body_1_x(Chunks { source, hasher, header: algorithm.header() }))
}

enum Source {
    Bytes(Option<Bytes>),
    File(FileBody),
}

impl Source {
    fn next(&mut self) -> io::Result<Option<Bytes>> {
        match self {
            Self::Bytes(bytes) => Ok(bytes.take().filter(|bytes| !bytes.is_empty())),
            Self::File(file) => file.read(),
        }
    }
}

struct Chunks {
    source: Source,
    /// Gone when the last chunk is.
    hasher: Option<Hasher>,
    header: HeaderName,
}

impl http_body::Body for Chunks {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let Some(mut hasher) = self.hasher.take() else { return Poll::Ready(None) };
        let chunk = match self.source.next() {
            Err(error) => return Poll::Ready(Some(Err(error))),
            Ok(Some(piece)) => {
                hasher.update(&piece);
                self.hasher = Some(hasher);
                let mut chunk = BytesMut::from(format!("{:x}\r\n", piece.len()).as_bytes());
                chunk.extend_from_slice(&piece);
                chunk.extend_from_slice(b"\r\n");
                chunk.freeze()
            }
            Ok(None) => format!("0\r\n{}:{}\r\n\r\n", self.header, hasher.finish_base64()).into(),
        };
        Poll::Ready(Some(Ok(Frame::data(chunk))))
    }
}

/// A checksum that an answer is to have.
pub(crate) struct Expected {
    hasher: Hasher,
    sum: String,
}

impl std::fmt::Debug for Expected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Expected").field("sum", &self.sum).finish_non_exhaustive()
    }
}

impl Expected {
    /// The first of the operation's checksums that the answer carries; none where it is not to be checked.
    pub(crate) fn of(operation: &Operation, validates: bool, headers: &HeaderMap) -> Option<Self> {
        let offered = operation.http_checksum.as_ref().filter(|_| validates)?;
        offered.response_algorithms.iter().find_map(|name| {
            let algorithm = Algorithm::of_name(name)?;
            let sum = headers.get(algorithm.header())?.to_str().ok()?;
            // That of an object in parts sums up its parts' checksums, not its bytes.
            let of_parts = sum.contains('-');
            (!of_parts).then(|| Self { hasher: Hasher::new(algorithm), sum: sum.to_owned() })
        })
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.hasher.update(bytes);
    }

    pub(crate) fn compare(self) -> Result<(), CallError> {
        let calculated = self.hasher.finish_base64();
        if calculated == self.sum {
            return Ok(());
        }
        Err(CallError::Checksum { expected: self.sum, calculated })
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;

    use super::*;

    fn block_on<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
    }

    #[test]
    fn chunks_end_with_the_checksum() {
        let crc32 = Algorithm::of_name("crc32").unwrap();
        let body = chunked(&Body::Bytes(b"hello".to_vec()), crc32).unwrap();
        let bytes = block_on(body.collect()).unwrap().to_bytes();
        assert_eq!(bytes, "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n");
        let empty = block_on(chunked(&Body::empty(), DEFAULT).unwrap().collect()).unwrap().to_bytes();
        assert_eq!(empty, "0\r\nx-amz-checksum-crc64nvme:AAAAAAAAAAA=\r\n\r\n");
    }

    #[test]
    fn a_file_sums_up_as_its_bytes() {
        let file = tempfile::NamedTempFile::new().unwrap();
        #[expect(clippy::disallowed_methods, reason = "lays out a test's file")]
        std::fs::write(file.path(), "hello").unwrap();
        let (file, bytes) = (Body::File(file.path().to_owned()), Body::Bytes(b"hello".to_vec()));
        for algorithm in Algorithm::ALL {
            assert_eq!(sum_up(&file, algorithm).unwrap(), sum_up(&bytes, algorithm).unwrap());
        }
        assert_eq!(sha256_hex(&file).unwrap(), sha256_hex(&bytes).unwrap());
    }
}
