//! A document as a tree: JSON, or YAML with CloudFormation's short tags, which become the long forms (`!Sub` is `Fn::Sub`).
//!
//! Scalars without quotes stay as they were written, since CloudFormation reads YAML by older rules than today's: whether
//! `010` is eight or ten is for it to say.

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::Path;

use awsx_output::{YamlNode, YamlView};
use indexmap::IndexMap;
use saphyr_parser::{Event, Parser, ScalarStyle, StrInput, Tag};

use crate::error::{CommandError, CommandResult};

/// A part of a document.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    /// A scalar that stood without quotes: a number, a truth, nothing. Texts that stood so are [texts](Self::Text).
    Plain(String),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A map in the order written.
    Map(IndexMap<String, Node>),
}

/// How deep a document may nest.
const DEPTH: usize = 200;
/// How many parts aliases may add to a document: some, not all that a few lines can ask for.
const ALIASED: usize = 100_000;

impl Node {
    /// Reads a document. The error says what is wrong with it as YAML.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        match serde_json::from_str::<serde_json::Value>(text) {
            Ok(json) => Ok(json.into()),
            Err(_) => Reader::new(text).document(),
        }
    }

    /// Reads a template file's text.
    pub(super) fn parse_template(path: &Path, text: &str) -> CommandResult<Self> {
        Self::parse(text).map_err(|problem| {
            CommandError::general(format!("could not read the template `{}`", path.display()))
                .caused_by(&problem)
        })
    }

    /// The entry of this name, if this is a map that has it.
    pub(super) fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Map(entries) => entries.get(name),
            _ => None,
        }
    }

    /// The part that a path of names leads to: `Command.ScriptLocation`.
    pub(super) fn at(&self, path: &str) -> Option<&Self> {
        path.split('.').try_fold(self, |node, name| node.get(name))
    }

    /// Sets the part that a path of names leads to, making the maps on the way.
    pub(super) fn set(&mut self, path: &str, value: Self) {
        let (name, rest) = match path.split_once('.') {
            Some((name, rest)) => (name, Some(rest)),
            None => (path, None),
        };
        let Self::Map(entries) = self else { return };
        let entry = entries.entry(name.to_owned()).or_insert_with(|| Self::Map(IndexMap::new()));
        match rest {
            Some(rest) => entry.set(rest, value),
            None => *entry = value,
        }
    }

    pub(super) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether Python would take it for false: nothing, zero, false, or empty.
    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::Plain(text) => matches!(text.as_str(), "null" | "false" | "0"),
            Self::Text(text) => text.is_empty(),
            Self::List(elements) => elements.is_empty(),
            Self::Map(entries) => entries.is_empty(),
        }
    }

    fn count(&self) -> usize {
        1 + match self {
            Self::Plain(_) | Self::Text(_) => 0,
            Self::List(elements) => elements.iter().map(Self::count).sum(),
            Self::Map(entries) => entries.values().map(Self::count).sum(),
        }
    }

    /// As indented JSON.
    pub(super) fn to_json(&self) -> String {
        let mut text = Vec::new();
        let indent = serde_json::ser::PrettyFormatter::with_indent(b"    ");
        let mut writer = serde_json::Serializer::with_formatter(&mut text, indent);
        serde::Serialize::serialize(&self.to_json_value(), &mut writer)
            .expect("memory takes what is written");
        String::from_utf8(text).expect("JSON is text")
    }

    fn to_json_value(&self) -> serde_json::Value {
        match self {
            Self::Plain(text) => {
                serde_json::from_str(text).unwrap_or_else(|_| serde_json::Value::String(text.clone()))
            }
            Self::Text(text) => text.as_str().into(),
            Self::List(elements) => elements.iter().map(Self::to_json_value).collect(),
            Self::Map(entries) => {
                let entries = entries.iter().map(|(name, node)| (name.clone(), node.to_json_value()));
                serde_json::Value::Object(entries.collect())
            }
        }
    }
}

impl YamlNode for Node {
    fn view(&self, _sorted: bool) -> YamlView<'_, Self> {
        match self {
            Self::Plain(text) => YamlView::Plain(Cow::Borrowed(text)),
            Self::Text(text) => YamlView::Text(text),
            Self::List(elements) => YamlView::List(elements),
            Self::Map(entries) => {
                YamlView::Map(entries.iter().map(|(name, node)| (name.as_str(), node)).collect())
            }
        }
    }
}

impl From<serde_json::Value> for Node {
    fn from(value: serde_json::Value) -> Self {
        match value {
            serde_json::Value::String(text) => Self::Text(text),
            serde_json::Value::Array(elements) => Self::List(elements.into_iter().map(Self::from).collect()),
            serde_json::Value::Object(entries) => {
                Self::Map(entries.into_iter().map(|(name, value)| (name, value.into())).collect())
            }
            scalar => Self::Plain(scalar.to_string()),
        }
    }
}

