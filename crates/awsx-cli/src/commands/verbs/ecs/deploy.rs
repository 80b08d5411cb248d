//! `ecs deploy`: a new task definition, and the deployment that CodeDeploy makes of it.

use awsx_api::waiter::Pace;
use awsx_core::store::hash::sha256_hex;
use awsx_model::Input;
use awsx_output::Value;
use awsx_params::Given;

use crate::commands::operation::{Instead, ServiceClient, Waited};
use crate::commands::verbs::tree::Node;
use crate::commands::verbs::values::{list_at, members, text_at};
use crate::context::Context;
use crate::error::{CommandError, CommandResult, Kind};

/// Register a task definition and have CodeDeploy bring it to a service
///
/// For services that CodeDeploy deploys. Waits until the deployment is done: half an hour, or ten minutes more than its
/// deployment group waits, at most six hours.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  awsx ecs deploy --service shop --cluster live --task-definition task.json --codedeploy-appspec appspec.yaml")]
pub(crate) struct DeployArgs {
    /// The service: its name or ARN
    #[arg(long, value_name = "SERVICE")]
    service: String,
    /// A file with the task definition as JSON, as `register-task-definition --cli-input-json` takes it
    #[arg(long, value_name = "FILE")]
    task_definition: String,
    /// A file with CodeDeploy's specification; the task definition is put into it
    #[arg(long, value_name = "FILE")]
    codedeploy_appspec: String,
    /// The cluster: its name or ARN (default: default)
    #[arg(long, value_name = "CLUSTER")]
    cluster: Option<String>,
    /// CodeDeploy's application (default: AppECS-CLUSTER-SERVICE)
    #[arg(long, value_name = "NAME")]
    codedeploy_application: Option<String>,
    /// CodeDeploy's deployment group (default: DgpECS-CLUSTER-SERVICE)
    #[arg(long, value_name = "NAME")]
    codedeploy_deployment_group: Option<String>,
}

pub(crate) fn run(context: &Context, args: &DeployArgs) -> CommandResult {
    let definition = awsx_params::parse_json(&read(context, &args.task_definition)?)?;
    let appspec = read(context, &args.codedeploy_appspec)?;
    let appspec = Node::parse(&appspec).map_err(|problem| {
        CommandError::general(format!("could not read `{}`", args.codedeploy_appspec)).caused_by(&problem)
    })?;
    let Given::Map(definition) = definition else {
        return Err(CommandError::general(format!("`{}` holds no task definition", args.task_definition)));
    };
    context.block_on(async {
        let ecs = ServiceClient::connect(context, "ecs").await?;
        let service = Service::find(&ecs, args).await?;
        // `--endpoint-url` means ECS's.
        let instead = Instead { ignores_endpoint_option: true, ..Instead::default() };
        let codedeploy = ServiceClient::connect_as(context, "codedeploy", instead).await?;
        let group = Group::find(&codedeploy, &service, args).await?;
        let answer = ecs.call_with("RegisterTaskDefinition", &definition).await?;
        let arn = text_at(part(&answer, "taskDefinition"), "taskDefinitionArn");
        context.ui.out(format_args!("Successfully registered new ECS task definition {arn}\n"))?;
        let specification = with_definition(appspec, arn)?.to_json();
        let id = group.deploy(&codedeploy, specification).await?;
        context.ui.out(format_args!("Successfully created deployment {id}\n"))?;
        group.wait(context, &codedeploy, &id).await?;
        context.ui.out(format_args!("Successfully deployed {arn} to service '{}'\n", service.name))
    })
}

fn read(context: &Context, name: &str) -> CommandResult<String> {
    let path = context.env().expand_path(name);
    std::fs::read_to_string(&path).map_err(|error| {
        let why = match error.kind() {
            std::io::ErrorKind::NotFound => {
                format!("[Errno 2] No such file or directory: '{}'", path.display())
            }
            _ => error.to_string(),
        };
        CommandError::general(format!("Unable to load file at {name}: {why}"))
    })
}

/// The service that is to be deployed.
struct Service {
    name: String,
    arn: String,
    cluster: String,
    cluster_arn: String,
}

