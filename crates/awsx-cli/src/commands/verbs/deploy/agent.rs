//! CodeDeploy's agent on this machine: how each system installs, stops and removes it.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use awsx_auth::Credentials;
use awsx_output::{Value, python_repr};
use awsx_params::os_error;

use crate::commands::operation::{Instead, ServiceClient};
use crate::commands::verbs::values::members;
use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// The systems that the agent is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum System {
    /// Ubuntu, and what its package of Ruby is called.
    Ubuntu { ruby: &'static str },
    /// Red Hat Enterprise Linux.
    RedHat,
    /// Windows Server.
    Windows,
}

/// Where the agent's installer lies.
pub(super) struct Installer {
    pub(super) bucket: String,
    pub(super) key: String,
    /// What it is called here.
    pub(super) file: String,
}

impl System {
    /// This machine's system, if the agent is made for it and it is not one of EC2's, which have an agent of their own.
    pub(super) fn of_this_machine(context: &Context) -> CommandResult<Self> {
        let system = if cfg!(windows) {
            Some(Self::Windows)
        } else {
            let release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
            Self::of_release(&release)
        };
        let system = system.ok_or_else(|| {
            CommandError::general(
                "Only Ubuntu Server, Red Hat Enterprise Linux Server and Windows Server operating systems are supported.",
            )
        })?;
        if context.instance_region()?.is_some() {
            return Err(CommandError::general("Amazon EC2 instances are not supported."));
        }
        Ok(system)
    }

    /// The system that `/etc/os-release` tells of.
    fn of_release(release: &str) -> Option<Self> {
        let value = |name: &str| {
            let line = release.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
            line.unwrap_or_default().trim_matches(['"', '\''])
        };
        let name = value("NAME");
        if name.contains("Ubuntu") {
            // AWS CLI asks for the package of 14.04, which later ones do not have.
            let is_old = value("VERSION_ID") == "14.04";
            return Some(Self::Ubuntu { ruby: if is_old { "ruby2.0" } else { "ruby-full" } });
        }
        name.contains("Red Hat Enterprise Linux").then_some(Self::RedHat)
    }

    /// The file that lets the agent sign in.
    pub(super) fn config_path(self) -> PathBuf {
        match self {
            Self::Windows => r"C:\ProgramData\Amazon\CodeDeploy\conf.onpremises.yml".into(),
            _ => Path::new("/etc/codedeploy-agent/conf").join(super::on_premises::CONFIG_FILE),
        }
    }

    /// What AWS's own installer is called.
    pub(super) fn installer(self) -> &'static str {
        match self {
            Self::Windows => "codedeploy-agent.msi",
            _ => "install",
        }
    }

    /// Refuses users who may not install programs.
    pub(super) fn check_rights(self) -> CommandResult {
        let refuse = |message: &str| Err(CommandError::general(message));
        match self {
            Self::Windows if !is_administrator() => refuse("You must run this command as an Administrator."),
            Self::Windows => Ok(()),
            _ if !is_root() => refuse("You must run this command as sudo."),
            _ => Ok(()),
        }
    }

    /// Fetches the installer into the working folder and runs it.
    pub(super) async fn install(
        self,
        context: &Context,
        region: &str,
        installer: &Installer,
    ) -> CommandResult {
        for words in self.preparation() {
            run(&words, &[])?;
        }
        self.stop()?;
        fetch(context, installer).await?;
        let file = installer.file.as_str();
        if self == Self::Windows {
            let file = format!(r".\{file}");
            run(&["cmd", "/C", &file, "/quiet", "/l", r".\codedeploy-agent-install-log.txt"], &[])?;
            run(&powershell("Restart-Service"), &[])?;
            let state = output(&powershell("Get-Service"))?;
            if !String::from_utf8_lossy(&state.stdout).contains("Running") {
                return Err(CommandError::general(
                    "The AWS CodeDeploy Agent did not start after installation.",
                ));
            }
            return Ok(());
        }
        let file = format!("./{file}");
        run(&["chmod", "+x", &file], &[])?;
        let keys = context.required_credentials().await?;
        run(&[&file, "auto"], &environment(region, &keys))
    }

    /// Removes the agent, if it is there.
    pub(super) fn uninstall(self) -> CommandResult {
        if !self.stop()? {
            return Ok(());
        }
        match self {
            Self::Ubuntu { .. } => run(&["dpkg", "-r", "codedeploy-agent"], &[]),
            Self::RedHat => run(&["yum", "-y", "erase", "codedeploy-agent"], &[]),
            Self::Windows => {
                let product = r#"name="CodeDeploy Host Agent""#;
                let words = ["wmic", "product", "where", product, "call", "uninstall", "/nointeractive"];
                let ended = output(&words)?;
                if ended.status.success() { Ok(()) } else { Err(failed("uninstall", &ended)) }
            }
        }
    }

    /// What the agent needs.
    fn preparation(self) -> Vec<Vec<&'static str>> {
        match self {
            Self::Ubuntu { ruby } => {
                vec![vec!["apt-get", "-y", "update"], vec!["apt-get", "-y", "install", ruby]]
            }
            Self::RedHat => vec![vec!["yum", "-y", "install", "ruby"]],
            Self::Windows => Vec::new(),
        }
    }

    /// Stops the agent. False if there is none.
    fn stop(self) -> CommandResult<bool> {
        let ended = match self {
            Self::Windows => output(&powershell("Stop-Service"))?,
            _ => output(&["service", "codedeploy-agent", "stop"])?,
        };
        if ended.status.success() {
            return Ok(true);
        }
        if self.tells_of_no_agent(&String::from_utf8_lossy(&ended.stderr)) {
            return Ok(false);
        }
        Err(failed("stop", &ended))
    }

    fn tells_of_no_agent(self, text: &str) -> bool {
        let parts: &[&str] = match self {
            Self::Ubuntu { .. } => &["codedeploy-agent: unrecognized service", "not loaded"],
            Self::RedHat => &["Redirecting to /bin/systemctl stop", "not loaded"],
            Self::Windows => &["Cannot find any service with service name 'codedeployagent'"],
        };
        parts.iter().any(|part| text.contains(part))
    }
}

