//! The policies of users and roles: inline, and AWS's managed ones attached.

use std::sync::Arc;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::directory::{Directory, Inline, Policies, exceeded};
use super::{Answer, Call, managed};
use crate::policy::{Document, Kind};
use crate::query::{element, elements, list as list_of};
use crate::refusal::Refusal;

const MOST_INLINE: usize = 100;
const LONGEST_INLINE: usize = 10_240;

pub(super) fn put(call: &Call) -> Answer {
    let name = call.new_name("PolicyName", 128)?.to_owned();
    let text = call.required("PolicyDocument")?.to_owned();
    let malformed = |why: String| Refusal::bad_request("MalformedPolicyDocument", why);
    let document = Arc::new(Document::parse(&text, Kind::Identity).map_err(malformed)?);
    let effective_at = call.effective_at();
    let mut state = call.state();
    let policies = owned(call, &mut state.directory)?;
    if text.len() > LONGEST_INLINE || policies.inline.len() >= MOST_INLINE {
        return Err(exceeded("PolicySize", LONGEST_INLINE));
    }
    policies.inline.insert(name, Inline { text, document, effective_at });
    Ok(String::new())
}

pub(super) fn get(call: &Call) -> Answer {
    let name = call.required("PolicyName")?;
    let mut state = call.state();
    let policy = owned(call, &mut state.directory)?.inline.get(name).ok_or_else(|| no_policy(name))?;
    // IAM gives documents back percent-encoded.
    let text = utf8_percent_encode(&policy.text, NON_ALPHANUMERIC).to_string();
    let (kind, owner) = owner(call)?;
    Ok(elements(&[(kind, owner), ("PolicyName", name), ("PolicyDocument", &text)]))
}

pub(super) fn list(call: &Call) -> Answer {
    let mut state = call.state();
    let names = owned(call, &mut state.directory)?.inline.keys().cloned().collect();
    let (page, more) = call.page(names)?;
    let names: String = page.iter().map(|name| element("member", name)).collect();
    Ok(crate::query::structure("PolicyNames", &names) + &more)
}

pub(super) fn delete(call: &Call) -> Answer {
    let name = call.required("PolicyName")?;
    let mut state = call.state();
    let removed = owned(call, &mut state.directory)?.inline.remove(name);
    removed.map(|_| String::new()).ok_or_else(|| no_policy(name))
}

pub(super) fn attach(call: &Call) -> Answer {
    let arn = call.required("PolicyArn")?;
    if managed::find(arn).is_none() {
        return Err(Refusal::not_found(format!("Policy {arn} does not exist or is not attachable.")));
    }
    let effective_at = call.effective_at();
    let mut state = call.state();
    owned(call, &mut state.directory)?.attached.entry(arn.to_owned()).or_insert(effective_at);
    Ok(String::new())
}

pub(super) fn detach(call: &Call) -> Answer {
    let arn = call.required("PolicyArn")?;
    let mut state = call.state();
    let removed = owned(call, &mut state.directory)?.attached.remove(arn);
    removed.map(|_| String::new()).ok_or_else(|| Refusal::not_found(format!("Policy {arn} was not found.")))
}

pub(super) fn list_attached(call: &Call) -> Answer {
    let mut state = call.state();
    let attached = owned(call, &mut state.directory)?.attached.keys();
    let show = |arn: &String| {
        let name = managed::find(arn).map_or("", managed::Managed::name);
        elements(&[("PolicyName", name), ("PolicyArn", arn)])
    };
    let (page, more) = call.page(attached.map(show).collect())?;
    Ok(list_of("AttachedPolicies", page) + &more)
}

/// `UserName` or `RoleName`, and the name.
fn owner<'a>(call: &Call<'a>) -> Result<(&'static str, &'a str), Refusal> {
    let kind = if call.query.action.contains("Role") { "RoleName" } else { "UserName" };
    Ok((kind, call.required(kind)?))
}

fn owned<'a>(call: &Call, directory: &'a mut Directory) -> Result<&'a mut Policies, Refusal> {
    Ok(match owner(call)? {
        ("RoleName", name) => &mut directory.role_mut(call.account(), name)?.policies,
        (_, name) => &mut directory.user_mut(call.account(), name)?.policies,
    })
}

fn no_policy(name: &str) -> Refusal {
    Refusal::not_found(format!("The policy with name {name} cannot be found."))
}
