//! `deploy install`.

use std::path::Path;

use awsx_params::os_error;

use super::agent::{Installer, System};
use super::on_premises;
use crate::commands::operation;
use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// Put CodeDeploy's agent on this machine
///
/// For Ubuntu, Red Hat Enterprise Linux and Windows Server, by who administers them. `awsx deploy register` writes the file
/// that the agent signs in with.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  sudo awsx deploy install --config-file codedeploy.onpremises.yml --region eu-west-1")]
pub(crate) struct InstallArgs {
    /// The file that `deploy register` wrote
    #[arg(long, value_name = "FILE")]
    config_file: String,
    /// Replace such a file on this machine
    #[arg(long)]
    override_config: bool,
    /// Another installer than AWS's: `s3://bucket/key`
    #[arg(long, value_name = "URL")]
    agent_installer: Option<String>,
}

pub(crate) fn run(context: &Context, args: &InstallArgs) -> CommandResult {
    let region = on_premises::region(context)?;
    let system = System::of_this_machine(context)?;
    system.check_rights()?;
    let config = system.config_path();
    if config.is_file() && !args.override_config {
        return Err(CommandError::general(
            "The on-premises instance configuration file already exists. Specify --override-config to update the existing \
             on-premises instance configuration file.",
        ));
    }
    let installer = installer(args.agent_installer.as_deref(), system, &region)?;
    let done = context.block_on(async {
        context.ui.out(format_args!("Creating the on-premises instance configuration file... "))?;
        copy(&args.config_file, &config)?;
        context.ui.out(format_args!("DONE\nInstalling the AWS CodeDeploy Agent... "))?;
        system.install(context, &region, &installer).await?;
        context.ui.out(format_args!("DONE\n"))
    });
    on_premises::or_by_hand(context, "Install the AWS CodeDeploy Agent on the on-premises instance", done)
}

fn installer(given: Option<&str>, system: System, region: &str) -> CommandResult<Installer> {
    let Some(url) = given.filter(|url| !url.is_empty()) else {
        let file = system.installer();
        return Ok(Installer {
            bucket: format!("aws-codedeploy-{region}"),
            key: format!("latest/{file}"),
            file: file.to_owned(),
        });
    };
    let parts = url.strip_prefix("s3://").and_then(|rest| rest.split_once('/'));
    let (bucket, key) =
        parts.filter(|(bucket, key)| !bucket.is_empty() && !key.is_empty()).ok_or_else(|| {
            CommandError::usage(
                "--agent-installer must specify the Amazon S3 URL format as s3://<bucket>/<key>.",
            )
        })?;
    let file = key.rsplit('/').next().unwrap_or(key).to_owned();
    Ok(Installer { bucket: bucket.to_owned(), key: key.to_owned(), file })
}

/// The copy holds keys: it is for its owner alone.
fn copy(from: &str, to: &Path) -> CommandResult {
    if let Some(folder) = to.parent() {
        let made = std::fs::create_dir_all(folder);
        made.map_err(|error| CommandError::general(os_error(&error, folder)))?;
    }
    let from = Path::new(from);
    if from == to {
        return Ok(());
    }
    let text = std::fs::read(from).map_err(|error| CommandError::general(os_error(&error, from)))?;
    operation::write_private(to, &text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_installer_is_awss_unless_another_is_named() {
        let own = installer(None, System::RedHat, "eu-west-1").unwrap();
        assert_eq!((own.bucket.as_str(), own.key.as_str()), ("aws-codedeploy-eu-west-1", "latest/install"));
        let other = installer(Some("s3://tools/agents/mine"), System::RedHat, "eu-west-1").unwrap();
        assert_eq!(
            (other.bucket.as_str(), other.key.as_str(), other.file.as_str()),
            ("tools", "agents/mine", "mine")
        );
        assert!(installer(Some("tools/mine"), System::RedHat, "eu-west-1").is_err());
    }

    #[test]
    fn the_file_is_copied_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("from"), folder.path().join("conf/to"));
        copy(&from.display().to_string(), &to).unwrap_err();
        awsx_core::store::write_atomic(&from, b"keys").unwrap();
        copy(&from.display().to_string(), &to).unwrap();
        assert_eq!(std::fs::read(&to).unwrap(), b"keys");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(to.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
}
