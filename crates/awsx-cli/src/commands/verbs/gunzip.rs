//! One gzip stream out of pieces, as zlib reads it: it may end early, and what follows it is told.

use std::io;

use flate2::{Crc, Decompress, FlushDecompress, Status};

/// Reads pieces and gives what they hold.
pub(super) struct Gunzip {
    step: Step,
    decompress: Decompress,
    crc: Crc,
    /// Whether bytes came behind the end.
    pub(super) has_trailing_bytes: bool,
}

/// What comes next.
enum Step {
    /// The header; so much of it came.
    Header(Vec<u8>),
    Content,
    /// Checksum and length; so much of them came.
    Trailer(Vec<u8>),
    Nothing,
}

const TRAILER_BYTES: usize = 8;
/// Headers hold a file's name and a comment; a longer one is none.
const LONGEST_HEADER: usize = 256 << 10;

impl Gunzip {
    pub(super) fn new() -> Self {
        Self {
            step: Step::Header(Vec::new()),
            decompress: Decompress::new(false),
            crc: Crc::new(),
            has_trailing_bytes: false,
        }
    }

    /// Whether the stream came to its end.
    pub(super) fn is_whole(&self) -> bool {
        matches!(self.step, Step::Nothing)
    }

    /// Reads a piece. `take` gets what was in it.
    pub(super) fn read(&mut self, mut piece: &[u8], mut take: impl FnMut(&[u8])) -> io::Result<()> {
        while !piece.is_empty() {
            match &mut self.step {
                Step::Header(bytes) => {
                    let before = bytes.len();
                    bytes.extend_from_slice(piece);
                    let Some(length) = header_length(bytes)? else {
                        let is_too_long = bytes.len() > LONGEST_HEADER;
                        return if is_too_long { Err(invalid("the header has no end")) } else { Ok(()) };
                    };
                    piece = &piece[length - before..];
                    self.step = Step::Content;
                }
                Step::Content => piece = self.content(piece, &mut take)?,
                Step::Trailer(bytes) => {
                    let (wanted, rest) = piece.split_at(piece.len().min(TRAILER_BYTES - bytes.len()));
                    bytes.extend_from_slice(wanted);
                    piece = rest;
                    if bytes.len() == TRAILER_BYTES {
                        let expected = [self.crc.sum().to_le_bytes(), self.crc.amount().to_le_bytes()];
                        if *bytes != expected.concat() {
                            return Err(invalid("the checksum is another"));
                        }
                        self.step = Step::Nothing;
                    }
                }
                Step::Nothing => {
                    self.has_trailing_bytes = true;
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Gives what is behind the content.
    fn content<'p>(&mut self, mut piece: &'p [u8], take: &mut impl FnMut(&[u8])) -> io::Result<&'p [u8]> {
        let mut out = [0; 16 << 10];
        loop {
            let (read, written) = (self.decompress.total_in(), self.decompress.total_out());
            let status = self.decompress.decompress(piece, &mut out, FlushDecompress::None);
            let status = status.map_err(|_| invalid("the content is no deflated data"))?;
            let moved = |now: u64, before: u64| usize::try_from(now - before).expect("it fits in a buffer");
            let read = moved(self.decompress.total_in(), read);
            let written = moved(self.decompress.total_out(), written);
            piece = &piece[read..];
            self.crc.update(&out[..written]);
            take(&out[..written]);
            if status == Status::StreamEnd {
                self.step = Step::Trailer(Vec::new());
                return Ok(piece);
            }
            // More may be ready than fitted.
            if piece.is_empty() && written < out.len() {
                return Ok(piece);
            }
            if read == 0 && written == 0 {
                return Err(invalid("the content is no deflated data"));
            }
        }
    }
}

/// The length of the header, once it is there (RFC 1952, 2.3).
fn header_length(bytes: &[u8]) -> io::Result<Option<usize>> {
    const CHECKSUM: u8 = 2;
    const EXTRA: u8 = 4;
    const NAME: u8 = 8;
    const COMMENT: u8 = 16;
    const RESERVED: u8 = 0xE0;
    let start = &bytes[..bytes.len().min(3)];
    if !b"\x1f\x8b\x08".starts_with(start) {
        return Err(invalid("it is no gzip stream"));
    }
    let Some(&flags) = bytes.get(3) else { return Ok(None) };
    if flags & RESERVED != 0 {
        return Err(invalid("it is no gzip stream"));
    }
    let mut length = 10;
    if flags & EXTRA != 0 {
        let Some(extra) = bytes.get(length..length + 2) else { return Ok(None) };
        length += 2 + usize::from(u16::from_le_bytes([extra[0], extra[1]]));
    }
    for text in [NAME, COMMENT] {
        if flags & text != 0 {
            let rest = bytes.get(length..).unwrap_or_default();
            let Some(end) = rest.iter().position(|byte| *byte == 0) else { return Ok(None) };
            length += end + 1;
        }
    }
    if flags & CHECKSUM != 0 {
        length += 2;
    }
    Ok((bytes.len() >= length).then_some(length))
}

fn invalid(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, GzBuilder};

    use super::*;

    fn packed(text: &str) -> Vec<u8> {
        let name = GzBuilder::new().filename("a").comment("b").extra(vec![1, 2]);
        let mut writer = name.write(Vec::new(), Compression::default());
        writer.write_all(text.as_bytes()).unwrap();
        writer.finish().unwrap()
    }

    fn unpack(bytes: &[u8], piece: usize) -> io::Result<(String, Gunzip)> {
        let (mut gunzip, mut text) = (Gunzip::new(), Vec::new());
        for piece in bytes.chunks(piece) {
            gunzip.read(piece, |bytes| text.extend_from_slice(bytes))?;
        }
        Ok((String::from_utf8(text).unwrap(), gunzip))
    }

    #[test]
    fn pieces_of_every_size_are_read() {
        let text = "a line of text\n".repeat(5000);
        let bytes = packed(&text);
        for piece in [1, 7, 4096, bytes.len()] {
            let (found, gunzip) = unpack(&bytes, piece).unwrap();
            assert!(found == text && gunzip.is_whole() && !gunzip.has_trailing_bytes, "{piece}");
        }
    }

    #[test]
    fn an_early_end_and_what_follows_are_told() {
        let bytes = packed("text");
        let (found, gunzip) = unpack(&bytes[..bytes.len() - 1], 3).unwrap();
        assert!(found == "text" && !gunzip.is_whole());
        let (found, gunzip) = unpack(&[&bytes[..], b"more"].concat(), 1000).unwrap();
        assert!(found == "text" && gunzip.is_whole() && gunzip.has_trailing_bytes);
    }

    #[test]
    fn what_is_no_gzip_stream_is_refused() {
        let mut bytes = packed("text");
        *bytes.last_mut().unwrap() ^= 1;
        assert!(unpack(&bytes, 1000).is_err());
        assert!(unpack(b"plain text", 1000).is_err());
        assert!(unpack(b"\x1f\x8b\x08\0\0\0\0\0\0\0\xFF\xFF\xFF", 1000).is_err());
    }
}
