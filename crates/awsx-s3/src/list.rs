//! Buckets, and what is in one, page by page.

use std::sync::Arc;

use awsx_api::CallError;
use http::header::HeaderName;
use http::{HeaderValue, Method};
use percent_encoding::percent_decode_str;

use crate::Time;
use crate::wire::xml::Reader;
use crate::wire::{Call, S3};

/// A bucket of the account.
#[derive(Clone, Debug, PartialEq)]
pub struct Bucket {
    /// Its name.
    pub name: String,
    /// When it was made.
    pub created: Option<Time>,
}

/// Which buckets.
#[derive(Clone, Debug, Default)]
pub struct BucketFilter {
    /// Those whose name begins so.
    pub prefix: Option<String>,
    /// Those in this region.
    pub region: Option<String>,
    /// How many to get with one request.
    pub page_size: Option<i32>,
}

/// What to list in a bucket.
#[derive(Clone, Debug, Default)]
pub struct ListObjects {
    /// The bucket.
    pub bucket: String,
    /// What keys begin with.
    pub prefix: String,
    /// Lists all keys, not just those up to the next `/`.
    pub recursive: bool,
    /// How many to get with one request, 1000 at most.
    pub page_size: Option<i32>,
    /// Accepts to pay for the requests.
    pub requester_pays: bool,
    /// Lists all versions of the objects, and the delete markers.
    pub all_versions: bool,
}

/// An object as listings tell of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Object {
    /// The whole key.
    pub key: String,
    /// Bytes.
    pub size: u64,
    /// When it was last written.
    pub modified: Option<Time>,
    /// Its `ETag`, with quotes.
    pub etag: Option<String>,
    /// Its storage class.
    pub storage_class: Option<String>,
    /// Its version, where versions are listed.
    pub version: Option<String>,
    /// Whether that is what the key now stands for.
    pub is_latest: bool,
    /// Whether it only says that the object was deleted.
    pub is_delete_marker: bool,
}

/// One line of a listing.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    /// Keys that share this beginning, up to a `/`.
    Prefix(String),
    /// One object.
    Object(Object),
}

/// All buckets that fit.
pub async fn fetch_buckets(s3: &S3, filter: &BucketFilter) -> Result<Vec<Bucket>, CallError> {
    let mut buckets = Vec::new();
    let mut token: Option<String> = None;
    loop {
        let mut call = Call::bucket("ListBuckets", Method::GET, "");
        let size = filter.page_size.map(|size| size.to_string());
        let parameters = [
            ("bucket-region", filter.region.as_deref()),
            ("continuation-token", token.as_deref()),
            ("max-buckets", size.as_deref()),
            ("prefix", filter.prefix.as_deref()),
        ];
        for (name, value) in parameters {
            if let Some(value) = value {
                call = call.query(name, value.to_owned());
            }
        }
        let answer = s3.fetch(call).await?;
        token = read_buckets(&answer.text(), &mut buckets);
        if token.is_none() {
            return Ok(buckets);
        }
    }
}

fn read_buckets(text: &str, buckets: &mut Vec<Bucket>) -> Option<String> {
    let mut reader = Reader::new(text);
    let mut token = None;
    reader.root();
    while let Some(name) = reader.child() {
        match name {
            "Buckets" => {
                while reader.child().is_some() {
                    let mut bucket = Bucket { name: String::new(), created: None };
                    while let Some(name) = reader.child() {
                        match name {
                            "Name" => bucket.name = reader.text().into_owned(),
                            "CreationDate" => bucket.created = Time::of_listing(&reader.text()),
                            _ => reader.skip(),
                        }
                    }
                    buckets.push(bucket);
                }
            }
            "ContinuationToken" => token = Some(reader.text().into_owned()).filter(|token| !token.is_empty()),
            _ => reader.skip(),
        }
    }
    token
}

/// Calls `each` for what is listed, page by page: prefixes before objects, as each page has them.
pub async fn for_each_entry<E: From<CallError>>(
    s3: &S3,
    list: &ListObjects,
    mut each: impl FnMut(Entry) -> Result<(), E>,
) -> Result<(), E> {
    let mut pages = Pages::new(s3.clone(), list.clone());
    while let Some(page) = pages.next().await? {
        page.into_iter().try_for_each(&mut each)?;
    }
    Ok(())
}

