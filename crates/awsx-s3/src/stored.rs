//! What S3 tells of an object that was written or read.

use http::HeaderMap;
use http::header::ETAG;

use crate::checksum::Algorithm;
use crate::wire::xml::Reader;

/// What S3 tells of an object that was written or read, as far as it does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stored {
    /// Bytes, where they were not known before.
    pub size: Option<u64>,
    /// Its `ETag`, with quotes.
    pub etag: Option<String>,
    /// Its version, in a bucket that keeps versions; that of the delete marker where it was deleted.
    pub version: Option<String>,
    /// Its checksum, as S3 writes it.
    pub checksum: Option<(Algorithm, String)>,
}

impl Stored {
    /// From the headers of an answer.
    pub(crate) fn of_headers(headers: &HeaderMap) -> Self {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        Self {
            size: None,
            etag: text(ETAG.as_str()),
            version: text("x-amz-version-id").filter(|version| version != "null"),
            checksum: Algorithm::ALL
                .into_iter()
                .find_map(|algorithm| Some((algorithm, text(algorithm.header().as_str())?))),
        }
    }

    /// From an answer whose document tells of the object: copying, and completing an upload in parts.
    pub(crate) fn of_document(headers: &HeaderMap, document: &str) -> Self {
        let mut stored = Self::of_headers(headers);
        let mut reader = Reader::new(document);
        reader.root();
        while let Some(name) = reader.child() {
            match name {
                "ETag" => stored.etag = Some(reader.text().into_owned()),
                name => match name.strip_prefix("Checksum").and_then(Algorithm::of_name) {
                    Some(algorithm) => stored.checksum = Some((algorithm, reader.text().into_owned())),
                    None => reader.skip(),
                },
            }
        }
        stored
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn headers_and_documents_tell_of_an_object() {
        let mut headers = HeaderMap::new();
        headers.insert("x-amz-version-id", HeaderValue::from_static("v1"));
        let document = "<CopyObjectResult><ETag>&quot;e&quot;</ETag><LastModified>x</LastModified>\
            <ChecksumCRC64NVME>abc=</ChecksumCRC64NVME><ChecksumType>FULL_OBJECT</ChecksumType></CopyObjectResult>";
        let stored = Stored::of_document(&headers, document);
        assert_eq!(stored.etag.as_deref(), Some("\"e\""));
        assert_eq!(stored.version.as_deref(), Some("v1"));
        assert_eq!(stored.checksum, Some((Algorithm::Crc64Nvme, "abc=".to_owned())));
        headers.insert("x-amz-checksum-crc32", HeaderValue::from_static("NhCmhg=="));
        headers.insert("x-amz-version-id", HeaderValue::from_static("null"));
        let stored = Stored::of_headers(&headers);
        assert_eq!(stored.checksum, Some((Algorithm::Crc32, "NhCmhg==".to_owned())));
        assert_eq!(stored.version, None, "one in a bucket without versions has none");
    }
}
