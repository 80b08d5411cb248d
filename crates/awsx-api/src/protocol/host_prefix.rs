//! What an operation puts before its host.

use awsx_model::{Input, Operation, Service};

use super::InputError;

/// Fills the labels of the operation's host prefix.
pub(super) fn fill(
    service: &Service,
    operation: &Operation,
    input: &Input,
) -> Result<Option<String>, InputError> {
    let Some(template) = operation.host_prefix else { return Ok(None) };
    let mut filled = template.to_owned();
    let members = service.input(operation).map(|input| &input.members);
    let mut refused = Vec::new();
    for member in members.into_iter().flatten().filter(|member| member.host_label) {
        let value = input.get(member.name).and_then(Input::as_text).unwrap_or_default();
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
        if value.is_empty() || !value.bytes().all(allowed) {
            refused.push(member.name);
        }
        filled = filled.replace(&format!("{{{}}}", member.name), value);
    }
    if refused.is_empty() {
        return Ok(Some(filled));
    }
    Err(InputError(format!(
        "Invalid value for parameter(s): {}. Must contain only alphanumeric characters, hyphen, or period.",
        refused.join(", ")
    )))
}
