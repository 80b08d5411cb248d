//! The one error of the binary: what is shown, what to do next, which exit code.
//!
//! ```text
//! show        a line with its hints, or fields for a program that reads them
//! here        from errors of words, files, settings and models
//! calls       from errors of calls and of services
//! signing_in  from errors on the way to credentials
//! ```
//!
//! The conversions from the crates' errors stand here and nowhere else: they pick the kind, which alone sets the
//! exit code, and the hint.

mod calls;
mod here;
mod show;
mod signing_in;

use std::process::ExitCode;

use awsx_api::wire::NoKeys;
use awsx_core::settings::Settings;
use awsx_output::{Key, Map, Value};

use crate::ui::Ui;

pub(crate) use calls::explained;

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
}
