//! A QR code as a PNG picture: grey, one byte a pixel, not compressed. A few kilobytes need no encoder crate.

use qrcode::{Color, QrCode};

/// Pixels along one side of a module, and modules of white around the code.
const SCALE: usize = 4;
const MARGIN: usize = 4;
/// The most that a stored block of deflate holds.
const LARGEST_BLOCK: usize = 0xffff;

/// Draws `content`, which is short enough for a QR code.
pub(super) fn qr_code(content: &str) -> Vec<u8> {
    let code = QrCode::new(content).expect("the content fits a QR code");
    let modules = code.width();
    let side = (modules + 2 * MARGIN) * SCALE;
    let is_dark = |x: usize, y: usize| {
        let module = |at: usize| (at / SCALE).checked_sub(MARGIN).filter(|&at| at < modules);
        matches!((module(x), module(y)), (Some(x), Some(y)) if code[(x, y)] == Color::Dark)
    };
    let mut pixels = Vec::with_capacity(side * (side + 1));
    for y in 0..side {
        // Every row opens with its filter: none.
        pixels.push(0);
        pixels.extend((0..side).map(|x| if is_dark(x, y) { 0 } else { 255 }));
    }
    let side = u32::try_from(side).expect("a QR code is small").to_be_bytes();
    let header = [&side[..], &side[..], &[8, 0, 0, 0, 0]].concat();
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    for (name, data) in [(b"IHDR", header), (b"IDAT", zlib_stored(&pixels)), (b"IEND", Vec::new())] {
        let length = u32::try_from(data.len()).expect("a QR code is small");
        let named = [&name[..], &data].concat();
        png.extend(length.to_be_bytes());
        png.extend(&named);
        png.extend(crc32(&named).to_be_bytes());
    }
    png
}

/// RFC 1950 and 1951 with stored blocks only.
fn zlib_stored(data: &[u8]) -> Vec<u8> {
    let mut stream = vec![0x78, 0x01];
    let blocks = data.chunks(LARGEST_BLOCK);
    let last = blocks.len().saturating_sub(1);
    for (number, block) in blocks.enumerate() {
        let length = u16::try_from(block.len()).expect("blocks are at most this long");
        stream.push(u8::from(number == last));
        stream.extend(length.to_le_bytes());
        stream.extend((!length).to_le_bytes());
        stream.extend(block);
    }
    stream.extend(adler32(data).to_be_bytes());
    stream
}

fn adler32(data: &[u8]) -> u32 {
    let (low, high) = data.iter().fold((1, 0), |(low, high), &byte| {
        let low = (low + u32::from(byte)) % 65_521;
        (low, (high + low) % 65_521)
    });
    high << 16 | low
}

fn crc32(data: &[u8]) -> u32 {
    let step = |crc: u32| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
    !data.iter().fold(!0, |crc, &byte| (0..8).fold(crc ^ u32::from(byte), |crc, _| step(crc)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_the_published_ones() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(adler32(b"Wikipedia"), 0x11e6_0398);
    }
}
