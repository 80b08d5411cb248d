//! YAML in block style with sorted keys, laid out as libyaml's emitter lays it out for AWS CLI.
//!
//! The emitter keeps libyaml's notion of where it is (column, whether only blanks and indicators precede on the line),
//! because line breaks and folding depend on exactly that.

mod plain;
mod scalar;

use std::borrow::Cow;
use std::io::{self, Write};

pub use self::plain::YamlKind;
use self::scalar::{Scalar, Style};
use super::document::{Document, NO_ELEMENTS, Part};
use super::json;
use crate::python::python_float;
use crate::value::{Number, Value};

/// What differs between documents.
#[derive(Clone, Copy)]
struct Layout {
    /// Whether keys are sorted.
    sorts: bool,
    /// Text runs past this column to the next blank, then goes on in a new line.
    width: usize,
    /// Whether its readers know YAML 1.1: `yes` and `1:30` are quoted, breaks are escaped, and so is the end of a line that
    /// goes on.
    for_old_readers: bool,
}

/// How results are printed.
const OF_OUTPUT: Layout = Layout { sorts: true, width: 80, for_old_readers: false };
const INDENT: usize = 2;
/// A longer key needs the `? ` form.
const LONGEST_SIMPLE_KEY: usize = 128;

/// From this size on a piece of a document is written.
const PIECE: usize = 64 << 10;

/// Writes one document; the empty map prints nothing, and a scalar prints as JSON.
pub(super) fn write(out: &mut impl Write, result: &Document<'_>) -> io::Result<()> {
    let mut emitter = Emitter::new(OF_OUTPUT);
    match result {
        Document::Map(entries) if entries.parts.is_empty() => return Ok(()),
        Document::Map(entries) => {
            let mut parts = entries.parts.clone();
            parts.sort_unstable_by_key(|(key, _)| *key);
            for (key, part) in parts {
                emitter.key(key, 0);
                emitter.part(out, part, Some(0), Place::Value)?;
            }
        }
        Document::Other(Part::Value(value)) if value.is_scalar() => return json::write(out, result),
        Document::Other(part) => emitter.part(out, *part, None, Place::Element)?,
    }
    out.write_all(emitter.finish().as_bytes())
}

/// One document for a file: keys in their order, and no line is broken for being long.
pub fn yaml_document(value: &Value) -> String {
    let mut emitter = Emitter::new(Layout { sorts: false, width: usize::MAX, for_old_readers: false });
    emitter.node(value, None, Place::Element);
    emitter.finish()
}

/// One document of a template for CloudFormation: keys in their order.
pub fn yaml_template(root: &impl YamlNode) -> String {
    let mut emitter = Emitter::new(Layout { sorts: false, width: 80, for_old_readers: true });
    emitter.node(root, None, Place::Element);
    emitter.finish()
}

/// One document as results are printed: keys sorted, long lines broken.
pub fn yaml_result(root: &impl YamlNode) -> String {
    let mut emitter = Emitter::new(OF_OUTPUT);
    emitter.node(root, None, Place::Element);
    emitter.finish()
}

/// A tree that can be written as YAML.
pub trait YamlNode: Sized {
    /// What this node is. With `sorted`, the entries of a map come in the order of their keys.
    fn view(&self, sorted: bool) -> YamlView<'_, Self>;
}