impl Service {
    async fn find(ecs: &ServiceClient<'_>, args: &DeployArgs) -> CommandResult<Self> {
        let cluster = args.cluster.as_deref().unwrap_or("default");
        let services = Input::List(vec![args.service.as_str().into()]);
        let input = members([("cluster", cluster.into()), ("services", services)]);
        let answer = ecs.call("DescribeServices", input).await.map_err(failed_to("describe ECS service"))?;
        let [found, ..] = list_at(&answer, "services") else {
            return Err(CommandError::general(format!(
                "Service '{}' not found in cluster '{cluster}'",
                args.service
            )));
        };
        let text = |name| text_at(found, name).to_owned();
        let cluster_arn = text("clusterArn");
        let cluster = cluster_arn.split('/').nth(1).unwrap_or_default().to_owned();
        Ok(Self { name: text("serviceName"), arn: text("serviceArn"), cluster, cluster_arn })
    }

    /// What CodeDeploy's console calls what it makes for a service.
    fn named(&self, prefix: &str) -> String {
        let start = |text: &str| text.chars().take(46).collect::<String>();
        format!("{prefix}-{}-{}", start(&self.cluster), start(&self.name))
    }
}

/// CodeDeploy's side of it.
struct Group {
    application: String,
    name: String,
    /// How long a deployment of it may take.
    wait_minutes: u32,
}

/// More than a deployment group waits, a deployment takes at most.
const MARGIN_MINUTES: i128 = 10;
const LEAST_MINUTES: u32 = 30;
const MOST_MINUTES: u32 = 360;

impl Group {
    /// Finds application and group, and refuses those that are not for this service.
    async fn find(
        codedeploy: &ServiceClient<'_>,
        service: &Service,
        args: &DeployArgs,
    ) -> CommandResult<Self> {
        let application = args.codedeploy_application.clone().unwrap_or_else(|| service.named("AppECS"));
        let name = args.codedeploy_deployment_group.clone().unwrap_or_else(|| service.named("DgpECS"));
        let input = members([("applicationName", application.as_str().into())]);
        let found = codedeploy.call("GetApplication", input).await;
        let found = found.map_err(failed_to("describe Code Deploy application"))?;
        let input = members([
            ("applicationName", application.as_str().into()),
            ("deploymentGroupName", name.as_str().into()),
        ]);
        let group = codedeploy.call("GetDeploymentGroup", input).await;
        let group = group.map_err(failed_to("describe Code Deploy deployment group"))?;
        let group = part(&group, "deploymentGroupInfo");
        for (what, name, found) in
            [("Application", &application, part(&found, "application")), ("Deployment Group", &name, group)]
        {
            if text_at(found, "computePlatform") != "ECS" {
                return Err(CommandError::general(format!(
                    "{what} '{name}' must support 'ECS' compute platform"
                )));
            }
        }
        for target in list_at(group, "ecsServices") {
            for (what, member, known, arn) in [
                ("service", "serviceName", &service.name, &service.arn),
                ("cluster", "clusterName", &service.cluster, &service.cluster_arn),
            ] {
                let aimed_at = text_at(target, member);
                if aimed_at != known && aimed_at != arn {
                    return Err(CommandError::general(format!(
                        "deployment group '{name}' does not target ECS {what} '{known}'"
                    )));
                }
            }
        }
        Ok(Self { application, name, wait_minutes: wait_minutes(group) })
    }

    async fn deploy(&self, codedeploy: &ServiceClient<'_>, content: String) -> CommandResult<String> {
        let hash = sha256_hex(&content);
        let content = members([("content", content.into()), ("sha256", hash.into())]);
        let revision = members([("revisionType", "AppSpecContent".into()), ("appSpecContent", content)]);
        let input = members([
            ("applicationName", self.application.as_str().into()),
            ("deploymentGroupName", self.name.as_str().into()),
            ("revision", revision),
        ]);
        let answer = codedeploy.call("CreateDeployment", input).await;
        let answer = answer.map_err(failed_to("create deployment"))?;
        Ok(text_at(&answer, "deploymentId").to_owned())
    }

