//! AWS on loopback for trying and testing: IAM Identity Center, console login, IAM, STS, sign-in federation and S3.
//!
//! One port on 127.0.0.1 answers for all of them, so `AWS_ENDPOINT_URL` is all a client needs to be told.
//! The sandbox is strict where AWS is strict (signatures, policies, MFA codes, PKCE, DPoP, tokens that serve once, durations), keeps its
//! state in bounded memory and forgets it when it stops. It knows nothing of awsx: any AWS client can use it.
//!
//! ```
//! use awsx_sandbox::{Config, Sandbox};
//!
//! let sandbox = Sandbox::start(Config { auto_approve: true, ..Config::default() })?;
//! for (name, value) in sandbox.environment() {
//!     // Set these for the client under test, and sign in with what `seed` holds.
//!     assert!(!name.is_empty() && !value.is_empty());
//! }
//! assert!(sandbox.requests().is_empty());
//! # Ok::<(), std::io::Error>(())
//! ```

pub mod browser;
pub mod config;
pub mod seed;

mod absent;
mod access;
mod buckets;
mod console_login;
mod federation;
mod html;
mod iam;
mod log;
mod oidc;
mod pages;
mod policy;
mod portal;
mod properties;
mod proxy;
mod query;
mod refusal;
mod s3;
mod server;
mod sigv4;
mod spoil;
mod state;
mod sts;
mod totp;
mod uploads;
mod versioned;
mod versions;

pub use config::{Account, Config, Fault, Outcome, Role};
pub use log::Request;
pub use proxy::{Break, Breakage, Proxy};
pub use server::Sandbox;
