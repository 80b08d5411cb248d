//! The index of a pack: names, and where their blobs are.

use super::codec::{Damage, Reader, Writer, pack_fields};
use crate::Text;

/// The last letter is the format's: it changes with the fields that `values` names.
const MAGIC: &[u8; 8] = b"awsxpckC";

/// What a pack holds.
#[derive(Debug, Default)]
pub(crate) struct Index {
    /// Sorted by name.
    pub(crate) entries: Vec<Entry>,
    pub(crate) partitions: Option<Blob>,
}

/// One service.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) name: Text,
    pub(crate) api_version: Text,
    pub(crate) model: Blob,
    pub(crate) rules: Option<Blob>,
}

/// A place among the blobs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Blob {
    /// Where it begins, counted from the end of the index.
    pub(crate) offset: u32,
    /// Its bytes in the pack.
    pub(crate) packed: u32,
    /// Its bytes when unpacked.
    pub(crate) unpacked: u32,
}

pack_fields!(Index { entries, partitions });
pack_fields!(Entry { name, api_version, model, rules });
pack_fields!(Blob { offset, packed, unpacked });

impl Index {
    /// The index of a pack.
    pub(crate) fn read(pack: &'static [u8]) -> Result<Self, Damage> {
        let (index, _) = split(pack)?;
        let index: Self = Reader::read_all(index)?;
        if index.entries.is_sorted_by(|one, next| one.name < next.name) {
            Ok(index)
        } else {
            Err(Damage("its names are not in order"))
        }
    }

    /// A pack: this index, then the blobs it speaks of.
    pub(crate) fn write(&self, blobs: &[u8]) -> Vec<u8> {
        let index = Writer::pack(self, 0);
        let length = u32::try_from(index.len()).expect("an index is a few kilobytes");
        [MAGIC.as_slice(), &length.to_le_bytes(), &index, blobs].concat()
    }

    pub(crate) fn find(&self, name: &str) -> Option<&Entry> {
        self.entries.binary_search_by(|entry| entry.name.cmp(name)).ok().map(|at| &self.entries[at])
    }
}

impl Blob {
    /// Its bytes in a pack.
    pub(crate) fn bytes(self, pack: &'static [u8]) -> Result<&'static [u8], Damage> {
        let (_, blobs) = split(pack)?;
        let start = self.offset as usize;
        let end = start.checked_add(self.packed as usize);
        end.and_then(|end| blobs.get(start..end)).ok_or(Damage("it lies outside of the pack"))
    }
}

/// The index and the blobs.
fn split(pack: &'static [u8]) -> Result<(&'static [u8], &'static [u8]), Damage> {
    let cut = Damage("the pack is cut short");
    let rest = pack.strip_prefix(MAGIC).ok_or(Damage("this is no pack"))?;
    let (length, rest) = rest.split_first_chunk().ok_or(cut)?;
    rest.split_at_checked(u32::from_le_bytes(*length) as usize).ok_or(cut)
}
