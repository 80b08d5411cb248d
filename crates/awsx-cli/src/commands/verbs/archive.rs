//! Folders and files as zip files, byte for byte the same for the same content, so that what did not change is not uploaded
//! again: AWS CLI's also hold when each file was last written.

use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::DeflateEncoder;
use tempfile::NamedTempFile;

/// A folder's files in a zip file, which is deleted when it is dropped.
pub(super) fn of_folder(folder: &Path, hidden: Hidden) -> io::Result<NamedTempFile> {
    let mut files = Vec::new();
    collect(folder, "", hidden, &mut files, 0)?;
    write(&files)
}

/// One file in a zip file.
pub(super) fn of_file(path: &Path) -> io::Result<NamedTempFile> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    write(&[(name, path.to_owned())])
}

/// What becomes of files and folders whose names begin with a dot.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Hidden {
    /// They are packed.
    Packed,
    /// They stay out.
    LeftOut,
}

/// Whether a file ends as zip files do.
pub(super) fn is_archive(path: &Path) -> bool {
    let ends_like_one = || -> io::Result<bool> {
        let mut file = File::open(path)?;
        let length = file.metadata()?.len();
        // The record at the end, and the longest comment behind it.
        file.seek(SeekFrom::Start(length.saturating_sub(22 + 65_535)))?;
        let mut tail = Vec::new();
        file.read_to_end(&mut tail)?;
        let last = tail.len().saturating_sub(21);
        Ok((0..last).any(|at| tail[at..].starts_with(b"PK\x05\x06")))
    };
    ends_like_one().unwrap_or(false)
}

/// Deeper than any folder of sources; links to a folder above end here.
const DEPTH: usize = 64;

/// The files below a folder with their names in the archive, sorted. Links are followed.
fn collect(
    folder: &Path,
    prefix: &str,
    hidden: Hidden,
    files: &mut Vec<(String, PathBuf)>,
    depth: usize,
) -> io::Result<()> {
    if depth > DEPTH {
        let message = format!("`{}` nests deeper than {DEPTH} folders", folder.display());
        return Err(io::Error::other(message));
    }
    let mut entries = folder.read_dir()?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let path = entry.path();
        if hidden == Hidden::LeftOut && entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        if path.is_dir() {
            collect(&path, &format!("{name}/"), hidden, files, depth + 1)?;
        } else {
            files.push((name, path));
        }
    }
    Ok(())
}

/// What the list at the end says of a file.
struct Entry {
    name: String,
    checksum: u32,
    compressed: u32,
    length: u32,
    offset: u32,
    mode: u32,
}

fn write(files: &[(String, PathBuf)]) -> io::Result<NamedTempFile> {
    let mut archive = NamedTempFile::with_suffix(".zip")?;
    let mut entries = Vec::new();
    {
        let mut out = BufWriter::new(archive.as_file_mut());
        for (name, path) in files {
            entries.push(write_file(&mut out, name, path)?);
        }
        let start = out.stream_position()?;
        for entry in &entries {
            write_entry(&mut out, entry)?;
        }
        let end = out.stream_position()?;
        let count = u16::try_from(entries.len()).map_err(|_| too_large("it has more than 65535 files"))?;
        out.write_all(b"PK\x05\x06\0\0\0\0")?;
        out.write_all(&count.to_le_bytes())?;
        out.write_all(&count.to_le_bytes())?;
        out.write_all(&small(end - start)?.to_le_bytes())?;
        out.write_all(&small(start)?.to_le_bytes())?;
        out.write_all(&[0, 0])?;
        out.flush()?;
    }
    Ok(archive)
}

/// The header is written again once the lengths are known.
fn write_file(out: &mut BufWriter<&mut File>, name: &str, path: &Path) -> io::Result<Entry> {
    let mut file = File::open(path)?;
    let mode = mode_of(&file)?;
    let offset = out.stream_position()?;
    let mut entry =
        Entry { name: name.to_owned(), checksum: 0, compressed: 0, length: 0, offset: small(offset)?, mode };
    write_header(out, &entry)?;
    let start = out.stream_position()?;
    let mut checksum = flate2::Crc::new();
    let mut deflate = DeflateEncoder::new(&mut *out, Compression::default());
    let mut piece = vec![0; 64 * 1024];
    let mut length = 0_u64;
    loop {
        let read = file.read(&mut piece)?;
        if read == 0 {
            break;
        }
        checksum.update(&piece[..read]);
        deflate.write_all(&piece[..read])?;
        length += read as u64;
    }
    deflate.finish()?;
    let end = out.stream_position()?;
    entry.checksum = checksum.sum();
    entry.compressed = small(end - start)?;
    entry.length = small(length)?;
    out.seek(SeekFrom::Start(offset))?;
    write_header(out, &entry)?;
    out.seek(SeekFrom::Start(end))?;
    Ok(entry)
}

