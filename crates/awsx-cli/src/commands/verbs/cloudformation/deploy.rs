//! `cloudformation deploy`: a change set, made, waited for and executed.

use std::cell::OnceCell;
use std::path::Path;

use awsx_api::waiter::Pace;
use awsx_model::Input;
use awsx_params::Given;
use time::format_description::well_known::Rfc3339;

use super::uploader::Uploader;
use super::{artifacts, overrides};
use crate::commands::operation::{ServiceClient, Waited};
use crate::commands::verbs::tree::Node;
use crate::commands::verbs::values::{list_at, members, text_at};
use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// Create or update a stack from a template, by way of a change set
///
/// Parameters that a stack has keep their values unless they are overridden. Nothing to change is no failure.
#[derive(clap::Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "one for each switch of the command line")]
#[command(after_help = "Example:
  awsx cloudformation deploy --template-file packaged.yaml --stack-name shop \\
    --parameter-overrides Stage=live Size=3 --capabilities CAPABILITY_IAM --tags team=blue")]
pub(crate) struct DeployArgs {
    /// The template
    #[arg(long, value_name = "FILE")]
    template_file: String,
    /// The stack; made if there is none of this name
    #[arg(long, value_name = "NAME")]
    stack_name: String,
    /// The bucket that the template is uploaded to; needed for templates above 51,200 bytes
    #[arg(long, value_name = "BUCKET")]
    s3_bucket: Option<String>,
    /// Upload the template though it is there already
    #[arg(long)]
    force_upload: bool,
    /// What the object's name begins with
    #[arg(long, value_name = "PREFIX")]
    s3_prefix: Option<String>,
    /// The KMS key that the object is encrypted with
    #[arg(long, value_name = "ID")]
    kms_key_id: Option<String>,
    /// Parameters of the template: `Key=Value` words, or JSON (`file://parameters.json`)
    #[arg(long, value_name = "KEY=VALUE", num_args = 1..)]
    parameter_overrides: Vec<String>,
    /// What the template may do: `CAPABILITY_IAM`, `CAPABILITY_NAMED_IAM`, `CAPABILITY_AUTO_EXPAND`
    #[arg(long, value_name = "CAPABILITY", num_args = 1..)]
    capabilities: Vec<String>,
    /// Make the change set, and stop
    #[arg(long)]
    no_execute_changeset: bool,
    /// Leave what was made where the change fails
    #[arg(long, overrides_with = "no_disable_rollback")]
    disable_rollback: bool,
    /// Take everything back where the change fails (default)
    #[arg(long, overrides_with = "disable_rollback")]
    no_disable_rollback: bool,
    /// The role that makes the changes
    #[arg(long, value_name = "ARN")]
    role_arn: Option<String>,
    /// SNS topics that are told of the stack's events
    #[arg(long, value_name = "ARN", num_args = 1..)]
    notification_arns: Option<Vec<String>>,
    /// Fail where there is nothing to change
    #[arg(long, overrides_with = "no_fail_on_empty_changeset")]
    fail_on_empty_changeset: bool,
    /// Do not fail where there is nothing to change (default)
    #[arg(long, overrides_with = "fail_on_empty_changeset")]
    no_fail_on_empty_changeset: bool,
    /// Tags of the stack and of what is in it
    #[arg(long, value_name = "KEY=VALUE", num_args = 1..)]
    tags: Vec<String>,
}

pub(crate) fn run(context: &Context, args: &DeployArgs) -> CommandResult {
    context.region()?;
    let (text, template) = read_template(context, &args.template_file)?;
    let overrides = overrides::parse(&args.parameter_overrides)?;
    let tags = overrides::pairs("tags", &list(&args.tags)?)?;
    if text.len() > LARGEST_BODY && args.s3_bucket.is_none() {
        return Err(CommandError::general(
            "Templates with a size greater than 51,200 bytes must be deployed via an S3 Bucket. Please add the \
             --s3-bucket parameter to your command. The local template will be copied to that S3 bucket and then \
             deployed.",
        ));
    }
    let notifications = match &args.notification_arns {
        Some(words) => Some(texts(list(words)?)),
        None => None,
    };
    let change = Change {
        parameters: parameters(&template, &overrides),
        capabilities: texts(list(&args.capabilities)?),
        tags: tags.into_iter().map(|(name, value)| pair(("Key", name), ("Value", text_of(&value)))).collect(),
        notifications,
        text,
    };
    context.block_on(deploy(context, args, change))
}

/// What CloudFormation takes in a request; a larger template must be in S3.
const LARGEST_BODY: usize = 51_200;

