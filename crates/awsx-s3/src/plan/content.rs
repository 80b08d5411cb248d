//! Whether two ends hold the same bytes, told by checksums instead of sizes and times.
//!
//! Objects are not read: S3 tells a checksum or an `ETag` that is an MD5, and the file is summed the same way. Where that
//! tells nothing the verdict says so, and the caller transfers.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use awsx_api::CallError;
use awsx_core::store::hash::hex;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::{HeaderMap, Method};
use md5::Digest as _;

use super::{Item, Place};
use crate::Stored;
use crate::checksum::{Algorithm, Hasher};
use crate::operations::{Head, head_object};
use crate::transfer::PartPlan;
use crate::wire::{Call, S3};

/// How much of a file is read at once.
const BLOCK: usize = 256 * 1024;

/// How objects are asked about.
#[derive(Clone, Debug, Default)]
pub struct ContentCheck {
    /// Headers of asking for an object at the source.
    pub source_head: HeaderMap,
    /// And at the target.
    pub target_head: HeaderMap,
    /// The size of parts to try where S3 does not tell it.
    pub part_size: u64,
}

/// What came of comparing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Same,
    Differs,
    /// It cannot be told, for this reason.
    Unknown(String),
}

/// An object and who knows of it.
struct Object<'a> {
    s3: &'a S3,
    headers: &'a HeaderMap,
    bucket: &'a str,
    key: &'a str,
    etag: Option<&'a str>,
}

/// Compares two items of equal size.
pub(super) async fn compare(
    [source_s3, target_s3]: [&S3; 2],
    check: &ContentCheck,
    source: &Item,
    target: &Item,
) -> Verdict {
    let size = source.size.unwrap_or_default();
    let object = |s3, headers, item| of_item(s3, headers, item);
    let compared = match (
        object(source_s3, &check.source_head, source),
        object(target_s3, &check.target_head, target),
    ) {
        (Ok(source), Ok(target)) => objects(&source, &target).await,
        (Ok(object), Err(path)) | (Err(path), Ok(object)) => {
            file_and_object(path, &object, size, check.part_size).await
        }
        (Err(_), Err(_)) => Ok(Verdict::Differs),
    };
    compared.unwrap_or_else(|error| Verdict::Unknown(format!("S3 does not tell ({error})")))
}

fn of_item<'a>(s3: &'a S3, headers: &'a HeaderMap, item: &'a Item) -> Result<Object<'a>, &'a Path> {
    match &item.place {
        Place::Object { bucket, key } => Ok(Object { s3, headers, bucket, key, etag: item.etag.as_deref() }),
        Place::Local(path) => Err(path),
    }
}

async fn file_and_object(
    path: &Path,
    object: &Object<'_>,
    size: u64,
    part_size: u64,
) -> Result<Verdict, CallError> {
    let told = |same: Option<bool>| match same {
        Some(true) => Verdict::Same,
        // A file that cannot be read is told of by whoever transfers it.
        Some(false) | None => Verdict::Differs,
    };
    let md5 = object.etag.and_then(plain_md5);
    if let Some(md5) = md5
        && summed(path, Sum::Md5).await.as_deref() == Some(md5)
    {
        return Ok(Verdict::Same);
    }
    let head = object.head().await?;
    if head.etag.as_deref() != object.etag {
        return Ok(Verdict::Differs);
    }
    match Checksum::of(&head) {
        Checksum::Whole(algorithm, value) => {
            return Ok(told(summed(path, Sum::Whole(algorithm)).await.map(|sum| sum == value)));
        }
        Checksum::OfParts(algorithm, value) => {
            let Some(part) = object.part_size(&value, size, part_size).await? else {
                return Ok(Verdict::Unknown("its checksum is one of parts of unknown size".to_owned()));
            };
            return Ok(told(summed(path, Sum::OfParts(algorithm, part)).await.map(|sum| sum == value)));
        }
        Checksum::None => {}
    }
    if hides_md5(&head) {
        return Ok(Verdict::Unknown("it has no checksum, and its encryption leaves no MD5".to_owned()));
    }
    if md5.is_some() {
        return Ok(Verdict::Differs);
    }
    let Some(etag) = object.etag.map(bare).filter(|etag| etag.contains('-')) else {
        return Ok(Verdict::Unknown("it has neither checksum nor MD5".to_owned()));
    };
    match object.part_size(etag, size, part_size).await? {
        Some(part) => Ok(told(summed(path, Sum::Md5OfParts(part)).await.map(|sum| sum == etag))),
        None => Ok(Verdict::Unknown("its MD5 is one of parts of unknown size".to_owned())),
    }
}

