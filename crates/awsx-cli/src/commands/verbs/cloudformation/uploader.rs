//! Files to S3 under the hash of their content, so that what is there already is not sent again.

use std::cell::OnceCell;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use awsx_core::store::hash::hex;
use awsx_s3::options::ObjectOptions;
use indexmap::IndexMap;
use md5::{Digest, Md5};

use crate::commands::operation::{Instead, ServiceClient};
use crate::commands::verbs::artifact::Artifact;
use crate::commands::verbs::values::members;
use crate::context::Context;
use crate::error::{CommandError, CommandResult, Kind};

/// Where files go, and how.
pub(super) struct Uploader<'c> {
    pub(super) context: &'c Context,
    pub(super) bucket: &'c str,
    /// What the names of objects begin with.
    pub(super) prefix: Option<&'c str>,
    /// The key that objects are encrypted with; S3's own without one.
    pub(super) kms_key_id: Option<&'c str>,
    /// Whether what is there already is sent again.
    pub(super) force: bool,
    /// What every object is described by.
    pub(super) metadata: IndexMap<String, String>,
    /// Made for the first file: a template may name none.
    pub(super) s3: OnceCell<ServiceClient<'c>>,
}

impl<'c> Uploader<'c> {
    /// Uploads a file unless it is there, and gives the name of its object.
    pub(super) async fn upload(&self, path: &Path, extension: Option<&str>) -> CommandResult<String> {
        let checksum = checksum(path).map_err(|error| {
            CommandError::general(format!("could not read `{}`", path.display())).caused_by(&error)
        })?;
        let name = match extension {
            Some(extension) => format!("{checksum}.{extension}"),
            None => checksum,
        };
        let key = match self.prefix.filter(|prefix| !prefix.is_empty()) {
            Some(prefix) => format!("{prefix}/{name}"),
            None => name,
        };
        if self.force || !self.is_there(&key).await? {
            self.put(path, &key).await?;
        }
        Ok(key)
    }

    /// An object's URL as S3's own commands write it.
    pub(super) fn s3_url(&self, key: &str) -> String {
        format!("s3://{}/{key}", self.bucket)
    }

    /// An object's URL with the bucket in its path, which CloudFormation asks for.
    pub(super) async fn path_url(&self, key: &str) -> CommandResult<String> {
        let endpoint = self.s3().await?.endpoint_url("ListBuckets").await?;
        Ok(format!("{endpoint}/{}/{key}", self.bucket))
    }

    async fn s3(&self) -> CommandResult<&ServiceClient<'c>> {
        if let Some(s3) = self.s3.get() {
            return Ok(s3);
        }
        let instead = Instead { ignores_endpoint_option: true, ..Instead::default() };
        let s3 = ServiceClient::connect_as(self.context, "s3", instead).await?;
        Ok(self.s3.get_or_init(|| s3))
    }

    /// Whether there is such an object. One that may not be looked at is not.
    async fn is_there(&self, key: &str) -> CommandResult<bool> {
        let object = members([("Bucket", self.bucket.into()), ("Key", key.into())]);
        match self.s3().await?.call("HeadObject", object).await {
            Ok(_) => Ok(true),
            Err(error) if error.kind == Kind::Service => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn put(&self, path: &Path, key: &str) -> CommandResult {
        let kms_key_id = self.kms_key_id.filter(|id| !id.is_empty());
        let options = ObjectOptions {
            sse: Some(if kms_key_id.is_some() { "aws:kms" } else { "AES256" }.to_owned()),
            sse_kms_key_id: kms_key_id.map(str::to_owned),
            metadata: self.metadata.iter().map(|(name, value)| (name.clone(), value.clone())).collect(),
            ..ObjectOptions::default()
        };
        let artifact = Artifact { path, bucket: self.bucket, key, options };
        artifact.upload(self.context).await.map_err(|error| match error.service_code() {
            Some("NoSuchBucket") => CommandError::general(format!(
                "S3 Bucket does not exist. Execute the command to create a new bucket\nawsx s3 mb s3://{}",
                self.bucket
            )),
            _ => error,
        })?;
        let size = path.metadata().map_or(0, |file| file.len());
        self.context.ui.err(format_args!("\rUploading to {key}  {size} / {size}.0  (100.00%)"));
        Ok(())
    }
}

/// The MD5 of a file's bytes: a name, no more.
fn checksum(path: &Path) -> std::io::Result<String> {
    let mut file = File::open(path)?;
    let mut hash = Md5::new();
    let mut piece = vec![0; 64 * 1024];
    loop {
        let read = file.read(&mut piece)?;
        if read == 0 {
            break;
        }
        hash.update(&piece[..read]);
    }
    Ok(hex(&hash.finalize()))
}
