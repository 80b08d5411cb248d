//! Changes to requests.

use awsx_model::{ContextValue, Input};

use super::Call;
use crate::Body;
use crate::protocol::{WireRequest, encode};

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
