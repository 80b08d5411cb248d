//! One request, from a place and keys to an answer: what an operation by its model and the transfers of `awsx-s3` share.
//!
//! ```text
//! target       where a request goes and how it is signed there; S3's buckets by the endpoint rules
//! keys         whose keys sign, and others in time before they end
//! sign         signatures in headers and URLs
//! attempts     when a request is made again, and after how long; `budget` and `rate` limit that for all of a client
//! skew         the service's clock
//! region       the region that a bucket is in
//! sessions     the keys of S3's directory buckets
//! checksum     of bodies, while their bytes go by
//! xml          S3's documents, front to back
//! ```
//!
//! Nothing here knows a model, an [`awsx_model::Input`] or an [`awsx_output::Value`]: small objects pay for what their
//! requests need and for nothing else.

mod attempts;
mod bucket;
mod budget;
pub mod checksum;
mod keys;
mod metadata;
mod rate;
mod region;
mod sessions;
mod sign;
mod skew;
mod target;
pub mod xml;

pub use attempts::{Attempts, Limits, Reason, asked_wait};
pub use bucket::{bucket_target, check_bucket_name};
pub use keys::{Fetch, Generation, KeySource, Keys, NoKeys};
pub use metadata::check_metadata;
pub use region::other_region;
pub use sessions::Sessions;
pub use sign::{SignedBody, presigned_url, sign_request};
pub use skew::Skew;
pub use target::{Scheme, Signing, Target};
