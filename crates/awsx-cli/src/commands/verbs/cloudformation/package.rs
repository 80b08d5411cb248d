//! `cloudformation package`.

use std::cell::OnceCell;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use awsx_params::Given;
use indexmap::IndexMap;

use super::artifacts;
use super::uploader::Uploader;
use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// Upload the local files that a template names, and print the template that names them in S3
///
/// Folders become zip files, and so do single files of code. An object is named by the hash of its content: what did not
/// change is not sent again.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  awsx cloudformation package --template-file template.yaml --s3-bucket artifacts --output-template-file packaged.yaml
  awsx cloudformation deploy --template-file packaged.yaml --stack-name shop")]
pub(crate) struct PackageArgs {
    /// The template
    #[arg(long, value_name = "FILE")]
    template_file: PathBuf,
    /// The bucket that files are uploaded to
    #[arg(long, value_name = "BUCKET")]
    s3_bucket: String,
    /// What the names of the objects begin with
    #[arg(long, value_name = "PREFIX")]
    s3_prefix: Option<String>,
    /// The KMS key that the objects are encrypted with
    #[arg(long, value_name = "ID")]
    kms_key_id: Option<String>,
    /// The file that the template is written to, instead of printing it
    #[arg(long, value_name = "FILE")]
    output_template_file: Option<PathBuf>,
    /// Write JSON, not YAML
    #[arg(long)]
    use_json: bool,
    /// Upload files that are there already
    #[arg(long)]
    force_upload: bool,
    /// What every object is described by: `Key=value,Key=value`, or JSON
    #[arg(long, value_name = "MAP")]
    metadata: Option<String>,
}

pub(crate) fn run(context: &Context, args: &PackageArgs) -> CommandResult {
    let path = &args.template_file;
    let uploader = Uploader {
        context,
        bucket: &args.s3_bucket,
        prefix: args.s3_prefix.as_deref(),
        kms_key_id: args.kms_key_id.as_deref(),
        force: args.force_upload,
        metadata: metadata(args.metadata.as_deref())?,
        s3: OnceCell::new(),
    };
    if !path.is_file() {
        return Err(CommandError::general(format!("Invalid template path {}", path.display())));
    }
    let template = context.block_on(artifacts::export(&absolute(path)?, &uploader))?;
    let text = if args.use_json { template.to_json() } else { awsx_output::yaml_template(&template) };
    let Some(output) = &args.output_template_file else {
        return context.ui.out(format_args!("\n{text}"));
    };
    write(output, &text)?;
    context.ui.out(format_args!(
        "\nSuccessfully packaged artifacts and wrote output template to file {}.\nExecute the following command to \
         deploy the packaged template\nawsx cloudformation deploy --template-file {} --stack-name <YOUR STACK NAME>\n",
        output.display(),
        absolute(output)?.display()
    ))
}

fn metadata(given: Option<&str>) -> CommandResult<IndexMap<String, String>> {
    let Some(given) = given else { return Ok(IndexMap::new()) };
    let entries = awsx_params::parse_structure("--metadata", given)?;
    let text_of = |value: Given| match value {
        Given::Text(text) => text,
        other => awsx_output::python_str(&other.as_value()),
    };
    Ok(entries.into_iter().map(|(name, value)| (name, text_of(value))).collect())
}

fn absolute(path: &Path) -> CommandResult<PathBuf> {
    std::path::absolute(path).map_err(|error| {
        CommandError::general(format!("could not find `{}`", path.display())).caused_by(&error)
    })
}

fn write(path: &Path, text: &str) -> CommandResult {
    let written = File::create(path).and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| {
        CommandError::general(format!("could not write `{}`", path.display())).caused_by(&error)
    })
}