/// What a node is.
#[derive(Debug)]
pub enum YamlView<'n, N> {
    /// A scalar to be written as it is, without quotes: a number, a truth, `null`.
    Plain(Cow<'n, str>),
    /// A text, quoted where it would read as something else.
    Text(&'n str),
    /// A scalar of a kind that only its tag tells: `!!binary "aGk="`.
    Tagged {
        /// With its exclamation marks.
        tag: &'static str,
        /// Has no line breaks.
        text: Cow<'n, str>,
        /// Whether it stands in double quotes, else in none.
        quoted: bool,
    },
    /// Scalars without order, none of them twice: `!!set` and a map of nulls.
    Set(&'n [N]),
    /// A list.
    List(&'n [N]),
    /// A map.
    Map(Vec<(&'n str, &'n N)>),
}

impl YamlNode for Value {
    fn view(&self, sorted: bool) -> YamlView<'_, Self> {
        match self {
            Self::Null => YamlView::Plain("null".into()),
            Self::Bool(truth) => YamlView::Plain(if *truth { "true" } else { "false" }.into()),
            Self::Number(number) => YamlView::Plain(yaml_number(*number).into()),
            Self::String(text) => YamlView::Text(text),
            Self::List(elements) => YamlView::List(elements),
            Self::Map(map) if sorted => YamlView::Map(map.sorted()),
            Self::Map(map) => YamlView::Map(map.iter().map(|(key, value)| (key.as_str(), value)).collect()),
        }
    }
}

/// Writes a page as one element of a list that spans all pages; the empty map prints nothing.
pub(super) fn write_stream_page(out: &mut impl Write, value: &Value) -> io::Result<()> {
    if value.is_empty_result() {
        return Ok(());
    }
    let mut emitter = Emitter::new(OF_OUTPUT);
    emitter.element(value, 0);
    out.write_all(emitter.finish().as_bytes())
}

/// Where a node stands, which decides how it may start.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Element,
    Key,
    Value,
}

struct Emitter {
    layout: Layout,
    out: String,
    column: usize,
    /// Whether the last character separates what follows from what precedes.
    after_blank: bool,
    /// Whether the line has nothing but blanks and indicators so far.
    only_indicators: bool,
}

impl Emitter {
    fn new(layout: Layout) -> Self {
        Self { layout, out: String::new(), column: 0, after_blank: true, only_indicators: true }
    }

    fn finish(mut self) -> String {
        self.out.push('\n');
        self.out
    }

    /// Emits a part of a result, and writes what is there of it from time to time.
    fn part(
        &mut self,
        out: &mut impl Write,
        part: Part<'_>,
        indent: Option<usize>,
        place: Place,
    ) -> io::Result<()> {
        let Some(elements) = part.elements().filter(|elements| !elements.is_empty()) else {
            self.node(part.not_list().unwrap_or(&NO_ELEMENTS), indent, place);
            return Ok(());
        };
        let indent = self.indent_of_list(indent, place);
        elements.each(|element| {
            self.element(element, indent);
            if self.out.len() >= PIECE {
                out.write_all(self.out.as_bytes())?;
                self.out.clear();
            }
            Ok(())
        })
    }

    /// `indent` is that of the block the node is in, none at the top.
    fn node(&mut self, node: &impl YamlNode, indent: Option<usize>, place: Place) {
        let deeper = indent.map_or(0, |indent| indent + INDENT);
        match node.view(self.layout.sorts) {
            YamlView::Plain(text) => self.plain(&text, deeper),
            YamlView::Text(text) => self.string(text, deeper, place),
            YamlView::Tagged { tag, text, quoted } => self.tagged(tag, &text, quoted, deeper),
            YamlView::Set(elements) => self.set(elements, deeper),
            YamlView::List([]) => self.indicator("[]", true, false, false),
            YamlView::Map(entries) if entries.is_empty() => self.indicator("{}", true, false, false),
            YamlView::List(elements) => {
                let indent = self.indent_of_list(indent, place);
                for element in elements {
                    self.element(element, indent);
                }
            }
            YamlView::Map(entries) => {
                for (key, value) in entries {
                    self.key(key, deeper);
                    self.node(value, Some(deeper), Place::Value);
                }
            }
        }
    }

    /// A list right under a key needs no indentation of its own.
    fn indent_of_list(&self, indent: Option<usize>, place: Place) -> usize {
        let compact = place == Place::Value && !self.only_indicators;
        indent.map_or(0, |indent| if compact { indent } else { indent + INDENT })
    }

    fn element(&mut self, element: &impl YamlNode, indent: usize) {
        self.start_line(indent);
        self.indicator("-", true, false, true);
        self.node(element, Some(indent), Place::Element);
    }

    fn key(&mut self, key: &str, indent: usize) {
        self.start_line(indent);
        if key.len() <= LONGEST_SIMPLE_KEY && !Scalar::analyze(key).multiline {
            self.string(key, indent + INDENT, Place::Key);
            self.indicator(":", false, false, false);
        } else {
            self.indicator("?", true, false, true);
            self.string(key, indent + INDENT, Place::Element);
            self.start_line(indent);
            self.indicator(":", true, false, true);
        }
    }

    fn set(&mut self, elements: &[impl YamlNode], indent: usize) {
        self.indicator("!!set", true, false, false);
        if elements.is_empty() {
            self.indicator("{}", true, false, false);
        }
        for element in elements {
            match element.view(self.layout.sorts) {
                YamlView::Text(text) => self.key(text, indent),
                YamlView::Tagged { tag, text, .. } if tag.len() + text.len() > LONGEST_SIMPLE_KEY => {
                    self.start_line(indent);
                    self.indicator("?", true, false, true);
                    self.node(element, Some(indent), Place::Element);
                    self.start_line(indent);
                    self.indicator(":", true, false, true);
                }
                _ => {
                    self.start_line(indent);
                    self.node(element, Some(indent), Place::Key);
                    self.indicator(":", false, false, false);
                }
            }
            self.plain("null", indent);
        }
    }

    fn tagged(&mut self, tag: &str, text: &str, quoted: bool, indent: usize) {
        self.indicator(tag, true, false, false);
        if quoted {
            self.double_quoted(text, indent, true);
        } else {
            self.plain(text, indent);
        }
    }

    fn string(&mut self, text: &str, indent: usize, place: Place) {
        let may_break = place != Place::Key;
        match Scalar::analyze(text).style(text, place == Place::Key) {
            Style::Plain if self.layout.for_old_readers && plain::was_no_text(text) => {
                self.single_quoted(text, indent, may_break);
            }
            Style::Plain => self.folded_plain(text, indent, may_break),
            Style::SingleQuoted if self.layout.for_old_readers && text.contains(['\'', '\n']) => {
                self.double_quoted(text, indent, may_break);
            }
            Style::SingleQuoted => self.single_quoted(text, indent, may_break),
            Style::DoubleQuoted => self.double_quoted(text, indent, may_break),
        }
    }

    fn plain(&mut self, text: &str, indent: usize) {
        self.folded_plain(text, indent, true);
    }

    fn folded_plain(&mut self, text: &str, indent: usize, may_break: bool) {
        if !self.after_blank && !text.is_empty() {
            self.push(' ');
        }
        let mut after_space = false;
        let mut characters = text.chars().peekable();
        while let Some(character) = characters.next() {
            let full = may_break && !after_space && self.column > self.layout.width;
            after_space = character == ' ';
            if after_space && full && characters.peek() != Some(&' ') {
                self.start_line(indent);
            } else {
                self.push(character);
                self.only_indicators &= after_space;
            }
        }
        self.after_blank = false;
        self.only_indicators = false;
    }

    fn single_quoted(&mut self, text: &str, indent: usize, may_break: bool) {
        self.indicator("'", true, false, false);
        let mut after_space = false;
        let mut after_break = false;
        let mut characters = text.chars().peekable();
        let mut first = true;
        while let Some(character) = characters.next() {
            let next = characters.peek();
            if character == ' ' {
                let full = may_break && !after_space && self.column > self.layout.width;
                let inside = !first && next.is_some_and(|next| *next != ' ');
                if full && inside {
                    self.start_line(indent);
                } else {
                    self.push(character);
                }
                after_space = true;
            } else if scalar::is_break(character) {
                // One line break in a quoted text reads as a blank, so it takes two.
                if !after_break && character == '\n' {
                    self.push_break('\n');
                }
                self.push_break(character);
                self.only_indicators = true;
                after_break = true;
            } else {
                if after_break {
                    self.start_line(indent);
                }
                if character == '\'' {
                    self.push('\'');
                }
                self.push(character);
                self.only_indicators = false;
                after_space = false;
                after_break = false;
            }
            first = false;
        }
        if after_break {
            self.start_line(indent);
        }
        self.indicator("'", false, false, false);
        self.after_blank = false;
        self.only_indicators = false;
    }

    fn double_quoted(&mut self, text: &str, indent: usize, may_break: bool) {
        self.indicator("\"", true, false, false);
        let mut after_space = false;
        let mut characters = text.chars().peekable();
        let mut first = true;
        while let Some(character) = characters.next() {
            let next = characters.peek().copied();
            let full = may_break && !first && next.is_some() && self.column > self.layout.width;
            if scalar::needs_escape(character) {
                self.push_str(&scalar::escape(character));
                after_space = false;
                let full = may_break && !first && next.is_some() && self.column > self.layout.width;
                if full && self.layout.for_old_readers {
                    self.break_with_backslash(indent, next == Some(' '));
                }
            } else if character == ' ' && full && self.layout.for_old_readers {
                self.break_with_backslash(indent, true);
                self.push(' ');
                after_space = true;
            } else if character == ' ' {
                if full && !after_space {
                    self.start_line(indent);
                    if next == Some(' ') {
                        self.push('\\');
                    }
                } else {
                    self.push(character);
                }
                after_space = true;
            } else {
                self.push(character);
                after_space = false;
            }
            first = false;
        }
        self.indicator("\"", false, false, false);
        self.after_blank = false;
        self.only_indicators = false;
    }

    /// Goes on in a new line in a way that no reader takes for a blank.
    fn break_with_backslash(&mut self, indent: usize, before_blank: bool) {
        self.push('\\');
        self.start_line(indent);
        if before_blank {
            self.push('\\');
        }
    }

    fn indicator(&mut self, indicator: &str, needs_blank: bool, blank: bool, keeps_indentation: bool) {
        if needs_blank && !self.after_blank {
            self.push(' ');
        }
        self.push_str(indicator);
        self.after_blank = blank;
        self.only_indicators &= keeps_indentation;
    }

    /// Goes to `indent`, in a new line unless this one can still take it.
    fn start_line(&mut self, indent: usize) {
        if !self.only_indicators || self.column > indent || (self.column == indent && !self.after_blank) {
            self.push_break('\n');
        }
        while self.column < indent {
            self.push(' ');
        }
        self.after_blank = true;
        self.only_indicators = true;
    }

    fn push(&mut self, character: char) {
        self.out.push(character);
        self.column += 1;
    }

    fn push_str(&mut self, text: &str) {
        self.out.push_str(text);
        self.column += text.chars().count();
    }

    fn push_break(&mut self, character: char) {
        self.out.push(character);
        self.column = 0;
    }
}

fn yaml_number(number: Number) -> String {
    match number {
        Number::Int(whole) => whole.to_string(),
        Number::Float(float) if float.is_nan() => ".nan".to_owned(),
        Number::Float(float) if float.is_infinite() => if float > 0.0 { ".inf" } else { "-.inf" }.to_owned(),
        Number::Float(float) => python_float(float),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn print(json: serde_json::Value) -> String {
        let mut out = Vec::new();
        write(&mut out, &Document::of(&json.into())).unwrap();
        String::from_utf8(out).unwrap()
    }

    /// What only tags can tell.
    enum Node {
        Text(&'static str),
        Bytes(&'static str),
        Odd(&'static str),
        List(Vec<Node>),
        Set(Vec<Node>),
        Map(Vec<(&'static str, Node)>),
    }

    impl YamlNode for Node {
        fn view(&self, _sorted: bool) -> YamlView<'_, Self> {
            match self {
                Self::Text(text) => YamlView::Text(text),
                Self::Bytes(text) => YamlView::Tagged { tag: "!!binary", text: (*text).into(), quoted: true },
                Self::Odd(text) => YamlView::Tagged { tag: "!!int", text: (*text).into(), quoted: false },
                Self::List(elements) => YamlView::List(elements),
                Self::Set(elements) => YamlView::Set(elements),
                Self::Map(entries) => YamlView::Map(entries.iter().map(|(key, node)| (*key, node)).collect()),
            }
        }
    }

    #[test]
    fn sets_and_tagged_scalars_stand_as_libyaml_puts_them() {
        let set = || Node::Set(vec![Node::Text("a"), Node::Bytes("aGk="), Node::Text("1")]);
        let tree = Node::Map(vec![
            ("bytes", Node::Bytes("aGk=")),
            ("empty", Node::Set(Vec::new())),
            ("list", Node::List(vec![set(), Node::Odd("1E+3")])),
            ("set", set()),
        ]);
        assert_eq!(
            yaml_result(&tree),
            "bytes: !!binary \"aGk=\"\nempty: !!set {}\nlist:\n- !!set\n  a: null\n  !!binary \"aGk=\": null\n  \
             '1': null\n- !!int 1E+3\nset: !!set\n  a: null\n  !!binary \"aGk=\": null\n  '1': null\n"
        );
        assert_eq!(yaml_result(&set()), "!!set\na: null\n!!binary \"aGk=\": null\n'1': null\n");
    }

    #[test]
    fn keys_are_sorted_and_lists_stand_under_their_key() {
        let items = json!({
            "Items": [{
                "id": {"S": "a"}, "n": {"N": "1"}, "tags": {"SS": ["x", "y"]}, "b": {"B": "aGk="},
                "m": {"M": {"z": {"NULL": true}, "k": {"BOOL": true}}},
            }],
            "Count": 1, "ScannedCount": 1, "ConsumedCapacity": null,
        });
        insta::assert_snapshot!(print(items), @r"
        ConsumedCapacity: null
        Count: 1
        Items:
        - b:
            B: aGk=
          id:
            S: a
          m:
            M:
              k:
                BOOL: true
              z:
                'NULL': true
          n:
            N: '1'
          tags:
            SS:
            - x
            - y
        ScannedCount: 1
        ");
    }

    #[test]
    fn documents_for_files_keep_order_and_lines() {
        let long = "word ".repeat(40);
        let document = yaml_document(&json!({"b": [{"z": long.trim(), "a": ""}], "a": {}}).into());
        assert_eq!(document, format!("b:\n- z: {}\n  a: ''\na: {{}}\n", long.trim()));
    }

    #[test]
    fn templates_are_written_for_readers_of_yaml_1_1() {
        let value: Value = json!({"b": ["yes", "off", "1:30", "no way"], "a": {}}).into();
        assert_eq!(yaml_template(&value), "b:\n- 'yes'\n- 'off'\n- '1:30'\n- no way\na: {}\n");
        let value: Value = json!(["#!/bin/sh\necho\n", "'q'", "a: b"]).into();
        assert_eq!(yaml_template(&value), "- \"#!/bin/sh\\necho\\n\"\n- \"'q'\"\n- 'a: b'\n");
        let text = format!("long text that goes{} \t{}", " on and".repeat(7), " and on".repeat(4));
        let value: Value = json!([[{"G": text}]]).into();
        let expected = "- - G: \"long text that goes on and on and on and on and on and on and on and \\t and\\\n      \
                        \\ on and on and on and on\"\n";
        assert_eq!(yaml_template(&value), expected);
    }

    #[test]
    fn what_would_read_as_something_else_is_quoted() {
        for text in [
            "",
            "~",
            "null",
            "true",
            "FALSE",
            "123456789012",
            "-1",
            "0o7",
            "0x1F",
            "0b1",
            "1_000",
            "1e5",
            "1.5",
            ".5",
            "+.inf",
            ".NaN",
            "2020-01-01",
            "2020-01-01T00:00:00+00:00",
            "=",
            "<<",
            "-",
            "?",
            ":",
            "a: b",
            "a #b",
            "- a",
            "#a",
            "&a",
            "*a",
            "!a",
            "%a",
            "@a",
            "`a",
            "[a",
            "{a",
            "a:",
            " a",
            "a ",
            "--- a",
        ] {
            assert_eq!(print(json!([text])), format!("- '{text}'\n"));
        }
        for text in [
            "y", "no", "on", "a:b", "a#b", "-a", "?a", "0o8", "1:30", "20-1-1", ".5e3", "-.nan", "it's",
            "日本",
        ] {
            assert_eq!(print(json!([text])), format!("- {text}\n"));
        }
        assert_eq!(print(json!(["'q"])), "- '''q'\n");
    }

    #[test]
    fn what_does_not_print_is_escaped() {
        let text = "\u{0}\u{7}\t\r\u{1b}\u{7f}\u{85}\u{feff}\"\\日本 \u{1f600}";
        let expected = "- \"\\0\\a\\t\\r\\e\\x7F\\N\\uFEFF\\\"\\\\日本 \\U0001F600\"\n";
        assert_eq!(print(json!([text])), expected);
    }

    #[test]
    fn lines_stay_readable_in_single_quotes() {
        assert_eq!(print(json!({"a": "l1\n  l2"})), "a: \"l1\\n  l2\"\n");
        assert_eq!(print(json!({"a": "l1\nl2\n"})), "a: 'l1\n\n  l2\n\n  '\n");
    }

    #[test]
    fn long_texts_are_folded_after_column_eighty() {
        let text = "word ".repeat(20) + "end";
        let first_line = "word ".repeat(16);
        assert_eq!(
            print(json!({"a": text})),
            format!("a: {}\n  word word word word end\n", first_line.trim_end())
        );
        assert_eq!(print(json!({"a": "w".repeat(100)})), format!("a: {}\n", "w".repeat(100)));
    }

    #[test]
    fn long_keys_take_the_explicit_form() {
        let key = "k".repeat(129);
        assert_eq!(print(json!({&key: [1]})), format!("? {key}\n: - 1\n"));
    }

    #[test]
    fn nested_and_empty_containers() {
        let value = json!({"a": [[1, [2.5, []]], {"b": {}, "c": [3]}], "d": {"e": {"f": null}}});
        insta::assert_snapshot!(print(value), @r"
        a:
        - - 1
          - - 2.5
            - []
        - b: {}
          c:
          - 3
        d:
          e:
            f: null
        ");
        assert_eq!(print(json!([])), "[]\n");
        assert_eq!(print(json!({})), "");
    }

    #[test]
    fn a_scalar_on_its_own_is_json() {
        assert_eq!(print(json!("x")), "\"x\"\n");
        assert_eq!(print(json!(null)), "null\n");
    }

    #[test]
    fn pages_are_elements_of_one_list() {
        let mut out = Vec::new();
        for page in [json!({"b": [1], "a": "x"}), json!(null), json!({}), json!("y")] {
            write_stream_page(&mut out, &page.into()).unwrap();
        }
        assert_eq!(String::from_utf8(out).unwrap(), "- a: x\n  b:\n  - 1\n- null\n- y\n");
    }
}
