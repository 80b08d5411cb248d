//! What a request sends: nothing, bytes, or a stretch of a file, and what is known of it beforehand.

use std::fs::File;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use aws_smithy_types::body::SdkBody;
use bytes::{Bytes, BytesMut};
use http_body::{Body, Frame, SizeHint};

use crate::bandwidth::Bandwidth;
use crate::checksum::{Algorithm, Hasher, Sha256};
use crate::files::read_at;

/// How much of a file is read at once: small enough for the processor's cache.
const CHUNK: usize = 128 * 1024;

/// What a request sends.
#[derive(Clone, Debug)]
pub enum Payload {
    /// Nothing.
    Empty,
    /// Bytes in memory.
    Bytes(Bytes),
    /// A stretch of a file.
    File(FileSlice),
}

/// A stretch of a file, read when it is sent, and again when it is sent again.
#[derive(Clone, Debug)]
pub struct FileSlice {
    /// The open file.
    pub file: Arc<File>,
    /// Where the stretch begins.
    pub offset: u64,
    /// How long it is.
    pub length: u64,
    /// Counts what has been sent.
    pub meter: Meter,
    /// What of that is this stretch's, to be taken back where it has to be sent again.
    pub sent: Meter,
    /// How fast it may be sent.
    pub bandwidth: Bandwidth,
}

/// What requests carry to prove what they send.
#[derive(Clone, Debug, Default)]
pub struct Digests {
    /// SHA-256, in hexadecimal, where the payload is signed.
    pub sha256: Option<String>,
    /// S3's checksum, in Base64.
    pub checksum: Option<String>,
}

/// Counts bytes as they move.
#[derive(Clone, Debug, Default)]
pub struct Meter(Arc<AtomicU64>);

impl Meter {
    /// Adds what has moved.
    pub fn add(&self, bytes: u64) {
        self.0.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Takes back what another has counted in vain.
    fn take_back(&self, other: &Self) {
        self.0.fetch_sub(other.0.swap(0, Ordering::Relaxed), Ordering::Relaxed);
    }

    /// The sum.
    pub fn bytes(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Payload {
    /// Bytes to be sent.
    pub fn len(&self) -> u64 {
        match self {
            Self::Empty => 0,
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::File(slice) => slice.length,
        }
    }

    /// Whether nothing is sent.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Reads it once for what must be known before it is sent.
    pub fn digest(&self, signed: bool, algorithm: Option<Algorithm>) -> io::Result<Digests> {
        let mut sha256 = signed.then(Sha256::new);
        let mut checksum = algorithm.map(Hasher::new);
        if sha256.is_some() || checksum.is_some() {
            self.for_each_chunk(|bytes| {
                if let Some(sha256) = &mut sha256 {
                    sha256.update(bytes);
                }
                if let Some(checksum) = &mut checksum {
                    checksum.update(bytes);
                }
            })?;
        }
        Ok(Digests { sha256: sha256.map(Sha256::finish_hex), checksum: checksum.map(Hasher::finish_base64) })
    }

    /// What was sent of it does not count: it is to be sent again.
    pub(super) fn begin_again(&self) {
        if let Self::File(slice) = self {
            slice.meter.take_back(&slice.sent);
        }
    }

    fn for_each_chunk(&self, mut each: impl FnMut(&[u8])) -> io::Result<()> {
        match self {
            Self::Empty => {}
            Self::Bytes(bytes) => each(bytes),
            Self::File(slice) => slice.for_each_chunk(each)?,
        }
        Ok(())
    }

    pub(super) fn to_body(&self) -> SdkBody {
        match self {
            Self::Empty => SdkBody::empty(),
            Self::Bytes(bytes) => SdkBody::from(bytes.clone()),
            Self::File(slice) => SdkBody::from_body_1_x(Sending {
                slice: slice.clone(),
                sent: 0,
                buffer: BytesMut::new(),
                wait: None,
            }),
        }
    }
}

impl FileSlice {
    fn for_each_chunk(&self, mut each: impl FnMut(&[u8])) -> io::Result<()> {
        let mut buffer = vec![0; CHUNK.min(usize::try_from(self.length).unwrap_or(CHUNK))];
        let mut done = 0;
        while done < self.length {
            let most = usize::try_from(self.length - done).unwrap_or(CHUNK).min(CHUNK);
            let read = read_at(&self.file, &mut buffer[..most], self.offset + done)?;
            if read == 0 {
                return Err(shrunk());
            }
            each(&buffer[..read]);
            done += read as u64;
        }
        Ok(())
    }
}

fn shrunk() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, "the file became shorter while it was read")
}

/// A stretch of a file on its way.
struct Sending {
    slice: FileSlice,
    sent: u64,
    buffer: BytesMut,
    wait: Option<Pin<Box<tokio::time::Sleep>>>,
}

impl Body for Sending {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let this = &mut *self;
        let left = this.slice.length - this.sent;
        if left == 0 {
            return Poll::Ready(None);
        }
        if let Some(wait) = &mut this.wait {
            std::task::ready!(wait.as_mut().poll(cx));
            this.wait = None;
        }
        let most = usize::try_from(left).unwrap_or(CHUNK).min(CHUNK);
        // Gives the same memory again once the chunk before is sent.
        this.buffer.resize(most, 0);
        let offset = this.slice.offset + this.sent;
        match read_at(&this.slice.file, &mut this.buffer[..most], offset) {
            Ok(0) => Poll::Ready(Some(Err(shrunk()))),
            Ok(read) => {
                let chunk = this.buffer.split_to(read).freeze();
                this.sent += read as u64;
                this.slice.meter.add(read as u64);
                this.slice.sent.add(read as u64);
                this.wait = this
                    .slice
                    .bandwidth
                    .pause_after(read as u64)
                    .map(|pause| Box::pin(tokio::time::sleep(pause)));
                Poll::Ready(Some(Ok(Frame::data(chunk))))
            }
            Err(error) => Poll::Ready(Some(Err(error))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.sent == self.slice.length
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.slice.length - self.sent)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn a_stretch_of_a_file_is_digested_like_its_bytes() {
        let mut file = tempfile::tempfile().unwrap();
        let contents: Vec<u8> = (0..300_000u32).map(|number| number.to_le_bytes()[0]).collect();
        file.write_all(&contents).unwrap();
        let slice = FileSlice {
            file: Arc::new(file),
            offset: 1,
            length: 299_998,
            meter: Meter::default(),
            sent: Meter::default(),
            bandwidth: Bandwidth::default(),
        };
        let of_file = Payload::File(slice).digest(true, Some(Algorithm::Crc64Nvme)).unwrap();
        let bytes = Bytes::copy_from_slice(&contents[1..299_999]);
        let of_bytes = Payload::Bytes(bytes).digest(true, Some(Algorithm::Crc64Nvme)).unwrap();
        assert_eq!(of_file.sha256, of_bytes.sha256);
        assert_eq!(of_file.checksum, of_bytes.checksum);
    }

    #[test]
    fn a_file_that_became_shorter_is_an_error() {
        let slice = FileSlice {
            file: Arc::new(tempfile::tempfile().unwrap()),
            offset: 0,
            length: 1,
            meter: Meter::default(),
            sent: Meter::default(),
            bandwidth: Bandwidth::default(),
        };
        assert!(Payload::File(slice).digest(true, None).is_err());
    }
}
