//! YAML, for `--cli-input-yaml`.

use saphyr::{LoadableYamlNode, Scalar, Yaml};

use crate::Given;

/// Reads the first document; none if it is not YAML, or its keys are not texts.
pub(crate) fn parse(text: &str) -> Option<Given> {
    let documents = Yaml::load_from_str(text).ok()?;
    match documents.first() {
        Some(document) => given(document),
        None => Some(Given::None),
    }
}

fn given(node: &Yaml) -> Option<Given> {
    Some(match node {
        Yaml::Value(scalar) => match scalar {
            Scalar::Null => Given::None,
            Scalar::Boolean(truth) => Given::Boolean(*truth),
            Scalar::Integer(number) => Given::Integer((*number).into()),
            Scalar::FloatingPoint(number) => Given::Float(number.into_inner()),
            Scalar::String(text) => Given::Text(text.to_string()),
        },
        Yaml::Sequence(elements) => Given::List(elements.iter().map(given).collect::<Option<_>>()?),
        Yaml::Mapping(entries) => {
            let entries = entries.iter().map(|(key, value)| Some((key_text(key)?, given(value)?)));
            Given::Map(entries.collect::<Option<_>>()?)
        }
        Yaml::Tagged(_, inner) => given(inner)?,
        Yaml::Representation(text, _, _) => Given::Text(text.to_string()),
        Yaml::Alias(_) | Yaml::BadValue => return None,
    })
}

fn key_text(key: &Yaml) -> Option<String> {
    match given(key)? {
        Given::Text(text) => Some(text),
        Given::Integer(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_become_values() {
        let text = "UserName: bob\nTags:\n- Key: a\n  Value: 'yes'\nCount: 5 # five\nOn: true\n";
        let given = parse(text).unwrap();
        assert_eq!(given.get("UserName"), Some(&"bob".into()));
        assert_eq!(
            given.get("Tags"),
            Some(&vec![Given::from([("Key", "a".into()), ("Value", "yes".into())])].into())
        );
        assert_eq!(given.get("Count"), Some(&5.into()));
        assert_eq!(given.get("On"), Some(&true.into()));
    }

    #[test]
    fn json_is_yaml_and_nonsense_is_not() {
        assert_eq!(parse("{\"a\": [1, null]}"), Some([("a", vec![1.into(), Given::None].into())].into()));
        assert_eq!(parse("a: [1"), None);
        assert_eq!(parse(""), Some(Given::None));
    }
}