/// What is to become of the stack.
struct Change {
    text: String,
    /// Of the template, with the value given or none.
    parameters: Vec<(String, Option<Given>)>,
    capabilities: Vec<Input>,
    tags: Vec<Input>,
    notifications: Option<Vec<Input>>,
}

fn read_template(context: &Context, given: &str) -> CommandResult<(String, Node)> {
    let expanded = given.strip_prefix("~/").and_then(|rest| Some(context.env().home()?.join(rest)));
    let path = expanded.as_deref().unwrap_or(Path::new(given));
    if !path.is_file() {
        return Err(CommandError::general(format!("Invalid template path {}", path.display())));
    }
    let text = std::fs::read_to_string(path).map_err(|error| {
        CommandError::general(format!("could not read the template `{}`", path.display())).caused_by(&error)
    })?;
    let template = Node::parse_template(path, &text)?;
    if !matches!(template, Node::Map(_)) {
        return Err(CommandError::general(format!(
            "the template `{}` is no map of sections",
            path.display()
        )));
    }
    Ok((text, template))
}

/// The template's parameters, with the values given.
fn parameters(template: &Node, overrides: &overrides::Overrides) -> Vec<(String, Option<Given>)> {
    match template.get("Parameters") {
        Some(Node::Map(entries)) => {
            entries.keys().map(|name| (name.clone(), overrides.get(name).cloned())).collect()
        }
        _ => Vec::new(),
    }
}

async fn deploy(context: &Context, args: &DeployArgs, change: Change) -> CommandResult {
    let service = ServiceClient::connect(context, "cloudformation").await?;
    let stack = Stack { context, service, name: &args.stack_name };
    let (id, is_new) = stack.create_change_set(args, change).await?;
    context.ui.out(format_args!("\nWaiting for changeset to be created..\n"))?;
    if !stack.has_changes(&id).await? {
        let nothing = format!("No changes to deploy. Stack {} is up to date", args.stack_name);
        if args.fail_on_empty_changeset {
            return Err(CommandError::general(nothing));
        }
        return context.ui.out(format_args!("\n{nothing}\n"));
    }
    if args.no_execute_changeset {
        return context.ui.out(format_args!(
            "Changeset created successfully. Run the following command to review changes:\nawsx cloudformation \
             describe-change-set --change-set-name {id}\n"
        ));
    }
    let input = members([
        ("ChangeSetName", id.into()),
        ("StackName", args.stack_name.as_str().into()),
        ("DisableRollback", Input::Boolean(args.disable_rollback)),
    ]);
    stack.service.call("ExecuteChangeSet", input).await?;
    context.ui.out(format_args!("Waiting for stack create/update to complete\n"))?;
    stack.wait_until_done(is_new).await?;
    context.ui.out(format_args!("Successfully created/updated stack - {}\n", args.stack_name))
}

/// A stack at CloudFormation, which may not be there yet.
struct Stack<'c> {
    context: &'c Context,
    service: ServiceClient<'c>,
    name: &'c str,
}

