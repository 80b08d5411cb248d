//! What a stretch of a file sums up to, to be held against what is known of a part.

use std::fs::File;
use std::io;

use md5::{Digest, Md5};

use crate::checksum::{Algorithm, Hasher};
use crate::files::read_at;

const CHUNK: usize = 128 * 1024;

/// The sums of a stretch.
pub(super) struct Sums {
    /// S3's checksum in Base64, where one is wanted.
    pub(super) checksum: Option<String>,
    /// The same as a number, for those that combine.
    pub(super) crc: Option<u64>,
    /// In hexadecimal, where it is wanted.
    pub(super) md5: Option<String>,
}

/// Reads a stretch. A file that is shorter is an error.
pub(super) fn sums_of(
    file: &File,
    (offset, length): (u64, u64),
    algorithm: Option<Algorithm>,
    wants_md5: bool,
) -> io::Result<Sums> {
    let mut hasher = algorithm.map(Hasher::new);
    let mut md5 = wants_md5.then(Md5::new);
    let mut buffer = vec![0; CHUNK];
    let mut done = 0;
    while done < length {
        let most = usize::try_from(length - done).unwrap_or(CHUNK).min(CHUNK);
        let read = read_at(file, &mut buffer[..most], offset + done)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if let Some(hasher) = &mut hasher {
            hasher.update(&buffer[..read]);
        }
        if let Some(md5) = &mut md5 {
            md5.update(&buffer[..read]);
        }
        done += read as u64;
    }
    Ok(Sums {
        crc: hasher.as_ref().and_then(Hasher::finish_crc),
        checksum: hasher.map(Hasher::finish_base64),
        md5: md5.map(|md5| format!("{:x}", bytes::Bytes::copy_from_slice(&md5.finalize()))),
    })
}
