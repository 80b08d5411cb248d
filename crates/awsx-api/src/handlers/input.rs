//! Changes to inputs.

use awsx_model::Input;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{Call, Changes};

/// A fresh token makes a repeated request the same request.
pub(super) fn fill_idempotency_tokens(call: Call<'_>, input: &mut Input) {
    let Input::Map(entries) = input else { return };
    for member in call.input_members().filter(|member| member.idempotency_token) {
        let fresh = || Input::Text(uuid::Uuid::new_v4().to_string());
        entries.entry(member.name.to_owned()).or_insert_with(fresh);
    }
}

/// User data is given as text and sent as base64.
pub(super) fn encode_user_data(_: Call<'_>, input: &mut Input, _: &mut Changes) {
    let Input::Map(entries) = input else { return };
    if let Some(data) = entries.get_mut("UserData") {
        let encoded = match data {
            Input::Text(text) => STANDARD.encode(text),
            Input::Blob(bytes) => STANDARD.encode(bytes),
            _ => return,
        };
        *data = Input::Text(encoded);
    }
}

/// Answers name a zone `/hostedzone/Z1`, requests want `Z1`.
pub(super) fn shorten_route53_ids(call: Call<'_>, input: &mut Input, _: &mut Changes) {
    let Input::Map(entries) = input else { return };
    for member in call.input_members() {
        let kind = call.service.shape(member.shape).name;
        if matches!(kind, "ResourceId" | "DelegationSetId" | "ChangeId")
            && let Some(Input::Text(id)) = entries.get_mut(member.name)
        {
            *id = id.rsplit('/').next().unwrap_or_default().to_owned();
        }
    }
}
