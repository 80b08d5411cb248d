//! What clients sent, kept for tests to look at, within bounds.

use std::collections::{BTreeMap, VecDeque};

use crate::config::Fault;

const MOST_ENTRIES: usize = 1024;
const MOST_BYTES: usize = 8 * 1024 * 1024;

/// A request as it arrived. Nothing is hidden: the sandbox holds no real secrets.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Request {
    /// HTTP method
    pub method: String,
    /// Path, still percent-encoded
    pub path: String,
    /// Query parameters, decoded
    pub query: BTreeMap<String, String>,
    /// Headers, names in lower case
    pub headers: BTreeMap<String, String>,
    /// Fields of a form body, decoded
    pub form: BTreeMap<String, String>,
    /// A JSON body
    pub json: Option<serde_json::Value>,
}

impl Request {
    pub(crate) fn new(parts: &http::request::Parts, body: &[u8]) -> Self {
        let content_type =
            parts.headers.get(http::header::CONTENT_TYPE).map_or(&b""[..], |value| value.as_bytes());
        let form = if content_type.starts_with(b"application/x-www-form-urlencoded") {
            parameters(body)
        } else {
            BTreeMap::new()
        };
        let headers = parts
            .headers
            .iter()
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        Self {
            method: parts.method.to_string(),
            path: parts.uri.path().to_owned(),
            query: parameters(parts.uri.query().unwrap_or_default().as_bytes()),
            headers,
            json: if form.is_empty() { serde_json::from_slice(body).ok() } else { None },
            form,
        }
    }

    pub(crate) fn is_hit_by(&self, fault: &Fault) -> bool {
        let action = || {
            let grant = self.json.as_ref().and_then(|json| json.get("grantType")?.as_str());
            self.form.get("Action").or_else(|| self.query.get("Action")).map(String::as_str).or(grant)
        };
        fault.times > 0
            && fault.method == self.method
            && fault.path == self.path
            && fault.action.as_deref().is_none_or(|wanted| action() == Some(wanted))
    }
}

/// Decodes `a=b&c=d`; the last of equal names wins.
pub(crate) fn parameters(encoded: &[u8]) -> BTreeMap<String, String> {
    url::form_urlencoded::parse(encoded).into_owned().collect()
}

/// The newest requests, as many as fit.
#[derive(Debug, Default)]
pub(crate) struct Log {
    entries: VecDeque<(usize, Request)>,
    bytes: usize,
}

impl Log {
    pub(crate) fn push(&mut self, request: Request, bytes: usize) {
        self.entries.push_back((bytes, request));
        self.bytes += bytes;
        while self.entries.len() > MOST_ENTRIES || self.bytes > MOST_BYTES {
            let Some((bytes, _)) = self.entries.pop_front() else { return };
            self.bytes -= bytes;
        }
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.entries.iter().map(|(_, request)| request.clone()).collect()
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_keeps_the_newest_requests_within_its_bounds() {
        let request = |path: usize| Request { path: path.to_string(), ..Request::default() };
        let mut log = Log::default();
        for path in 0..=MOST_ENTRIES {
            log.push(request(path), 1);
        }
        assert_eq!(log.requests().len(), MOST_ENTRIES);
        assert_eq!(log.requests()[0].path, "1");
        log.push(request(9999), MOST_BYTES);
        assert_eq!(log.requests(), [request(9999)]);
    }
}
