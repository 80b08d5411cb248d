//! What S3 takes as metadata of an object.

use crate::CallError;

/// Refuses metadata that no header can hold, as botocore does and in its words.
///
/// # Errors
///
/// [`CallError::Input`], with the first entry that is not ASCII.
pub fn check_metadata<'a>(entries: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<(), CallError> {
    match entries.into_iter().find(|(key, value)| !key.is_ascii() || !value.is_ascii()) {
        None => Ok(()),
        Some((key, value)) => Err(CallError::Input(format!(
            "Parameter validation failed:\nNon ascii characters found in S3 metadata for key \"{key}\", value: \
             \"{value}\".  \nS3 metadata can only contain ASCII characters. "
        ))),
    }
}