    async fn wait(&self, context: &Context, codedeploy: &ServiceClient<'_>, id: &str) -> CommandResult {
        context.ui.out(format_args!(
            "Waiting for {id} to succeed (will wait up to {} minutes)...\n",
            self.wait_minutes
        ))?;
        let pace = Pace { delay: 15, max_attempts: self.wait_minutes * 4 };
        let input = members([("deploymentId", id.into())]);
        match codedeploy.wait("DeploymentSuccessful", pace, input).await? {
            Waited::IsSo => Ok(()),
            Waited::InVain { why, .. } => Err(CommandError::general(why)),
        }
    }
}

/// How long the group's own waits and a margin take.
fn wait_minutes(group: &Value) -> u32 {
    let settings = part(group, "blueGreenDeploymentConfiguration");
    let minutes = |option: &str, member: &str| match part(settings, option).get(member) {
        Some(Value::Number(awsx_output::Number::Int(minutes))) => *minutes,
        _ => 0,
    };
    let configured = minutes("deploymentReadyOption", "waitTimeInMinutes")
        + minutes("terminateBlueInstancesOnDeploymentSuccess", "terminationWaitTimeInMinutes");
    u32::try_from(configured + MARGIN_MINUTES).unwrap_or(MOST_MINUTES).clamp(LEAST_MINUTES, MOST_MINUTES)
}

/// The specification with the task definition in all its resources. Names are found in any case.
fn with_definition(mut appspec: Node, arn: &str) -> CommandResult<Node> {
    let Node::List(resources) = required(&mut appspec, "codedeploy-appspec", "resources")? else {
        return Err(missing("codedeploy-appspec", "resources"));
    };
    for resource in resources {
        let Node::Map(named) = resource else { continue };
        for (name, content) in named {
            let properties = required(content, name, "properties")?;
            *required(properties, "properties", "taskDefinition")? = Node::Text(arn.to_owned());
        }
    }
    Ok(appspec)
}

fn required<'n>(node: &'n mut Node, owner: &str, name: &str) -> CommandResult<&'n mut Node> {
    let Node::Map(entries) = node else { return Err(missing(owner, name)) };
    let found = entries.iter_mut().find(|(key, _)| key.eq_ignore_ascii_case(name));
    found.map(|(_, entry)| entry).ok_or_else(|| missing(owner, name))
}

fn missing(owner: &str, name: &str) -> CommandError {
    CommandError::general(format!("Resource '{owner}' must include property '{name}'"))
}

/// The structure of this name; nothing where there is none.
fn part<'v>(value: &'v Value, name: &str) -> &'v Value {
    value.get(name).unwrap_or(&Value::Null)
}

/// A service's error as AWS CLI wraps it; others stay.
fn failed_to(action: &'static str) -> impl Fn(CommandError) -> CommandError {
    move |error| match error.kind {
        Kind::Service => CommandError::general(format!("Failed to {action}:\n{}", error.message)),
        _ => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_task_definition_is_put_into_the_specification() {
        let text = "version: 0.0\nResources:\n- shop:\n    Type: AWS::ECS::Service\n    Properties:\n      TaskDefinition: x\n";
        let appspec = with_definition(Node::parse(text).unwrap(), "arn:new").unwrap();
        assert_eq!(
            awsx_output::yaml_template(&appspec),
            "version: 0.0\nResources:\n- shop:\n    Type: AWS::ECS::Service\n    Properties:\n      TaskDefinition: \
             arn:new\n"
        );
        let error = with_definition(Node::parse("resources:\n- shop: {}\n").unwrap(), "a").unwrap_err();
        assert_eq!(error.message, "Resource 'shop' must include property 'properties'");
    }

    #[test]
    fn a_deployment_is_waited_for_as_long_as_its_group_waits() {
        let minutes = |ready: i128, ends: i128| {
            let ready = Value::map([("waitTimeInMinutes", ready.into())]);
            let ends = Value::map([("terminationWaitTimeInMinutes", ends.into())]);
            let settings = Value::map([
                ("deploymentReadyOption", ready),
                ("terminateBlueInstancesOnDeploymentSuccess", ends),
            ]);
            wait_minutes(&Value::map([("blueGreenDeploymentConfiguration", settings)]))
        };
        assert_eq!([minutes(0, 5), minutes(30, 25), minutes(0, 1000)], [30, 65, 360]);
        assert_eq!(wait_minutes(&Value::Null), 30);
    }
}
