//! Bytes that are compressed as they come, and read again from the first to the last.

use std::fmt;
use std::io;

use zstd::bulk::{Compressor, Decompressor};

/// From this size on a block is compressed. Short results never are.
const BLOCK: usize = 128 << 10;

/// The fastest that still finds what the items of a listing have in common.
const LEVEL: i32 = 1;

/// Pieces of bytes in order.
#[derive(Default)]
pub(crate) struct Blocks {
    packed: Vec<Packed>,
    open: Vec<u8>,
    compressor: Option<Compressor<'static>>,
}

struct Packed {
    bytes: Box<[u8]>,
    unpacked: usize,
}

impl Blocks {
    /// Takes what `write` appends. It stays in one piece.
    pub(crate) fn append(&mut self, write: impl FnOnce(&mut Vec<u8>)) -> io::Result<()> {
        write(&mut self.open);
        if self.open.len() >= BLOCK { self.pack() } else { Ok(()) }
    }

    fn pack(&mut self) -> io::Result<()> {
        let compressor = match &mut self.compressor {
            Some(compressor) => compressor,
            none => none.insert(Compressor::new(LEVEL)?),
        };
        let bytes = compressor.compress(&self.open)?.into();
        self.packed.push(Packed { bytes, unpacked: self.open.len() });
        self.open.clear();
        // One piece may have been much larger than the others.
        self.open.shrink_to(2 * BLOCK);
        Ok(())
    }

    /// Shows all bytes in order, in parts that end where a piece ends.
    pub(crate) fn each<E: From<io::Error>>(
        &self,
        mut show: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut decompressor = if self.packed.is_empty() { None } else { Some(Decompressor::new()?) };
        for block in &self.packed {
            if let Some(decompressor) = &mut decompressor {
                show(&decompressor.decompress(&block.bytes, block.unpacked)?)?;
            }
        }
        show(&self.open)
    }

    /// How many bytes of memory they take.
    pub(crate) fn size(&self) -> usize {
        self.packed.iter().map(|block| block.bytes.len()).sum::<usize>() + self.open.len()
    }
}

/// Not what is in them, which may be secret.
impl fmt::Debug for Blocks {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Blocks").field("size", &self.size()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_went_in_comes_out_whole() {
        let mut blocks = Blocks::default();
        let mut expected = Vec::new();
        for (number, length) in [1, BLOCK - 1, 5 * BLOCK, 0, 17, BLOCK].into_iter().enumerate() {
            let piece: Vec<u8> = (0..length).map(|at| ((at * at) >> number).to_le_bytes()[0]).collect();
            blocks.append(|bytes| bytes.extend_from_slice(&piece)).unwrap();
            expected.extend(piece);
        }
        let mut read = Vec::new();
        let shown: io::Result<()> = blocks.each(|part| {
            read.extend_from_slice(part);
            Ok(())
        });
        shown.unwrap();
        assert!(read == expected);
        assert!(blocks.size() < expected.len());
    }

    #[test]
    fn what_is_kept_does_not_show() {
        let mut blocks = Blocks::default();
        blocks.append(|bytes| bytes.extend_from_slice(b"secret")).unwrap();
        assert_eq!(format!("{blocks:?}"), "Blocks { size: 6, .. }");
    }
}
