//! A request that is about to be sent: whole but for its signature, which each attempt makes anew.

use awsx_model::PayloadSigning;

use crate::wire::checksum::Algorithm;
use crate::wire::{Signing, Target};
use crate::{Body, headers, target};

/// A request as it is sent, but for the signature in its headers.
#[derive(Debug, Clone)]
pub struct Request {
    /// The HTTP method.
    pub method: String,
    /// Whole, with the query.
    pub url: String,
    /// In the order they are written.
    pub headers: Vec<(String, String)>,
    /// What follows the headers.
    pub body: Body,
    pub(crate) signing: Signing,
    pub(crate) payload_signing: PayloadSigning,
    /// A checksum that is sent after the body.
    pub(crate) trailer: Option<Algorithm>,
    pub(crate) place: Place,
}

/// What of a URL comes from the operation, not from the endpoint.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) host_prefix: Option<String>,
    /// Percent-encoded, as is the query.
    pub(crate) path: String,
    pub(crate) query: String,
}

impl Request {
    /// The header's value; names are compared without regard to case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        headers::find(&self.headers, name)
    }

    /// Sets a header, in place of one with the same name.
    pub(crate) fn set_header(&mut self, name: &str, value: impl Into<String>) {
        headers::set(&mut self.headers, name, value.into());
    }

    /// Sends it elsewhere.
    pub(crate) fn aim_at(&mut self, target: Target) {
        let Place { host_prefix, path, query } = &self.place;
        self.url = target::join(&target.url, host_prefix.as_deref(), path, query);
        for (name, value) in target.headers {
            self.set_header(&name, value);
        }
        self.signing = target.signing;
    }
}
