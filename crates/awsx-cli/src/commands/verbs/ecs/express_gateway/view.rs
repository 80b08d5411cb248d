//! The tree of a service, asked for at ECS.

use awsx_model::Input;
use awsx_output::Value;

use super::ResourceView;
use super::resources::{Group, Node, Resource};
use crate::commands::operation::ServiceClient;
use crate::commands::verbs::values::{list_at, members, text_at};
use crate::error::CommandError;

/// What is known of a service.
pub(super) struct View<'v> {
    ecs: &'v ServiceClient<'v>,
    service: &'v str,
    which: ResourceView,
    /// The parts that were found last; none before any were.
    pub(super) tree: Option<Group>,
    /// What is to be said beside.
    pub(super) info: Option<&'static str>,
}

/// Why there is no view.
pub(super) enum Trouble {
    /// The command ends.
    Command(CommandError),
    /// An answer of ECS's is not what it should be.
    Incomplete(String),
}

impl From<CommandError> for Trouble {
    fn from(error: CommandError) -> Self {
        Self::Command(error)
    }
}

/// The parts, or what is waited for.
type Found = Result<Group, &'static str>;

const WAITING_FOR_SERVICE: &str = "Trying to describe gateway service";
const WAITING_FOR_DEPLOYMENT: &str = "Waiting for a deployment to start";
const WAITING_FOR_REVISIONS: &str = "Trying to describe service revisions";

impl<'v> View<'v> {
    pub(super) fn new(ecs: &'v ServiceClient<'v>, service: &'v str, which: ResourceView) -> Self {
        Self { ecs, service, which, tree: None, info: None }
    }

    /// Asks again.
    pub(super) async fn refresh(&mut self) -> Result<(), Trouble> {
        match self.ask().await {
            Err(Trouble::Command(error)) if is_inactive(&error) => {
                self.tree = Some(Group::default());
                self.info = Some("Service is inactive");
                Ok(())
            }
            asked => asked,
        }
    }

    async fn ask(&mut self) -> Result<(), Trouble> {
        let input = members([("serviceArn", self.service.into())]);
        let answer = self.ecs.call("DescribeExpressGatewayService", input).await?;
        let service = answer.get("service").unwrap_or(&Value::Null);
        if text_at(service, "serviceArn").is_empty() || service.get("activeConfigurations").is_none() {
            (self.tree, self.info) = (None, Some(WAITING_FOR_SERVICE));
            return Ok(());
        }
        let found = match self.which {
            ResourceView::Deployment => self.deployment(service).await?,
            ResourceView::Resource => self.active(service).await?,
        };
        let (parts, info) = match found {
            Ok(parts) => (Some(parts), None),
            Err(waiting) => (None, Some(waiting)),
        };
        let mut nodes = vec![
            Node::Resource(Resource::named("Cluster", text_at(service, "cluster"))),
            Node::Resource(self.service(service).await?),
        ];
        nodes.extend(parts.map(Node::Group));
        (self.tree, self.info) = (Some(Group::of(None, nodes)), info);
        Ok(())
    }

    /// The parts of all active configurations.
    async fn active(&self, service: &Value) -> Result<Found, Trouble> {
        let configurations = list_at(service, "activeConfigurations").iter();
        let arns: Vec<&str> = configurations.map(|found| text_at(found, "serviceRevisionArn")).collect();
        let revisions = self.revisions(&arns).await?;
        let is_whole = revisions.len() == arns.len();
        let parts = revisions.iter().map(parts_of).reduce(Group::combined);
        Ok(parts.filter(|_| is_whole).ok_or(WAITING_FOR_REVISIONS))
    }

    /// What the last deployment adds and removes.
    async fn deployment(&self, service: &Value) -> Result<Found, Trouble> {
        let input =
            members([("service", text_at(service, "serviceArn").into()), ("maxResults", Input::Integer(1))]);
        let answer = self.ecs.call("ListServiceDeployments", input).await?;
        let listed = listed(&answer, "ListServiceDeployments", "serviceDeployments", Missing::IsWrong)?;
        let arn = listed.first().map(|deployment| text_at(deployment, "serviceDeploymentArn"));
        let Some(arn) = arn.filter(|arn| !arn.is_empty()) else { return Ok(Err(WAITING_FOR_DEPLOYMENT)) };
        let input = members([("serviceDeploymentArns", Input::List(vec![arn.into()]))]);
        let answer = self.ecs.call("DescribeServiceDeployments", input).await?;
        let described =
            self::listed(&answer, "DescribeServiceDeployments", "serviceDeployments", Missing::MayCome)?;
        let Some(deployment) = described.first() else { return Ok(Err(WAITING_FOR_DEPLOYMENT)) };
        let target = deployment.get("targetServiceRevision").map(|target| text_at(target, "arn"));
        let Some(target) = target else { return Ok(Err(WAITING_FOR_DEPLOYMENT)) };
        let revisions = self.revisions(&[target]).await?;
        let [revision] = &revisions[..] else { return Ok(Err(WAITING_FOR_REVISIONS)) };
        let sources: Vec<&str> = list_at(deployment, "sourceServiceRevisions")
            .iter()
            .map(|source| text_at(source, "arn"))
            .collect();
        let mut before = Group::default();
        if !sources.is_empty() {
            let revisions = self.revisions(&sources).await?;
            if revisions.len() != sources.len() {
                return Ok(Err(WAITING_FOR_REVISIONS));
            }
            before = revisions.iter().map(parts_of).reduce(Group::combined).unwrap_or_default();
        }
        let (mut added, mut removed) = parts_of(revision).differences(&before);
        added.kind = Some("Updating");
        removed.kind = Some("Disassociating");
        let text = |name| Some(text_at(deployment, name).to_owned()).filter(|text| !text.is_empty());
        let nodes = [
            Node::Resource(Resource::named("TargetServiceRevision", target)),
            Node::Resource(Resource::named("TaskDefinition", text_at(revision, "taskDefinition"))),
            Node::Group(added),
            Node::Group(removed),
        ];
        let mut whole = Group::of(Some("Deployment"), nodes);
        whole.identifier = Some(arn.to_owned());
        whole.status = text("status");
        whole.reason = text("statusReason");
        Ok(Ok(whole))
    }

