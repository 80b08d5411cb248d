//! The one HTTP connector of awsx.
//!
//! Every request, an SDK client's or our own, goes through a [`HttpClient`]: rustls with the system's
//! certificate authorities, proxies, timeouts, a pool of connections. Which service is asked, and with whose
//! credentials, is not known here: [`signature`] signs with what it is told.

mod call;
mod client;
mod dial;
mod download;
mod error;
mod idle;
mod options;
pub mod percent;
pub mod signature;
mod tls;
mod websocket;

pub use call::{CallError, ServiceError};
pub use client::HttpClient;
pub use download::Download;
pub use error::{Failure, RequestError};
pub use options::Options;
pub use websocket::{WebSocket, WebSocketError};