/// Reads YAML, event by event.
struct Reader<'t> {
    parser: Parser<'t, StrInput<'t>>,
    /// What aliases stand for.
    anchors: HashMap<usize, Node>,
    /// How many parts aliases may still add.
    left: usize,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str) -> Self {
        Self { parser: Parser::new_from_str(text), anchors: HashMap::new(), left: ALIASED }
    }

    /// The first document.
    fn document(&mut self) -> Result<Node, String> {
        loop {
            match self.next()? {
                Event::StreamStart | Event::DocumentStart(_) => {}
                Event::StreamEnd | Event::DocumentEnd => return Ok(Node::Plain("null".to_owned())),
                first => return self.node(first, 0),
            }
        }
    }

    fn next(&mut self) -> Result<Event<'t>, String> {
        match self.parser.next_event() {
            Some(Ok((event, _))) => Ok(event),
            Some(Err(error)) => Err(error.to_string()),
            None => Err("it ends too early".to_owned()),
        }
    }

    fn node(&mut self, first: Event<'t>, depth: usize) -> Result<Node, String> {
        if depth > DEPTH {
            return Err(format!("it nests deeper than {DEPTH} levels"));
        }
        let (node, anchor) = match first {
            Event::Scalar(text, style, anchor, tag) => (scalar(&text, style, tag.as_deref()), anchor),
            Event::SequenceStart(anchor, tag) => {
                let mut elements = Vec::new();
                loop {
                    match self.next()? {
                        Event::SequenceEnd => break,
                        element => elements.push(self.node(element, depth + 1)?),
                    }
                }
                (tagged(Node::List(elements), tag.as_deref()), anchor)
            }
            Event::MappingStart(anchor, tag) => {
                let map = Node::Map(self.entries(depth)?);
                (tagged(map, tag.as_deref()), anchor)
            }
            Event::Alias(anchor) => {
                let node = self.anchors.get(&anchor).ok_or("an alias names no anchor before it")?;
                self.left = self.left.checked_sub(node.count()).ok_or("its aliases make it too large")?;
                return Ok(node.clone());
            }
            other => return Err(format!("it has {other:?} where a value should be")),
        };
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
        Ok(node)
    }

    /// The entries of a map up to its end; those merged in by `<<` come first, and give way to the map's own.
    fn entries(&mut self, depth: usize) -> Result<IndexMap<String, Node>, String> {
        let mut merged = IndexMap::new();
        let mut own = IndexMap::new();
        loop {
            let (name, is_merge) = match self.next()? {
                Event::MappingEnd => break,
                Event::Scalar(text, ScalarStyle::Plain, _, None) if text == "<<" => (String::new(), true),
                Event::Scalar(text, ..) => (text.into_owned(), false),
                key => match self.node(key, depth + 1)? {
                    Node::Text(text) | Node::Plain(text) => (text, false),
                    _ => return Err("a key is not a text".to_owned()),
                },
            };
            let event = self.next()?;
            let value = self.node(event, depth + 1)?;
            match value {
                value if !is_merge => {
                    own.insert(name, value);
                }
                Node::List(maps) => maps.into_iter().for_each(|map| merge(&mut merged, map)),
                map => merge(&mut merged, map),
            }
        }
        for (name, value) in own {
            merged.insert(name, value);
        }
        Ok(merged)
    }
}

fn merge(entries: &mut IndexMap<String, Node>, map: Node) {
    let Node::Map(more) = map else { return };
    for (name, value) in more {
        entries.entry(name).or_insert(value);
    }
}

fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Node {
    if let Some(name) = short_form(tag) {
        // `!GetAtt Resource.Attribute` is a list in the long form.
        let value = match text.split_once('.') {
            Some((resource, attribute)) if name == "GetAtt" => {
                Node::List([resource, attribute].map(|part| Node::Text(part.to_owned())).into())
            }
            None if name == "GetAtt" => Node::List(vec![Node::Text(text.to_owned())]),
            _ => Node::Text(text.to_owned()),
        };
        return long_form(name, value);
    }
    let is_text = tag.is_some_and(|tag| !tag.is_yaml_core_schema() || tag.suffix == "str");
    if style != ScalarStyle::Plain || is_text {
        return Node::Text(text.to_owned());
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Node::Plain("null".to_owned()),
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => {
            Node::Plain("true".to_owned())
        }
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => {
            Node::Plain("false".to_owned())
        }
        number if is_number(number) => Node::Plain(number.to_owned()),
        text => Node::Text(text.to_owned()),
    }
}

