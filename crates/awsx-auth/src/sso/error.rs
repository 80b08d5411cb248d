//! What goes wrong with Identity Center. The texts are AWS CLI's.

use std::io;

use crate::authorization::CallbackError;

/// A fault in configuration, sign-in or token.
#[derive(Debug, thiserror::Error)]
pub enum SsoError {
    /// `--sso-session` or the profile names a session that is not in the config file.
    #[error("The specified sso-session does not exist: \"{0}\"")]
    UnknownSession(String),
    /// The session or the profile lacks what sign-in needs.
    #[error(
        "Missing the following required SSO configuration values: {}.{}",
        .missing.join(", "),
        if *.in_profile { " To make sure this profile is properly configured to use SSO, please run: awsx configure sso" } else { "" }
    )]
    MissingSettings {
        /// The keys.
        missing: Vec<&'static str>,
        /// Whether they were looked for in a profile, not in a session.
        in_profile: bool,
    },
    /// A profile is half configured.
    #[error(
        "The profile \"{profile}\" is configured to use SSO but is missing required configuration: {}",
        .missing.join(", ")
    )]
    IncompleteProfile {
        /// The profile.
        profile: String,
        /// The keys.
        missing: Vec<&'static str>,
    },
    /// Profile and session disagree.
    #[error(
        "The value for {key} is inconsistent between profile ({in_profile}) and sso-session ({in_session})."
    )]
    Inconsistent {
        /// `sso_region` or `sso_start_url`.
        key: &'static str,
        /// The profile's value.
        in_profile: String,
        /// The session's value.
        in_session: String,
    },
    /// The start URL cannot be used.
    #[error("{0}")]
    StartUrl(String),
    /// Nobody has signed in.
    #[error("Error loading SSO Token: Token for {name} does not exist")]
    NotSignedIn {
        /// The session's name, or the start URL.
        name: String,
        /// The session, if it is one.
        session: Option<String>,
    },
    /// The token file lacks what a token needs.
    #[error("Error loading SSO Token: Token for {start_url} is invalid")]
    InvalidToken {
        /// The start URL.
        start_url: String,
        /// The session, if there is one.
        session: Option<String>,
    },
    /// The token is over and could not be renewed.
    #[error("Error when retrieving token from sso: Token has expired and refresh failed")]
    RefreshFailed {
        /// The session.
        session: String,
    },
    /// The service no longer takes the token, or a token without refresh is over.
    #[error(
        "The SSO session associated with this profile has expired or is otherwise invalid. To refresh this SSO \
         session run awsx sso login with the corresponding profile."
    )]
    Unauthorized {
        /// The session, if there is one.
        session: Option<String>,
    },
    /// Nobody approved the sign-in in time.
    #[error(
        "The pending authorization to retrieve an SSO token has expired. The login flow to retrieve an SSO token \
         must be restarted."
    )]
    SignInExpired,
    /// The person, or Identity Center, refused in the browser.
    #[error("Error loading authorization code: Failed to retrieve an authorization code.")]
    SignInRefused {
        /// What Identity Center gave as the reason.
        reason: String,
    },
    /// The loopback address for the browser's answer cannot be had.
    #[error(
        "Unable to initialize the OAuth 2.0 authorization callback handler: {0} \n You may use --use-device-code to \
         fall back to the device code flow which does not require the callback handler."
    )]
    CallbackUnavailable(io::Error),
}

impl From<CallbackError> for SsoError {
    fn from(error: CallbackError) -> Self {
        match error {
            CallbackError::Refused { reason } => Self::SignInRefused { reason },
            CallbackError::Expired => Self::SignInExpired,
        }
    }
}
