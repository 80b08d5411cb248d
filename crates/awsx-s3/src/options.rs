//! What the user asks of objects, as the headers of each kind of request.

use awsx_api::CallError;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_TYPE, EXPIRES,
};
use http::{HeaderMap, HeaderName, HeaderValue};
use md5::Digest as _;

use crate::checksum::Algorithm;

/// What objects get, and how requests for them are made.
#[derive(Clone, Debug, Default)]
pub struct ObjectOptions {
    /// A canned ACL.
    pub acl: Option<String>,
    /// Grants, as in `read=id=…`.
    pub grants: Vec<Grant>,
    /// The storage class.
    pub storage_class: Option<String>,
    /// Where a website sends who asks for the object.
    pub website_redirect: Option<String>,
    /// The content type; overrides the guess.
    pub content_type: Option<String>,
    /// `Cache-Control`.
    pub cache_control: Option<String>,
    /// `Content-Disposition`.
    pub content_disposition: Option<String>,
    /// `Content-Encoding`.
    pub content_encoding: Option<String>,
    /// `Content-Language`.
    pub content_language: Option<String>,
    /// `Expires`.
    pub expires: Option<String>,
    /// Metadata of the user's.
    pub metadata: Vec<(String, String)>,
    /// `COPY` or `REPLACE`.
    pub metadata_directive: Option<String>,
    /// Encryption by the server: `AES256` or `aws:kms`.
    pub sse: Option<String>,
    /// The KMS key.
    pub sse_kms_key_id: Option<String>,
    /// Encryption with a key of one's own.
    pub sse_c: Option<CustomerKey>,
    /// The key of the object that is copied.
    pub sse_c_copy_source: Option<CustomerKey>,
    /// Accepts to pay.
    pub request_payer: Option<String>,
    /// The checksum asked for.
    pub checksum_algorithm: Option<Algorithm>,
    /// Whether the object's checksum is asked for with it.
    pub checksum_mode: bool,
    /// What is wrong with one of these. Requests that would carry it fail with this text, all others are made: AWS CLI
    /// tells it of every object that would get it.
    pub mistake: Option<String>,
}

/// A permission and whom it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The header.
    pub header: HeaderName,
    /// The grantee, as in `id=…`.
    pub grantee: String,
}

/// A grant that cannot be. The texts are AWS CLI's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GrantError {
    /// There is no `=`.
    #[error("grants should be of the form permission=principal")]
    Form,
    /// The permission is unknown.
    #[error("permission must be one of: read|readacl|writeacl|full")]
    Permission,
}

impl std::str::FromStr for Grant {
    type Err = GrantError;

    fn from_str(text: &str) -> Result<Self, GrantError> {
        let (permission, grantee) = text.split_once('=').ok_or(GrantError::Form)?;
        let header = match permission {
            "read" => "x-amz-grant-read",
            "full" => "x-amz-grant-full-control",
            "readacl" => "x-amz-grant-read-acp",
            "writeacl" => "x-amz-grant-write-acp",
            _ => return Err(GrantError::Permission),
        };
        Ok(Self { header: HeaderName::from_static(header), grantee: grantee.to_owned() })
    }
}

/// A key that S3 uses and does not keep.
#[derive(Clone)]
pub struct CustomerKey {
    /// `AES256`.
    pub algorithm: String,
    /// The key's bytes.
    pub key: awsx_core::Secret<Vec<u8>>,
}

impl std::fmt::Debug for CustomerKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CustomerKey").field("algorithm", &self.algorithm).finish_non_exhaustive()
    }
}

/// A value that no header can hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` cannot be sent in a header")]
pub struct HeaderError(pub String);