/// Whether a scalar without quotes may be a number or a date, by whichever rules.
fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let first = unsigned.strip_prefix('.').unwrap_or(unsigned).chars().next();
    first.is_some_and(|first| first.is_ascii_digit())
        && unsigned.bytes().all(|byte| byte.is_ascii_hexdigit() || b".:_+-xotTzZ".contains(&byte))
}

fn tagged(node: Node, tag: Option<&Tag>) -> Node {
    match short_form(tag) {
        Some(name) => long_form(name, node),
        None => node,
    }
}

/// The name of an intrinsic function given as a tag.
fn short_form(tag: Option<&Tag>) -> Option<&str> {
    let tag = tag.filter(|tag| tag.handle == "!" && !tag.suffix.is_empty())?;
    Some(&tag.suffix)
}

fn long_form(name: &str, value: Node) -> Node {
    let name = if matches!(name, "Ref" | "Condition") { name.to_owned() } else { format!("Fn::{name}") };
    Node::Map([(name, value)].into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> String {
        awsx_output::yaml_template(&Node::parse(text).unwrap())
    }

    #[test]
    fn short_tags_become_the_long_forms() {
        let text = "N: !Sub \"${A}-x\"\nM: !GetAtt A.B.C\nL: !Join ['', [!Ref A, b]]\nC: !Condition c\n\
                    P: !Transform {Name: Foo, Bar: !Ref X}\nI: !If [c, {x: 1}, !Ref \"AWS::NoValue\"]\n";
        insta::assert_snapshot!(written(text), @r"
        N:
          Fn::Sub: ${A}-x
        M:
          Fn::GetAtt:
          - A
          - B.C
        L:
          Fn::Join:
          - ''
          - - Ref: A
            - b
        C:
          Condition: c
        P:
          Fn::Transform:
            Name: Foo
            Bar:
              Ref: X
        I:
          Fn::If:
          - c
          - x: 1
          - Ref: AWS::NoValue
        ");
    }

    #[test]
    fn scalars_stay_what_they_are() {
        let text = "a: 010\nb: yes\nc: ~\nd: '010'\ne: 012345678901\nf: 1.50\ng: 'yes'\nh: 2010-09-09\ni: !!str 5\nj: 1e3\n\
                    k: '-'\nl: 10.0.0.1\nm: 0x1F\nn: face\no: 1:30\n";
        let kept = "a: 010\nb: true\nc: null\nd: '010'\ne: 012345678901\nf: 1.50\ng: 'yes'\nh: 2010-09-09\ni: '5'\n\
                    j: 1e3\nk: '-'\nl: 10.0.0.1\nm: 0x1F\nn: face\no: 1:30\n";
        assert_eq!(written(text), kept);
    }

    #[test]
    fn json_is_read_as_json_and_written_as_it() {
        let template = Node::parse("{\"b\": [1, 2.5, null, true], \"a\": {\"Ref\": \"é\"}}").unwrap();
        insta::assert_snapshot!(template.to_json(), @r#"
        {
            "b": [
                1,
                2.5,
                null,
                true
            ],
            "a": {
                "Ref": "é"
            }
        }
        "#);
        assert_eq!(
            Node::parse("a: 010\nb: 0x1F\n").unwrap().to_json(),
            "{\n    \"a\": \"010\",\n    \"b\": \"0x1F\"\n}"
        );
    }

    #[test]
    fn anchors_and_merges_are_resolved() {
        let text = "base: &b {x: 1, y: 2}\nuse:\n  <<: *b\n  y: 3\nagain: *b\n";
        assert_eq!(written(text), "base:\n  x: 1\n  y: 2\nuse:\n  x: 1\n  y: 3\nagain:\n  x: 1\n  y: 2\n");
    }

    #[test]
    fn a_few_lines_cannot_ask_for_more_than_memory_has() {
        let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..10 {
            let before = format!("*a{}", level - 1);
            let line = format!("a{level}: &a{level} [{}]\n", [before.as_str(); 10].join(", "));
            text.push_str(&line);
        }
        let error = Node::parse(&text).unwrap_err();
        assert_eq!(error, "its aliases make it too large");
        assert!(Node::parse(&"[".repeat(1000)).is_err());
    }

    #[test]
    fn nested_parts_are_found_and_set() {
        let mut node = Node::parse("Command: {Name: glueetl}\n").unwrap();
        node.set("Command.ScriptLocation", Node::Text("s3://b/k".to_owned()));
        assert_eq!(node.at("Command.ScriptLocation").and_then(Node::as_text), Some("s3://b/k"));
        assert_eq!(node.at("Command.Name.x"), None);
    }
}
