//! Frames: a kind, a length and bytes. What a client sends is masked, what a server sends is not.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt};

/// Longer ones are no server's that means well.
const LONGEST: u64 = 16 << 20;

/// What a frame is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// More of the frame before.
    Continuation = 0x0,
    Text = 0x1,
    Binary = 0x2,
    Close = 0x8,
    Ping = 0x9,
    Pong = 0xA,
}

impl Kind {
    const ALL: [Self; 6] =
        [Self::Continuation, Self::Text, Self::Binary, Self::Close, Self::Ping, Self::Pong];
}

/// A frame, or a part of a message: where messages are bytes without boundaries, that is the same.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Frame {
    pub(super) kind: Kind,
    pub(super) payload: Vec<u8>,
}

/// A client's frame.
pub(super) fn encode(kind: Kind, payload: &[u8], mask: [u8; 4]) -> Vec<u8> {
    const FINAL: u8 = 0x80;
    const MASKED: u8 = 0x80;
    let mut frame = Vec::with_capacity(payload.len() + 14);
    frame.push(FINAL | kind as u8);
    match (u8::try_from(payload.len()), u16::try_from(payload.len())) {
        (Ok(length), _) if length < 126 => frame.push(MASKED | length),
        (_, Ok(length)) => {
            frame.push(MASKED | 0x7E);
            frame.extend(length.to_be_bytes());
        }
        _ => {
            frame.push(MASKED | 0x7F);
            frame.extend((payload.len() as u64).to_be_bytes());
        }
    }
    frame.extend(mask);
    frame.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    frame
}

/// Reads a server's frames.
#[derive(Debug)]
pub(super) struct Reader<R>(R);

impl<R: AsyncRead + Unpin> Reader<R> {
    pub(super) fn new(from: R) -> Self {
        Self(from)
    }

    /// The next frame, whole.
    pub(super) async fn next(&mut self) -> io::Result<Frame> {
        let [first, second] = self.array().await?;
        let kind = Kind::ALL.into_iter().find(|kind| *kind as u8 == first & 0x0F);
        let kind = kind.ok_or_else(|| invalid("a frame of an unknown kind"))?;
        if first & 0x70 != 0 || second & 0x80 != 0 {
            return Err(invalid("a frame that nobody asked for"));
        }
        let length = match second & 0x7F {
            126 => u64::from(u16::from_be_bytes(self.array().await?)),
            127 => u64::from_be_bytes(self.array().await?),
            length => u64::from(length),
        };
        if length > LONGEST {
            return Err(invalid("a frame of an absurd length"));
        }
        let mut payload = vec![0; usize::try_from(length).map_err(io::Error::other)?];
        self.0.read_exact(&mut payload).await?;
        Ok(Frame { kind, payload })
    }

    async fn array<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        let mut bytes = [0; N];
        self.0.read_exact(&mut bytes).await?;
        Ok(bytes)
    }
}

fn invalid(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_s_frames_are_masked() {
        // RFC 6455, 5.7.
        let frame = encode(Kind::Text, b"Hello", [0x37, 0xfa, 0x21, 0x3d]);
        assert_eq!(frame, [0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58]);
        let long = encode(Kind::Binary, &[0; 300], [0; 4]);
        assert_eq!((&long[..4], long.len()), (&[0x82, 0xFE, 1, 44][..], 308));
        let longer = encode(Kind::Binary, &vec![0; 70_000], [0; 4]);
        assert_eq!(&longer[..10], [0x82, 0xFF, 0, 0, 0, 0, 0, 1, 0x11, 0x70]);
    }

    async fn read(bytes: &[u8]) -> io::Result<Frame> {
        Reader::new(bytes).next().await
    }

    #[tokio::test]
    async fn a_server_s_frames_are_read_whole() {
        let frame = read(&[0x82, 3, 1, 2, 3, 99]).await.unwrap();
        assert_eq!(frame, Frame { kind: Kind::Binary, payload: vec![1, 2, 3] });
        let mut long = vec![0x02, 126, 1, 0];
        long.extend([7; 256]);
        assert_eq!(read(&long).await.unwrap().payload, [7; 256]);
        assert!(read(&[0x82, 3, 1]).await.is_err());
        assert!(read(&[0x83, 0]).await.is_err());
        assert!(read(&[0x82, 0x80, 0, 0, 0, 0]).await.is_err());
        assert!(read(&[0x82, 127, 255, 0, 0, 0, 0, 0, 0, 0]).await.is_err());
    }
}
