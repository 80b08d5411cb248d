//! A file that a verb puts into S3, as `s3 cp` does: in parts where it is large.

use std::path::Path;

use awsx_model::Input;
use awsx_s3::Stored;
use awsx_s3::options::ObjectOptions;
use awsx_s3::plan::Task;
use awsx_s3::transfer::{Single, TransferError, TransferSettings};

use super::values::members;
use crate::commands::operation::{Instead, ServiceClient};
use crate::commands::s3;
use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// A file and the object it becomes.
pub(super) struct Artifact<'a> {
    pub(super) path: &'a Path,
    pub(super) bucket: &'a str,
    pub(super) key: &'a str,
    /// Of these: the encryption and the metadata.
    pub(super) options: ObjectOptions,
}

impl Artifact<'_> {
    /// Uploads it. With `--dry-run-request` the request is printed, and the command ends.
    pub(super) async fn upload(&self, context: &Context) -> CommandResult<Stored> {
        if context.globals.dry_run_request {
            let instead = Instead { ignores_endpoint_option: true, ..Instead::default() };
            ServiceClient::connect_as(context, "s3", instead).await?.call("PutObject", self.input()).await?;
        }
        let headers = self.options.headers().map_err(|error| CommandError::usage(error.to_string()))?;
        let settings = TransferSettings { guesses_type: false, ..s3::transfers(context, headers)? };
        let single = Single::start(&s3::client_for_verb(context).await?, settings);
        let size = self.path.metadata().map_or(0, |file| file.len());
        let (bucket, key) = (self.bucket.into(), self.key.to_owned());
        context.ui.end_work_on_interrupt(single.interrupter());
        let stored = single.run(Task::Upload { path: self.path.to_owned(), size, bucket, key }).await;
        context.ui.work_is_over();
        stored?.ok_or_else(CommandError::interrupted)
    }

    /// The same as an operation's input.
    fn input(&self) -> Input {
        let ObjectOptions { sse, sse_kms_key_id, metadata, .. } = &self.options;
        let text = |text: &String| Input::Text(text.clone());
        let metadata = metadata.iter().map(|(name, value)| (name.as_str(), text(value)));
        let always = [
            ("Bucket", self.bucket.into()),
            ("Key", self.key.into()),
            ("Body", Input::File(self.path.to_owned())),
        ];
        let chosen = [
            sse.as_ref().map(|sse| ("ServerSideEncryption", text(sse))),
            sse_kms_key_id.as_ref().map(|id| ("SSEKMSKeyId", text(id))),
            (metadata.len() > 0).then(|| ("Metadata", members(metadata))),
        ];
        members(always.into_iter().chain(chosen.into_iter().flatten()))
    }
}

impl From<TransferError> for CommandError {
    fn from(error: TransferError) -> Self {
        match error {
            TransferError::Call(error) => error.into(),
            other => Self::general(other.to_string()),
        }
    }
}
