//! The options by which a command gets other credentials than the profile's own: a role over them, fewer rights, a
//! shorter life, a name for the log.

use std::path::{Path, PathBuf};

use awsx_auth::chain::{self, Link, Wish};
use awsx_auth::partition::Partition;
use awsx_auth::sts::SessionScope;
use awsx_core::settings::table;

use crate::context::Context;
use crate::error::{CommandError, CommandResult};
use crate::span;

/// What stands on the command line.
#[derive(clap::Args, Clone, Debug, Default)]
pub(crate) struct WishArgs {
    /// Role to take with the profile's credentials
    #[arg(long, value_name = "ARN")]
    pub(crate) role_arn: Option<String>,
    /// Name of the role session, which `CloudTrail` shows
    #[arg(long, value_name = "NAME")]
    pub(crate) role_session_name: Option<String>,
    #[command(flatten)]
    pub(crate) scope: ScopeArgs,
}

/// What narrows and labels a session.
#[derive(clap::Args, Clone, Debug, Default)]
#[command(next_help_heading = "Fewer rights (where a role is taken)")]
pub(crate) struct ScopeArgs {
    /// Allow only what this policy document allows too
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Allow only what this managed policy allows too; may be repeated, then any of them
    #[arg(long, value_name = "ARN")]
    policy_arn: Vec<String>,
    /// Allow only what AWS's managed policy `ReadOnlyAccess` allows too
    // Policies add up: beside another one this would be less than it says.
    #[arg(long, conflicts_with_all = ["policy", "policy_arn"])]
    read_only: bool,
    /// Tag the session; may be repeated
    #[arg(long, value_name = "KEY=VALUE", value_parser = parse_tag)]
    tag: Vec<(String, String)>,
    /// Name who stands behind the session; no later role can change it
    #[arg(long, value_name = "NAME")]
    source_identity: Option<String>,
}

impl WishArgs {
    /// The link that gives what is wished for; none if the profile configures no credentials.
    pub(crate) fn plan(
        &self,
        context: &Context,
        duration: Option<time::Duration>,
    ) -> CommandResult<Option<Link>> {
        let Some(link) = chain::plan(&context.settings)? else { return Ok(None) };
        let wish = self.wish(context, &link, duration)?;
        Ok(Some(link.with(&context.settings.profile_name(), wish)?))
    }

    fn wish(&self, context: &Context, link: &Link, duration: Option<time::Duration>) -> CommandResult<Wish> {
        let partition = match (self.role_arn.as_deref().or_else(|| role_arn_of(link)), &context.settings) {
            (Some(arn), _) => Partition::of_arn(arn).unwrap_or_else(|| Partition::of_region("")),
            (None, settings) => Partition::of_region(&settings.text(&table::REGION)?.unwrap_or_default()),
        };
        Ok(Wish {
            role_arn: self.role_arn.clone(),
            session_name: self.role_session_name.clone(),
            duration_seconds: duration.map(whole_seconds).transpose()?,
            scope: self.scope.read(partition)?,
        })
    }
}

impl ScopeArgs {
    pub(crate) fn read(&self, partition: &Partition) -> CommandResult<SessionScope> {
        let mut policy_arns = self.policy_arn.clone();
        if self.read_only {
            policy_arns.push(format!("arn:{}:iam::aws:policy/ReadOnlyAccess", partition.name));
        }
        let mut tags: Vec<(String, String)> = Vec::new();
        for (key, value) in &self.tag {
            // To AWS, tags that differ in case only are the same one.
            if tags.iter().any(|(seen, _)| seen.eq_ignore_ascii_case(key)) {
                return Err(CommandError::usage(format!("the tag `{key}` is given twice")));
            }
            tags.push((key.clone(), value.clone()));
        }
        Ok(SessionScope {
            policy: self.policy.as_deref().map(read_policy).transpose()?,
            policy_arns,
            tags,
            transitive_tag_keys: Vec::new(),
            source_identity: self.source_identity.clone(),
        })
    }
}

fn role_arn_of(link: &Link) -> Option<&str> {
    let Link::AssumeRole { role, .. } = link else { return None };
    Some(&role.role_arn)
}

fn whole_seconds(duration: time::Duration) -> CommandResult<i32> {
    i32::try_from(duration.whole_seconds())
        .map_err(|_| CommandError::usage(format!("no credentials last {}", span::render(duration))))
}

/// The document without the blanks between its words, of which STS takes 2,048 characters.
fn read_policy(path: &Path) -> CommandResult<String> {
    let shown = path.display();
    let text = std::fs::read_to_string(path)
        .map_err(|error| CommandError::general(format!("could not read the policy `{shown}`: {error}")))?;
    let policy: serde_json::Value = serde_json::from_str(&text)
        .map_err(|error| CommandError::general(format!("the policy `{shown}` is not JSON: {error}")))?;
    if policy.is_object() {
        Ok(policy.to_string())
    } else {
        Err(CommandError::general(format!("the policy `{shown}` is no JSON object")))
    }
}

fn parse_tag(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err(format!("`{text}` is not `KEY=VALUE`")),
    }
}
