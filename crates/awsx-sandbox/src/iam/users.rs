//! Users.

use super::directory::User;
use super::{Answer, Call};
use crate::query::{elements, list as list_of, structure, xml_time};
use crate::refusal::Refusal;
use crate::state::now;

pub(super) fn create(call: &Call) -> Answer {
    let name = call.new_name("UserName", 64)?;
    let user = User::new(call.account(), &call.new_path()?, name, now());
    let answer = structure("User", &show(&user));
    call.state().directory.add_user(call.account(), user)?;
    Ok(answer)
}

pub(super) fn get(call: &Call) -> Answer {
    let state = call.state();
    let user = state.directory.user(call.account(), call.user_name()?)?;
    Ok(structure("User", &show(user)))
}

pub(super) fn list(call: &Call) -> Answer {
    let prefix = call.parameter("PathPrefix").unwrap_or("/");
    let state = call.state();
    let users = state.directory.users(call.account()).filter(|user| user.path.starts_with(prefix));
    let (page, more) = call.page(users.map(show).collect())?;
    Ok(list_of("Users", page) + &more)
}

pub(super) fn delete(call: &Call) -> Answer {
    let name = call.required("UserName")?;
    let mut state = call.state();
    let directory = &mut state.directory;
    let user = directory.user(call.account(), name)?;
    let is_theirs = |owner: &Option<(String, _)>| owner.as_ref().is_some_and(|(owner, _)| owner == name);
    let left = if !user.keys.is_empty() {
        "delete access keys"
    } else if directory.devices(call.account()).any(|device| is_theirs(&device.enabled_for)) {
        "delete MFA device"
    } else if !user.policies.inline.is_empty() {
        "delete policies"
    } else if !user.policies.attached.is_empty() {
        "detach all policies"
    } else {
        directory.remove_user(call.account(), name);
        return Ok(String::new());
    };
    Err(Refusal::conflict("DeleteConflict", format!("Cannot delete entity, must {left} first.")))
}

pub(super) fn show(user: &User) -> String {
    elements(&[
        ("Path", &user.path),
        ("UserName", &user.name),
        ("UserId", &user.id),
        ("Arn", &user.arn),
        ("CreateDate", &xml_time(user.created_at)),
    ])
}
