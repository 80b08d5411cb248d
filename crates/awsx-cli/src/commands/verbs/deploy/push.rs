//! `deploy push`.

use std::path::{Path, PathBuf};

use awsx_model::Input;
use awsx_s3::Stored;
use awsx_s3::options::ObjectOptions;
use time::format_description::well_known::Rfc3339;

use crate::commands::operation::ServiceClient;
use crate::commands::verbs::archive::{self, Hidden};
use crate::commands::verbs::artifact::Artifact;
use crate::commands::verbs::values::members;
use crate::context::Context;
use crate::error::{CommandError, CommandResult, Kind};

/// Upload a folder as a zip file and register it as a revision of an application
///
/// The folder must have an `appspec.yml`. What is printed then deploys the revision.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  awsx deploy push --application-name shop --s3-location s3://bundles/shop.zip --source build")]
pub(crate) struct PushArgs {
    /// The application
    #[arg(long, value_name = "NAME")]
    application_name: String,
    /// Where the zip file goes: `s3://bucket/key`
    #[arg(long, value_name = "URL")]
    s3_location: String,
    /// Leave out files and folders whose names begin with a dot
    #[arg(long)]
    ignore_hidden_files: bool,
    /// Pack these too (default)
    #[arg(long)]
    no_ignore_hidden_files: bool,
    /// The folder
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    source: PathBuf,
    /// What is said of the revision
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
}

pub(crate) fn run(context: &Context, args: &PushArgs) -> CommandResult {
    let (bucket, key) = location(&args.s3_location)?;
    if args.ignore_hidden_files && args.no_ignore_hidden_files {
        return Err(CommandError::usage(
            "You cannot specify both --ignore-hidden-files and --no-ignore-hidden-files.",
        ));
    }
    let folder = std::path::absolute(&args.source).map_err(|error| unpackable(&args.source, &error))?;
    let specification = folder.join("appspec.yml");
    if !specification.is_file() {
        return Err(CommandError::general(format!("{} was not found", specification.display())));
    }
    let hidden = if args.ignore_hidden_files { Hidden::LeftOut } else { Hidden::Packed };
    let bundle = archive::of_folder(&folder, hidden).map_err(|error| unpackable(&folder, &error))?;
    let revision = context.block_on(async {
        let codedeploy = ServiceClient::connect(context, "codedeploy").await?;
        let bundle = Artifact { path: bundle.path(), bucket, key, options: ObjectOptions::default() };
        let stored = bundle.upload(context).await.map_err(|error| match error.kind {
            Kind::Said(_) | Kind::Interrupted => error,
            _ => CommandError::general(format!(
                "Failed to upload '{}' to '{}': {}",
                args.source.display(),
                args.s3_location,
                error.message
            )),
        })?;
        let revision = Revision::of(bucket, key, stored);
        codedeploy.call("RegisterApplicationRevision", revision.registration(context, args)).await?;
        CommandResult::Ok(revision)
    })?;
    context.ui.out(format_args!(
        "To deploy with this revision, run:\nawsx deploy create-deployment --application-name {} --s3-location \
         {} --deployment-group-name <deployment-group-name> --deployment-config-name <deployment-config-name> \
         --description <description>\n",
        args.application_name,
        revision.shorthand()
    ))
}

/// Bucket and key.
fn location(url: &str) -> CommandResult<(&str, &str)> {
    let parts = url.strip_prefix("s3://").and_then(|rest| rest.split_once('/'));
    parts.filter(|(bucket, key)| !bucket.is_empty() && !key.is_empty()).ok_or_else(|| {
        CommandError::usage("--s3-location must specify the Amazon S3 URL format as s3://<bucket>/<key>.")
    })
}

fn unpackable(folder: &Path, error: &std::io::Error) -> CommandError {
    CommandError::general(format!("could not pack `{}`", folder.display())).caused_by(error)
}

/// The bundle where it lies.
struct Revision {
    bucket: String,
    key: String,
    etag: String,
    version: Option<String>,
}

impl Revision {
    fn of(bucket: &str, key: &str, stored: Stored) -> Self {
        let etag = stored.etag.unwrap_or_default().replace('"', "");
        Self { bucket: bucket.to_owned(), key: key.to_owned(), etag, version: stored.version }
    }

    fn registration(&self, context: &Context, args: &PushArgs) -> Input {
        let place = [
            ("bucket", self.bucket.as_str().into()),
            ("key", self.key.as_str().into()),
            ("bundleType", "zip".into()),
            ("eTag", self.etag.as_str().into()),
        ];
        let version = self.version.as_deref().map(|version| ("version", version.into()));
        let place = members(place.into_iter().chain(version));
        let description = args.description.clone().filter(|text| !text.is_empty()).unwrap_or_else(|| {
            format!("Uploaded by awsx {}", context.env().now().format(&Rfc3339).unwrap_or_default())
        });
        members([
            ("applicationName", args.application_name.as_str().into()),
            ("revision", members([("revisionType", "S3".into()), ("s3Location", place)])),
            ("description", description.into()),
        ])
    }

    fn shorthand(&self) -> String {
        let version = self.version.as_ref().map(|version| format!(",version={version}")).unwrap_or_default();
        format!("bucket={},key={},bundleType=zip,eTag={}{version}", self.bucket, self.key, self.etag)
    }
}
