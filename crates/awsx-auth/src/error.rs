//! Everything that can go wrong on the way to credentials.

use std::io;

use awsx_core::profile::ProfileError;
use awsx_core::settings::SettingsError;
use awsx_core::store::StoreError;
use awsx_http::{CallError, RequestError};

use crate::chain::ChainError;
use crate::console::ConsoleError;
use crate::keys::KeysError;
use crate::login::LoginError;
use crate::metadata::MetadataError;
use crate::mfa_code::MfaCodeError;
use crate::process::ProcessError;
use crate::sso::SsoError;
use crate::sts::{InvalidParameters, NotAUser};
use crate::tokens::TokenError;

/// Why there are no credentials, token or URL.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// The user's files.
    #[error(transparent)]
    Profile(#[from] ProfileError),
    /// A setting's value.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// A cache on disk.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An API call.
    #[error(transparent)]
    Call(#[from] CallError),
    /// Identity Center: configuration, sign-in, tokens.
    #[error(transparent)]
    Sso(#[from] SsoError),
    /// The credential chain.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// Console-credential login: sign-in, sessions.
    #[error(transparent)]
    Login(#[from] LoginError),
    /// A `credential_process`.
    #[error(transparent)]
    Process(#[from] ProcessError),
    /// The service of a container or an instance.
    #[error(transparent)]
    Metadata(#[from] MetadataError),
    /// The code of an MFA device.
    #[error(transparent)]
    MfaCode(#[from] MfaCodeError),
    /// Access keys.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// A token that is a signed URL.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// A request that STS would not take.
    #[error(transparent)]
    Parameters(#[from] InvalidParameters),
    /// Credentials that are no user's.
    #[error(transparent)]
    NotAUser(#[from] NotAUser),
    /// The console sign-in URL.
    #[error(transparent)]
    Console(#[from] ConsoleError),
}

impl From<RequestError> for AuthError {
    fn from(error: RequestError) -> Self {
        Self::Call(error.into())
    }
}

/// The system's text without Rust's addition of the number, as Python shows it.
pub(crate) fn text_of(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or_default().to_owned()
}
