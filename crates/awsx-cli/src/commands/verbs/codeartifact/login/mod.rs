//! `codeartifact login`: a package manager is given a repository's place and a token for it.
//!
//! ```text
//! npm, pip, swift, nuget, twine   what each tool is to be told, and how
//! netrc, pypirc                   files in which two of them look for tokens
//! program                         programs run without their output being seen
//! lasting                         how long the token lasts, in words
//! ```

mod lasting;
mod netrc;
mod npm;
mod nuget;
mod pip;
mod program;
mod pypirc;
mod swift;
mod twine;

use awsx_core::{Secret, timestamp};
use awsx_model::Input;
use awsx_output::Value;
use clap::ValueEnum;

use crate::commands::operation::ServiceClient;
use crate::context::Context;
use crate::error::{CommandError, CommandResult};
use crate::usage::number;

/// Have a package manager use a repository, for up to 12 hours
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx codeartifact login --tool npm --domain acme --repository shared --namespace acme
  awsx codeartifact login --tool twine --domain acme --domain-owner 111122223333 --repository shared")]
pub(crate) struct LoginArgs {
    /// The package manager
    #[arg(long, value_enum)]
    tool: Tool,
    /// The domain of the repository
    #[arg(long, value_name = "NAME")]
    domain: String,
    /// The account that owns the domain
    #[arg(long, value_name = "ID")]
    domain_owner: Option<String>,
    /// The scope of packages that come from the repository (npm, swift)
    #[arg(long, value_name = "NAME")]
    namespace: Option<String>,
    /// How long the token lasts
    #[arg(long, value_name = "SECONDS", value_parser = number::<i64>)]
    duration_seconds: Option<i64>,
    /// The repository
    #[arg(long, value_name = "NAME")]
    repository: String,
    /// Which of the repository's endpoints (`ipv4`, `dualstack`)
    #[arg(long, value_name = "TYPE")]
    endpoint_type: Option<String>,
    /// Print what would be done, the token included, and do nothing
    #[arg(long)]
    dry_run: bool,
}

/// The package managers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Tool {
    Swift,
    Nuget,
    Dotnet,
    Npm,
    Pip,
    Twine,
}

impl Tool {
    /// What its packages are called in a repository.
    fn package_format(self) -> &'static str {
        match self {
            Self::Swift => "swift",
            Self::Nuget | Self::Dotnet => "nuget",
            Self::Npm => "npm",
            Self::Pip | Self::Twine => "pypi",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Swift => "swift",
            Self::Nuget => "nuget",
            Self::Dotnet => "dotnet",
            Self::Npm => "npm",
            Self::Pip => "pip",
            Self::Twine => "twine",
        }
    }
}

pub(crate) fn run(context: &Context, args: &LoginArgs) -> CommandResult {
    let repository = context.block_on(Repository::ask(context, args))?;
    if args.namespace.as_ref().is_some_and(|namespace| !namespace.is_empty())
        && !matches!(args.tool, Tool::Npm | Tool::Swift)
    {
        let tool = args.tool.name();
        return Err(CommandError::general(format!("Argument --namespace is not supported for {tool}")));
    }
    match args.tool {
        Tool::Swift => swift::login(context, args, &repository),
        Tool::Nuget => nuget::login(context, args, &repository, &nuget::NuGet),
        Tool::Dotnet => nuget::login(context, args, &repository, &nuget::DotNet),
        Tool::Npm => npm::login(context, args, &repository),
        Tool::Pip => pip::login(context, args, &repository),
        Tool::Twine => twine::login(context, args, &repository),
    }
}

/// A repository that can be used.
struct Repository {
    /// With a slash at its end.
    endpoint: String,
    token: Secret<String>,
    /// As AWS CLI tells it.
    expiration: String,
}

impl Repository {
    async fn ask(context: &Context, args: &LoginArgs) -> CommandResult<Self> {
        let service = ServiceClient::connect(context, "codeartifact").await?;
        let text = |text: &Option<String>| text.as_deref().filter(|text| !text.is_empty()).map(Input::from);
        let domain = Some(Input::from(args.domain.as_str()));
        let owner = || text(&args.domain_owner);
        let duration = args.duration_seconds.filter(|seconds| *seconds != 0).map(Input::Integer);
        let asked = [("domain", domain.clone()), ("domainOwner", owner()), ("durationSeconds", duration)];
        let answer = service.call("GetAuthorizationToken", given(asked)).await?;
        let token = member(&answer, "authorizationToken")?;
        let expiration = member(&answer, "expiration")?.replacen('T', " ", 1);
        let asked = [
            ("domain", domain),
            ("domainOwner", owner()),
            ("repository", Some(args.repository.as_str().into())),
            ("format", Some(args.tool.package_format().into())),
            ("endpointType", text(&args.endpoint_type)),
        ];
        let answer = service.call("GetRepositoryEndpoint", given(asked)).await?;
        Ok(Self { endpoint: member(&answer, "repositoryEndpoint")?, token: token.into(), expiration })
    }

    /// Host and port, and path.
    fn place(&self) -> (&str, &str) {
        let rest = self.endpoint.split_once("://").map_or(self.endpoint.as_str(), |(_, rest)| rest);
        rest.find('/').map_or((rest, ""), |slash| rest.split_at(slash))
    }

    fn tell_success(&self, context: &Context, tool: &str) -> CommandResult {
        let (endpoint, expiration) = (&self.endpoint, &self.expiration);
        let left = timestamp::parse(expiration).map(|end| end - context.env().now());
        let left = lasting::in_words(left.unwrap_or_default());
        context.ui.out(format_args!(
            "Successfully configured {tool} to use AWS CodeArtifact repository {endpoint} \n\
             Login expires in {left} at {expiration}\n"
        ))
    }
}

fn given<const N: usize>(members: [(&str, Option<Input>); N]) -> Input {
    let members = members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Input::Map(members.collect())
}

fn member(answer: &Value, name: &str) -> CommandResult<String> {
    let missing = || CommandError::general(format!("CodeArtifact's answer holds no `{name}`"));
    match answer.get(name).ok_or_else(missing)? {
        Value::Null => Err(missing()),
        value => Ok(awsx_output::python_str(value)),
    }
}
