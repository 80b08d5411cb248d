//! S3 listings, usable without the command line.
//!
//! Pages stream: memory does not grow with what is listed. What is shown, and how, is not known here.

mod bucket_path;
mod list;
mod uri;

pub use bucket_path::BucketPath;
pub use list::{Bucket, BucketFilter, Entry, ListObjects, fetch_buckets, for_each_entry};
pub use uri::S3Uri;
