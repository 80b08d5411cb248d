//! Packing of large request bodies, for the services that can unpack them.

use std::io::Write;

use awsx_model::Operation;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::{Body, ClientConfig, Request};

/// Packs the body if it is large enough.
pub(crate) fn pack(request: &mut Request, operation: &Operation, config: &ClientConfig) {
    let can =
        operation.compression.as_ref().is_some_and(|compression| compression.encodings.contains(&"gzip"));
    let Some(limit) = config.compress_from.filter(|_| can) else { return };
    let Body::Bytes(bytes) = &request.body else { return };
    if bytes.len() < limit {
        return;
    }
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("a Vec takes everything");
    request.body = Body::Bytes(encoder.finish().expect("a Vec takes everything"));
    let encoding = match request.header("Content-Encoding") {
        Some(encoding) => format!("{encoding},gzip"),
        None => "gzip".to_owned(),
    };
    request.set_header("Content-Encoding", encoding);
}