/// The pages of a listing. The next one is asked for while one is looked at.
#[derive(Debug)]
pub struct Pages {
    s3: S3,
    list: Arc<ListObjects>,
    ahead: Ahead,
}

#[derive(Debug)]
enum Ahead {
    NotAsked,
    Asked(tokio::task::JoinHandle<Result<Page, CallError>>),
    End,
}

#[derive(Debug)]
struct Page {
    entries: Vec<Entry>,
    next: Option<Next>,
}

/// Where the next page begins.
#[derive(Debug, PartialEq, Eq)]
enum Next {
    Token(String),
    /// Behind this version of this key.
    Version {
        key: String,
        version: Option<String>,
    },
}

impl Pages {
    /// Nothing is asked before the first [`Self::next`].
    pub fn new(s3: S3, list: ListObjects) -> Self {
        Self { s3, list: Arc::new(list), ahead: Ahead::NotAsked }
    }

    /// The next page; none at the end.
    pub async fn next(&mut self) -> Result<Option<Vec<Entry>>, CallError> {
        let page = match std::mem::replace(&mut self.ahead, Ahead::End) {
            Ahead::End => return Ok(None),
            Ahead::NotAsked => fetch_page(&self.s3, &self.list, None).await?,
            Ahead::Asked(task) => task.await.map_err(|error| CallError::Other(error.to_string()))??,
        };
        if let Some(next) = page.next {
            let (s3, list) = (self.s3.clone(), self.list.clone());
            self.ahead = Ahead::Asked(tokio::spawn(async move { fetch_page(&s3, &list, Some(next)).await }));
        }
        Ok(Some(page.entries))
    }
}

impl Drop for Pages {
    fn drop(&mut self) {
        if let Ahead::Asked(task) = &self.ahead {
            task.abort();
        }
    }
}

async fn fetch_page(s3: &S3, list: &ListObjects, next: Option<Next>) -> Result<Page, CallError> {
    let operation = if list.all_versions { "ListObjectVersions" } else { "ListObjectsV2" };
    let mut call = Call::bucket(operation, Method::GET, &list.bucket);
    match next {
        Some(Next::Token(token)) => call = call.query("continuation-token", token),
        Some(Next::Version { key, version }) => {
            call = call.query("key-marker", key);
            if let Some(version) = version {
                call = call.query("version-id-marker", version);
            }
        }
        None => {}
    }
    if !list.recursive {
        call = call.query("delimiter", "/");
    }
    // Keys may hold characters that XML cannot.
    call = call.query("encoding-type", "url");
    call = if list.all_versions { call.query("versions", "") } else { call.query("list-type", "2") };
    if let Some(size) = list.page_size {
        call = call.query("max-keys", size.to_string());
    }
    call = call.query("prefix", list.prefix.as_str());
    if list.requester_pays {
        call = call
            .header(HeaderName::from_static("x-amz-request-payer"), HeaderValue::from_static("requester"));
    }
    let answer = s3.fetch(call).await?;
    Ok(read_page(&answer.text()))
}

fn read_page(text: &str) -> Page {
    let mut reader = Reader::new(text);
    // Each entry takes about 400 bytes of text.
    let mut objects = Vec::with_capacity(text.len() / 400);
    let mut prefixes = Vec::new();
    let (mut encoded, mut truncated, mut token) = (false, false, None);
    let (mut key_marker, mut version_marker) = (None, None);
    reader.root();
    while let Some(name) = reader.child() {
        match name {
            "Contents" | "Version" => objects.push(read_object(&mut reader)),
            "DeleteMarker" => objects.push(Object { is_delete_marker: true, ..read_object(&mut reader) }),
            "CommonPrefixes" => {
                while let Some(name) = reader.child() {
                    if name == "Prefix" {
                        prefixes.push(reader.text().into_owned());
                    } else {
                        reader.skip();
                    }
                }
            }
            // A server may pay no heed to the wish.
            "EncodingType" => encoded = reader.text() == "url",
            "IsTruncated" => truncated = reader.text() == "true",
            "NextContinuationToken" => token = Some(Next::Token(reader.text().into_owned())),
            "NextKeyMarker" => key_marker = Some(reader.text().into_owned()),
            "NextVersionIdMarker" => {
                version_marker = Some(reader.text().into_owned()).filter(|marker| !marker.is_empty());
            }
            _ => reader.skip(),
        }
    }
    if encoded {
        key_marker.iter_mut().for_each(decode_key);
        prefixes.iter_mut().chain(objects.iter_mut().map(|object| &mut object.key)).for_each(decode_key);
    }
    if objects.iter().any(|object| object.is_delete_marker) {
        // Some servers put all delete markers of a page behind its versions.
        objects.sort_by(|one, other| {
            let newest_first = (other.is_latest, other.modified).cmp(&(one.is_latest, one.modified));
            one.key.cmp(&other.key).then(newest_first)
        });
    }
    let prefixes = prefixes.into_iter().map(Entry::Prefix);
    let entries = prefixes.chain(objects.into_iter().map(Entry::Object)).collect();
    let next = token.or_else(|| key_marker.map(|key| Next::Version { key, version: version_marker }));
    Page { entries, next: next.filter(|_| truncated) }
}