    async fn revisions(&self, arns: &[&str]) -> Result<Vec<Value>, Trouble> {
        let arns = arns.iter().map(|arn| Input::from(*arn)).collect();
        let input = members([("serviceRevisionArns", Input::List(arns))]);
        let answer = self.ecs.call("DescribeServiceRevisions", input).await?;
        let revisions = listed(&answer, "DescribeServiceRevisions", "serviceRevisions", Missing::MayCome)?;
        Ok(revisions.to_vec())
    }

    /// The service itself, with its last event.
    async fn service(&self, service: &Value) -> Result<Resource, Trouble> {
        let arn = text_at(service, "serviceArn");
        let input = members([
            ("cluster", text_at(service, "cluster").into()),
            ("services", Input::List(vec![arn.into()])),
        ]);
        let answer = self.ecs.call("DescribeServices", input).await?;
        let described = listed(&answer, "DescribeServices", "services", Missing::IsWrong)?;
        let event = described.first().and_then(|service| list_at(service, "events").first());
        let message = event.map(|event| text_at(event, "message").to_owned()).filter(|text| !text.is_empty());
        let mut resource = Resource::named("Service", arn);
        resource.info = message;
        Ok(resource)
    }
}

/// A service that is gone while it is looked at.
fn is_inactive(error: &CommandError) -> bool {
    error.service_code() == Some("InvalidParameterException")
        && error.message.contains("Cannot call DescribeServiceRevisions for a service that is INACTIVE")
}

/// What it means that ECS says it does not know something.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Missing {
    IsWrong,
    /// It may know it a moment later.
    MayCome,
}

/// A list of an answer that also tells what failed.
fn listed<'a>(
    answer: &'a Value,
    operation: &str,
    member: &str,
    missing: Missing,
) -> Result<&'a [Value], Trouble> {
    let failures = list_at(answer, "failures");
    let told = |failure: &Value| {
        let (arn, reason) = (text_at(failure, "arn").to_owned(), text_at(failure, "reason").to_owned());
        (!arn.is_empty() && !reason.is_empty()).then_some((arn, reason))
    };
    let failures: Option<Vec<(String, String)>> = failures.iter().map(told).collect();
    let mut failures = failures
        .ok_or_else(|| Trouble::Incomplete("Invalid failure response: missing arn or reason".to_owned()))?;
    if missing == Missing::MayCome {
        failures.retain(|(_, reason)| reason != "MISSING");
    }
    if !failures.is_empty() {
        let lines: Vec<String> =
            failures.iter().map(|(arn, reason)| format!("{arn} failed with {reason}")).collect();
        return Err(Trouble::Incomplete(format!("{operation}:\n{}", lines.join("\n"))));
    }
    let list = answer.get(member).and_then(Value::as_list);
    list.ok_or_else(|| Trouble::Incomplete(format!("{operation} response is missing {member}")))
}

/// What ECS made for a revision.
fn parts_of(revision: &Value) -> Group {
    let Some(made) = revision.get("ecsManagedResources") else { return Group::default() };
    let mut nodes = Vec::new();
    let mut group = |kind, nodes_of: Vec<Node>| nodes.push(Node::Group(Group::of(Some(kind), nodes_of)));
    if made.get("ingressPaths").is_some() {
        group("IngressPaths", list_at(made, "ingressPaths").iter().map(ingress_path).collect());
    }
    if let Some(scaling) = made.get("autoScaling") {
        let mut parts = one(scaling, "scalableTarget", "ScalableTarget");
        parts.extend(all(scaling, "applicationAutoScalingPolicies", "ApplicationAutoScalingPolicy"));
        group("AutoScalingConfiguration", parts);
    }
    for (member, kind, each) in [
        ("metricAlarms", "MetricAlarms", "MetricAlarm"),
        ("serviceSecurityGroups", "ServiceSecurityGroups", "SecurityGroup"),
        ("logGroups", "LogGroups", "LogGroup"),
    ] {
        if made.get(member).is_some() {
            group(kind, all(made, member, each));
        }
    }
    Group::of(None, nodes)
}

fn ingress_path(path: &Value) -> Node {
    let mut parts = one(path, "loadBalancer", "LoadBalancer");
    parts.extend(all(path, "loadBalancerSecurityGroups", "LoadBalancerSecurityGroup"));
    for (member, kind) in [("certificate", "Certificate"), ("listener", "Listener"), ("rule", "Rule")] {
        parts.extend(one(path, member, kind));
    }
    parts.extend(all(path, "targetGroups", "TargetGroup"));
    let endpoint = Some(text_at(path, "endpoint").to_owned()).filter(|endpoint| !endpoint.is_empty());
    let mut group = Group::of(Some("IngressPath"), parts);
    group.identifier = endpoint;
    Node::Group(group)
}

fn one(value: &Value, member: &str, kind: &'static str) -> Vec<Node> {
    let told = value.get(member).filter(|told| !told.is_empty_result());
    told.map(|told| Node::Resource(Resource::of(kind, told))).into_iter().collect()
}

fn all(value: &Value, member: &str, kind: &'static str) -> Vec<Node> {
    list_at(value, member).iter().map(|told| Node::Resource(Resource::of(kind, told))).collect()
}
