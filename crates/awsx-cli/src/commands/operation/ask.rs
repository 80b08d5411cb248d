//! A service for verbs to ask: operations by their names in the model, with the user's settings and credentials.

use awsx_api::pages::{Pages, Paging};
use awsx_api::waiter::{Pace, WaitError, wait_at};
use awsx_api::{Client, Response, Wanted};
use awsx_auth::Credentials;
use awsx_core::settings::table;
use awsx_model::{Input, Operation};
use awsx_output::Value;
use awsx_params::{Given, Parameters};

use super::call;
use super::client::Plan;
use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// One service.
pub(crate) struct ServiceClient<'c> {
    context: &'c Context,
    client: Client,
}

/// What a verb wants otherwise than the user's settings say.
#[derive(Default)]
pub(crate) struct Instead {
    /// The region.
    pub(crate) region: Option<String>,
    /// The keys.
    pub(crate) credentials: Option<Credentials>,
    /// Whether `--endpoint-url` is meant for another service: this one is where the settings say.
    pub(crate) ignores_endpoint_option: bool,
    /// Where the service is, whatever the settings say.
    pub(crate) endpoint_url: Option<String>,
}

/// How a wait ended.
pub(crate) enum Waited {
    /// It is so.
    IsSo,
    /// It did not become so, or not in time.
    InVain {
        /// Why, in botocore's words.
        why: String,
        /// The last answer; nothing where that was an error.
        last: Value,
    },
}

impl<'c> ServiceClient<'c> {
    /// The service of this name in the models (`ecr`, `cognito-idp`), as the settings have it.
    pub(crate) async fn connect(context: &'c Context, name: &str) -> CommandResult<Self> {
        Self::connect_as(context, name, Instead::default()).await
    }

    /// The same, with something else in a setting's place.
    pub(crate) async fn connect_as(
        context: &'c Context,
        name: &str,
        instead: Instead,
    ) -> CommandResult<Self> {
        let service = super::catalog(context.env()).service(name)?;
        let service =
            service.ok_or_else(|| CommandError::general(format!("there is no model of `{name}`")))?;
        let needs_keys =
            |operation: &&Operation| awsx_api::wanted(service, operation, &[], false) != Wanted::Nothing;
        let signed = service.operations.iter().find(needs_keys);
        let operation = signed.or(service.operations.first()).expect("a service has operations");
        let plan = Plan::with(context, service, instead)?;
        Ok(Self { context, client: plan.client(context, service, operation).await? })
    }

    /// What the service answers. With `--dry-run-request` nothing is sent: the request is printed, and the command ends.
    pub(crate) async fn call(&self, operation: &str, input: Input) -> CommandResult<Value> {
        let operation = self.operation(operation)?;
        self.prepare(operation, &input).await?;
        Ok(self.client.call(operation, input).await?.value)
    }

    /// What the service answers to parameters of the user's, which are checked first.
    pub(crate) async fn call_with(&self, operation: &str, parameters: &Parameters) -> CommandResult<Value> {
        self.call(operation, self.checked(operation, parameters)?).await
    }

    fn checked(&self, operation: &str, parameters: &Parameters) -> CommandResult<Input> {
        let service = self.client.service();
        let shape = self.operation(operation)?.input.map(|used| used.shape);
        if let Some(shape) = shape {
            awsx_params::check(service, shape, parameters)?;
        }
        Ok(awsx_params::input(service, shape, parameters))
    }

    /// The same with the bytes of the member that is a stream, which nobody has read yet.
    pub(crate) async fn fetch(&self, operation: &str, input: Input) -> CommandResult<Response> {
        let operation = self.operation(operation)?;
        self.prepare(operation, &input).await?;
        Ok(self.client.call(operation, input).await?)
    }