/// The headers of each kind of request.
#[derive(Clone, Debug, Default)]
pub struct RequestHeaders {
    /// `PutObject` and `CreateMultipartUpload`.
    put: HeaderMap,
    /// `UploadPart` and `CompleteMultipartUpload`.
    pub(crate) part: HeaderMap,
    /// `CopyObject`.
    copy: HeaderMap,
    /// `UploadPartCopy`.
    pub(crate) part_copy: HeaderMap,
    /// `GetObject` and `HeadObject`.
    pub(crate) get: HeaderMap,
    /// `HeadObject` on what is copied.
    pub(crate) head_source: HeaderMap,
    /// Requests that carry nothing else: deleting, tagging, aborting.
    pub(crate) plain: HeaderMap,
    /// Why the first and the third cannot be made.
    mistake: Option<String>,
}

impl RequestHeaders {
    /// Those of requests that carry nothing else.
    pub fn plain(&self) -> &HeaderMap {
        &self.plain
    }

    /// Those of requests for an object.
    pub fn get(&self) -> &HeaderMap {
        &self.get
    }

    /// Those of asking about what is copied.
    pub fn head_source(&self) -> &HeaderMap {
        &self.head_source
    }

    /// Those that begin a new object, unless what the user asks for it cannot be.
    pub(crate) fn put(&self) -> Result<&HeaderMap, CallError> {
        self.unless_mistaken(&self.put)
    }

    /// Those that make an object of another one, likewise.
    pub(crate) fn copy(&self) -> Result<&HeaderMap, CallError> {
        self.unless_mistaken(&self.copy)
    }

    fn unless_mistaken<'a>(&self, headers: &'a HeaderMap) -> Result<&'a HeaderMap, CallError> {
        self.mistake.clone().map_or(Ok(headers), |text| Err(CallError::Input(text)))
    }
}

impl ObjectOptions {
    /// The headers these options come to.
    pub fn headers(&self) -> Result<RequestHeaders, HeaderError> {
        let plain = self.payer()?;
        let properties = self.properties()?;
        let sse = self.encryption()?;
        let sse_c = customer_key(self.sse_c.as_ref(), "x-amz-server-side-encryption-customer")?;
        let source = customer_key(
            self.sse_c_copy_source.as_ref(),
            "x-amz-copy-source-server-side-encryption-customer",
        )?;
        // What is copied is asked for with its own key.
        let head_source =
            customer_key(self.sse_c_copy_source.as_ref(), "x-amz-server-side-encryption-customer")?;
        let join = |maps: &[&HeaderMap]| {
            let mut all = HeaderMap::new();
            for map in maps {
                all.extend(map.iter().map(|(name, value)| (name.clone(), value.clone())));
            }
            all
        };
        let mut directive = HeaderMap::new();
        let chosen = self
            .metadata_directive
            .clone()
            .or_else(|| (!self.metadata.is_empty()).then(|| "REPLACE".to_owned()));
        insert(&mut directive, "x-amz-metadata-directive", chosen.as_deref())?;
        Ok(RequestHeaders {
            put: join(&[&properties, &sse, &sse_c, &plain]),
            part: join(&[&sse_c, &plain]),
            copy: join(&[&properties, &directive, &sse, &sse_c, &source, &plain]),
            part_copy: join(&[&sse_c, &source, &plain]),
            get: join(&[&sse_c, &plain]),
            head_source: join(&[&head_source, &plain]),
            plain,
            mistake: self.mistake.clone(),
        })
    }

    fn payer(&self) -> Result<HeaderMap, HeaderError> {
        let mut headers = HeaderMap::new();
        insert(&mut headers, "x-amz-request-payer", self.request_payer.as_deref())?;
        Ok(headers)
    }

