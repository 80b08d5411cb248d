//! One request of S3, from its parts to its answer: endpoint, signature, connection, retries, errors.
//!
//! Every operation goes this way, a listing as well as a part of an upload, so errors and retries are alike. Endpoints,
//! signatures, sessions and the rules of repeating are [`awsx_api::wire`]'s. The typed SDK is not used here: a request of it costs several times
//! what S3's small objects do.

mod call;
mod client;
mod error;
mod express;
mod payload;
mod presign;

pub use awsx_api::wire::check_bucket_name as check_bucket;
pub use awsx_api::wire::check_metadata;
pub(crate) use awsx_api::wire::xml;
pub use awsx_api::wire::{Fetch, KeySource, Keys, NoKeys};
pub use call::Call;
pub(crate) use call::encode_path;
pub use client::{PATIENT_ATTEMPTS, S3};
pub use payload::{Digests, FileSlice, Meter, Payload};
pub use presign::presign;

pub(crate) use error::connection_lost;
