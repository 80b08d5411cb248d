//! Answers whose body is not what it should be: cut off, or changed on the way.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::body::{Body, Bytes};
use hyper::body::{Body as _, Frame, SizeHint};

/// The connection ends in the middle of the body.
pub(crate) fn cut(body: Body) -> Body {
    let left = body.size_hint().lower() / 2;
    Body::new(Spoiled { body, kind: Kind::Cut { left } })
}

/// The first byte is another.
pub(crate) fn corrupt(body: Body) -> Body {
    Body::new(Spoiled { body, kind: Kind::Corrupt { is_done: false } })
}

struct Spoiled {
    body: Body,
    kind: Kind,
}

enum Kind {
    Cut { left: u64 },
    Corrupt { is_done: bool },
}

impl hyper::body::Body for Spoiled {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let this = &mut *self;
        if let Kind::Cut { left: 0 } = this.kind {
            return Poll::Ready(Some(Err(io::Error::other("the body is cut, as configured"))));
        }
        let Some(frame) = ready!(Pin::new(&mut this.body).poll_frame(cx)) else { return Poll::Ready(None) };
        let frame = match frame {
            Ok(frame) => frame,
            Err(error) => return Poll::Ready(Some(Err(io::Error::other(error)))),
        };
        let kind = &mut this.kind;
        let frame = frame.map_data(|bytes| match kind {
            Kind::Cut { left } => {
                let bytes = bytes.slice(..bytes.len().min(usize::try_from(*left).unwrap_or(usize::MAX)));
                *left -= bytes.len() as u64;
                bytes
            }
            Kind::Corrupt { is_done } if !*is_done && !bytes.is_empty() => {
                *is_done = true;
                let mut changed = bytes.to_vec();
                changed[0] ^= 1;
                changed.into()
            }
            Kind::Corrupt { .. } => bytes,
        });
        Poll::Ready(Some(Ok(frame)))
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