    /// The pages of a listing, asked for as they are wanted.
    pub(crate) async fn pages(&self, operation: &str, input: Input) -> CommandResult<Pages<'_, Client>> {
        let operation = self.operation(operation)?;
        self.prepare(operation, &input).await?;
        let missing = || CommandError::general(format!("the model has no pages of {}", operation.name));
        let paginator = operation.paginator.as_ref().ok_or_else(missing)?;
        Ok(Pages::new(&self.client, operation, paginator, input, Paging::default())?)
    }

    /// What the service answers in all its pages, as one.
    pub(crate) async fn call_for_all(&self, operation: &str, input: Input) -> CommandResult<Value> {
        self.page(operation, input, Paging::default()).await
    }

    /// What the service answers to parameters of the user's in its pages, as far as these go, as one.
    pub(crate) async fn call_for_all_with(
        &self,
        operation: &str,
        parameters: &Parameters,
        paging: Paging,
    ) -> CommandResult<Value> {
        self.page(operation, self.checked(operation, parameters)?, paging).await
    }

    async fn page(&self, operation: &str, input: Input, paging: Paging) -> CommandResult<Value> {
        let operation = self.operation(operation)?;
        self.prepare(operation, &input).await?;
        let Some(paginator) = &operation.paginator else {
            return Ok(self.client.call(operation, input).await?.value);
        };
        let pages = Pages::new(&self.client, operation, paginator, input, paging)?;
        Ok(pages.into_result().await?)
    }

    /// Asks at this pace until the service says that it is so. `waiter` is the name in the model: `StackExists`.
    pub(crate) async fn wait(&self, waiter: &str, pace: Pace, input: Input) -> CommandResult<Waited> {
        let service = self.client.service();
        let missing =
            || CommandError::general(format!("the model of `{}` has no waiter {waiter}", service.name));
        let waiter = service.waiters.iter().find(|found| found.name == waiter).ok_or_else(missing)?;
        match wait_at(pace, &self.client, waiter, input).await {
            Ok(()) => Ok(Waited::IsSo),
            Err(error @ WaitError::Failed { .. }) => {
                let why = error.to_string();
                let WaitError::Failed { last, .. } = error else { unreachable!("it is this one") };
                Ok(Waited::InVain { why, last: last.map(|last| *last).unwrap_or_default() })
            }
            Err(other) => Err(other.into()),
        }
    }

    /// Where the service is asked for what belongs to no resource: a URL without a slash at its end.
    pub(crate) async fn endpoint_url(&self, operation: &str) -> CommandResult<String> {
        let request = self.client.request(self.operation(operation)?, Input::empty()).await?;
        let end = request.url.find('?').unwrap_or(request.url.len());
        Ok(request.url[..end].trim_end_matches('/').to_owned())
    }

    fn operation(&self, name: &str) -> CommandResult<&'static Operation> {
        let service = self.client.service();
        // A user's own model may be older than the verb.
        let missing =
            || CommandError::general(format!("the model of `{}` has no operation {name}", service.name));
        service.operation(name).ok_or_else(missing)
    }

    /// Checks the input, and ends the command if nothing is to be sent.
    async fn prepare(&self, operation: &'static Operation, input: &Input) -> CommandResult {
        if let (Some(used), Given::Map(parameters)) = (operation.input, given(input))
            && self.context.settings.is_true(&table::PARAMETER_VALIDATION)?
        {
            awsx_params::check(self.client.service(), used.shape, &parameters)?;
        }
        if !self.context.globals.dry_run_request {
            return Ok(());
        }
        call::print_request(self.context, &self.client, operation, input.clone()).await?;
        Err(CommandError::said(0))
    }
}

/// The input as the checks want it.
fn given(input: &Input) -> Given {
    match input {
        Input::Null => Given::None,
        Input::Boolean(truth) => Given::Boolean(*truth),
        Input::Integer(whole) => Given::Integer((*whole).into()),
        Input::Float(number) => Given::Float(*number),
        Input::Text(text) => Given::Text(text.clone()),
        Input::Blob(bytes) => Given::Bytes(bytes.clone()),
        Input::File(path) => Given::File(path.clone()),
        Input::Moment(moment) => Given::Integer(moment.seconds.into()),
        Input::List(elements) => Given::List(elements.iter().map(given).collect()),
        Input::Map(entries) => {
            Given::Map(entries.iter().map(|(name, entry)| (name.clone(), given(entry))).collect())
        }
    }
}
