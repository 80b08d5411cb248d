//! One request, from a place and keys to an answer: what an operation by its model and the transfers of `awsx-s3` share.
//!
//! ```text
//! target       where a request goes and how it is signed there; S3's buckets by the endpoint rules
//! sign         signatures in headers and URLs
//! sessions     the keys of S3's directory buckets
//! ```
//!
//! Nothing here knows a model, an [`awsx_model::Input`] or an [`awsx_output::Value`]: small objects pay for what their
//! requests need and for nothing else.

mod bucket;
mod sessions;
mod sign;
mod target;

pub use bucket::bucket_target;
pub use sessions::Sessions;
pub use sign::{SignedBody, presigned_url, sign_request};
pub use target::{Scheme, Signing, Target};
