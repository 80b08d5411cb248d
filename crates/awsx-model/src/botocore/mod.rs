//! Reads botocore's model files.
//!
//! botocore keeps `<service>/<api version>/<kind>.json`, perhaps compressed (`.json.gz`), and beside it
//! `<kind>.sdk-extras.json` with what is merged over it. Folders of users (`~/.aws/models`, `AWS_DATA_PATH`) have the same
//! layout. `files` reads JSON and believes nothing, `model` holds what a file may say, `service`, the others make this crate's
//! types of it.

mod files;
mod model;
mod ordered;
mod pages;
mod partitions;
mod rules;
mod service;
mod shapes;
mod texts;
mod waiters;

pub use self::files::is_plain_name;
pub(crate) use self::files::{Folders, Kind};
pub(crate) use self::pages::paginators;
pub(crate) use self::partitions::partitions;
pub(crate) use self::rules::rules;
pub(crate) use self::service::service;
pub(crate) use self::waiters::waiters;
