//! Changes to requests.

use awsx_http::percent::encode;
use awsx_model::{ContextValue, Input, Operation, Service};

use super::Call;
use crate::Body;
use crate::protocol::WireRequest;

/// A model that learned has an endpoint of its own, which is given with the question to it.
pub(crate) fn endpoint_in_input(service: &Service, operation: &Operation, input: &Input) -> Option<String> {
    let predicts = (service.name, operation.name) == ("machinelearning", "Predict");
    let given = input.get("PredictEndpoint").filter(|_| predicts)?.as_text()?;
    let host = given.split_once("://").map_or(given, |(_, rest)| rest);
    let host = host.split('/').next().filter(|host| !host.is_empty())?;
    Some(format!("https://{host}"))
}

/// The endpoint's rules put the account before the host already.
pub(super) fn leave_account_to_endpoint(call: Call<'_>, _: &Input, wire: &mut WireRequest) {
    let required = ("RequiresAccountId", ContextValue::Boolean(true));
    if call.operation.host_prefix == Some("{AccountId}.") && call.operation.static_context.contains(&required)
    {
        wire.host_prefix = None;
    }
}

/// API Gateway would answer in another form.
pub(super) fn accept_json(_: Call<'_>, _: &Input, wire: &mut WireRequest) {
    if wire.header("Accept").is_none() {
        wire.set_header("Accept", "application/json");
    }
}

/// Searches may be longer than a URL.
pub(super) fn post_instead_of_get(_: Call<'_>, _: &Input, wire: &mut WireRequest) {
    if wire.method != "GET" || wire.query.is_empty() {
        return;
    }
    "POST".clone_into(&mut wire.method);
    wire.set_header("Content-Type", "application/x-www-form-urlencoded");
    let pairs = wire
        .query
        .drain(..)
        .map(|(name, value)| format!("{}={}", encode(&name), encode(&value.unwrap_or_default())));
    wire.body = Body::Bytes(pairs.collect::<Vec<_>>().join("&").into_bytes());
}
