//! The template's way to S3, and the version that it becomes.

use std::path::Path;

use awsx_model::Input;
use awsx_output::{Value, python_json_indented};

use crate::commands::operation::ServiceClient;
use crate::commands::verbs::upload;
use crate::commands::verbs::values::members;
use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// A template, and what the version of it is called.
#[derive(clap::Args, Debug)]
pub(super) struct TemplateArgs {
    /// The template
    #[arg(long, value_name = "FILE")]
    file_path: String,
    /// The bucket that it is uploaded to
    #[arg(long, value_name = "BUCKET")]
    bucket_name: String,
    /// The version's name
    #[arg(long, value_name = "NAME")]
    provisioning_artifact_name: String,
    /// What is said of the version
    #[arg(long, value_name = "TEXT")]
    provisioning_artifact_description: String,
    /// What the version is
    #[arg(long, value_name = "TYPE",
        value_parser = ["CLOUD_FORMATION_TEMPLATE", "MARKETPLACE_AMI", "MARKETPLACE_CAR"])]
    provisioning_artifact_type: String,
}

/// Where AWS CLI knows Service Catalog to be.
const REGIONS: [&str; 30] = [
    "af-south-1",
    "ap-east-1",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-6",
    "ca-central-1",
    "ca-west-1",
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
];

impl TemplateArgs {
    /// Uploads the template, and gives the version that Service Catalog is to make of it.
    pub(super) async fn upload(&self, context: &Context) -> CommandResult<Input> {
        let region = region(context)?;
        let path = Path::new(&self.file_path);
        if !path.exists() {
            return Err(CommandError::general(format!("{} cannot be found", self.file_path)));
        }
        let key = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let s3 = ServiceClient::connect(context, "s3").await?;
        let encryption = [("ServerSideEncryption", Input::from("AES256"))];
        upload::put(context, &s3, path, (&self.bucket_name, &key), encryption).await?;
        let host = match region.as_str() {
            "us-east-1" => "s3.amazonaws.com".to_owned(),
            region => format!("s3-{region}.amazonaws.com"),
        };
        let url = format!("https://{host}/{}/{key}", self.bucket_name);
        Ok(members([
            ("Name", self.provisioning_artifact_name.as_str().into()),
            ("Description", self.provisioning_artifact_description.as_str().into()),
            ("Info", members([("LoadTemplateFromURL", url.into())])),
            ("Type", self.provisioning_artifact_type.as_str().into()),
        ]))
    }
}

/// The region, one of those that are known.
fn region(context: &Context) -> CommandResult<String> {
    match context.region_if_any()? {
        Some(region) if REGIONS.contains(&region.as_str()) => Ok(region),
        // AWS CLI names the option's value alone.
        _ => Err(CommandError::usage(format!(
            "An error occurred (InvalidParametersException) : Region {} is not supported",
            context.globals.region.as_deref().unwrap_or("None")
        ))),
    }
}

/// Prints what was made, whatever the output format, and without a line end, as AWS CLI does.
pub(super) fn show(context: &Context, answer: &Value) -> CommandResult {
    context.ui.out(format_args!("{}", python_json_indented(answer, 2, false)))
}
