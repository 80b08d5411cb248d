//! Makes paginators of `paginators-1.json`.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;

use super::model::{self, OneOrMore};
use super::texts::Texts;
use crate::{Paginator, Text};

/// Paginators by the names of their operations.
pub(crate) fn paginators(json: Value) -> Result<HashMap<String, Paginator>, String> {
    let file = model::Paginators::deserialize(json).map_err(|error| error.to_string())?;
    let texts = &mut Texts::default();
    let mut paginators = HashMap::new();
    for (operation, paginator) in &*file.pagination {
        let converted = convert(paginator, texts).map_err(|why| format!("paginator `{operation}`: {why}"))?;
        paginators.insert(operation.clone(), converted);
    }
    Ok(paginators)
}

fn convert(paginator: &model::Paginator, texts: &mut Texts) -> Result<Paginator, String> {
    let input_tokens = keep(&paginator.input_token, texts);
    let output_tokens = keep(&paginator.output_token, texts);
    if input_tokens.len() != output_tokens.len() {
        return Err("it needs as many output tokens as input tokens".to_owned());
    }
    Ok(Paginator {
        input_tokens,
        output_tokens,
        more_results: texts.keep_optional(paginator.more_results.as_ref()),
        limit_key: texts.keep_optional(paginator.limit_key.as_ref()),
        result_keys: paginator.result_key.as_ref().map_or_else(Vec::new, |keys| keep(keys, texts)),
        non_aggregate_keys: texts.keep_all(&paginator.non_aggregate_keys),
    })
}

fn keep(texts: &OneOrMore, kept: &mut Texts) -> Vec<Text> {
    match texts {
        OneOrMore::One(text) => vec![kept.keep(text)],
        OneOrMore::More(texts) => kept.keep_all(texts),
    }
}
