//! Makes waiters of `waiters-2.json`.

use serde::Deserialize;
use serde_json::Value;

use super::model;
use super::texts::Texts;
use crate::{Acceptor, Expected, Matcher, Outcome, Waiter};

/// All waiters, sorted by name.
pub(crate) fn waiters(json: Value) -> Result<Vec<Waiter>, String> {
    let file = model::Waiters::deserialize(json).map_err(|error| error.to_string())?;
    let texts = &mut Texts::default();
    let mut waiters = Vec::new();
    for (name, waiter) in &*file.waiters {
        let acceptors = waiter
            .acceptors
            .iter()
            .map(|acceptor| convert(acceptor, texts))
            .collect::<Result<_, _>>()
            .map_err(|why| format!("waiter `{name}`: {why}"))?;
        waiters.push(Waiter {
            name: texts.keep(name),
            operation: texts.keep(&waiter.operation),
            delay: waiter.delay,
            max_attempts: waiter.max_attempts,
            acceptors,
        });
    }
    waiters.sort_by_key(|waiter| waiter.name);
    Ok(waiters)
}

fn convert(acceptor: &model::Acceptor, texts: &mut Texts) -> Result<Acceptor, String> {
    let outcome = match acceptor.state.as_str() {
        "success" => Outcome::Success,
        "failure" => Outcome::Failure,
        "retry" => Outcome::Retry,
        unknown => return Err(format!("the state `{unknown}` is unknown")),
    };
    let mut path = || match &acceptor.argument {
        Some(path) => Ok(texts.keep(path)),
        None => Err(format!("the matcher `{}` needs an `argument`", acceptor.matcher)),
    };
    let matcher = match acceptor.matcher.as_str() {
        "path" => Matcher::Path(path()?),
        "pathAll" => Matcher::PathAll(path()?),
        "pathAny" => Matcher::PathAny(path()?),
        "status" => Matcher::Status,
        "error" => Matcher::Error,
        unknown => return Err(format!("the matcher `{unknown}` is unknown")),
    };
    let expected = match &acceptor.expected {
        model::Expected::Boolean(value) => Expected::Boolean(*value),
        model::Expected::Integer(value) => Expected::Integer(*value),
        model::Expected::Text(value) => Expected::Text(texts.keep(value)),
    };
    Ok(Acceptor { outcome, matcher, expected })
}
