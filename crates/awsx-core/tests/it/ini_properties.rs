//! What holds for every file: it comes back as it was, and an edit changes what it is about and nothing else.

use awsx_core::ini::{Change, Document, SectionName, Value};
use proptest::prelude::*;
use proptest::sample::select;

const HEADERS: [&str; 12] = [
    "[default]",
    "[profile default]",
    "[profile dev]",
    "[profile \"dev\"] # same",
    "[profile 'b c']",
    "[profile \"b c\"]",
    "  [sso-session corp]",
    "    [plugins]",
    "[DEFAULT]",
    "[profilexx dev]",
    "[ default ]",
    "\t[services s]",
];

const BODY: [&str; 22] = [
    "region = eu-west-1",
    "Region=x",
    "output:json",
    "  output = text",
    "\toutput = text",
    "s3 =",
    "  s3 =",
    "    max = 10",
    "      max = 20",
    "  style=path  ",
    "    x",
    "key with blanks = v ; no # comment",
    "role_arn = arn:aws:iam::1:role/r",
    "empty =",
    "# comment = 1",
    "    ; indented comment",
    "",
    "   ",
    "\u{a0}nbsp = 1",
    "k\u{c9}y = \u{e9}",
    "last = 1",
    "    [not a header]",
];

/// A file the parser accepts: lines that would be refused where they stand are left out.
fn file() -> impl Strategy<Value = String> {
    let line = prop_oneof![1 => select(&HEADERS[..]), 3 => select(&BODY[..])];
    let line_break = select(&["\n", "\n", "\r\n"][..]);
    (prop::collection::vec(line, 0..24), line_break, any::<bool>()).prop_map(|(lines, line_break, ends)| {
        let mut text = String::new();
        for line in lines {
            let longer = format!("{text}{line}{line_break}");
            if Document::parse(longer.as_bytes()).is_ok() {
                text = longer;
            }
        }
        if !ends && let Some(shorter) = text.strip_suffix(line_break) {
            text.truncate(shorter.len());
        }
        text
    })
}

fn section_name() -> impl Strategy<Value = SectionName> {
    select(vec![
        SectionName::Profile("default".to_owned()),
        SectionName::Profile("dev".to_owned()),
        SectionName::Profile("b c".to_owned()),
        SectionName::Profile("it's new".to_owned()),
        SectionName::SsoSession("corp".to_owned()),
        SectionName::Services("s".to_owned()),
        SectionName::Plain("plugins".to_owned()),
        SectionName::Plain("default".to_owned()),
    ])
}

fn key() -> impl Strategy<Value = &'static str> {
    select(&["region", "OUTPUT", "s3", "max", "key with blanks", "empty", "new", "k\u{e9}y"][..])
}

fn parse(text: &str) -> Document {
    Document::parse(text.as_bytes()).expect(text)
}

/// Everything a reader sees, but for one key of the section that starts at one place in the order.
fn meaning(document: &Document, without: Option<(usize, &str)>) -> Vec<(String, Vec<(String, String)>)> {
    document
        .sections()
        .enumerate()
        .map(|(position, section)| {
            let entries = section
                .entries()
                .filter(|entry| without != Some((position, entry.key())))
                .map(|entry| (entry.key().to_owned(), value_text(&entry.value())));
            (section.header().to_owned(), entries.collect())
        })
        .collect()
}

fn value_text(value: &Value<'_>) -> String {
    match value {
        Value::Text(text) => text.to_string(),
        Value::Nested(lines) => {
            let lines = lines.iter().map(|(key, value, _)| format!("{key}={value}"));
            format!("{{{}}}", lines.collect::<Vec<_>>().join(","))
        }
    }
}

fn position_of(document: &Document, name: &SectionName) -> Option<usize> {
    let line = document.section(name)?.line();
    document.sections().position(|section| section.line() == line)
}

/// The lines of both texts between their common beginning and their common end.
fn changed_lines<'a>(before: &'a str, after: &'a str) -> (usize, Vec<&'a str>, Vec<&'a str>) {
    let mut old: Vec<_> = before.split_inclusive('\n').collect();
    let mut new: Vec<_> = after.split_inclusive('\n').collect();
    let common = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    old.drain(..common);
    new.drain(..common);
    while !old.is_empty() && old.last() == new.last() {
        old.pop();
        new.pop();
    }
    (common + 1, old, new)
}