impl Stack<'_> {
    /// Makes a change set. Gives its id, and whether the stack is a new one.
    async fn create_change_set(&self, args: &DeployArgs, change: Change) -> CommandResult<(String, bool)> {
        let now = self.context.env().now();
        let is_new = !self.is_there().await?;
        // Only what the stack has can keep its value.
        let known = if is_new { Vec::new() } else { self.parameters().await? };
        let parameters = inputs_of(change.parameters, &known)?;
        let name = format!("awscli-cloudformation-package-deploy-{}", now.unix_timestamp());
        let description = format!("Created by awsx at {}", now.format(&Rfc3339).unwrap_or_default());
        let template = match &args.s3_bucket {
            Some(bucket) => ("TemplateURL", self.upload(args, bucket, &change.text).await?.into()),
            None => ("TemplateBody", change.text.into()),
        };
        let always = [
            ("ChangeSetName", name.into()),
            ("StackName", self.name.into()),
            template,
            ("ChangeSetType", if is_new { "CREATE" } else { "UPDATE" }.into()),
            ("Parameters", Input::List(parameters)),
            ("Capabilities", Input::List(change.capabilities)),
            ("Description", description.into()),
            ("Tags", Input::List(change.tags)),
        ];
        // What is not given stays as it is.
        let given = [
            args.role_arn.as_deref().map(|arn| ("RoleARN", arn.into())),
            change.notifications.map(|arns| ("NotificationARNs", Input::List(arns))),
        ];
        let input = members(always.into_iter().chain(given.into_iter().flatten()));
        let answer = self.service.call("CreateChangeSet", input).await?;
        Ok((text_at(&answer, "Id").to_owned(), is_new))
    }

    /// Whether the stack is there. One that only a change set made is not.
    async fn is_there(&self) -> CommandResult<bool> {
        let answer = match self.service.call("DescribeStacks", self.named()).await {
            Err(error) if error.message.contains(&format!("Stack with id {} does not exist", self.name)) => {
                return Ok(false);
            }
            answer => answer?,
        };
        Ok(match list_at(&answer, "Stacks") {
            [stack] => text_at(stack, "StackStatus") != "REVIEW_IN_PROGRESS",
            _ => false,
        })
    }

    /// The parameters that the stack has.
    async fn parameters(&self) -> CommandResult<Vec<String>> {
        let answer = self.service.call("GetTemplateSummary", self.named()).await?;
        let parameters = list_at(&answer, "Parameters").iter();
        Ok(parameters.map(|parameter| text_at(parameter, "ParameterKey").to_owned()).collect())
    }

    async fn upload(&self, args: &DeployArgs, bucket: &str, text: &str) -> CommandResult<String> {
        let uploader = Uploader {
            context: self.context,
            bucket,
            prefix: args.s3_prefix.as_deref(),
            kms_key_id: args.kms_key_id.as_deref(),
            force: args.force_upload,
            metadata: indexmap::IndexMap::new(),
            s3: OnceCell::new(),
        };
        let key = artifacts::upload_template(&uploader, text).await?;
        uploader.path_url(&key).await
    }

    /// Waits until the change set is made. False if it has no changes.
    async fn has_changes(&self, id: &str) -> CommandResult<bool> {
        let pace = Pace { delay: 5, max_attempts: 120 };
        let input = members([("ChangeSetName", id.into()), ("StackName", self.name.into())]);
        let Waited::InVain { why, last } = self.service.wait("ChangeSetCreateComplete", pace, input).await?
        else {
            return Ok(true);
        };
        let (status, reason) = (text_at(&last, "Status"), text_at(&last, "StatusReason"));
        let is_empty = (status == "FAILED"
            && reason.contains("The submitted information didn't contain changes."))
            || reason.contains("No updates are to be performed");
        if is_empty {
            return Ok(false);
        }
        Err(CommandError::general(format!(
            "Failed to create the changeset: {why} Status: {status}. Reason: {reason}"
        )))
    }

    async fn wait_until_done(&self, is_new: bool) -> CommandResult {
        let waiter = if is_new { "StackCreateComplete" } else { "StackUpdateComplete" };
        // More often would run into CloudFormation's limits.
        let pace = Pace { delay: 30, max_attempts: 120 };
        match self.service.wait(waiter, pace, self.named()).await? {
            Waited::IsSo => Ok(()),
            Waited::InVain { .. } => Err(CommandError::general(format!(
                "Failed to create/update the stack. Run the following command\nto fetch the list of events leading \
                 up to the failure\nawsx cloudformation describe-stack-events --stack-name {}",
                self.name
            ))),
        }
    }

    fn named(&self) -> Input {
        members([("StackName", self.name.into())])
    }
}

/// The parameters of a change set: with their values, or to keep those that the stack has.
fn inputs_of(parameters: Vec<(String, Option<Given>)>, known: &[String]) -> CommandResult<Vec<Input>> {
    let mut inputs = Vec::new();
    for (name, value) in parameters {
        match value {
            Some(Given::Text(value)) => {
                inputs.push(pair(("ParameterKey", name), ("ParameterValue", value)));
            }
            Some(other) => {
                return Err(CommandError::usage(format!(
                    "Parameter validation failed:\nInvalid type for parameter Parameters[{}].ParameterValue, value: {}, \
                     type: {}, valid types: <class 'str'>",
                    inputs.len(),
                    text_of(&other),
                    other.python_type()
                )));
            }
            None if known.contains(&name) => {
                let keeps = ("UsePreviousValue", Input::Boolean(true));
                inputs.push(members([("ParameterKey", name.into()), keeps]));
            }
            None => {}
        }
    }
    Ok(inputs)
}

/// The words of an option that takes a list: words or JSON.
fn list(words: &[String]) -> CommandResult<Vec<String>> {
    let [only] = words else { return Ok(words.to_vec()) };
    if !only.trim_start().starts_with('[') {
        return Ok(vec![only.clone()]);
    }
    match awsx_params::parse_json(only)? {
        Given::List(elements) => Ok(elements.iter().map(text_of).collect()),
        other => Ok(vec![text_of(&other)]),
    }
}

fn pair(name: (&str, String), value: (&str, String)) -> Input {
    members([name, value].map(|(member, text)| (member, Input::Text(text))))
}

fn texts(words: Vec<String>) -> Vec<Input> {
    words.into_iter().map(Input::Text).collect()
}

fn text_of(given: &Given) -> String {
    awsx_output::python_str(&given.as_value())
}
