//! What goes wrong on the chain. The texts are AWS CLI's, unless marked.

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
    /// Keys in the environment whose stated expiry is over.
    #[error("Credentials were refreshed, but the refreshed credentials are still expired.")]
    Expired,
    /// A source that this version cannot use (our own text).
    #[error("the profile `{profile}` takes its credentials from `{key}`, which awsx cannot do")]
    Unsupported {
        /// The profile.
        profile: String,
        /// The key that asks for it.
        key: &'static str,
    },
    /// Narrower, labelled or shorter credentials were wished for where no role is taken (our own text).
    #[error(
        "only a role that is taken can be narrowed, labelled or timed, and these credentials come from {given_by}"
    )]
    NotNarrowable {
        /// What gives the credentials.
        given_by: &'static str,
    },
}
