//! From a profile to credentials, a bearer token or a console URL.
//!
//! This crate talks to Identity Center, STS and the sign-in service, and keeps the caches that AWS CLI and the
//! SDKs share. It asks people through traits ([`sso::SignInPrompt`], [`mfa_code::MfaPrompt`]) and shows nothing itself.

mod authorization;
pub mod chain;
mod clients;
pub mod console;
mod credentials;
mod error;
pub mod keys;
mod locked;
pub mod login;
pub mod metadata;
pub mod mfa;
pub mod mfa_code;
pub mod mfa_session;
pub mod partition;
pub mod process;
pub mod serve;
pub mod ssh_key;
pub mod sso;
pub mod standing;
pub mod sts;
pub mod tokens;

pub use clients::Clients;
pub use credentials::{Credentials, EndError, Method};
pub use error::AuthError;
