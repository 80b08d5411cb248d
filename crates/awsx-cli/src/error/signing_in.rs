//! Errors on the way to credentials.

use awsx_auth::AuthError;
use awsx_auth::chain::ChainError;
use awsx_auth::console::ConsoleError;
use awsx_auth::keys::KeysError;
use awsx_auth::login::LoginError;
use awsx_auth::mfa_code::{MfaCodeError, SeedError};
use awsx_auth::sso::SsoError;

use super::{CommandError, Kind};

impl From<AuthError> for CommandError {
    fn from(error: AuthError) -> Self {
        match error {
            AuthError::Profile(error) => error.into(),
            AuthError::Settings(error) => error.into(),
            AuthError::Store(error) => error.into(),
            AuthError::Call(error) => error.into(),
            AuthError::Sso(error) => error.into(),
            AuthError::Chain(error) => error.into(),
            AuthError::Login(error) => error.into(),
            AuthError::Metadata(error) => Self::general(error.to_string()),
            AuthError::MfaCode(error) => error.into(),
            AuthError::Process(error) => Self::general(error.to_string()),
            AuthError::Keys(error) => error.into(),
            AuthError::Parameters(error) => Self::usage(error.to_string()),
            AuthError::NotAUser(error) => Self::general(error.to_string()),
            AuthError::Token(error) => Self::general(error.to_string()),
            AuthError::Console(error) => error.into(),
        }
    }
}

impl From<SsoError> for CommandError {
    fn from(error: SsoError) -> Self {
        let message = error.to_string();
        let sign_in = |session: &Option<String>| match session {
            Some(session) => format!("run `awsx sso login --sso-session {session}`"),
            None => "run `awsx sso login` with the profile".to_owned(),
        };
        match error {
            SsoError::UnknownSession(_) | SsoError::MissingSettings { .. } | SsoError::StartUrl(_) => {
                Self::new(Kind::Configuration, message)
            }
            SsoError::NotSignedIn { session, .. }
            | SsoError::InvalidToken { session, .. }
            | SsoError::Unauthorized { session } => Self::general(message).with_hint(sign_in(&session)),
            SsoError::RefreshFailed { session } => Self::general(message).with_hint(sign_in(&Some(session))),
            SsoError::SignInRefused { reason } => Self::general(message).caused_by(&reason),
            SsoError::IncompleteProfile { .. }
            | SsoError::Inconsistent { .. }
            | SsoError::SignInExpired
            | SsoError::CallbackUnavailable(_) => Self::general(message),
        }
    }
}

impl From<LoginError> for CommandError {
    fn from(error: LoginError) -> Self {
        let shown = Self::general(error.to_string());
        match error {
            LoginError::NotSignedIn { profile, .. }
            | LoginError::Incomplete { profile }
            | LoginError::KeyUnreadable { profile }
            | LoginError::SessionExpired { profile }
            | LoginError::PasswordChanged { profile } => {
                shown.with_hint(format!("run `awsx login --profile {profile}`"))
            }
            LoginError::Refused { reason } => shown.caused_by(&reason),
            LoginError::CodeUnreadable | LoginError::CodeIncomplete | LoginError::StateMismatch { .. } => {
                shown.with_hint(
                    "run `awsx login --remote` again, and copy the whole code from the page it names",
                )
            }
            LoginError::Expired
            | LoginError::CallbackUnavailable(_)
            | LoginError::CodeExpired
            | LoginError::InsufficientPermissions
            | LoginError::IdentityUnknown => shown,
        }
    }
}

impl From<ChainError> for CommandError {
    fn from(error: ChainError) -> Self {
        let message = error.to_string();
        let shown = Self::general(message.clone());
        match error {
            ChainError::NoCredentials => Self::new(Kind::NoCredentials, message).with_hint(
                "run `awsx configure sso` for IAM Identity Center, or `awsx configure` for access keys",
            ),
            ChainError::UnknownSession(_) => shown.with_hint("run `awsx configure sso-session` to set it up"),
            ChainError::NoDevice { profile } => {
                shown.with_hint(format!("run `awsx configure set mfa_serial ARN --profile {profile}`"))
            }
            ChainError::NotNarrowable { .. } => shown.with_hint("name a role to take with `--role-arn`"),
            ChainError::ChainedTooLong { .. } => {
                shown.with_hint("ask for `1h` or less; `awsx exec --server` renews by itself")
            }
            _ => shown,
        }
    }
}

impl From<MfaCodeError> for CommandError {
    fn from(error: MfaCodeError) -> Self {
        let shown = Self::general(error.to_string());
        match error {
            MfaCodeError::NobodyToAsk { .. } => shown.with_hint("pass `--mfa-code CODE`"),
            MfaCodeError::Used { .. } => shown.with_hint("pass the device's next code"),
            MfaCodeError::Program(_) | MfaCodeError::ProgramFailed { .. } | MfaCodeError::NoCode { .. } => {
                shown.with_hint("the program is named by `AWSX_MFA_PROCESS` or the profile's `mfa_process`")
            }
        }
    }
}

impl From<SeedError> for CommandError {
    fn from(error: SeedError) -> Self {
        let cause = std::error::Error::source(&error).map(ToString::to_string);
        let shown = Self::general(error.to_string());
        match cause {
            Some(cause) => shown.caused_by(&cause),
            None => shown,
        }
    }
}

impl From<ConsoleError> for CommandError {
    fn from(error: ConsoleError) -> Self {
        let shown = Self::general(error.to_string());
        match error {
            ConsoleError::ChainedTooLong => {
                shown.with_hint("ask for `1h` or less, or sign in as the role's source")
            }
            ConsoleError::LongTermKeys | ConsoleError::UserSession => {
                shown.with_hint("name a role to take with `--role-arn`")
            }
            _ => shown,
        }
    }
}

impl From<KeysError> for CommandError {
    fn from(error: KeysError) -> Self {
        let shown = Self::general(error.to_string());
        match error {
            KeysError::TwoKeys { user, other, other_is_active } => {
                let state = if other_is_active { "active" } else { "inactive" };
                shown
                    .with_hint(format!("`awsx keys list` shows when `{other}` ({state}) was last used"))
                    .with_hint(format!(
                        "if nothing needs it, run `awsx iam delete-access-key --user-name {user} --access-key-id {other}`"
                    ))
            }
            KeysError::NotYetWorking { .. } => shown.with_hint("run the command again: it goes on from here"),
            KeysError::OtherKeyInUse(key) => {
                shown.with_hint(format!("delete `{key}` when nothing needs it, and run the command again"))
            }
            KeysError::NothingToFinish(profile) => {
                shown.with_hint(format!("run `awsx keys rotate --profile {profile}`"))
            }
            KeysError::NoKeys(_) => shown.with_hint(
                "name one that has with `--profile`; `awsx configure explain` shows where a profile's credentials come from",
            ),
            KeysError::NotAUser { .. }
            | KeysError::Changed(_)
            | KeysError::Time(_) => shown,
        }
    }
}
