//! The one error of the binary: what is shown, what to do next, which exit code.
//!
//! The conversions from the crates' errors stand here and nowhere else: they pick the kind, which alone sets the
//! exit code, and the hint.

use std::io;
use std::process::ExitCode;

use awsx_api::pages::PagesError;
use awsx_api::waiter::WaitError;
use awsx_api::wire::NoKeys;
use awsx_auth::AuthError;
use awsx_auth::chain::ChainError;
use awsx_auth::console::ConsoleError;
use awsx_auth::keys::KeysError;
use awsx_auth::login::LoginError;
use awsx_auth::mfa_code::{MfaCodeError, SeedError};
use awsx_auth::sso::SsoError;
use awsx_core::ini::EditError;
use awsx_core::profile::ProfileError;
use awsx_core::settings::{Settings, SettingsError, table};
use awsx_core::store::StoreError;
use awsx_http::{CallError, RequestError, ServiceError, WebSocketError};
use awsx_model::ModelError;
use awsx_output::{Format, Key, Map, OutputError, Value, python_str};
use awsx_params::ParamsError;

use crate::commands::verbs::eks::KubeconfigError;
use crate::ui::{PagerError, Ui};
use crate::{context, output, usage};

/// The outcome of a command.
pub(crate) type CommandResult<T = ()> = Result<T, CommandError>;

/// What kind of failure, in AWS CLI's division.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Arguments that cannot be.
    Usage,
    /// Configuration that cannot be.
    Configuration,
    /// No region.
    NoRegion,
    /// No credentials.
    NoCredentials,
    /// No pager.
    Pager,
    /// The service replied with an error.
    Service,
    /// Anything else.
    General,
    /// An answer that `configure mfa-login` cannot do without, or one that STS refuses.
    Incomplete,
    /// A program that could not be started; the code is the one shells give.
    NotStarted(u8),
    /// Ctrl-C.
    Interrupted,
    /// Everything is said; only the code is left.
    Said(u8),
}

impl Kind {
    /// AWS CLI's code.
    fn exit_code(self) -> u8 {
        match self {
            Self::Usage => 252,
            Self::Configuration | Self::NoRegion | Self::NoCredentials | Self::Pager => 253,
            Self::Service => 254,
            Self::General => 255,
            Self::Incomplete => 1,
            Self::Interrupted => 130,
            Self::NotStarted(code) | Self::Said(code) => code,
        }
    }

    /// The code that AWS CLI puts before the message of errors it makes itself.
    fn client_code(self) -> Option<&'static str> {
        match self {
            Self::Usage => Some("ParamValidation"),
            Self::Configuration => Some("Configuration"),
            Self::NoRegion => Some("NoRegion"),
            Self::NoCredentials => Some("NoCredentials"),
            Self::Pager => Some("Pager"),
            Self::Service
            | Self::General
            | Self::Incomplete
            | Self::NotStarted(_)
            | Self::Interrupted
            | Self::Said(_) => None,
        }
    }
}

/// A command that failed.
#[derive(Debug)]
pub(crate) struct CommandError {
    pub(crate) kind: Kind,
    pub(crate) message: String,
    /// Boxed, since most results are no error.
    more: Box<More>,
}

#[derive(Debug, Default)]
struct More {
    /// The usage that AWS CLI shows before the line of some mistakes, which then has no code.
    usage_before: Option<&'static str>,
    /// Whether it was found before AWS CLI knows of error formats.
    too_early_for_formats: bool,
    service: Option<ServiceFields>,
    hints: Vec<String>,
    causes: Vec<String>,
}

/// Code, bare message and further fields of a service's error, for the structured formats.
#[derive(Debug)]
struct ServiceFields {
    code: String,
    message: String,
    details: Vec<(String, Value)>,
    /// All of them in the order they came, where that is known.
    ordered: Option<Map>,
}

impl ServiceFields {
    fn of(code: String, message: String, fields: Map) -> Self {
        let is_detail = |(name, _): &(&Key, &Value)| {
            !["code", "message"].iter().any(|shown| name.eq_ignore_ascii_case(shown))
        };
        let details = fields.iter().filter(is_detail);
        let details = details.map(|(name, value)| (name.to_string(), value.clone())).collect();
        Self { code, message, details, ordered: Some(fields) }
    }
}

