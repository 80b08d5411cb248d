//! What goes wrong with console-credential login. The texts are AWS CLI's, unless marked.

use std::io;

use crate::authorization::CallbackError;

/// A fault in sign-in, in the stored session or in its renewal.
#[derive(Debug, thiserror::Error)]
pub enum LoginError {
    /// The person, or the service, refused in the browser.
    #[error(
        "Error loading or redeeming a login authorization code: Failed to retrieve an authorization code."
    )]
    Refused {
        /// What the service gave as the reason.
        reason: String,
    },
    /// Nobody signed in within ten minutes.
    #[error(
        "The pending authorization to retrieve an SSO token has expired. The login flow to retrieve an SSO token \
         must be restarted."
    )]
    Expired,
    /// The loopback address for the browser's answer cannot be had. The option named is ours: AWS CLI's text names
    /// one that the command does not have.
    #[error(
        "Unable to initialize the OAuth 2.0 authorization callback handler: {0} \n You may use --remote to enter the \
         authorization code yourself, which does not require the callback handler."
    )]
    CallbackUnavailable(io::Error),
    /// What was typed is not a code that the confirmation page shows.
    #[error("Failed to decode the verification code.")]
    CodeUnreadable,
    /// It lacks one of its two parts.
    #[error("Failed to retrieve an auth_code or state from the verification code")]
    CodeIncomplete,
    /// It belongs to another sign-in.
    #[error(
        "Error loading or redeeming a login authorization code: State parameter {given} does not match expected \
         value {expected}."
    )]
    StateMismatch {
        /// The one in the code.
        given: String,
        /// The one of this sign-in.
        expected: String,
    },
    /// It was redeemed too late.
    #[error(
        "Error loading or redeeming a login authorization code: Unable to complete the login process due to an \
         expired authorization code. Please reauthenticate using 'awsx login'."
    )]
    CodeExpired,
    /// The identity may not sign in this way.
    #[error(
        "Unable to create or refresh login credentials due to insufficient permissions. You may be missing permission \
         for the 'signin:CreateOAuth2Token' action."
    )]
    InsufficientPermissions,
    /// The answer does not tell, or not in a form that can be used, who signed in (our own text).
    #[error("the sign-in service did not say who signed in")]
    IdentityUnknown,
    /// The cache holds nothing for the session.
    #[error(
        "Error loading login session token: Unable to load a existing login session for session {session}, Please \
         reauthenticate with 'awsx login'."
    )]
    NotSignedIn {
        /// The session's ARN.
        session: String,
        /// The profile that names it.
        profile: String,
    },
    /// The cache holds too little.
    #[error(
        "Error loading login session token: Failed to load access token from token cache, missing one or more \
         required fields."
    )]
    Incomplete {
        /// The profile.
        profile: String,
    },
    /// The key in the cache is none.
    #[error("Error loading login session token: Unable to load private key from cached token.")]
    KeyUnreadable {
        /// The profile.
        profile: String,
    },
    /// The refresh token is over.
    #[error("Your session has expired. Please reauthenticate using 'awsx login'.")]
    SessionExpired {
        /// The profile.
        profile: String,
    },
    /// The password was changed since.
    #[error(
        "Unable to refresh login credentials because of a change in your password. Please reauthenticate with your \
         new password using 'awsx login'."
    )]
    PasswordChanged {
        /// The profile.
        profile: String,
    },
}

impl From<CallbackError> for LoginError {
    fn from(error: CallbackError) -> Self {
        match error {
            CallbackError::Refused { reason } => Self::Refused { reason },
            CallbackError::Expired => Self::Expired,
        }
    }
}
