//! One request of S3, from its parts to its answer: endpoint, signature, connection, retries, errors.
//!
//! Every operation goes this way, a listing as well as a part of an upload, so errors and retries are alike. Endpoints,
//! signatures and sessions are [`awsx_api::wire`]'s. The typed SDK is not used here: a request of it costs several times
//! what S3's small objects do.

mod call;
mod client;
mod error;
mod express;
mod identity;
mod payload;
mod presign;
mod retry;
pub(crate) mod xml;

pub use awsx_api::Addressing;
pub use call::Call;
pub(crate) use call::encode_path;
pub use client::{Config, S3};
pub use identity::{Fetch, KeySource, Keys, NoKeys};
pub use payload::{Digests, FileSlice, Meter, Payload};
pub use presign::presign;

pub(crate) use error::connection_lost;
