//! IAM Identity Center: signing in and out, tokens, role credentials.
//!
//! The files are AWS CLI's and the SDKs' (`~/.aws/sso/cache`, `~/.aws/cli/cache`), so one sign-in serves every
//! tool. Across processes there is one refresh and one pending sign-in per session: whoever holds the lock of
//! the cache file does the work, the others read what it stored.

mod config;
mod device;
mod error;
mod login;
mod logout;
mod pkce;
mod portal;
mod registration;
mod role_credentials;
mod start_url;
mod token;

pub use config::{DEFAULT_SCOPE, SsoConfig};
pub use device::DeviceCode;
pub use error::SsoError;
pub use login::{Flow, Login, SignInPrompt, login};
pub use logout::{LogoutReport, logout_all, logout_session};
pub use portal::{Account, fetch_accounts, fetch_roles};
pub use role_credentials::{RoleRef, fetch_role_credentials};
pub use start_url::{ResolvedUrl, is_valid_endpoint_url, resolve_start_url, try_resolve_start_url};
pub use token::{Token, TokenState, read_state, resolve_token};

use std::error::Error;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use awsx_core::Env;
use awsx_core::store::json_cache::JsonCache;
use awsx_http::CallError;

/// A failed call of SSO OIDC, with the members that its errors have.
fn oidc_error<E>(operation: &'static str, error: SdkError<E, HttpResponse>) -> CallError
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    CallError::with_details(operation, error, &["error", "reason", "error_description"])
}

/// Tokens and registrations.
pub(crate) fn token_cache(env: &Env) -> JsonCache {
    JsonCache::new(env.expand_path("~/.aws/sso/cache"))
}

/// Role credentials, from Identity Center and from STS.
pub(crate) fn credential_cache(env: &Env) -> JsonCache {
    JsonCache::new(env.expand_path("~/.aws/cli/cache"))
}
