//! `--parameter-overrides` and `--tags`: names and values, as words or as JSON in three forms.

use awsx_output::python_repr;
use awsx_params::Given;
use indexmap::IndexMap;

use crate::error::{CommandError, CommandResult};

/// Values by names.
pub(super) type Overrides = IndexMap<String, Given>;

/// Reads `--parameter-overrides`.
pub(super) fn parse(words: &[String]) -> CommandResult<Overrides> {
    let data = match words {
        [] => return Ok(Overrides::new()),
        // Nothing else can be meant, so it is told what is wrong with it.
        [only] if only.trim_start().starts_with(['[', '{']) => Some(awsx_params::parse_json(only)?),
        [first, ..] => awsx_params::parse_json(first).ok(),
    };
    let Some(data) = data else { return pairs("parameter-overrides", words) };
    of_list(&data).or_else(|| of_pipeline(&data)).or_else(|| of_texts(&data)).ok_or_else(|| {
        CommandError::usage(
            "JSON passed to --parameter-overrides must be one of the formats: [\"Key1=Value1\",\"Key2=Value2\", ...] \
             , [{\"ParameterKey\": \"Key1\", \"ParameterValue\": \"Value1\"}, ...] , [\"Parameters\": {\"Key1\": \
             \"Value1\", \"Key2\": \"Value2\", ...}]",
        )
    })
}

/// `Key=Value` words.
pub(super) fn pairs(option: &str, words: &[String]) -> CommandResult<Overrides> {
    let pair = |word: &String| match word.split_once('=') {
        Some((name, value)) => Ok((name.to_owned(), Given::from(value))),
        None => Err(CommandError::general(format!(
            "[{}] value passed to --{option} must be of format Key=Value",
            python_repr(&word.as_str().into())
        ))),
    };
    words.iter().map(pair).collect()
}

/// CloudFormation's form: `[{"ParameterKey": "a", "ParameterValue": "b"}]`.
fn of_list(data: &Given) -> Option<Overrides> {
    let Given::List(elements) = data else { return None };
    let entry = |element: &Given| match element {
        Given::Map(members) if members.len() == 2 => {
            let Given::Text(name) = members.get("ParameterKey")? else { return None };
            Some((name.clone(), members.get("ParameterValue")?.clone()))
        }
        _ => None,
    };
    elements.iter().map(entry).collect()
}

/// CodePipeline's form: `{"Parameters": {"a": "b"}}`.
fn of_pipeline(data: &Given) -> Option<Overrides> {
    match data.get("Parameters")? {
        Given::Map(entries) => Some(entries.clone()),
        _ => None,
    }
}

/// The words' own form: `["a=b"]`.
fn of_texts(data: &Given) -> Option<Overrides> {
    let Given::List(elements) = data else { return None };
    let entry = |element: &Given| match element {
        Given::Text(text) => text.split_once('=').map(|(name, value)| (name.to_owned(), value.into())),
        _ => None,
    };
    elements.iter().map(entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(words: &[&str]) -> CommandResult<Vec<(String, String)>> {
        let words: Vec<String> = words.iter().map(ToString::to_string).collect();
        let found = parse(&words)?;
        Ok(found
            .into_iter()
            .map(|(name, value)| (name, awsx_output::python_str(&value.as_value())))
            .collect())
    }

    #[test]
    fn words_and_three_forms_of_json_say_the_same() {
        let expected = vec![("a".to_owned(), "b=c".to_owned()), ("d".to_owned(), "e".to_owned())];
        for words in [
            &["a=b=c", "d=e"][..],
            &["[\"a=b=c\", \"d=e\"]"],
            &["{\"Parameters\": {\"a\": \"b=c\", \"d\": \"e\"}}"],
            &[
                "[{\"ParameterKey\": \"a\", \"ParameterValue\": \"b=c\"}, {\"ParameterKey\": \"d\", \"ParameterValue\": \"e\"}]",
            ],
        ] {
            assert_eq!(parsed(words).unwrap(), expected, "{words:?}");
        }
        assert_eq!(parsed(&[]).unwrap(), []);
    }

    #[test]
    fn what_is_none_of_them_is_told() {
        assert_eq!(
            parsed(&["a"]).unwrap_err().message,
            "['a'] value passed to --parameter-overrides must be of format Key=Value"
        );
        let message = parsed(&["{\"x\": 1}"]).unwrap_err().message;
        assert!(
            message.starts_with("JSON passed to --parameter-overrides must be one of the formats: "),
            "{message}"
        );
        assert!(
            parsed(&["[{\"ParameterKey\": \"a\", \"ParameterValue\": \"b\", \"UsePreviousValue\": true}]"])
                .is_err()
        );
    }
}
