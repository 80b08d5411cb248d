//! The sandbox over HTTP, the way clients use it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics; helpers are tests too")]

mod client;
mod console_login;
mod faults;
mod federation;
mod iam;
mod oidc;
mod portal;
mod s3;
mod sts;
