//! Messages out of bytes that come in pieces.

use aws_smithy_eventstream::frame::read_message_from;
use aws_smithy_types::event_stream::Message;
use bytes::{Buf, BytesMut};

use crate::protocol::AnswerError;

/// Two lengths and their checksum.
const PRELUDE: usize = 12;
/// The prelude, and the checksum at the end.
const SHORTEST: usize = PRELUDE + 4;
/// botocore's limits for headers and payload.
const LONGEST: usize = SHORTEST + 128 * 1024 + 24 * 1024 * 1024;

/// Puts pieces together to messages. It holds no more than one message and the last piece.
#[derive(Debug, Default)]
pub(crate) struct Frames {
    buffer: BytesMut,
}

impl Frames {
    /// Takes the next piece.
    pub(crate) fn add(&mut self, piece: &[u8]) {
        self.buffer.extend_from_slice(piece);
    }

    /// The next message that is whole, its checksums compared.
    pub(crate) fn next(&mut self) -> Result<Option<Message>, AnswerError> {
        if self.buffer.len() < PRELUDE {
            return Ok(None);
        }
        let length = checked_length(&self.buffer[..PRELUDE])?;
        if self.buffer.len() < length {
            return Ok(None);
        }
        let message = read_message_from(self.buffer.split_to(length).freeze());
        message.map(Some).map_err(|error| malformed(&error.to_string()))
    }

    /// Whether no part of a message waits for the rest of it.
    pub(crate) fn is_empty(&self) -> bool {
        self.buffer.is_empty()
    }
}

/// The length of a message. It is checked before anybody waits for that many bytes.
fn checked_length(mut prelude: &[u8]) -> Result<usize, AnswerError> {
    let mut crc = flate2::Crc::new();
    crc.update(&prelude[..8]);
    let (length, _headers, expected) = (prelude.get_u32(), prelude.get_u32(), prelude.get_u32());
    if crc.sum() != expected {
        let calculated = crc.sum();
        return Err(malformed(&format!(
            "Checksum mismatch: expected 0x{expected:08x}, calculated 0x{calculated:08x}"
        )));
    }
    match length as usize {
        length if length < SHORTEST => Err(malformed(&format!("a message of {length} bytes is too short"))),
        length if length > LONGEST => Err(malformed(&format!("a message of {length} bytes is too long"))),
        length => Ok(length),
    }
}

fn malformed(reason: &str) -> AnswerError {
    AnswerError(format!("Unable to parse response: malformed event stream: {reason}"))
}

#[cfg(test)]
mod tests {
    use aws_smithy_eventstream::frame::write_message_to;

    use super::*;

    fn frame(payload: &'static [u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        write_message_to(&Message::new(payload), &mut bytes).unwrap();
        bytes
    }

    #[test]
    fn messages_are_found_however_the_bytes_are_cut() {
        let bytes = [frame(b"one"), frame(b""), frame(b"three")].concat();
        for size in [1, 5, 16, bytes.len()] {
            let (mut frames, mut found) = (Frames::default(), Vec::new());
            for piece in bytes.chunks(size) {
                frames.add(piece);
                while let Some(message) = frames.next().unwrap() {
                    found.push(message.payload().to_vec());
                }
            }
            assert_eq!(found, [&b"one"[..], b"", b"three"], "in pieces of {size}");
            assert!(frames.is_empty());
        }
    }

    #[test]
    fn a_wrong_length_is_told_before_its_bytes_come() {
        let mut bytes = frame(b"one");
        bytes[1] ^= 1;
        let mut frames = Frames::default();
        frames.add(&bytes[..PRELUDE]);
        let told = frames.next().unwrap_err().to_string();
        assert!(told.contains("Checksum mismatch: expected 0x"), "{told}");

        let mut prelude = [u32::MAX.to_be_bytes(), [0; 4]].concat();
        let mut crc = flate2::Crc::new();
        crc.update(&prelude);
        prelude.extend(crc.sum().to_be_bytes());
        let mut frames = Frames::default();
        frames.add(&prelude);
        assert!(
            frames.next().unwrap_err().to_string().ends_with("a message of 4294967295 bytes is too long")
        );
    }

    #[test]
    fn a_changed_payload_is_told() {
        let mut bytes = frame(b"one");
        bytes[PRELUDE] ^= 1;
        let mut frames = Frames::default();
        frames.add(&bytes);
        assert!(frames.next().unwrap_err().to_string().contains("malformed event stream"));
    }
}
