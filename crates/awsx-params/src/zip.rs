//! Whether bytes are a zip file, judged by its list of contents alone, as Python's `zipfile` does when it opens one.

const END_OF_CONTENTS: &[u8] = b"PK\x05\x06";
const END_LENGTH: usize = 22;
const END_OF_LARGE_CONTENTS: &[u8] = b"PK\x06\x07";
const ENTRY: &[u8] = b"PK\x01\x02";
const ENTRY_LENGTH: usize = 46;

/// Whether the bytes end with a list of contents that is whole.
pub(crate) fn is_archive(bytes: &[u8]) -> bool {
    let Some(end) = end_of_contents(bytes) else { return false };
    if bytes[..end].len() >= 20 && bytes[end - 20..].starts_with(END_OF_LARGE_CONTENTS) {
        // Of more than 4 GiB or 65535 files: the list is told elsewhere, and Lambda takes none so large.
        return true;
    }
    let (Some(length), Some(offset)) = (number(bytes, end + 12, 4), number(bytes, end + 16, 4)) else {
        return false;
    };
    // Something else may stand before the archive, so its own offsets say less than where its list ends.
    let Some(start) = end.checked_sub(length).filter(|start| *start >= offset) else { return false };
    is_list(&bytes[start..end])
}

/// Where the record at the end begins. A comment of up to 64 KiB may follow it.
fn end_of_contents(bytes: &[u8]) -> Option<usize> {
    let last = bytes.len().checked_sub(END_LENGTH)?;
    let first = last.saturating_sub(usize::from(u16::MAX));
    (first..=last).rev().find(|at| bytes[*at..].starts_with(END_OF_CONTENTS))
}

/// Whether entries follow each other to the end.
fn is_list(mut list: &[u8]) -> bool {
    while !list.is_empty() {
        if list.len() < ENTRY_LENGTH || !list.starts_with(ENTRY) {
            return false;
        }
        let texts: Option<usize> = [28, 30, 32].iter().map(|at| number(list, *at, 2)).sum();
        let length = ENTRY_LENGTH + texts.unwrap_or_default();
        list = &list[length.min(list.len())..];
    }
    true
}

/// A number of so many bytes, the least one first.
fn number(bytes: &[u8], at: usize, length: usize) -> Option<usize> {
    let bytes = bytes.get(at..at + length)?;
    Some(bytes.iter().rev().fold(0, |number, byte| number << 8 | usize::from(*byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `f`, empty, as Python's `zipfile` writes it.
    fn archive() -> Vec<u8> {
        let mut bytes = b"PK\x03\x04\x14\0\0\0\0\0\0\0!\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\0\0\0f".to_vec();
        let list = bytes.len();
        bytes.extend(b"PK\x01\x02\x14\x03\x14\0\0\0\0\0\0\0!\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0\0\0\0\0\x80\x01\0\0\0\0f");
        let length = u8::try_from(bytes.len() - list).unwrap();
        bytes.extend(b"PK\x05\x06\0\0\0\0\x01\0\x01\0");
        bytes.extend([length, 0, 0, 0, u8::try_from(list).unwrap(), 0, 0, 0, 0, 0]);
        bytes
    }

    #[test]
    fn archives_are_told_from_other_bytes() {
        let whole = archive();
        assert!(is_archive(&whole));
        assert!(is_archive(&[b"#!/bin/sh\n", whole.as_slice()].concat()), "something may stand before it");
        assert!(is_archive(&[whole.as_slice(), b"a comment"].concat()));
        assert!(!is_archive(&whole[..whole.len() - 10]));
        assert!(!is_archive(&whole[40..]), "its list is cut off");
        assert!(!is_archive(b"fileb.zip"));
        assert!(!is_archive(b""));
    }

    #[test]
    fn an_archive_of_nothing_is_one() {
        let mut nothing = END_OF_CONTENTS.to_vec();
        nothing.resize(END_LENGTH, 0);
        assert!(is_archive(&nothing));
    }
}
