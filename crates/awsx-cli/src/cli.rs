//! The words of the command line: global options and the tree of commands.

use awsx_core::Secret;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::commands::{
    completion, configure, console, ddb, env, exec, keys, login, logout, mfa, operation, s3, shell_init,
    status, verbs,
};

/// Sign in to AWS, hand credentials to every tool, use AWS's APIs. Speaks AWS CLI v2's language.
#[derive(Parser, Debug)]
#[command(
    name = "awsx",
    disable_version_flag = true,
    infer_long_args = true,
    // The last one counts, as in AWS CLI.
    args_override_self = true,
    max_term_width = 100,
    after_help = "Examples:
  awsx configure sso                          set up a profile for IAM Identity Center
  awsx sso login --profile dev                sign in
  awsx login                                  or sign in with your AWS console credentials
  awsx sts get-caller-identity --profile dev  see who you are
  awsx s3 ls --profile dev                    list your buckets

`awsx help COMMAND` tells more of each. Every AWS service is a command too: `awsx iam list-users`, and
`awsx SERVICE help` lists its operations. `alias aws=awsx` keeps your scripts as they are."
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: GlobalArgs,

    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// AWS CLI's global options; they may stand before or after the command.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Global options")]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub(crate) struct GlobalArgs {
    /// Tell on stderr what is done; no secret is shown
    #[arg(long, global = true)]
    pub(crate) debug: bool,
    /// Ask this URL instead of the service's own
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) endpoint_url: Option<String>,
    /// Accept any TLS certificate, a forged one too
    #[arg(long, global = true)]
    pub(crate) no_verify_ssl: bool,
    /// Get the first page of a listing only
    #[arg(long, global = true)]
    pub(crate) no_paginate: bool,
    /// How to show results
    #[arg(long, global = true, value_parser = ["json", "text", "table", "yaml", "yaml-stream", "off", "csv", "jsonl"])]
    pub(crate) output: Option<String>,
    /// Filter results with a JMESPath expression
    #[arg(long, global = true, value_name = "JMESPATH")]
    pub(crate) query: Option<String>,
    /// Use this profile's settings and credentials
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// Use this AWS Region
    #[arg(long, global = true, value_name = "REGION")]
    pub(crate) region: Option<String>,
    /// Print the version
    #[arg(long, global = true)]
    pub(crate) version: bool,
    /// Colour tables
    #[arg(long, global = true, value_enum)]
    pub(crate) color: Option<Color>,
    /// Send requests without a signature; no credentials are looked for
    #[arg(long, global = true)]
    pub(crate) no_sign_request: bool,
    /// Trust the certificate authorities in this PEM file instead of the system's
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) ca_bundle: Option<String>,
    /// Wait this long for an answer; 0 waits without limit [default: 60]
    #[arg(long, global = true, value_name = "SECONDS")]
    pub(crate) cli_read_timeout: Option<String>,
    /// Wait this long for a connection; 0 waits without limit [default: 60]
    #[arg(long, global = true, value_name = "SECONDS")]
    pub(crate) cli_connect_timeout: Option<String>,
    /// How binary parameters are given
    #[arg(long, global = true, value_parser = ["base64", "raw-in-base64-out"])]
    pub(crate) cli_binary_format: Option<String>,
    /// Print long output on a terminal without a pager
    #[arg(long, global = true)]
    pub(crate) no_cli_pager: bool,
    /// Taken for AWS CLI's sake: awsx completes in your shell instead
    #[arg(long, global = true, hide = true)]
    pub(crate) cli_auto_prompt: bool,
    /// Taken for AWS CLI's sake: there is no automatic prompt
    #[arg(long, global = true, hide = true)]
    pub(crate) no_cli_auto_prompt: bool,
    /// Open a session with an MFA code for the profile's keys, or use the one that is open
    // `--mfa` alone is a parameter of S3's operations, where it keeps that meaning.
    #[arg(long, visible_alias = "mfa", global = true)]
    pub(crate) mfa_session: bool,
    /// The current code of the MFA device, where one is needed
    #[arg(long, global = true, value_name = "CODE")]
    pub(crate) mfa_code: Option<Secret<String>>,
    /// Show the request of an operation without sending it; its signature is left out
    #[arg(long, global = true)]
    pub(crate) dry_run_request: bool,
    /// How to show errors
    #[arg(long, global = true, value_parser = ["legacy", "json", "yaml", "text", "table", "enhanced"])]
    pub(crate) cli_error_format: Option<String>,
}

/// When to colour.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Color {
    On,
    Off,
    Auto,
}

impl GlobalArgs {
    /// The flags that settings know, with their values.
    pub(crate) fn as_flags(&self) -> impl Iterator<Item = (&'static str, String)> {
        let texts = [
            ("--endpoint-url", &self.endpoint_url),
            ("--output", &self.output),
            ("--profile", &self.profile),
            ("--region", &self.region),
            ("--ca-bundle", &self.ca_bundle),
            ("--cli-read-timeout", &self.cli_read_timeout),
            ("--cli-connect-timeout", &self.cli_connect_timeout),
            ("--cli-binary-format", &self.cli_binary_format),
            ("--cli-error-format", &self.cli_error_format),
        ];
        let texts = texts.map(|(flag, value)| value.clone().map(|value| (flag, value)));
        let switches = [
            self.no_verify_ssl.then(|| ("--no-verify-ssl", "true".to_owned())),
            self.mfa_session.then(|| ("--mfa-session", "auto".to_owned())),
        ];
        texts.into_iter().chain(switches).flatten()
    }
}

impl Command {
    /// Whether the profile in use may be one that the command is about to make.
    pub(crate) fn makes_profiles(&self) -> bool {
        match self {
            Self::Configure(args) => args.makes_profiles(),
            Self::Login(_) => true,
            _ => false,
        }
    }
}

/// The commands.
#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    Configure(configure::ConfigureArgs),
    Login(login::LoginArgs),
    Logout(logout::LogoutArgs),
    /// What AWS CLI adds to a service's operations.
    #[command(flatten)]
    Verb(verbs::Verbs),
    S3(s3::S3Args),
    Ddb(ddb::DdbArgs),
    ConsoleUrl(console::ConsoleUrlArgs),
    Console(console::ConsoleArgs),
    Exec(exec::ExecArgs),
    Env(env::EnvArgs),
    ShellInit(shell_init::ShellInitArgs),
    Status(status::StatusArgs),
    Keys(keys::KeysArgs),
    Mfa(mfa::MfaArgs),
    Completion(completion::CompletionArgs),
    /// An operation of a service, which clap does not know.
    #[command(skip)]
    Operation(operation::OperationArgs),
}
