//! What goes wrong on the chain. The texts are AWS CLI's, unless marked.

use std::io;

use crate::credentials::EndError;
use crate::error::text_of;

/// A fault in how credentials are configured.
#[derive(Debug, thiserror::Error)]
pub enum ChainError {
    /// Half of a key pair, or a role without a source.
    #[error("Partial credentials found in {method}, missing: {missing}")]
    Partial {
        /// The link, by botocore's name.
        method: &'static str,
        /// The absent keys.
        missing: &'static str,
    },
    /// The source profile is in neither file.
    #[error(
        "The source_profile \"{source_profile}\" referenced in the profile \"{profile}\" does not exist."
    )]
    SourceUnknown {
        /// The named source.
        source_profile: String,
        /// The profile that names it.
        profile: String,
    },
    /// Two sources where there can be one.
    #[error("The profile \"{0}\" contains both source_profile and credential_source.")]
    TwoSources(String),
    /// `credential_source` is none of the three it can be.
    #[error("The credential source \"{source_name}\" referenced in profile \"{profile}\" is not valid.")]
    SourceInvalid {
        /// The value.
        source_name: String,
        /// The profile.
        profile: String,
    },
    /// The source profile gives no keys.
    #[error("The source profile \"{0}\" must have credentials.")]
    SourceWithoutCredentials(String),
    /// Profiles that are each other's source.
    #[error(
        "Infinite loop in credential configuration detected. Attempting to load from profile {profile} which has \
         already been visited. Visited profiles: [{}]",
        .visited.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", ")
    )]
    Loop {
        /// The profile met again.
        profile: String,
        /// The way so far.
        visited: Vec<String>,
    },
    /// The end that the environment states for its keys.
    #[error(transparent)]
    End(#[from] EndError),
    /// The named source has no keys here.
    #[error(
        "Error when retrieving credentials from {source_name}: No credentials found in credential_source referenced in \
         profile {profile}"
    )]
    SourceEmpty {
        /// `Environment`, `EcsContainer` or `Ec2InstanceMetadata`.
        source_name: String,
        /// The profile that names it.
        profile: String,
    },
    /// The profile names an Identity Center session that is not configured.
    #[error("The specified sso-session does not exist: \"{0}\"")]
    UnknownSession(String),
    /// A token file without a role to take.
    #[error(
        "The provided profile or the current environment is configured to assume role with web identity but has no role \
         ARN configured. Ensure that the profile has the role_arnconfiguration set or the AWS_ROLE_ARN env var is set."
    )]
    WebIdentityWithoutRole,
    /// The token of a web identity cannot be read.
    #[error("[Errno {}] {}: '{path}'", .source.raw_os_error().unwrap_or_default(), text_of(source))]
    TokenFile {
        /// The file.
        path: String,
        /// Why.
        source: io::Error,
    },
    /// A file that a variable names is not there.
    #[error("[Errno 2] No such file or directory: '{path}'")]
    MissingFile {
        /// The file.
        path: String,
    },
    /// A file of an older tool is not in the dialect of these files.
    #[error("Unable to parse config file: {path}")]
    UnreadableFile {
        /// The file.
        path: String,
    },
    /// No link has any keys.
    #[error("Unable to locate credentials. You can configure credentials by running \"awsx login\".")]
    NoCredentials,
    /// An MFA session is wanted without a device (our own text).
    #[error("the profile `{profile}` names no MFA device, so no session can be opened for its keys")]
    NoDevice {
        /// The profile.
        profile: String,
    },
    /// A session tag that is none (our own text).
    #[error("`{tag}` in `session_tags` of the profile `{profile}` is not of the form `key=value`")]
    BadTag {
        /// The profile.
        profile: String,
        /// What stands there.
        tag: String,
    },
    /// Narrower, labelled or shorter credentials were wished for where no role is taken (our own text).
    #[error(
        "only a role that is taken can be narrowed, labelled or timed, and these credentials come from {given_by}"
    )]
    NotNarrowable {
        /// What gives the credentials.
        given_by: &'static str,
    },
    /// More than AWS gives to a role over a role (our own text).
    #[error(
        "the role `{role_arn}` is taken with another role's credentials, and such a session lasts an hour at most"
    )]
    ChainedTooLong {
        /// The role.
        role_arn: String,
    },
}
