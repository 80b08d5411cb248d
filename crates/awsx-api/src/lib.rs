//! Any operation of any AWS service, from its model.
//!
//! A [`Client`] takes an operation of an [`awsx_model::Service`] and an [`awsx_model::Input`], and gives what the service
//! answered as an [`awsx_output::Value`], with members in the order that AWS CLI prints them. On the way:
//!
//! ```text
//! client       the way of one call through what follows
//! handlers     what AWS CLI's library changes in single operations, before and after
//! protocol     input → method, path, query, headers, body; answer → value or error. No network, no endpoint
//! target       operation, input and settings → URL and signing, by the service's rules
//! endpoint     evaluates such rules; knows neither operations nor settings
//! compression  of bodies sent
//! checksum     of bodies sent and received
//! signing      with what: keys, a token, nothing
//! send         attempts, and what counts as an answer
//! wire         what requests of `awsx-s3` share with these: targets, signatures, when to ask again
//! events       events of an answer, as they come
//! pages        one call after the other, until all results are there
//! waiter       one call after the other, until something is so
//! offline      reads an answer that came by other means
//! ```
//!
//! This crate does not know what an option on a command line is called, where settings come from, or how a value is shown.

mod ask;
mod body;
mod checksum;
mod client;
mod compression;
mod config;
pub mod endpoint;
mod error;
mod events;
mod handlers;
mod headers;
mod offline;
pub mod pages;
mod protocol;
mod request;
mod response;
mod send;
mod signing;
mod target;
pub mod waiter;
pub mod wire;

pub use ask::Ask;
pub use body::Body;
pub use client::Client;
pub use config::{
    AccountIdEndpoints, Addressing, ChecksumUse, ClientConfig, EndpointDiscovery, Identity, RetryMode,
    RetrySettings, S3Settings, Timestamps, Zone,
};
pub use error::{CallError, ServiceError};
pub use events::Events;
pub use offline::read_answer;
pub use request::Request;
pub use response::{Response, ResponseBody};
pub use target::{Wanted, region_unless_set, wanted};