/// Version 2.0, names in UTF-8, deflated, written when 1980 began.
const COMMON: [u8; 10] = [20, 0, 0, 8, 8, 0, 0, 0, 33, 0];

fn write_header(out: &mut impl Write, entry: &Entry) -> io::Result<()> {
    out.write_all(b"PK\x03\x04")?;
    out.write_all(&COMMON)?;
    write_lengths(out, entry)?;
    out.write_all(&[0, 0])?;
    out.write_all(entry.name.as_bytes())
}

fn write_entry(out: &mut impl Write, entry: &Entry) -> io::Result<()> {
    // Made on Unix, whose modes the attributes hold.
    out.write_all(b"PK\x01\x02\x14\x03")?;
    out.write_all(&COMMON)?;
    write_lengths(out, entry)?;
    out.write_all(&[0; 8])?;
    out.write_all(&(entry.mode << 16).to_le_bytes())?;
    out.write_all(&entry.offset.to_le_bytes())?;
    out.write_all(entry.name.as_bytes())
}

fn write_lengths(out: &mut impl Write, entry: &Entry) -> io::Result<()> {
    for number in [entry.checksum, entry.compressed, entry.length] {
        out.write_all(&number.to_le_bytes())?;
    }
    let name =
        u16::try_from(entry.name.len()).map_err(|_| too_large("a path in it has more than 65535 bytes"))?;
    out.write_all(&name.to_le_bytes())
}

#[cfg(unix)]
fn mode_of(file: &File) -> io::Result<u32> {
    use std::os::unix::fs::PermissionsExt;
    Ok(file.metadata()?.permissions().mode())
}

/// What Windows knows no modes of is readable to all and can be run.
#[cfg(not(unix))]
fn mode_of(_: &File) -> io::Result<u32> {
    Ok(0o100_755)
}

fn small(number: u64) -> io::Result<u32> {
    u32::try_from(number).map_err(|_| too_large("it has more than 4 GiB"))
}

fn too_large(why: &str) -> io::Error {
    io::Error::other(format!("no zip file can be made of this: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(path: &Path, text: &str) {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        File::create(path).unwrap().write_all(text.as_bytes()).unwrap();
    }

    fn bytes(archive: &NamedTempFile) -> Vec<u8> {
        std::fs::read(archive.path()).unwrap()
    }

    #[test]
    fn the_same_content_is_the_same_archive() {
        let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        for (folder, names) in [(&one, ["b/c.txt", "a.py"]), (&two, ["a.py", "b/c.txt"])] {
            for name in names {
                put(&folder.path().join(name), name);
            }
        }
        let archive = of_folder(one.path(), Hidden::Packed).unwrap();
        assert_eq!(bytes(&archive), bytes(&of_folder(two.path(), Hidden::Packed).unwrap()));
        assert!(is_archive(archive.path()));
        assert!(!is_archive(&one.path().join("a.py")));
        put(&two.path().join("a.py"), "other");
        assert_ne!(bytes(&archive), bytes(&of_folder(two.path(), Hidden::Packed).unwrap()));
    }

    #[test]
    fn an_archive_holds_the_files() {
        let folder = tempfile::tempdir().unwrap();
        put(&folder.path().join("a.py"), &"print(1)\n".repeat(1000));
        let archive = bytes(&of_file(&folder.path().join("a.py")).unwrap());
        assert!(archive.starts_with(b"PK\x03\x04") && archive.len() < 300, "{}", archive.len());
        let mut text = String::new();
        flate2::read::DeflateDecoder::new(&archive[30 + "a.py".len()..]).read_to_string(&mut text).unwrap();
        assert_eq!(text, "print(1)\n".repeat(1000));
    }

    #[test]
    fn an_empty_folder_is_an_archive_of_nothing() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(bytes(&of_folder(folder.path(), Hidden::Packed).unwrap()).len(), 22);
    }
}