/// A field of an error on one line, if it fits there.
fn inline(value: &Value) -> Option<String> {
    let scalar = |value: &Value| match value {
        Value::List(_) | Value::Map(_) => None,
        scalar => Some(python_str(scalar)),
    };
    match value {
        Value::List(elements) if elements.len() < INLINE_FIELDS => {
            let elements: Option<Vec<String>> = elements.iter().map(scalar).collect();
            Some(format!("[{}]", elements?.join(", ")))
        }
        Value::Map(entries) if entries.len() < INLINE_FIELDS => {
            let entries = entries.iter().map(|(key, value)| Some(format!("{key}: {}", scalar(value)?)));
            Some(format!("{{{}}}", entries.collect::<Option<Vec<_>>>()?.join(", ")))
        }
        value => scalar(value),
    }
}

/// From this many elements on, a list or map in an error is not shown on a line.
const INLINE_FIELDS: usize = 5;

impl CommandError {
    pub(crate) fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), more: Box::default() }
    }

    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(Kind::Usage, message)
    }

    pub(crate) fn general(message: impl Into<String>) -> Self {
        Self::new(Kind::General, message)
    }

    /// A mistake whose line stands below the usage, whatever the error format.
    pub(crate) fn below_usage(message: impl Into<String>, usage: &'static str) -> Self {
        let mut error = Self::usage(message);
        error.more.usage_before = Some(usage);
        error
    }

    /// Told in the default format, whichever is asked for.
    pub(crate) fn too_early_for_formats(mut self) -> Self {
        self.more.too_early_for_formats = true;
        self
    }

    /// Ends with this code and says nothing more.
    pub(crate) fn said(code: u8) -> Self {
        Self::new(Kind::Said(code), "")
    }

    pub(crate) fn interrupted() -> Self {
        Self::new(Kind::Interrupted, "")
    }

    /// Adds something to type.
    #[must_use]
    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.more.hints.push(hint.into());
        self
    }

    #[must_use]
    pub(crate) fn caused_by(mut self, cause: &impl ToString) -> Self {
        self.more.causes.push(cause.to_string());
        self
    }

    /// The same, told in the middle of a command that wants keys.
    pub(crate) fn into_no_keys(mut self) -> NoKeys {
        NoKeys { message: self.message.trim().to_owned(), hint: self.more.hints.drain(..).next() }
    }

    /// The code of the service's error, if it is one.
    pub(crate) fn service_code(&self) -> Option<&str> {
        self.more.service.as_ref().map(|fields| fields.code.as_str())
    }

    /// The bare message of the service's error, if it is one.
    pub(crate) fn service_message(&self) -> Option<&str> {
        self.more.service.as_ref().map(|fields| fields.message.as_str())
    }

    /// The code that the command ends with.
    pub(crate) fn exit_code(&self) -> u8 {
        self.kind.exit_code()
    }

    /// Shows the error as the user's error format asks, and gives the exit code.
    pub(crate) fn report(self, settings: &Settings, ui: Ui) -> ExitCode {
        let code = ExitCode::from(self.kind.exit_code());
        match self.kind {
            Kind::Said(_) => {}
            // In a menu this races with the handler of Ctrl-C, so both of them clean up.
            Kind::Interrupted => ui.leave_prompt(),
            _ => self.show(settings, ui),
        }
        code
    }

    fn show(&self, settings: &Settings, ui: Ui) {
        // Where the format cannot be looked up, AWS CLI shows the bare message; so a broken profile still tells.
        let format =
            settings.text(&table::ERROR_FORMAT).ok().flatten().unwrap_or_else(|| "legacy".to_owned());
        if let Ok(format) = format.parse::<Format>()
            && self.more.usage_before.is_none()
            && !self.more.too_early_for_formats
            && matches!(format, Format::Json | Format::Yaml | Format::Text | Format::Table)
            && let Some(fields) = self.fields()
        {
            // Nothing else: a program reads this.
            ui.err(format_args!("{}", output::render(format, "error", &fields)));
            return;
        }
        self.show_line(format == "legacy" && !self.more.too_early_for_formats, ui);
        for cause in &self.more.causes {
            ui.err(format_args!("caused by: {cause}\n"));
        }
        for hint in &self.more.hints {
            ui.err(format_args!("hint: {hint}\n"));
        }
    }

    fn show_line(&self, bare: bool, ui: Ui) {
        if let Some(usage) = self.more.usage_before {
            ui.err(format_args!("\n{usage}\n\n"));
        }
        let message = match self.kind.client_code().filter(|_| !bare && self.more.usage_before.is_none()) {
            Some(code) => format!("An error occurred ({code}): {}", self.message),
            None => self.message.clone(),
        };
        ui.err(format_args!("\nawsx: [ERROR]: {}\n", message.trim()));
        if !bare {
            self.show_details(ui);
        }
    }

    fn show_details(&self, ui: Ui) {
        let Some(service) = &self.more.service else { return };
        if !service.details.is_empty() {
            ui.err(format_args!("\nAdditional error details:\n"));
        }
        let mut complex = false;
        for (key, value) in &service.details {
            let shown = inline(value);
            complex |= shown.is_none();
            ui.err(format_args!("{key}: {}\n", shown.as_deref().unwrap_or("<complex value>")));
        }
        if complex {
            ui.err(format_args!(
                "Use \"--cli-error-format json\" or another error format to see the full details.\n"
            ));
        }
    }

    fn fields(&self) -> Option<Value> {
        if let Some(ServiceFields { ordered: Some(fields), .. }) = &self.more.service {
            return Some(Value::Map(fields.clone()));
        }
        let (code, message, details) = match &self.more.service {
            Some(service) => (service.code.as_str(), service.message.as_str(), service.details.as_slice()),
            None => (self.kind.client_code()?, self.message.as_str(), &[][..]),
        };
        let fixed = [("Code", code), ("Message", message)].map(|(key, value)| (key.to_owned(), value.into()));
        let details = details.iter().cloned();
        Some(Value::Map(fixed.into_iter().chain(details).collect()))
    }
}