    fn properties(&self) -> Result<HeaderMap, HeaderError> {
        let mut headers = HeaderMap::new();
        insert(&mut headers, "x-amz-acl", self.acl.as_deref())?;
        insert(&mut headers, "x-amz-storage-class", self.storage_class.as_deref())?;
        insert(&mut headers, "x-amz-website-redirect-location", self.website_redirect.as_deref())?;
        let standard = [
            (CONTENT_TYPE, &self.content_type),
            (CACHE_CONTROL, &self.cache_control),
            (CONTENT_DISPOSITION, &self.content_disposition),
            (CONTENT_ENCODING, &self.content_encoding),
            (CONTENT_LANGUAGE, &self.content_language),
            (EXPIRES, &self.expires),
        ];
        for (name, value) in standard {
            if let Some(value) = value {
                headers.insert(name, header_value(value)?);
            }
        }
        for grant in &self.grants {
            headers.insert(grant.header.clone(), header_value(&grant.grantee)?);
        }
        for (name, value) in &self.metadata {
            let name =
                HeaderName::try_from(format!("x-amz-meta-{name}")).map_err(|_| HeaderError(name.clone()))?;
            headers.insert(name, header_value(value)?);
        }
        Ok(headers)
    }

    fn encryption(&self) -> Result<HeaderMap, HeaderError> {
        let mut headers = HeaderMap::new();
        insert(&mut headers, "x-amz-server-side-encryption", self.sse.as_deref())?;
        insert(&mut headers, "x-amz-server-side-encryption-aws-kms-key-id", self.sse_kms_key_id.as_deref())?;
        Ok(headers)
    }
}

fn customer_key(key: Option<&CustomerKey>, prefix: &str) -> Result<HeaderMap, HeaderError> {
    let mut headers = HeaderMap::new();
    let Some(CustomerKey { algorithm, key }) = key else { return Ok(headers) };
    let mut secret = header_value(&BASE64_STANDARD.encode(key.expose()))?;
    secret.set_sensitive(true);
    let values = [
        ("algorithm", header_value(algorithm)?),
        ("key", secret),
        ("key-MD5", header_value(&BASE64_STANDARD.encode(md5::Md5::digest(key.expose())))?),
    ];
    for (name, value) in values {
        let name = HeaderName::try_from(format!("{prefix}-{name}")).expect("the names are ASCII");
        headers.insert(name, value);
    }
    Ok(headers)
}

fn insert(headers: &mut HeaderMap, name: &'static str, value: Option<&str>) -> Result<(), HeaderError> {
    if let Some(value) = value {
        headers.insert(HeaderName::from_static(name), header_value(value)?);
    }
    Ok(())
}

pub(crate) fn header_value(text: &str) -> Result<HeaderValue, HeaderError> {
    HeaderValue::try_from(text).map_err(|_| HeaderError(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_reach_the_requests_they_are_for() {
        let options = ObjectOptions {
            acl: Some("private".into()),
            metadata: vec![("k".into(), "v".into())],
            sse_c: Some(CustomerKey { algorithm: "AES256".into(), key: awsx_core::Secret::new(vec![7; 32]) }),
            request_payer: Some("requester".into()),
            grants: vec!["read=id=abc".parse().unwrap()],
            ..ObjectOptions::default()
        };
        let headers = options.headers().unwrap();
        assert_eq!(headers.put().unwrap()["x-amz-acl"], "private");
        assert_eq!(headers.put().unwrap()["x-amz-meta-k"], "v");
        assert_eq!(headers.put().unwrap()["x-amz-grant-read"], "id=abc");
        assert_eq!(headers.copy().unwrap()["x-amz-metadata-directive"], "REPLACE");
        assert!(!headers.part.contains_key("x-amz-acl"));
        assert_eq!(headers.part["x-amz-server-side-encryption-customer-key-md5"].len(), 24);
        assert!(headers.get["x-amz-server-side-encryption-customer-key"].is_sensitive());
        assert!(headers.head_source.get("x-amz-server-side-encryption-customer-key").is_none());
        assert_eq!(headers.plain["x-amz-request-payer"], "requester");
    }

    #[test]
    fn grants_are_a_permission_and_a_grantee() {
        assert_eq!("read".parse::<Grant>(), Err(GrantError::Form));
        assert_eq!("own=id=x".parse::<Grant>(), Err(GrantError::Permission));
    }
}
