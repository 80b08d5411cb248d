//! What keeps keys from being listed or replaced. The texts are our own.

use time::OffsetDateTime;

/// A fault around access keys.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// The profile takes its credentials from elsewhere.
    #[error("the profile `{0}` has no access keys of its own")]
    NoKeys(String),
    /// Keys of an account's root, or something else that IAM does not manage as a user's.
    #[error("the access key `{key_id}` belongs to `{arn}`, which is no IAM user")]
    NotAUser {
        /// The key.
        key_id: String,
        /// Whose it is.
        arn: String,
    },
    /// There is no room for a new one.
    #[error("the user `{user}` has two access keys already, and AWS allows no third")]
    TwoKeys {
        /// The user.
        user: String,
        /// The key that is not the profile's.
        other: String,
        /// Whether requests may be signed with it.
        other_is_active: bool,
    },
    /// A second key appeared while the first was about to be replaced, and somebody uses it.
    #[error(
        "somebody made the access key `{0}` while the profile's key was being replaced, and it is in use"
    )]
    OtherKeyInUse(String),
    /// AWS does not know the new key yet.
    #[error("the new access key `{key_id}` did not work within {seconds} seconds")]
    NotYetWorking {
        /// The new key.
        key_id: String,
        /// How long it was tried.
        seconds: u64,
    },
    /// Somebody else has edited the files.
    #[error("the profile `{0}` no longer holds the access key that was to be replaced")]
    Changed(String),
    /// Nothing to finish.
    #[error("no rotation of the keys of the profile `{0}` is under way")]
    NothingToFinish(String),
    /// A time that AWS reports cannot be read.
    #[error("AWS reports a time that is none: {0}")]
    Time(String),
}

/// AWS's time in ours.
pub(super) fn time_of(time: aws_smithy_types::DateTime) -> Result<OffsetDateTime, KeysError> {
    OffsetDateTime::from_unix_timestamp(time.secs()).map_err(|_| KeysError::Time(time.to_string()))
}
