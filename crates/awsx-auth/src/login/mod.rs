//! Console-credential login: signing in as in the AWS console, for keys of 15 minutes that renew themselves.
//!
//! The keys, the refresh token and the key that proves possession of it (DPoP, RFC 9449) lie in
//! `~/.aws/login/cache`, one file for each session, shared with AWS CLI and the SDKs. A profile names its session by
//! `login_session`. Across processes there is one refresh per session: whoever holds the lock of the file does the
//! work, the others read what it stored.

mod credentials;
mod dpop;
mod error;
mod identity;
mod logout;
mod session;
mod sign_in;
mod token;

pub use credentials::fetch_credentials;
pub use error::LoginError;
pub use logout::{logout, logout_all};
pub use session::kept_until;
pub use sign_in::{SignIn, SignedIn, Way};

/// The name by which the service's own endpoint URL is configured.
pub const SERVICE_ID: &str = "Signin";
