//! Users' long-term access keys, two at most.

use super::directory::{LongTermKey, exceeded};
use super::{Answer, Call};
use crate::query::{element, elements, list as list_of, structure, validation, xml_time};
use crate::refusal::Refusal;
use crate::state::{key_id, key_secret, now};

const MOST_KEYS: usize = 2;

pub(super) fn create(call: &Call) -> Answer {
    let (name, effective_at) = (call.user_name()?, call.effective_at());
    let mut state = call.state();
    let user = state.directory.user_mut(call.account(), name)?;
    if user.keys.len() >= MOST_KEYS {
        return Err(exceeded("AccessKeysPerUser", MOST_KEYS));
    }
    let key = LongTermKey {
        id: key_id("AKIA"),
        secret: key_secret(),
        active: true,
        created_at: now(),
        effective_at,
        last_use: None,
    };
    let answer = show(name, &key) + &element("SecretAccessKey", &key.secret);
    user.keys.push(key);
    Ok(structure("AccessKey", &answer))
}

pub(super) fn list(call: &Call) -> Answer {
    let name = call.user_name()?;
    let state = call.state();
    let keys = state.directory.user(call.account(), name)?.keys.iter().map(|key| show(name, key));
    let (page, more) = call.page(keys.collect())?;
    Ok(list_of("AccessKeyMetadata", page) + &more)
}

pub(super) fn update(call: &Call) -> Answer {
    let (name, id) = (call.user_name()?, call.required("AccessKeyId")?);
    let active = match call.required("Status")? {
        "Active" => true,
        "Inactive" => false,
        other => return Err(validation(format!("Invalid status: {other}"))),
    };
    let mut state = call.state();
    let user = state.directory.user_mut(call.account(), name)?;
    let key = user.keys.iter_mut().find(|key| key.id == id).ok_or_else(|| no_key(id))?;
    key.active = active;
    Ok(String::new())
}

pub(super) fn delete(call: &Call) -> Answer {
    let (name, id) = (call.user_name()?, call.required("AccessKeyId")?);
    let mut state = call.state();
    let user = state.directory.user_mut(call.account(), name)?;
    let position = user.keys.iter().position(|key| key.id == id).ok_or_else(|| no_key(id))?;
    user.keys.remove(position);
    Ok(String::new())
}

pub(super) fn last_used(call: &Call) -> Answer {
    let id = call.required("AccessKeyId")?;
    let state = call.state();
    let (user, key) = state.directory.owner_of_key(id).ok_or_else(|| no_key(id))?;
    let never = "N/A".to_owned();
    let (date, service, region) = match &key.last_use {
        None => (String::new(), &never, &never),
        Some(last_use) => {
            (element("LastUsedDate", &xml_time(last_use.at)), &last_use.service, &last_use.region)
        }
    };
    let last_use = date + &elements(&[("ServiceName", service), ("Region", region)]);
    Ok(element("UserName", &user.name) + &structure("AccessKeyLastUsed", &last_use))
}

fn show(user: &str, key: &LongTermKey) -> String {
    elements(&[
        ("UserName", user),
        ("AccessKeyId", &key.id),
        ("Status", if key.active { "Active" } else { "Inactive" }),
        ("CreateDate", &xml_time(key.created_at)),
    ])
}

fn no_key(id: &str) -> Refusal {
    Refusal::not_found(format!("The Access Key with id {id} cannot be found."))
}
