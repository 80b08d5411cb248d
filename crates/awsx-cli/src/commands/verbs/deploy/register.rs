//! `deploy register`.

use std::path::Path;

use awsx_core::Secret;
use awsx_model::Input;
use awsx_params::{Asked, Given, Table};

use super::on_premises::{self, CONFIG_FILE};
use crate::commands::operation::{self, Instead, ServiceClient};
use crate::commands::verbs::values::{members, text_at};
use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// Make a machine of your own known to CodeDeploy
///
/// Unless you name a user, one is made for the machine, and its keys are printed and written to `codedeploy.onpremises.yml`
/// here. Copy that file to the machine, and run `awsx deploy install` there.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx deploy register --instance-name web-1 --tags Key=role,Value=web
  awsx deploy register --instance-name web-1 --iam-user-arn arn:aws:iam::111122223333:user/web-1")]
pub(crate) struct RegisterArgs {
    /// The machine's name at CodeDeploy
    #[arg(long, value_name = "NAME")]
    instance_name: String,
    /// Its tags: `Key=role,Value=web`, or JSON
    #[arg(long, value_name = "TAG", num_args = 1..)]
    tags: Vec<String>,
    /// The user that the machine is to sign in as
    #[arg(long, value_name = "ARN")]
    iam_user_arn: Option<String>,
}

/// What lets the agent fetch revisions, in the bytes that AWS CLI sends.
const POLICY: &str = r#"{
    "Version": "2012-10-17",
    "Statement": [ {
        "Action": [ "s3:Get*", "s3:List*" ],
        "Effect": "Allow",
        "Resource": "*"
    } ]
}"#;

pub(crate) fn run(context: &Context, args: &RegisterArgs) -> CommandResult {
    let tags = read_tags(context, &args.tags)?;
    let region = on_premises::region(context)?;
    on_premises::check_name(&args.instance_name)?;
    check_lengths(&tags)?;
    let user = args.iam_user_arn.as_deref().filter(|arn| !arn.is_empty());
    if user.is_some_and(|arn| !is_user(arn)) {
        return Err(CommandError::usage("Invalid IAM user ARN."));
    }
    let registered = context.block_on(async {
        let codedeploy = ServiceClient::connect(context, "codedeploy").await?;
        let instead = Instead { ignores_endpoint_option: true, ..Instead::default() };
        let iam = ServiceClient::connect_as(context, "iam", instead).await?;
        on_premises::or_by_hand(
            context,
            "Register the on-premises instance",
            register(context, args, &region, user, &tags, (&codedeploy, &iam)).await,
        )
    });
    registered?;
    context.ui.out(format_args!(
        "Copy the on-premises configuration file named {CONFIG_FILE} to the on-premises instance, and run the following \
         command on the on-premises instance to install and configure the AWS CodeDeploy Agent:\nawsx deploy install \
         --config-file {CONFIG_FILE}\n"
    ))
}

async fn register(
    context: &Context,
    args: &RegisterArgs,
    region: &str,
    user: Option<&str>,
    tags: &[(String, String)],
    (codedeploy, iam): (&ServiceClient<'_>, &ServiceClient<'_>),
) -> CommandResult {
    let name = args.instance_name.as_str();
    let user = match user {
        Some(arn) => arn.to_owned(),
        None => make_user(context, name, region, iam).await?,
    };
    context.ui.out(format_args!("Registering the on-premises instance... "))?;
    let input = members([("instanceName", name.into()), ("iamUserArn", user.into())]);
    codedeploy.call("RegisterOnPremisesInstance", input).await?;
    context.ui.out(format_args!("DONE\n"))?;
    if !tags.is_empty() {
        context.ui.out(format_args!("Adding tags to the on-premises instance... "))?;
        let tags = tags
            .iter()
            .map(|(key, value)| members([("Key", key.as_str().into()), ("Value", value.as_str().into())]));
        let input = members([
            ("tags", Input::List(tags.collect())),
            ("instanceNames", Input::List(vec![name.into()])),
        ]);
        codedeploy.call("AddTagsToOnPremisesInstances", input).await?;
        context.ui.out(format_args!("DONE\n"))?;
    }
    Ok(())
}

