//! The parts of a request that an operation decides on.

use std::borrow::Cow;

use http::{HeaderMap, HeaderName, HeaderValue, Method};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::Payload;

/// What signatures leave as it is.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
const PATH: &AsciiSet = &UNRESERVED.remove(b'/');

/// One request to be made.
#[derive(Clone, Debug)]
pub struct Call<'a> {
    /// The operation, as errors name it.
    pub operation: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The bucket, access point or none for the service itself.
    pub bucket: &'a str,
    /// The object; none for a request on the bucket.
    pub key: Option<&'a str>,
    /// Parameters, not yet encoded.
    pub query: Vec<(&'static str, Cow<'a, str>)>,
    /// Headers beside those that signing adds.
    pub headers: HeaderMap,
    /// What is sent.
    pub payload: Payload,
}

impl<'a> Call<'a> {
    /// A request on an object.
    pub fn object(operation: &'static str, method: Method, bucket: &'a str, key: &'a str) -> Self {
        Self { key: Some(key), ..Self::bucket(operation, method, bucket) }
    }

    /// A request on a bucket.
    pub fn bucket(operation: &'static str, method: Method, bucket: &'a str) -> Self {
        Self {
            operation,
            method,
            bucket,
            key: None,
            query: Vec::new(),
            headers: HeaderMap::new(),
            payload: Payload::Empty,
        }
    }

    /// With a parameter.
    #[must_use]
    pub fn query(mut self, name: &'static str, value: impl Into<Cow<'a, str>>) -> Self {
        self.query.push((name, value.into()));
        self
    }

    /// With a header.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// With these headers.
    #[must_use]
    pub fn headers(mut self, headers: &HeaderMap) -> Self {
        self.headers.extend(headers.iter().map(|(name, value)| (name.clone(), value.clone())));
        self
    }

    /// With something to send.
    #[must_use]
    pub fn payload(mut self, payload: Payload) -> Self {
        self.payload = payload;
        self
    }

    /// The URL below `base`, which ends without a slash.
    pub(super) fn url(&self, base: &str) -> String {
        let mut url = String::with_capacity(base.len() + self.key.map_or(1, str::len) + 64);
        url.push_str(base);
        match self.key {
            Some(key) => {
                url.push('/');
                url.extend(utf8_percent_encode(key, PATH));
            }
            // `/bucket` of a server of one's own has a path already; a host alone needs one.
            None if base.matches('/').count() < 3 => url.push('/'),
            None => {}
        }
        for (position, (name, value)) in self.query.iter().enumerate() {
            url.push(if position == 0 { '?' } else { '&' });
            url.push_str(name);
            url.push('=');
            url.extend(utf8_percent_encode(value, UNRESERVED));
        }
        url
    }
}

/// A key or bucket as it stands in `x-amz-copy-source`.
pub(crate) fn encode_path(text: &str) -> String {
    utf8_percent_encode(text, PATH).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_keep_slashes_of_keys_and_encode_the_rest() {
        let call = Call::object("GetObject", Method::GET, "b", "a//b c+ü?#").query("x-id", "a/b");
        assert_eq!(call.url("https://b.s3"), "https://b.s3/a//b%20c%2B%C3%BC%3F%23?x-id=a%2Fb");
        let call = Call::bucket("ListObjectsV2", Method::GET, "b").query("prefix", "");
        assert_eq!(call.url("http://h:1/b"), "http://h:1/b?prefix=");
        assert_eq!(call.url("https://b.s3"), "https://b.s3/?prefix=");
    }
}
