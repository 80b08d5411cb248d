//! A file put into a bucket, with AWS CLI's words.

use std::path::Path;

use awsx_model::Input;

use super::values::members;
use crate::commands::operation::ServiceClient;
use crate::context::Context;
use crate::error::{CommandError, CommandResult, Kind};

/// Uploads a file in one request, with further members of that request, and tells of it.
pub(super) async fn put(
    context: &Context,
    s3: &ServiceClient<'_>,
    path: &Path,
    (bucket, key): (&str, &str),
    further: impl IntoIterator<Item = (&'static str, Input)>,
) -> CommandResult {
    let size = path.metadata().map_or(0, |file| file.len());
    let told = || context.ui.err(format_args!("\rUploading to {key}  {size} / {size}.0  (100.00%)"));
    let object = [("Bucket", bucket.into()), ("Key", key.into()), ("Body", Input::File(path.to_owned()))];
    if let Err(error) = s3.call("PutObject", members(object.into_iter().chain(further))).await {
        // What a service refuses has been sent.
        if error.kind == Kind::Service {
            told();
        }
        return Err(match error.service_code() {
            Some("NoSuchBucket") => CommandError::general(format!(
                "S3 Bucket does not exist. Execute the command to create a new bucket\nawsx s3 mb s3://{bucket}"
            )),
            _ => error,
        });
    }
    told();
    Ok(())
}