/// Makes a user with a key and a policy, writes the file for the machine, and gives the user's ARN.
async fn make_user(
    context: &Context,
    name: &str,
    region: &str,
    iam: &ServiceClient<'_>,
) -> CommandResult<String> {
    let ui = context.ui;
    ui.out(format_args!("Creating the IAM user... "))?;
    let input = members([("Path", "/AWS/CodeDeploy/".into()), ("UserName", name.into())]);
    let answer = iam.call("CreateUser", input).await?;
    let arn = answer.get("User").map(|user| text_at(user, "Arn").to_owned()).unwrap_or_default();
    ui.out(format_args!("DONE\nIamUserArn: {arn}\nCreating the IAM user access key... "))?;
    let answer = iam.call("CreateAccessKey", members([("UserName", name.into())])).await?;
    let key = answer.get("AccessKey").cloned().unwrap_or_default();
    let (id, secret) =
        (text_at(&key, "AccessKeyId"), Secret::new(text_at(&key, "SecretAccessKey").to_owned()));
    ui.out(format_args!(
        "DONE\nAccessKeyId: {id}\nSecretAccessKey: {}\nCreating the IAM user policy... ",
        secret.expose()
    ))?;
    let input = members([
        ("UserName", name.into()),
        ("PolicyName", "codedeploy-agent".into()),
        ("PolicyDocument", POLICY.into()),
    ]);
    iam.call("PutUserPolicy", input).await?;
    ui.out(format_args!(
        "DONE\nPolicyName: codedeploy-agent\nPolicyDocument: {POLICY}\nCreating the on-premises instance configuration \
         file named {CONFIG_FILE}..."
    ))?;
    let text = Secret::new(format!(
        "---\nregion: {region}\niam_user_arn: {arn}\naws_access_key_id: {id}\naws_secret_access_key: {}\n",
        secret.expose()
    ));
    operation::write_private(Path::new(CONFIG_FILE), text.expose().as_bytes()).map_err(|error| {
        CommandError::general(format!("Failed to create config file {CONFIG_FILE}: {}", error.message))
    })?;
    ui.out(format_args!("DONE\n"))?;
    Ok(arn)
}

/// The tags that words or JSON name.
fn read_tags(context: &Context, words: &[String]) -> CommandResult<Vec<(String, String)>> {
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let catalog = operation::catalog(context.env());
    let service = catalog.service("codedeploy")?;
    // The operation that they are for has an option of the same kind.
    let operation = service.and_then(|service| service.operation("AddTagsToOnPremisesInstances"));
    let (Some(service), Some(operation)) = (service, operation) else {
        return Err(CommandError::general("the model of `codedeploy` knows no tags"));
    };
    let table = Table::new(service, operation, "deploy", "add-tags-to-on-premises-instances");
    let words: Vec<String> = ["--instance-names", "x", "--tags"]
        .map(str::to_owned)
        .into_iter()
        .chain(words.iter().cloned())
        .collect();
    let Asked::Request(request) = awsx_params::resolve(&table, &words, context.env(), false)? else {
        return Ok(Vec::new());
    };
    match request.parameters.get("tags") {
        Some(Given::List(tags)) => tags.iter().enumerate().map(|(at, tag)| pair(at, tag)).collect(),
        _ => Ok(Vec::new()),
    }
}

fn pair(at: usize, tag: &Given) -> CommandResult<(String, String)> {
    let refuse = |why: String| Err(CommandError::usage(format!("Parameter validation failed:\n{why}")));
    let wrong_type = |place: &str, value: &Given, valid: &str| {
        let (shown, found) = (value.python_text(), value.python_type());
        refuse(format!(
            "Invalid type for parameter [{at}]{place}, value: {shown}, type: {found}, valid types: {valid}"
        ))
    };
    let Given::Map(members) = tag else {
        return wrong_type("", tag, "<class 'dict'>").map(|()| unreachable!());
    };
    let mut pair = (String::new(), String::new());
    for (name, text) in [("Key", &mut pair.0), ("Value", &mut pair.1)] {
        match members.get(name) {
            Some(Given::Text(given)) => text.clone_from(given),
            Some(other) => wrong_type(&format!(".{name}"), other, "<class 'str'>")?,
            None => refuse(format!("Missing required parameter in [{at}]: \"{name}\""))?,
        }
    }
    if let Some(name) = members.keys().find(|name| *name != "Key" && *name != "Value") {
        refuse(format!("Unknown parameter in [{at}]: \"{name}\", must be one of: Key, Value"))?;
    }
    Ok(pair)
}

fn check_lengths(tags: &[(String, String)]) -> CommandResult {
    const MOST: usize = 10;
    const LONGEST_KEY: usize = 128;
    const LONGEST_VALUE: usize = 256;
    let refuse = |message: String| Err(CommandError::usage(message));
    if tags.len() > MOST {
        return refuse(format!("Instances can only have a maximum of {MOST} tags."));
    }
    for (key, value) in tags {
        if key.chars().count() > LONGEST_KEY {
            return refuse(format!("Tag Key cannot be longer than {LONGEST_KEY} characters."));
        }
        if value.chars().count() > LONGEST_VALUE {
            return refuse(format!("Tag Value cannot be longer than {LONGEST_VALUE} characters."));
        }
    }
    Ok(())
}

/// `arn:aws:iam::ACCOUNT:user/NAME`. AWS CLI knows no other partition here.
fn is_user(arn: &str) -> bool {
    let rest = arn.strip_prefix("arn:aws:iam::").and_then(|rest| rest.split_once(":user/"));
    rest.is_some_and(|(account, name)| {
        account.len() == 12
            && account.bytes().all(|byte| byte.is_ascii_digit())
            && !name.is_empty()
            && name.chars().all(|c| c.is_ascii_alphanumeric() || "/+=,.@_-".contains(c))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_are_known_by_their_arns() {
        assert!(is_user("arn:aws:iam::111122223333:user/AWS/CodeDeploy/web-1"));
        for other in ["x", "arn:aws:iam::1:user/a", "arn:aws:iam::111122223333:role/a"] {
            assert!(!is_user(other), "{other}");
        }
    }
}