fn powershell(command: &str) -> [&str; 5] {
    ["powershell.exe", "-Command", command, "-Name", "codedeployagent"]
}

/// The installer downloads the agent with the keys of who runs it.
fn environment(region: &str, keys: &Credentials) -> Vec<(&'static str, String)> {
    let mut variables = vec![
        ("AWS_REGION", region.to_owned()),
        ("AWS_ACCESS_KEY_ID", keys.access_key_id.clone()),
        ("AWS_SECRET_ACCESS_KEY", keys.secret_access_key.expose().clone()),
    ];
    if let Some(token) = &keys.session_token {
        variables.push(("AWS_SESSION_TOKEN", token.expose().clone()));
    }
    variables
}

async fn fetch(context: &Context, installer: &Installer) -> CommandResult {
    let Installer { bucket, key, file } = installer;
    let instead = Instead { ignores_endpoint_option: true, ..Instead::default() };
    let s3 = ServiceClient::connect_as(context, "s3", instead).await?;
    let object = members([("Bucket", bucket.as_str().into()), ("Key", key.as_str().into())]);
    let mut body = s3.fetch("GetObject", object).await?.body;
    let failed = |error| CommandError::general(os_error(&error, Path::new(file)));
    let mut out = File::create(file).map_err(failed)?;
    while let Some(body) = &mut body
        && let Some(piece) = body.next().await?
    {
        out.write_all(&piece).map_err(failed)?;
    }
    Ok(())
}

/// Runs a program, whose output is seen.
fn run<W: AsRef<str>>(words: &[W], variables: &[(&str, String)]) -> CommandResult {
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    let (program, arguments) = words.split_first().expect("a program is named");
    let variables = variables.iter().map(|(name, value)| (*name, value));
    let status = Command::new(program).args(arguments).envs(variables).status();
    let status = status.map_err(|error| CommandError::general(os_error(&error, Path::new(program))))?;
    if status.success() {
        return Ok(());
    }
    let shown = words.iter().map(|word| Value::from(*word)).collect::<Value>();
    let ended = match status.code() {
        Some(code) => format!("returned non-zero exit status {code}."),
        None => "died of a signal.".to_owned(),
    };
    Err(CommandError::general(format!("Command '{}' {ended}", python_repr(&shown))))
}

/// Runs a program, whose output is kept.
fn output(words: &[&str]) -> CommandResult<Output> {
    let (program, arguments) = words.split_first().expect("a program is named");
    let ended = Command::new(program).args(arguments).output();
    ended.map_err(|error| CommandError::general(os_error(&error, Path::new(program))))
}

fn failed(action: &str, ended: &Output) -> CommandError {
    CommandError::general(format!(
        "Failed to {action} the AWS CodeDeploy Agent:\n{}",
        String::from_utf8_lossy(&ended.stderr)
    ))
}

#[cfg(unix)]
fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

#[cfg(not(unix))]
fn is_root() -> bool {
    false
}

/// Whether Windows lets this user administer it. PowerShell is asked, since the system's own question is unsafe code.
fn is_administrator() -> bool {
    const QUESTION: &str = "([Security.Principal.WindowsPrincipal][Security.Principal.WindowsIdentity]::GetCurrent())\
                            .IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)";
    let answer = output(&["powershell.exe", "-Command", QUESTION]);
    answer.is_ok_and(|answer| String::from_utf8_lossy(&answer.stdout).trim() == "True")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn systems_are_known_by_their_release() {
        let of = |name: &str, version: &str| {
            System::of_release(&format!("ID=x\nNAME=\"{name}\"\nVERSION_ID={version}\n"))
        };
        assert_eq!(of("Ubuntu", "\"24.04\""), Some(System::Ubuntu { ruby: "ruby-full" }));
        assert_eq!(of("Ubuntu", "\"14.04\""), Some(System::Ubuntu { ruby: "ruby2.0" }));
        assert_eq!(of("Red Hat Enterprise Linux Server", "\"7.9\""), Some(System::RedHat));
        assert_eq!(of("Red Hat Enterprise Linux", "\"9.4\""), Some(System::RedHat));
        assert_eq!(of("Debian GNU/Linux", "\"12\""), None);
    }

    #[test]
    fn an_agent_that_is_not_there_need_not_be_stopped() {
        let ubuntu = System::Ubuntu { ruby: "ruby-full" };
        assert!(ubuntu.tells_of_no_agent("codedeploy-agent: unrecognized service\n"));
        assert!(ubuntu.tells_of_no_agent("Failed to stop codedeploy-agent.service: Unit … not loaded.\n"));
        assert!(!ubuntu.tells_of_no_agent("Failed to stop codedeploy-agent.service: Access denied\n"));
    }

    #[cfg(unix)]
    #[test]
    fn a_program_that_fails_is_told_as_python_does() {
        let error = run(&["sh", "-c", "exit 3"], &[]).unwrap_err();
        assert_eq!(error.message, "Command '['sh', '-c', 'exit 3']' returned non-zero exit status 3.");
        let error = run(&["no-such-program"], &[]).unwrap_err();
        assert_eq!(error.message, "[Errno 2] No such file or directory: 'no-such-program'");
    }
}
