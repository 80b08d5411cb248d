//! `gamelift upload-build`.

use std::path::Path;

use awsx_auth::Credentials;
use awsx_auth::Method;
use awsx_core::Secret;
use awsx_model::Input;
use awsx_output::Value;

use crate::commands::operation::{Instead, ServiceClient};
use crate::commands::s3::human_size;
use crate::commands::verbs::archive::{self, Hidden};
use crate::commands::verbs::values::{members, text_at};
use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// Upload a folder as a new build of a game server
///
/// GameLift lends the keys that it is uploaded with.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  awsx gamelift upload-build --name arena --build-version 1.4 --build-root build --operating-system AMAZON_LINUX_2023 \\
    --tags stage=live")]
pub(crate) struct UploadBuildArgs {
    /// The build's name
    #[arg(long, value_name = "NAME")]
    name: String,
    /// Its version
    #[arg(long, value_name = "VERSION")]
    build_version: String,
    /// The folder
    #[arg(long, value_name = "FOLDER")]
    build_root: String,
    /// The version of GameLift's SDK that it is built with
    #[arg(long, value_name = "VERSION")]
    server_sdk_version: Option<String>,
    /// What it runs on
    #[arg(long, value_name = "SYSTEM")]
    operating_system: Option<String>,
    /// Its tags
    #[arg(long, value_name = "KEY=VALUE", num_args = 1..)]
    tags: Vec<String>,
}

pub(crate) fn run(context: &Context, args: &UploadBuildArgs) -> CommandResult {
    let root = args.build_root.as_str();
    let id = context.block_on(async {
        let gamelift = ServiceClient::connect(context, "gamelift").await?;
        if root.is_empty() || !has_files(Path::new(root), 0) {
            context.ui.err(format_args!(
                "Fail to upload {root}. The build root directory is empty or does not exist.\n"
            ));
            return Err(CommandError::said(255));
        }
        let answer = gamelift.call("CreateBuild", build(args)).await?;
        let id = answer.get("Build").map(|build| text_at(build, "BuildId").to_owned()).unwrap_or_default();
        let answer =
            gamelift.call("RequestUploadCredentials", members([("BuildId", id.as_str().into())])).await?;
        upload(context, root, &answer).await?;
        CommandResult::Ok(id)
    })?;
    context.ui.out(format_args!("Successfully uploaded {root} to AWS GameLift\nBuild ID: {id}\n"))
}

fn build(args: &UploadBuildArgs) -> Input {
    let filled = |text: &Option<String>| text.clone().filter(|text| !text.is_empty()).map(Input::from);
    let tags = args.tags.iter().map(|tag| {
        let (key, value) = tag.split_once('=').unwrap_or((tag, ""));
        members([("Key", key.into()), ("Value", value.into())])
    });
    let given = [
        ("Name", Some(args.name.as_str().into())),
        ("Version", Some(args.build_version.as_str().into())),
        ("OperatingSystem", filled(&args.operating_system)),
        ("ServerSdkVersion", filled(&args.server_sdk_version)),
        ("Tags", (!args.tags.is_empty()).then(|| Input::List(tags.collect()))),
    ];
    members(given.into_iter().filter_map(|(name, value)| Some((name, value?))))
}

/// Packs the folder, and puts it where GameLift said, with the keys that it lent.
async fn upload(context: &Context, root: &str, answer: &Value) -> CommandResult {
    let part = |name: &str| answer.get(name).cloned().unwrap_or_default();
    let (keys, place) = (part("UploadCredentials"), part("StorageLocation"));
    let secret = |name: &str| Secret::new(text_at(&keys, name).to_owned());
    let credentials = Credentials {
        access_key_id: text_at(&keys, "AccessKeyId").to_owned(),
        secret_access_key: secret("SecretAccessKey"),
        session_token: Some(secret("SessionToken")),
        expiration: None,
        account_id: None,
        method: Method::Environment,
    };
    let instead =
        Instead { credentials: Some(credentials), ignores_endpoint_option: true, ..Instead::default() };
    let s3 = ServiceClient::connect_as(context, "s3", instead).await?;
    let folder = std::path::absolute(root).map_err(|error| unpackable(root, &error))?;
    let archive = archive::of_folder(&folder, Hidden::Packed).map_err(|error| unpackable(root, &error))?;
    let object = [
        ("Bucket", text_at(&place, "Bucket").into()),
        ("Key", text_at(&place, "Key").into()),
        ("Body", Input::File(archive.path().to_owned())),
    ];
    s3.call("PutObject", members(object)).await?;
    let size = human_size(archive.path().metadata().map_or(0, |file| file.len()));
    context.ui.out(format_args!("\rUploading {root}:  {size} / {size}  (100.00%)"))
}

fn unpackable(root: &str, error: &std::io::Error) -> CommandError {
    CommandError::general(format!("could not pack `{root}`")).caused_by(error)
}

/// Whether there is a file in the folder or below. Folders that are links are not looked into.
fn has_files(folder: &Path, depth: usize) -> bool {
    const DEPTH: usize = 64;
    let Ok(entries) = folder.read_dir() else { return false };
    let paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    let is_below = |path: &Path| depth < DEPTH && !path.is_symlink() && has_files(path, depth + 1);
    paths.iter().any(|path| !path.is_dir()) || paths.iter().any(|path| is_below(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_alone_are_no_build() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("a/b")).unwrap();
        assert!(!has_files(folder.path(), 0));
        assert!(!has_files(&folder.path().join("none"), 0));
        awsx_core::store::write_atomic(&folder.path().join("a/b/c"), b"").unwrap();
        assert!(has_files(folder.path(), 0));
    }
}
