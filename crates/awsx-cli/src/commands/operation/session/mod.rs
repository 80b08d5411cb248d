//! `ssm start-session` and `ecs execute-command`: operations that open a session, which AWS's session-manager-plugin
//! then holds at this terminal.

mod plugin;

use awsx_api::Client;
use awsx_core::store::hash::{JsonLayout, python_json};
use awsx_model::{Input, Operation};
use awsx_output::Value;
use awsx_params::{Given, Request, Table};
use serde_json::Value as Json;

use self::plugin::{Session, is_installed};
use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// Which operation opens the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Opens {
    Instance,
    Container,
}

/// Whether this operation opens a session.
pub(super) fn of(table: &Table) -> Option<Opens> {
    match (table.command.as_str(), table.word.as_str()) {
        ("ssm", "start-session") => Some(Opens::Instance),
        ("ecs", "execute-command") => Some(Opens::Container),
        _ => None,
    }
}

/// A client of the service, and what is known of it.
pub(super) struct Asked<'a> {
    pub(super) context: &'a Context,
    pub(super) client: &'a Client,
    pub(super) region: String,
    pub(super) operation: &'static Operation,
}

impl Asked<'_> {
    /// Opens the session and hands it to the plugin, until it ends.
    pub(super) async fn run(&self, opens: Opens, request: &Request, input: Input) -> CommandResult {
        match opens {
            Opens::Instance => self.on_instance(request, input).await,
            Opens::Container => self.in_container(input).await,
        }
    }

    async fn on_instance(&self, request: &Request, input: Input) -> CommandResult {
        let endpoint = self.endpoint(input.clone()).await?;
        let answer = self.client.call(self.operation, input).await?.value;
        let member = |name: &str| (name.to_owned(), answer.get(name).map_or(Json::Null, json));
        let session = Session {
            answer: Json::Object(["SessionId", "TokenValue", "StreamUrl"].map(member).into_iter().collect()),
            region: &self.region,
            // The plugin finds a profile of the environment by itself.
            profile: self.context.globals.profile.clone().unwrap_or_default(),
            request: json(&Given::Map(request.parameters.clone()).as_value()),
            endpoint: &endpoint,
        };
        let started = session.hand_over(self.context);
        if let Err(error) = started {
            if error.never_started {
                self.terminate(&answer).await?;
            }
            return Err(error.into());
        }
        Ok(())
    }

    async fn in_container(&self, input: Input) -> CommandResult {
        // Before a session is open that nobody would hold.
        is_installed()?;
        let endpoint = self.endpoint(input.clone()).await?;
        let answer = self.client.call(self.operation, input).await?.value;
        let session = Session {
            answer: answer.get("session").map_or(Json::Null, json),
            region: &self.region,
            profile: self.context.settings.named_profile().map(|named| named.value).unwrap_or_default(),
            request: serde_json::json!({ "Target": self.target(&answer).await? }),
            endpoint: &endpoint,
        };
        Ok(session.hand_over_in_words(self.context)?)
    }

    /// By what the session's service knows the container.
    async fn target(&self, answer: &Value) -> CommandResult<String> {
        let text = |name: &str| answer.get(name).and_then(Value::as_str).unwrap_or_default();
        let last = |arn: &str| arn.rsplit('/').next().unwrap_or_default().to_owned();
        let (cluster, task) = (last(text("clusterArn")), last(text("taskArn")));
        let asked = Input::map([
            ("cluster", cluster.as_str().into()),
            ("tasks", Input::List(vec![task.as_str().into()])),
        ]);
        let described = self.call("DescribeTasks", asked).await?;
        let task_of = described.get("tasks").and_then(Value::as_list).and_then(<[Value]>::first);
        let Some(found) = task_of else {
            return Err(CommandError::general("The task provided in the request was not found."));
        };
        let containers = found.get("containers").and_then(Value::as_list).unwrap_or_default();
        let name = text("containerName");
        let is_it = |value: &&Value| value.get("name").and_then(Value::as_str) == Some(name);
        let container = containers.iter().find(is_it);
        let id = container.and_then(|container| container.get("runtimeId")).and_then(Value::as_str);
        // As AWS CLI writes what is missing.
        Ok(format!("ecs:{cluster}_{task}_{}", id.unwrap_or("None")))
    }

    /// Ends a session that nobody holds.
    async fn terminate(&self, answer: &Value) -> CommandResult {
        let id = answer.get("SessionId").and_then(Value::as_str).unwrap_or_default();
        self.call("TerminateSession", Input::map([("SessionId", id.into())])).await?;
        Ok(())
    }

    async fn call(&self, operation: &str, input: Input) -> CommandResult<Value> {
        let service = self.client.service();
        let missing = || CommandError::general(format!("the model of `{}` has no {operation}", service.name));
        let operation = service.operation(operation).ok_or_else(missing)?;
        Ok(self.client.call(operation, input).await?.value)
    }

    /// Where the service is asked.
    async fn endpoint(&self, input: Input) -> CommandResult<String> {
        let request = self.client.request(self.operation, input).await?;
        Ok(request.url.trim_end_matches('/').to_owned())
    }
}

fn json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(truth) => Json::Bool(*truth),
        Value::Number(awsx_output::Number::Int(number)) => {
            i64::try_from(*number).map_or(Json::Null, Json::from)
        }
        Value::Number(awsx_output::Number::Float(number)) => Json::from(*number),
        Value::String(text) => Json::from(text.clone()),
        Value::List(elements) => elements.iter().map(json).collect(),
        Value::Map(map) => map.iter().map(|(key, value)| (key.to_string(), json(value))).collect(),
    }
}

/// JSON as Python writes it.
fn words(value: &Json) -> String {
    python_json(value, JsonLayout::Plain)
}
