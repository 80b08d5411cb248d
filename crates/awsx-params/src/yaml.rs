//! YAML, for `--cli-input-yaml` and for files of other tools.

use saphyr::{Scalar, Yaml, YamlLoader};
use saphyr_parser::{Event, Parser, SpannedEventReceiver};

use crate::{Given, base64};

/// How deep lists and maps may nest: as deep as in JSON. The parser limits only those in brackets.
const NESTING_LIMIT: usize = 256;

/// Reads the first document; none if it is not YAML, or its keys are not texts.
pub fn parse(text: &str) -> Option<Given> {
    let mut loader = YamlLoader::<Yaml>::default();
    // Scalars are read below, since the loader has no place for `!!binary`.
    loader.early_parse(false);
    let mut depth = 0;
    // Event by event: the parser's own way to load goes down as deep as the text does.
    for event in Parser::new_from_str(text) {
        let (event, span) = event.ok()?;
        match event {
            Event::SequenceStart(..) | Event::MappingStart(..) if depth == NESTING_LIMIT => return None,
            Event::SequenceStart(..) | Event::MappingStart(..) => depth += 1,
            Event::SequenceEnd | Event::MappingEnd => depth -= 1,
            _ => {}
        }
        loader.on_event(event, span);
    }
    if loader.error().is_some() {
        return None;
    }
    match loader.into_documents().first() {
        Some(document) => given(document),
        None => Some(Given::None),
    }
}

fn given(node: &Yaml) -> Option<Given> {
    Some(match node {
        Yaml::Representation(text, style, tag) => {
            let is_binary = |tag: &saphyr::Tag| tag.is_yaml_core_schema() && tag.suffix == "binary";
            if tag.as_deref().is_some_and(is_binary) {
                return base64::decode(text).map(Given::Bytes);
            }
            let scalar = Scalar::parse_from_cow_and_metadata(text.clone(), *style, tag.as_ref())?;
            return Some(scalar_of(&scalar));
        }
        Yaml::Value(scalar) => scalar_of(scalar),
        Yaml::Sequence(elements) => Given::List(elements.iter().map(given).collect::<Option<_>>()?),
        Yaml::Mapping(entries) => {
            let entries = entries.iter().map(|(key, value)| Some((key_text(key)?, given(value)?)));
            Given::Map(entries.collect::<Option<_>>()?)
        }
        Yaml::Tagged(_, inner) => given(inner)?,
        Yaml::Alias(_) | Yaml::BadValue => return None,
    })
}

fn scalar_of(scalar: &Scalar) -> Given {
    match scalar {
        Scalar::Null => Given::None,
        Scalar::Boolean(truth) => Given::Boolean(*truth),
        Scalar::Integer(number) => Given::Integer((*number).into()),
        Scalar::FloatingPoint(number) => Given::Float(number.into_inner()),
        Scalar::String(text) => Given::Text(text.to_string()),
    }
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
    fn binary_scalars_become_bytes() {
        let text = "Body: !!binary |\n  aGVs\n  bG8=\nShort: !!binary aGk=\n";
        let given = parse(text).unwrap();
        assert_eq!(given.get("Body"), Some(&Given::Bytes(b"hello".to_vec())));
        assert_eq!(given.get("Short"), Some(&Given::Bytes(b"hi".to_vec())));
    }

    #[test]
    fn what_nests_too_deeply_is_refused() {
        assert!(parse(&("- ".repeat(NESTING_LIMIT) + "x")).is_some());
        assert_eq!(parse(&("- ".repeat(100_000) + "x")), None);
        assert_eq!(parse(&"[".repeat(100_000)), None);
    }

    #[test]
    fn json_is_yaml_and_nonsense_is_not() {
        assert_eq!(parse("{\"a\": [1, null]}"), Some([("a", vec![1.into(), Given::None].into())].into()));
        assert_eq!(parse("a: [1"), None);
        assert_eq!(parse(""), Some(Given::None));
    }
}
