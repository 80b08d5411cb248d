//! Reading: what counts as a section, a key, a value, and what is refused.

use std::fmt::Write;
use std::time::{Duration, Instant};

use awsx_core::ini::{Document, Problem, SectionName, Value};

fn parse(text: &str) -> Document {
    Document::parse(text.as_bytes()).expect(text)
}

/// Sections and keys as `[header]@line key@line=value`, nested lines as `key@line{sub@line=value}`.
fn outline(text: &str) -> String {
    let document = parse(text);
    let mut outline = String::new();
    for section in document.sections() {
        let _ = write!(outline, "[{}]@{}", section.header(), section.line());
        for entry in section.entries() {
            let _ = write!(outline, " {}@{}", entry.key(), entry.line());
            match entry.value() {
                Value::Text(text) => {
                    let _ = write!(outline, "={text:?}");
                }
                Value::Nested(lines) => {
                    let lines: Vec<_> =
                        lines.iter().map(|(key, value, line)| format!("{key}@{line}={value}")).collect();
                    let _ = write!(outline, "{{{}}}", lines.join(","));
                }
            }
        }
        outline.push('\n');
    }
    outline
}

fn problem(text: &[u8]) -> (usize, Problem) {
    let err = Document::parse(text).expect_err("the text should be refused");
    (err.line, err.problem)
}

#[test]
fn keys_are_lower_cased_and_values_trimmed_but_never_unquoted() {
    assert_eq!(
        outline("# c\n\n[default]\nRegion2 = Q  \nb:c=d\n name\t=\t\"x y\" \n"),
        "[default]@3 region2@4=\"Q\" b@5=\"c=d\\nname\\t=\\t\\\"x y\\\"\"\n"
    );
    assert_eq!(outline("[a]\nx=\ny =1\n"), "[a]@1 x@2=\"\" y@3=\"1\"\n");
}

#[test]
fn only_whole_lines_are_comments() {
    assert_eq!(outline("[a]\nregion = a ; b # c\n  # d = e\n; f\n"), "[a]@1 region@2=\"a ; b # c\"\n");
}

#[test]
fn indented_lines_continue_the_value_above() {
    assert_eq!(
        outline("[a]\nx = 1\n  2\n\n  # note\n   3\n\ny = 4\n"),
        "[a]@1 x@2=\"1\\n2\\n\\n3\" y@8=\"4\"\n"
    );
    // Even a header: its depth decides.
    assert_eq!(outline("[a]\nx = 1\n  [b]\n"), "[a]@1 x@2=\"1\\n[b]\"\n");
    // The first key may be indented itself.
    assert_eq!(outline("[a]\n  x = 1\n    y = 2\n  z = 3\n"), "[a]@1 x@2=\"1\\ny = 2\" z@4=\"3\"\n");
}

#[test]
fn nested_blocks_keep_the_case_of_their_keys() {
    assert_eq!(
        outline("[a]\ns3 =\n    Max = 10\n\n  # note\n  style=a=b\nregion = r\n"),
        "[a]@1 s3@2{Max@3=10,style@6=a=b} region@7=\"r\"\n"
    );
    let document = parse("[a]\ns3 =\n  x = 1\n  x = 2\n");
    let section = document.section(&SectionName::Plain("a".to_owned())).expect("there");
    assert_eq!(section.entry("s3").expect("there").value().nested("x"), Some("2"));
}

#[test]
fn text_after_the_bracket_is_ignored() {
    assert_eq!(outline("[profile a] # x\nb = 1\n  [profile b]\n"), "[profile a]@1 b@2=\"1\\n[profile b]\"\n");
}

#[test]
fn defaults_are_merged_into_every_section() {
    assert_eq!(
        outline("[a]\nx = 1\n[DEFAULT]\nx = 2\ny = 3\n[b]\nz = 4\n[DEFAULT]\nw = 5\n"),
        "[a]@1 x@2=\"1\" y@5=\"3\" w@9=\"5\"\n[b]@6 z@7=\"4\" x@4=\"2\" y@5=\"3\" w@9=\"5\"\n"
    );
}

