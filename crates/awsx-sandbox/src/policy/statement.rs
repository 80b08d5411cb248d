//! One statement: an effect for some actions on some resources, under conditions.

use serde_json::{Map, Value};

use super::condition::Condition;
use super::pattern::{Patterns, matches, texts};
use super::principal::Principals;
use super::{Caller, Kind, Request, Trust};

const KNOWN: [&str; 8] =
    ["Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "Condition"];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    Allow,
    Deny,
}

#[derive(Debug)]
pub(super) struct Statement {
    pub(super) effect: Effect,
    actions: Patterns,
    /// Absent in trust policies
    resources: Option<Patterns>,
    /// Present in trust policies
    principals: Option<Principals>,
    conditions: Vec<Condition>,
}

impl Statement {
    pub(super) fn parse(value: &Value, kind: Kind) -> Result<Self, String> {
        let Value::Object(members) = value else { return Err("Syntax errors in policy.".to_owned()) };
        if let Some(unknown) = members.keys().find(|name| !KNOWN.contains(&name.as_str())) {
            return Err(format!("Syntax error: the element {unknown} is not known here."));
        }
        let effect = match members.get("Effect").and_then(Value::as_str) {
            Some("Allow") => Effect::Allow,
            Some("Deny") => Effect::Deny,
            _ => return Err("Effect must be Allow or Deny.".to_owned()),
        };
        let actions = patterns(members, "Action")?.ok_or("Policy statement must contain actions.")?;
        let resources = patterns(members, "Resource")?;
        let principals = members.get("Principal").map(Principals::parse).transpose()?;
        match kind {
            Kind::Identity if resources.is_none() => {
                return Err("Policy statement must contain resources.".to_owned());
            }
            Kind::Identity if principals.is_some() => {
                return Err("Policy document should not specify a principal.".to_owned());
            }
            Kind::Trust if resources.is_some() => return Err("Has prohibited field Resource".to_owned()),
            Kind::Trust if principals.is_none() => return Err("Missing required field Principal".to_owned()),
            Kind::Identity | Kind::Trust => {}
        }
        let conditions = members.get("Condition").map(Condition::parse_all).transpose()?.unwrap_or_default();
        Ok(Self { effect, actions, resources, principals, conditions })
    }

    /// Whether actions, resources and conditions fit; principals are [`Statement::trust`]'s.
    pub(super) fn applies(&self, request: &Request) -> bool {
        let action = request.action.to_ascii_lowercase();
        let is_resource = |pattern: &str| {
            request.context.fill_in(pattern).is_some_and(|pattern| matches(&pattern, request.resource))
        };
        self.actions.fit(|pattern| matches(&pattern.to_ascii_lowercase(), &action))
            && self.resources.as_ref().is_none_or(|resources| resources.fit(is_resource))
            && self.conditions.iter().all(|condition| condition.holds(request.context))
    }

    pub(super) fn trust(&self, caller: &Caller) -> Trust {
        self.principals.as_ref().map_or(Trust::No, |principals| principals.trust(caller))
    }

    pub(super) fn aws_principals(&self) -> impl Iterator<Item = &str> {
        self.principals.iter().flat_map(Principals::aws)
    }
}

fn patterns(members: &Map<String, Value>, element: &str) -> Result<Option<Patterns>, String> {
    let negation = format!("Not{element}");
    let (value, negated) = match (members.get(element), members.get(&negation)) {
        (None, None) => return Ok(None),
        (Some(value), None) => (value, false),
        (None, Some(value)) => (value, true),
        (Some(_), Some(_)) => {
            return Err(format!("A statement cannot have both {element} and {negation}."));
        }
    };
    match texts(value) {
        Some(texts) => Ok(Some(Patterns { texts, negated })),
        None => Err(format!("Syntax error at {element}.")),
    }
}