impl From<io::Error> for CommandError {
    /// From writing to stdout: a reader that has gone away wants nothing more.
    fn from(error: io::Error) -> Self {
        if let Some(pager) = PagerError::find(&error) {
            return Self::new(Kind::Pager, pager.to_string());
        }
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::said(0),
            io::ErrorKind::Interrupted => Self::interrupted(),
            _ => Self::general("could not write the output").caused_by(&error),
        }
    }
}

impl From<OutputError> for CommandError {
    fn from(error: OutputError) -> Self {
        match error {
            OutputError::Write(error) => error.into(),
            other => Self::general(other.to_string()),
        }
    }
}

impl From<StoreError> for CommandError {
    fn from(error: StoreError) -> Self {
        let cause = std::error::Error::source(&error).map(ToString::to_string);
        let shown = Self::general(error.to_string());
        match cause {
            Some(cause) => shown.caused_by(&cause),
            None => shown,
        }
    }
}

impl From<EditError> for CommandError {
    fn from(error: EditError) -> Self {
        Self::general(error.to_string())
    }
}

impl From<ProfileError> for CommandError {
    fn from(error: ProfileError) -> Self {
        let message = error.to_string();
        match error {
            ProfileError::Parse { path, problem } => {
                let (path, line) = (path.display(), problem.line);
                Self::general(message).with_hint(format!("{path}:{line}: {}", problem.problem))
            }
            ProfileError::Read(error) => error.into(),
            ProfileError::NoServices { .. } => Self::general(message),
            ProfileError::NotFound { name, known } => {
                let near = awsx_params::closest::matches(&name, known.iter().map(String::as_str));
                Self::general(message).with_hint(match near.first() {
                    Some(near) => format!("maybe you meant `{near}`"),
                    None => "see the profiles you have with `awsx configure list-profiles`".to_owned(),
                })
            }
        }
    }
}

impl From<SettingsError> for CommandError {
    fn from(error: SettingsError) -> Self {
        let message = error.to_string();
        match error {
            SettingsError::Profile(error) => error.into(),
            SettingsError::NotAnInteger { setting, .. } => {
                Self::general(message).with_hint(format!("`{setting}` is a whole number"))
            }
            SettingsError::OutOfRange(_) => Self::general(message),
        }
    }
}

impl From<CallError> for CommandError {
    fn from(error: CallError) -> Self {
        let message = error.to_string();
        match error {
            CallError::Service(error) => {
                let mut shown = Self::new(Kind::Service, message);
                let ServiceError { code, message, details, .. } = error;
                let details =
                    details.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
                shown.more.service = Some(ServiceFields { code, message, details, ordered: None });
                shown
            }
            CallError::Request(error) => error.into(),
            CallError::Other(_) => Self::general(message),
        }
    }
}

impl From<ParamsError> for CommandError {
    fn from(error: ParamsError) -> Self {
        match error {
            ParamsError::Words(message) => usage::with_usage_below(message),
            ParamsError::Unknown(_) => Self::below_usage(error.to_string(), usage::USAGE),
            ParamsError::Value(message) => Self::usage(message),
            ParamsError::Python(message) => Self::general(message),
        }
    }
}