#[test]
fn every_kind_of_line_break_ends_a_line() {
    assert_eq!(outline("[a]\r\nx = 1\r\n"), "[a]@1 x@2=\"1\"\n");
    assert_eq!(outline("[a]\rx = 1\ry = 2"), "[a]@1 x@2=\"1\" y@3=\"2\"\n");
}

#[test]
fn the_last_section_of_a_name_counts() {
    let document = parse("[default]\na = 1\n[profile default]\nb = 2\n[profile \"q r\"]\n[profile 'q r']\n");
    let line =
        |name: &str| document.section(&SectionName::Profile(name.to_owned())).map(|section| section.line());
    assert_eq!(line("default"), Some(3));
    assert_eq!(line("q r"), Some(6));
    assert_eq!(line("nope"), None);
}

#[test]
fn problems_carry_their_line() {
    let header = |header: &str| header.to_owned();
    assert_eq!(problem(b"# c\nregion = x\n[default]\n"), (2, Problem::BeforeFirstSection));
    assert_eq!(problem(b"[a]\n\nregion\n"), (3, Problem::NoDelimiter));
    assert_eq!(problem(b"[a]\n[]\n"), (2, Problem::NoDelimiter));
    assert_eq!(problem(b"[a]\n = x\n"), (2, Problem::EmptyKey));
    assert_eq!(problem(b"[a]\n[b]\n[a]\n"), (3, Problem::DuplicateSection { header: header("a") }));
    assert_eq!(
        problem(b"[default]\nregion = a\nREGION = b\n"),
        (3, Problem::DuplicateKey { key: "region".to_owned(), header: header("default") })
    );
    assert_eq!(
        problem(b"[DEFAULT]\nx = 1\n[a]\n[DEFAULT]\nx = 1\n"),
        (5, Problem::DuplicateKey { key: "x".to_owned(), header: header("DEFAULT") })
    );
    assert_eq!(problem(b"[a]\ns3 =\n  x\n"), (3, Problem::NestedLineWithoutEquals { key: "s3".to_owned() }));
    assert_eq!(problem(b"\xef\xbb\xbf[default]\n"), (1, Problem::ByteOrderMark));
    assert_eq!(problem(b"[a]\r\nx = \xff\r\n"), (2, Problem::NotUtf8));
    let many = (0..40).fold("[a]\n".to_owned(), |text, key| format!("{text}k{key} = v\n")) + "k30 = v\n";
    assert_eq!(
        problem(many.as_bytes()),
        (42, Problem::DuplicateKey { key: "k30".to_owned(), header: header("a") })
    );
}

#[test]
fn problems_are_told_in_one_line() {
    let err = Document::parse(b"[default]\nregion = a\nregion = b\n").expect_err("duplicate");
    assert_eq!(err.to_string(), "line 3: duplicate key `region` in section `[default]`");
}

#[test]
fn debug_output_shows_no_value() {
    let document = parse("[default]\naws_secret_access_key = hunter2\ns3 =\n  token = hunter2\n");
    let section = document.sections().next().expect("one section");
    let entries: Vec<_> = section.entries().collect();
    let values: Vec<_> = entries.iter().map(awsx_core::ini::Entry::value).collect();
    let shown = format!("{document:?} {section:?} {entries:?} {values:?}");
    assert!(shown.contains("aws_secret_access_key") && !shown.contains("hunter2"), "{shown}");
}

#[test]
fn a_file_of_thousands_of_profiles_is_no_work() {
    let text = (0..5000).fold(String::new(), |mut text, number| {
        let _ = write!(
            text,
            "[profile account-{number}]\nsso_session = corp\nsso_account_id = {number:012}\n\
             sso_role_name = Developer\nregion = eu-west-1\noutput = json\n"
        );
        text
    });
    let start = Instant::now();
    let mut document = parse(&text);
    for number in 0..200 {
        let name = SectionName::Profile(format!("account-{}", number * 25));
        document.update(&name, &[awsx_core::ini::Change::set("region", "eu-north-1")]).expect("plain");
    }
    assert_eq!(document.render().len(), text.len() + 200);
    // Generous: what must not happen is work for every pair of lines or of edits and lines.
    assert!(start.elapsed() < Duration::from_secs(2), "took {:?}", start.elapsed());
}
