//! What is sent after the headers.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::task::{Context, Poll};

use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use http_body::{Frame, SizeHint};

use crate::CallError;

/// A request's body.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// Bytes in memory; there may be none.
    Bytes(Vec<u8>),
    /// The bytes of a file, read as they are sent.
    File(PathBuf),
}

impl Body {
    /// No bytes.
    pub fn empty() -> Self {
        Self::Bytes(Vec::new())
    }

    /// The bytes, if they are in memory.
    pub fn bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Bytes(bytes) => Some(bytes),
            Self::File(_) => None,
        }
    }

    /// Whether nothing is sent.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Bytes(bytes) if bytes.is_empty())
    }
}

/// Bytes read from the disk at a time.
const PIECE: usize = 256 * 1024;

/// The bytes of a file, read as they are wanted.
pub(crate) fn stream(path: &Path) -> Result<SdkBody, CallError> {
    Ok(SdkBody::from_body_1_x(FileBody::open(path)?))
}

/// A file as a body.
#[derive(Debug)]
pub(crate) struct FileBody {
    file: File,
    left: u64,
}

impl FileBody {
    pub(crate) fn open(path: &Path) -> Result<Self, CallError> {
        let failed = |source| CallError::File { path: path.to_owned(), source };
        let file = File::open(path).map_err(failed)?;
        let left = file.metadata().map_err(failed)?.len();
        Ok(Self { file, left })
    }

    /// The next bytes, none after the last.
    pub(crate) fn read(&mut self) -> io::Result<Option<Bytes>> {
        if self.left == 0 {
            return Ok(None);
        }
        let wanted = usize::try_from(self.left).unwrap_or(PIECE).min(PIECE);
        let mut piece = vec![0; wanted];
        self.file.read_exact(&mut piece)?;
        self.left -= wanted as u64;
        Ok(Some(piece.into()))
    }

    /// The bytes not read yet.
    pub(crate) fn left(&self) -> u64 {
        self.left
    }
}

impl http_body::Body for FileBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        Poll::Ready(self.read().map(|piece| piece.map(Frame::data)).transpose())
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