async fn objects(source: &Object<'_>, target: &Object<'_>) -> Result<Verdict, CallError> {
    // What encrypts with a key of its own each time has no equal ones by chance.
    if source.etag.is_some() && source.etag == target.etag {
        return Ok(Verdict::Same);
    }
    let (here, there) = (source.head().await?, target.head().await?);
    let verdict = match (Checksum::of(&here), Checksum::of(&there)) {
        (Checksum::Whole(one, value), Checksum::Whole(other, that)) if one == other => {
            if value == that {
                Verdict::Same
            } else {
                Verdict::Differs
            }
        }
        (Checksum::OfParts(one, value), Checksum::OfParts(other, that)) if one == other && value == that => {
            Verdict::Same
        }
        _ => {
            let is_md5 = |object: &Object<'_>, head: &Head| {
                object.etag.and_then(plain_md5).is_some() && !hides_md5(head)
            };
            if is_md5(source, &here) && is_md5(target, &there) {
                Verdict::Differs
            } else {
                Verdict::Unknown("the two objects have no checksum of one kind".to_owned())
            }
        }
    };
    Ok(verdict)
}

impl Object<'_> {
    async fn head(&self) -> Result<Head, CallError> {
        head_object(self.s3, self.bucket, self.key, self.headers, true).await
    }

    /// The size of the parts whose number stands behind the dash: S3's word for it, or the one that is usual here.
    async fn part_size(&self, value: &str, size: u64, usual: u64) -> Result<Option<u64>, CallError> {
        let Some(count) = value.rsplit_once('-').and_then(|(_, count)| count.parse::<u64>().ok()) else {
            return Ok(None);
        };
        let call = Call::object("HeadObject", Method::HEAD, self.bucket, self.key)
            .query("partNumber", "1")
            .headers(self.headers);
        let answer = self.s3.send(call).await?;
        let length =
            answer.headers().get("content-length").and_then(|length| length.to_str().ok()?.parse().ok());
        // A server that knows no parts tells of the whole.
        let fits = |part: &u64| *part > 0 && size.div_ceil(*part) == count;
        let usual = PartPlan::new(size, usual).part_size;
        Ok(length.filter(fits).or(Some(usual).filter(fits)))
    }
}

/// The checksum that S3 keeps of an object.
enum Checksum {
    Whole(Algorithm, String),
    /// Of the checksums of its parts.
    OfParts(Algorithm, String),
    None,
}

impl Checksum {
    fn of(head: &Head) -> Self {
        match Stored::of_headers(&head.headers).checksum {
            Some((algorithm, value)) if value.contains('-') => Self::OfParts(algorithm, value),
            Some((algorithm, value)) => Self::Whole(algorithm, value),
            None => Self::None,
        }
    }
}

/// Whether the `ETag` is no MD5, since the object is encrypted with a key of KMS or the user's own.
fn hides_md5(head: &Head) -> bool {
    let kind = head.headers.get("x-amz-server-side-encryption");
    kind.is_some_and(|kind| kind != "AES256")
        || head.headers.contains_key("x-amz-server-side-encryption-customer-algorithm")
}

fn bare(etag: &str) -> &str {
    etag.trim_matches('"')
}

