//! Roles and who may assume them.

use std::sync::Arc;
use std::time::Duration;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::directory::{Directory, Policies, Role};
use super::{Answer, Call};
use crate::policy::{Document, Kind};
use crate::query::{element, elements, list as list_of, structure, validation, xml_time};
use crate::refusal::Refusal;
use crate::state::{key_id, now};

pub(super) fn create(call: &Call) -> Answer {
    let (name, path) = (call.new_name("RoleName", 64)?, call.new_path()?);
    let trust_text = call.required("AssumeRolePolicyDocument")?.to_owned();
    let max_session = match call.parameter("MaxSessionDuration").map(str::parse) {
        None => Duration::from_hours(1),
        Some(Ok(seconds @ 3600..=43_200)) => Duration::from_secs(seconds),
        Some(_) => return Err(validation("MaxSessionDuration must be 3600 to 43200 seconds.")),
    };
    let effective_at = call.effective_at();
    let mut state = call.state();
    let role = Role {
        account: call.account().to_owned(),
        name: name.to_owned(),
        arn: format!("arn:aws:iam::{}:role{path}{name}", call.account()),
        path,
        id: key_id("AROA"),
        created_at: now(),
        effective_at,
        trust: parse_trust(&state.directory, &trust_text)?,
        trust_text,
        max_session,
        description: call.parameter("Description").map(str::to_owned),
        policies: Policies::default(),
    };
    let answer = structure("Role", &show(&role));
    state.directory.add_role(role)?;
    Ok(answer)
}

pub(super) fn get(call: &Call) -> Answer {
    let name = call.required("RoleName")?;
    Ok(structure("Role", &show(call.state().directory.role(call.account(), name)?)))
}

pub(super) fn list(call: &Call) -> Answer {
    let prefix = call.parameter("PathPrefix").unwrap_or("/");
    let state = call.state();
    let roles = state.directory.roles(call.account()).filter(|role| role.path.starts_with(prefix));
    let (page, more) = call.page(roles.map(show).collect())?;
    Ok(list_of("Roles", page) + &more)
}

pub(super) fn update_trust(call: &Call) -> Answer {
    let (name, text) = (call.required("RoleName")?, call.required("PolicyDocument")?);
    let mut state = call.state();
    let trust = parse_trust(&state.directory, text)?;
    let role = state.directory.role_mut(call.account(), name)?;
    role.trust = trust;
    text.clone_into(&mut role.trust_text);
    Ok(String::new())
}

pub(super) fn delete(call: &Call) -> Answer {
    let name = call.required("RoleName")?;
    let mut state = call.state();
    let policies = &state.directory.role(call.account(), name)?.policies;
    let left = match (policies.inline.is_empty(), policies.attached.is_empty()) {
        (true, true) => {
            state.directory.remove_role(call.account(), name);
            return Ok(String::new());
        }
        (false, _) => "delete policies",
        (true, false) => "detach all policies",
    };
    Err(Refusal::conflict("DeleteConflict", format!("Cannot delete entity, must {left} first.")))
}

/// Reads a trust policy, in which users and roles have to be there.
fn parse_trust(directory: &Directory, text: &str) -> Result<Arc<Document>, Refusal> {
    let malformed = |why: String| Refusal::bad_request("MalformedPolicyDocument", why);
    let trust = Document::parse(text, Kind::Trust).map_err(malformed)?;
    let is_entity = |name: &&str| {
        let resource = name.splitn(6, ':').nth(5).unwrap_or_default();
        name.starts_with("arn:aws:iam::") && (resource.starts_with("user/") || resource.starts_with("role/"))
    };
    // Identity Center's roles are no IAM entities here, and those who use them have session ARNs.
    let is_missing = |name: &&str| !name.contains(":role/aws-reserved/") && !directory.has_principal(name);
    if let Some(missing) = trust.aws_principals().filter(is_entity).find(is_missing) {
        return Err(malformed(format!("Invalid principal in policy: \"AWS\":\"{missing}\"")));
    }
    Ok(Arc::new(trust))
}

fn show(role: &Role) -> String {
    // IAM gives documents back percent-encoded.
    let trust = utf8_percent_encode(&role.trust_text, NON_ALPHANUMERIC).to_string();
    let fixed = elements(&[
        ("Path", &role.path),
        ("RoleName", &role.name),
        ("RoleId", &role.id),
        ("Arn", &role.arn),
        ("CreateDate", &xml_time(role.created_at)),
        ("AssumeRolePolicyDocument", &trust),
        ("MaxSessionDuration", &role.max_session.as_secs().to_string()),
    ]);
    let description = role.description.as_ref().map(|text| element("Description", text));
    fixed + &description.unwrap_or_default()
}