fn is_comment(line: &str) -> bool {
    line.trim().starts_with(['#', ';'])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_come_back_or_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(document) = Document::parse(&bytes) {
            prop_assert_eq!(document.render().into_bytes(), bytes);
        }
    }

    #[test]
    fn arbitrary_text_comes_back_or_is_refused(text in "(?s)(\\[[a-z ]{0,3}\\]|[a-z]{1,2} ?[=:]|[ \\t\\r\\n#;=\u{85}\u{2028}x]){0,40}") {
        if let Ok(document) = Document::parse(text.as_bytes()) {
            prop_assert_eq!(document.render(), text);
        }
    }

    #[test]
    fn files_come_back_byte_for_byte(text in file()) {
        prop_assert_eq!(parse(&text).render(), text);
    }

    #[test]
    fn set_changes_one_key_and_only_its_lines(
        text in file(), name in section_name(), key in key(), value in "[ -~é]{0,12}",
    ) {
        let before = parse(&text);
        let mut document = before.clone();
        document.update(&name, &[Change::set(key, value.clone())]).expect("allowed");
        let rendered = document.render();
        let after = parse(&rendered);
        let lower = key.to_lowercase();

        let position = position_of(&after, &name).expect("created");
        let section = after.section(&name).expect("created");
        let entry = section.entry(&lower).expect("set");
        prop_assert_eq!(entry.value(), Value::Text(value.trim().into()));
        let mut others = meaning(&after, Some((position, &lower)));
        if position_of(&before, &name).is_none() {
            let (header, _) = others.pop().expect("the new section is the last");
            prop_assert_eq!(header, name.to_header());
        }
        prop_assert_eq!(others, meaning(&before, Some((position, &lower))));

        let (_, old, new) = changed_lines(&text, &rendered);
        let kept: Vec<_> = old.iter().filter(|line| is_comment(line)).map(|line| line.trim()).collect();
        let kept_now: Vec<_> = new.iter().filter(|line| is_comment(line)).map(|line| line.trim()).collect();
        prop_assert_eq!(kept, kept_now);
        // A header and a key for a new section, and the last old line when it gets a line break first.
        prop_assert!(new.iter().filter(|line| !is_comment(line)).count() <= 3, "{new:?}");

        // What the document believes after the edit is what a reader of the file sees.
        prop_assert_eq!(meaning(&document, None), meaning(&after, None));

        document.update(&name, &[Change::set(key, value)]).expect("allowed");
        prop_assert_eq!(document.render(), rendered);
    }

    #[test]
    fn set_nested_changes_one_line(text in file(), name in section_name(), key in key(), value in "[!-~]{1,8}") {
        let before = parse(&text);
        let mut document = before.clone();
        let change = Change::set_nested(key, "max", value.clone());
        document.update(&name, std::slice::from_ref(&change)).expect("allowed");
        let rendered = document.render();
        let after = parse(&rendered);
        let lower = key.to_lowercase();

        let position = position_of(&after, &name).expect("created");
        let entry = after.section(&name).and_then(|section| section.entry(&lower)).expect("set");
        prop_assert_eq!(entry.value().nested("max"), Some(value.as_str()));
        let mut others = meaning(&after, Some((position, &lower)));
        if position_of(&before, &name).is_none() {
            others.pop();
        }
        prop_assert_eq!(others, meaning(&before, Some((position, &lower))));
        document.update(&name, &[change]).expect("allowed");
        prop_assert_eq!(document.render(), rendered);
    }

    #[test]
    fn remove_takes_only_the_keys_lines(text in file(), name in section_name(), key in key()) {
        let before = parse(&text);
        let mut document = before.clone();
        document.update(&name, &[Change::remove(key)]).expect("allowed");
        let rendered = document.render();
        let after = parse(&rendered);
        let lower = key.to_lowercase();
        let position = position_of(&before, &name).unwrap_or(usize::MAX);
        prop_assert_eq!(
            meaning(&after, Some((position, &lower))),
            meaning(&before, Some((position, &lower)))
        );
        let (first, old, new) = changed_lines(&text, &rendered);
        prop_assert!(new.iter().all(|line| is_comment(line)), "line {}: {:?}", first, new);
        prop_assert!(old.len() <= text.lines().count());
    }

    #[test]
    fn remove_section_takes_only_that_section(text in file(), name in section_name()) {
        let before = parse(&text);
        let mut document = before.clone();
        let removed = document.remove_section(&name);
        prop_assert_eq!(removed, before.section(&name).is_some());
        let after = parse(&document.render());
        prop_assert!(after.section(&name).is_none());
        let meant = |header: &str| match &name {
            SectionName::Plain(plain) => header == plain,
            _ => SectionName::parse_config_header(header).as_ref() == Some(&name),
        };
        let mut expected = meaning(&before, None);
        expected.retain(|(header, _)| !meant(header));
        prop_assert_eq!(meaning(&after, None), expected.clone());
        prop_assert_eq!(meaning(&document, None), expected);
    }
}