/// An `ETag` that may be the MD5 of the object.
fn plain_md5(etag: &str) -> Option<&str> {
    let etag = bare(etag);
    (etag.len() == 32 && etag.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(etag)
}

/// How a file is summed.
#[derive(Clone, Copy)]
enum Sum {
    Whole(Algorithm),
    OfParts(Algorithm, u64),
    Md5,
    Md5OfParts(u64),
}

/// The sum of a file as S3 writes it; none if it cannot be read.
async fn summed(path: &Path, sum: Sum) -> Option<String> {
    let path: PathBuf = path.to_owned();
    let summed = tokio::task::spawn_blocking(move || sum_file(&path, sum)).await;
    summed.ok()?.ok()
}

fn sum_file(path: &Path, sum: Sum) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut buffer = vec![0; BLOCK];
    match sum {
        Sum::Whole(algorithm) => {
            let mut hasher = Hasher::new(algorithm);
            read_up_to(&mut file, u64::MAX, &mut buffer, |bytes| hasher.update(bytes))?;
            Ok(hasher.finish_base64())
        }
        Sum::Md5 => {
            let mut md5 = md5::Md5::new();
            read_up_to(&mut file, u64::MAX, &mut buffer, |bytes| md5.update(bytes))?;
            Ok(hex(&md5.finalize()))
        }
        Sum::OfParts(algorithm, part) => {
            let (mut whole, mut count) = (Hasher::new(algorithm), 0);
            loop {
                let mut hasher = Hasher::new(algorithm);
                if read_up_to(&mut file, part, &mut buffer, |bytes| hasher.update(bytes))? == 0 {
                    break;
                }
                whole.update(&BASE64_STANDARD.decode(hasher.finish_base64()).expect("it was just encoded"));
                count += 1;
            }
            Ok(format!("{}-{count}", whole.finish_base64()))
        }
        Sum::Md5OfParts(part) => {
            let (mut whole, mut count) = (md5::Md5::new(), 0);
            loop {
                let mut md5 = md5::Md5::new();
                if read_up_to(&mut file, part, &mut buffer, |bytes| md5.update(bytes))? == 0 {
                    break;
                }
                whole.update(md5.finalize());
                count += 1;
            }
            Ok(format!("{}-{count}", hex(&whole.finalize())))
        }
    }
}

/// Gives up to `most` bytes to `take`, piece by piece, and tells how many there were.
fn read_up_to(file: &mut File, most: u64, buffer: &mut [u8], mut take: impl FnMut(&[u8])) -> io::Result<u64> {
    let mut limited = file.take(most);
    let mut total = 0;
    loop {
        match limited.read(buffer)? {
            0 => return Ok(total),
            read => {
                take(&buffer[..read]);
                total += read as u64;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(text: &str, sum: Sum) -> String {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::io::Write::write_all(&mut File::create(&path).unwrap(), text.as_bytes()).unwrap();
        sum_file(&path, sum).unwrap()
    }

    /// The sums of parts are those that `md5sum` and `sha256sum` make of the parts' raw sums.
    #[test]
    fn files_are_summed_as_s3_sums_objects() {
        assert_eq!(sum("hello", Sum::Md5), "5d41402abc4b2a76b9719d911017c592");
        assert_eq!(sum("hello", Sum::Whole(Algorithm::Crc64Nvme)), "M3eFcAZSQlc=");
        assert_eq!(sum("hello", Sum::Md5OfParts(3)), "554a2f6105cc700b8cc987b5ddfb8102-2");
        assert_eq!(
            sum("hello", Sum::OfParts(Algorithm::Sha256, 2)),
            "KFwuGXYdnc6xajhsSKJpNBr5BQfGpYUtTq6HcuyhlF4=-3"
        );
    }

    #[test]
    fn only_an_md5_is_taken_for_one() {
        assert_eq!(
            plain_md5("\"5d41402abc4b2a76b9719d911017c592\""),
            Some("5d41402abc4b2a76b9719d911017c592")
        );
        assert_eq!(plain_md5("\"5d41402abc4b2a76b9719d911017c592-2\""), None);
        assert_eq!(plain_md5("\"xyz\""), None);
    }
}