impl From<ModelError> for CommandError {
    fn from(error: ModelError) -> Self {
        let cause = std::error::Error::source(&error).map(ToString::to_string);
        let shown = Self::general(error.to_string());
        match cause {
            Some(cause) => shown.caused_by(&cause),
            None => shown,
        }
    }
}

impl From<awsx_api::CallError> for CommandError {
    fn from(error: awsx_api::CallError) -> Self {
        use awsx_api::CallError as Error;
        let message = error.to_string();
        match error {
            Error::Service(mut error) => {
                explain_s3(&mut error);
                let mut shown = Self::new(Kind::Service, error.to_string());
                let awsx_api::ServiceError { code, message, fields, .. } = *error;
                shown.more.service = Some(ServiceFields::of(code, message, fields));
                shown
            }
            Error::Request(error) => error.into(),
            Error::Input(_) => Self::usage(message),
            Error::NoRegion => context::no_region(),
            Error::NoCredentials => context::no_credentials(),
            Error::File { source, .. } => Self::general(message).caused_by(&source),
            Error::Credentials(_)
            | Error::NoToken
            | Error::Endpoint(_)
            | Error::Signing(_)
            | Error::Body(_)
            | Error::Answer(_)
            | Error::Other(_)
            | Error::Checksum { .. } => Self::general(message),
        }
    }
}

/// The service's error as it is shown: S3's own words are of little help in a few cases, and no other service has these.
pub(crate) fn explained(error: &awsx_api::CallError) -> Option<awsx_api::ServiceError> {
    let mut error = error.service()?.clone();
    explain_s3(&mut error);
    Some(error)
}

/// Says more of what S3 says in its own terms, in AWS CLI's words.
fn explain_s3(error: &mut awsx_api::ServiceError) {
    let message = &error.message;
    let message = if message.contains("Please use AWS4-HMAC-SHA256") {
        format!(
            "You are attempting to operate on a bucket in a region that requires Signature Version 4.  {OTHER_REGION}"
        )
    } else if message.contains("AWS KMS managed keys require AWS Signature Version 4") {
        format!(
            "{message} You can enable AWS Signature Version 4 by running the command: \nawsx configure set \
             s3.signature_version s3v4"
        )
    } else {
        return;
    };
    error.fields.insert("Message", message.as_str());
    error.message = message;
}

const OTHER_REGION: &str = "You can fix this issue by explicitly providing the correct region location using the \
    --region argument, the AWS_DEFAULT_REGION environment variable, or the region variable in the AWS CLI \
    configuration file.  You can get the bucket's location by running \"awsx s3api get-bucket-location --bucket \
    BUCKET\".";

impl From<PagesError> for CommandError {
    fn from(error: PagesError) -> Self {
        match error {
            PagesError::Call(error) => error.into(),
            PagesError::Input(_) => Self::usage(error.to_string()),
            PagesError::StartingToken(_)
            | PagesError::SameToken(_)
            | PagesError::PageSize
            | PagesError::Model(_) => Self::general(error.to_string()),
        }
    }
}

impl From<WaitError> for CommandError {
    fn from(error: WaitError) -> Self {
        match error {
            WaitError::Call(error) => error.into(),
            WaitError::Failed { .. } | WaitError::Model(_) | WaitError::UnknownOperation { .. } => {
                Self::general(error.to_string())
            }
        }
    }
}

impl From<RequestError> for CommandError {
    fn from(error: RequestError) -> Self {
        Self::general(error.to_string()).caused_by(&error.cause)
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

impl From<WebSocketError> for CommandError {
    fn from(error: WebSocketError) -> Self {
        let message = error.to_string();
        match error {
            WebSocketError::Request(error) => error.into(),
            WebSocketError::BrokenOff(cause) => Self::general(message).caused_by(&cause),
            WebSocketError::Refused { .. } | WebSocketError::Invalid | WebSocketError::Closed { .. } => {
                Self::general(message)
            }
        }
    }
}

impl From<KubeconfigError> for CommandError {
    fn from(error: KubeconfigError) -> Self {
        let message = error.to_string();
        match error {
            KubeconfigError::Store(error) => error.into(),
            KubeconfigError::NotYaml(_) | KubeconfigError::WrongType { .. } => Self::general(message),
            KubeconfigError::Locked { lock, .. } => Self::general(message)
                .with_hint(format!("delete `{}` if no program is at work on it", lock.display())),
        }
    }
}

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