fn read_object(reader: &mut Reader<'_>) -> Object {
    let mut object = Object::default();
    while let Some(name) = reader.child() {
        match name {
            "Key" => object.key = reader.text().into_owned(),
            "Size" => object.size = reader.text().parse().unwrap_or_default(),
            "LastModified" => object.modified = Time::of_listing(&reader.text()),
            "ETag" => object.etag = Some(reader.text().into_owned()),
            "StorageClass" => object.storage_class = Some(reader.text().into_owned()),
            "VersionId" => object.version = Some(reader.text().into_owned()),
            "IsLatest" => object.is_latest = reader.text() == "true",
            _ => reader.skip(),
        }
    }
    object
}

/// S3 encodes as forms do: a blank is a `+`.
fn decode_key(text: &mut String) {
    if text.contains(['+', '%']) {
        *text = percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_back_as_they_were() {
        let mut key = "a%2Bb+c%0A%C3%BC/d".to_owned();
        decode_key(&mut key);
        assert_eq!(key, "a+b c\n\u{fc}/d");
    }

    #[test]
    fn a_page_holds_prefixes_then_objects_and_the_way_to_the_next() {
        let text = "<ListBucketResult><IsTruncated>true</IsTruncated><Contents><Key>a+b</Key>\
            <LastModified>2026-11-22T00:37:20.000Z</LastModified><ETag>&quot;x&quot;</ETag><Size>5</Size>\
            <Owner><ID>1</ID></Owner><StorageClass>GLACIER</StorageClass></Contents><CommonPrefixes><Prefix>c/</Prefix>\
            </CommonPrefixes><EncodingType>url</EncodingType><NextContinuationToken>t</NextContinuationToken></ListBucketResult>";
        let page = read_page(text);
        assert_eq!(page.next, Some(Next::Token("t".into())));
        assert_eq!(page.entries[0], Entry::Prefix("c/".into()));
        let Entry::Object(object) = &page.entries[1] else { panic!("an object") };
        assert_eq!((object.key.as_str(), object.size), ("a b", 5));
        assert_eq!(object.etag.as_deref(), Some("\"x\""));
        assert_eq!(object.storage_class.as_deref(), Some("GLACIER"));
    }

    #[test]
    fn versions_and_delete_markers_come_by_key_the_newest_first() {
        let version = |key: &str, id: &str, latest: bool, day: u8| {
            format!(
                "<Key>{key}</Key><VersionId>{id}</VersionId><IsLatest>{latest}</IsLatest>\
                 <LastModified>2026-11-{day:02}T00:00:00.000Z</LastModified>"
            )
        };
        let text = format!(
            "<ListVersionsResult><EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>\
             <NextKeyMarker>b%2B</NextKeyMarker><NextVersionIdMarker>3</NextVersionIdMarker>\
             <Version>{}</Version><Version>{}</Version><DeleteMarker>{}</DeleteMarker></ListVersionsResult>",
            version("a", "1", false, 1),
            version("b%2B", "3", true, 3),
            version("a", "2", true, 2),
        );
        let page = read_page(&text);
        assert_eq!(page.next, Some(Next::Version { key: "b+".into(), version: Some("3".into()) }));
        let seen: Vec<_> = page
            .entries
            .iter()
            .map(|entry| match entry {
                Entry::Object(object) => (object.version.as_deref(), object.is_delete_marker),
                Entry::Prefix(_) => panic!("no prefix"),
            })
            .collect();
        assert_eq!(seen, [(Some("2"), true), (Some("1"), false), (Some("3"), false)]);
    }
}
