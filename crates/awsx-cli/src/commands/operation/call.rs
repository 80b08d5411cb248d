//! From an operation's request to what the service answered: checks, the call, the result.

use awsx_api::{Body, Client, Response};
use awsx_core::settings::table;
use awsx_model::{Input, Kind, Operation, Service, ShapeId};
use awsx_output::{Map, Value};
use awsx_params::{Request, Skeleton, Table};

use super::client::{self, Plan};
use super::monitor::Monitor;
use super::{around, definition, events, pages, save, session, skeleton};
use crate::commands::verbs::logs::live_tail;
use crate::context::Context;
use crate::error::CommandResult;
use crate::output::Output;

/// Does what was asked of an operation.
pub(super) fn run(
    context: &Context,
    service: &'static Service,
    table: &Table<'static>,
    mut request: Request,
    output: Output,
) -> CommandResult {
    for warning in &request.warnings {
        context.ui.err(format_args!("warning: {warning}\n"));
    }
    let monitor = Monitor::of(table, &request)?;
    if let Some(input @ (Skeleton::Input | Skeleton::YamlInput)) = request.skeleton {
        return skeleton::print_input(context, table, input);
    }
    around::refuse_missing_endpoint(context, table)?;
    save::refuse_folders(context, &request)?;
    around::refuse_missing_key(context, &request)?;
    let is_interactive = events::is_interactive(&request);
    if is_interactive {
        live_tail::refuse_without_terminal(context)?;
    }
    let plan = Plan::of(context, service)?;
    around::keep_distribution(context, service, &mut request)?;
    let input = checked_input(context, table, &mut request)?;
    if request.skeleton.is_some() {
        return skeleton::print_output(context, table, output);
    }
    let region = plan.region().to_owned();
    let mut watch = None;
    context.block_on(async {
        let operation = table.operation;
        if context.globals.dry_run_request {
            let client = plan.client(context, service, operation).await?;
            return print_request(context, &client, operation, input).await;
        }
        let client = plan.client(context, service, operation).await?;
        if let Some(opens) = session::of(table) {
            return session::Asked { context, client: &client, region, operation }
                .run(opens, &request, input)
                .await;
        }
        if let Some(paginator) = operation.paginator.as_ref().filter(|_| request.paginate) {
            return pages::show(context, &client, operation, paginator, input, &request.limits, output).await;
        }
        let mut response = client.call(operation, input).await?;
        if request.outfile.is_none()
            && let Some(stream) = response.events.take()
        {
            return events::show(context, table, response.value, stream, is_interactive, output).await;
        }
        let mut value = save::take(context, table, &request, response).await?;
        around::decrypt_password(context, &request, &mut value)?;
        definition::translate(table, &mut value);
        watch = monitor.and_then(|monitor| monitor.watch(context, &value));
        if watch.is_some() {
            return Ok(());
        }
        output.show(context, operation.name, &value)
    })?;
    watch.map_or(Ok(()), |watch| watch.run(context))
}

/// The operation's input, once it has passed AWS CLI's checks.
pub(super) fn checked_input(context: &Context, table: &Table, request: &mut Request) -> CommandResult<Input> {
    let shape = table.operation.input.map(|used| used.shape);
    if let Some(shape) = shape {
        let format = client::binary_format(context)?;
        awsx_params::decode_binary(table.service, shape, &mut request.parameters, format)?;
        table.complete(&mut request.parameters, context.env())?;
        if context.settings.is_true(&table::PARAMETER_VALIDATION)? {
            awsx_params::check(table.service, shape, &request.parameters)?;
        }
    }
    Ok(awsx_params::input(table.service, shape, &request.parameters))
}

/// `--dry-run-request`: prints what would be sent, without its signature and with stars for secrets.
pub(super) async fn print_request(
    context: &Context,
    client: &Client,
    operation: &'static Operation,
    input: Input,
) -> CommandResult {
    let hidden = operation.input.map_or(input.clone(), |used| starred(client.service(), used.shape, &input));
    let request = client.request(operation, hidden).await?;
    context.ui.out(format_args!("{} {}\n", request.method, request.url))?;
    for (name, value) in &request.headers {
        context.ui.out(format_args!("{name}: {value}\n"))?;
    }
    match &request.body {
        body if body.is_empty() => Ok(()),
        Body::File(path) => context.ui.out(format_args!("\n(the bytes of {})\n", path.display())),
        Body::Bytes(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => context.ui.out(format_args!("\n{text}\n")),
            Err(_) => context.ui.out(format_args!("\n({} bytes)\n", bytes.len())),
        },
    }
}

/// The input with stars for what the model calls sensitive.
fn starred(service: &Service, shape: ShapeId, input: &Input) -> Input {
    let described = service.shape(shape);
    if described.sensitive && matches!(input, Input::Text(_)) {
        return Input::Text("****".to_owned());
    }
    if described.sensitive && matches!(input, Input::Blob(_)) {
        return Input::Blob(b"****".to_vec());
    }
    match (&described.kind, input) {
        (Kind::Structure(structure), Input::Map(entries)) => {
            let entries = entries.iter().map(|(name, entry)| {
                let member = structure.members.iter().find(|member| member.name == name);
                (name.clone(), member.map_or(entry.clone(), |member| starred(service, member.shape, entry)))
            });
            Input::Map(entries.collect())
        }
        (Kind::Map(map), Input::Map(entries)) => {
            let entries = entries.iter();
            Input::Map(
                entries.map(|(key, entry)| (key.clone(), starred(service, map.value.shape, entry))).collect(),
            )
        }
        (Kind::List(list), Input::List(elements)) => Input::List(
            elements.iter().map(|element| starred(service, list.element.shape, element)).collect(),
        ),
        (_, other) => other.clone(),
    }
}

/// The members of an answer.
pub(super) fn members(response: &mut Response) -> Map {
    match std::mem::take(&mut response.value) {
        Value::Map(members) => members,
        _ => Map::new(),
    }
}
