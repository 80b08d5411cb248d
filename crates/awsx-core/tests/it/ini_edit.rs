//! Editing: what is written where, and what is left alone.

use awsx_core::ini::{Change, Document, EditError, SectionName};

fn profile(name: &str) -> SectionName {
    SectionName::Profile(name.to_owned())
}

fn plain(name: &str) -> SectionName {
    SectionName::Plain(name.to_owned())
}

fn edit(before: &str, section: &SectionName, changes: &[Change]) -> String {
    let mut document = Document::parse(before.as_bytes()).expect(before);
    document.update(section, changes).expect("allowed");
    let after = document.render();
    let read_again = Document::parse(after.as_bytes()).expect(&after);
    let lines = |document: &Document| -> Vec<_> {
        document
            .sections()
            .flat_map(|section| {
                section.entries().map(move |entry| (section.line(), entry.line())).collect::<Vec<_>>()
            })
            .collect()
    };
    assert_eq!(lines(&document), lines(&read_again), "line numbers after an edit:\n{after}");
    after
}

fn set(before: &str, section: &SectionName, key: &str, value: &str) -> String {
    edit(before, section, &[Change::set(key, value)])
}

/// The file behind the results recorded from the AWS CLI.
const TEAM: &str = "\
# team defaults, do not reorder
[default]
region = us-east-1   \noutput=json
# trailing note

[profile dev]
; dev account
region = eu-west-1
s3 =
    max_concurrent_requests = 10
    addressing_style = path

[sso-session corp]
sso_region = us-east-1
sso_start_url = https://corp.awsapps.com/start
sso_registration_scopes = sso:account:access

[profile  spaced name]
region = ap-south-1
";

// As recorded from the AWS CLI.

#[test]
fn new_file_gets_a_section() {
    assert_eq!(set("", &profile("default"), "region", "us-west-2"), "[default]\nregion = us-west-2\n");
}

#[test]
fn replaced_line_leaves_comments_alone() {
    assert_eq!(
        set(TEAM, &profile("default"), "region", "us-west-2"),
        TEAM.replace("region = us-east-1   \n", "region = us-west-2\n")
    );
}

#[test]
fn new_key_goes_behind_the_last_one() {
    assert_eq!(
        set(TEAM, &profile("dev"), "cli_pager", "less"),
        TEAM.replace("addressing_style = path\n", "addressing_style = path\ncli_pager = less\n")
    );
}

#[test]
fn new_key_goes_behind_what_looks_like_one_and_in_the_last_section_a_line_further() {
    let output = |before: &str| set(before, &profile("default"), "output", "json");
    for (before, after) in [
        (
            "[default]\nr = a\n# x = y\n\n[b]\nc = d\n",
            "[default]\nr = a\n# x = y\noutput = json\n\n[b]\nc = d\n",
        ),
        (
            "[default]\nr = a\n# plain\n\n[b]\nc = d\n",
            "[default]\nr = a\noutput = json\n# plain\n\n[b]\nc = d\n",
        ),
        ("[default]\nr = a\n\n# end\n", "[default]\nr = a\n\noutput = json\n# end\n"),
        ("[default]\n#output = json\n", "[default]\n#output = json\noutput = json\n"),
        ("[default]\nr = a\n# one", "[default]\nr = a\n# one\noutput = json\n"),
    ] {
        assert_eq!(output(before), after);
    }
    let two = [Change::set("x", "1"), Change::set("y", "2")];
    assert_eq!(
        edit("[default]\nr = a\n\n\n", &profile("default"), &two),
        "[default]\nr = a\n\nx = 1\ny = 2\n\n"
    );
}

#[test]
fn new_nested_key_goes_before_what_follows_its_block_unless_that_is_a_comment() {
    let new = |before: &str| edit(before, &profile("default"), &[Change::set_nested("s3", "x", "1")]);
    for (before, after) in [
        ("[default]\ns3 =\n    a = b\n\n[c]\n", "[default]\ns3 =\n    a = b\n\n    x = 1\n[c]\n"),
        ("[default]\ns3 =\n    a = b\nr = c\n", "[default]\ns3 =\n    a = b\n    x = 1\nr = c\n"),
        ("[default]\ns3 =\n    a = b\n# c\n[c]\n", "[default]\ns3 =\n    a = b\n    x = 1\n# c\n[c]\n"),
        ("[default]\ns3 =\n    a = b", "[default]\ns3 =\n    a = b\n    x = 1\n"),
    ] {
        assert_eq!(new(before), after);
    }
}

#[test]
fn new_section_goes_to_the_end_without_a_blank_line() {
    assert_eq!(
        set(TEAM, &profile("brandnew"), "region", "sa-east-1"),
        format!("{TEAM}[profile brandnew]\nregion = sa-east-1\n")
    );
}

#[test]
fn new_nested_block_is_indented_by_four() {
    assert_eq!(
        edit(TEAM, &profile("default"), &[Change::set_nested("s3", "max_concurrent_requests", "20")]),
        TEAM.replace("output=json\n", "output=json\ns3 =\n    max_concurrent_requests = 20\n")
    );
}

#[test]
fn missing_last_line_break_is_added_before_a_new_line() {
    assert_eq!(
        set("[default]\nregion = us-east-1", &profile("default"), "output", "json"),
        "[default]\nregion = us-east-1\noutput = json\n"
    );
    assert_eq!(set("[a]", &plain("a"), "x", "1"), "[a]\nx = 1\n");
    assert_eq!(set("# note", &plain("a"), "x", "1"), "# note\n[a]\nx = 1\n");
    assert_eq!(set("[a]\nx = 1", &plain("b"), "x", "1"), "[a]\nx = 1\n[b]\nx = 1\n");
}

#[test]
fn header_with_blanks_inside_the_brackets_names_no_profile() {
    assert_eq!(
        set("[ profile\ttabbed ]\nregion=eu-west-3\n", &profile("tabbed"), "region", "us-west-1"),
        "[ profile\ttabbed ]\nregion=eu-west-3\n[profile tabbed]\nregion = us-west-1\n"
    );
}

// Where the AWS CLI damages the file.

#[test]
fn line_endings_are_kept() {
    let before = "[default]\r\nregion = us-east-1\r\noutput = json\r\n";
    assert_eq!(
        set(before, &profile("default"), "region", "eu-central-1"),
        "[default]\r\nregion = eu-central-1\r\noutput = json\r\n"
    );
    assert_eq!(set(before, &profile("default"), "a", "b"), format!("{before}a = b\r\n"));
    assert_eq!(set(before, &profile("x"), "a", "b"), format!("{before}[profile x]\r\na = b\r\n"));
    assert_eq!(
        edit(before, &profile("default"), &[Change::set_nested("output", "a", "b")]),
        "[default]\r\nregion = us-east-1\r\noutput =\r\n    a = b\r\n"
    );
}

#[test]
fn missing_last_line_break_stays_missing_when_that_line_is_replaced() {
    assert_eq!(set("[a]\nx = 1", &plain("a"), "x", "2"), "[a]\nx = 2");
}

#[test]
fn section_is_found_by_meaning() {
    assert_eq!(
        set("[profile \"b c\"]\nregion = a\n", &profile("b c"), "region", "b"),
        "[profile \"b c\"]\nregion = b\n"
    );
    assert_eq!(set("[profile\t dev]\n", &profile("dev"), "region", "b"), "[profile\t dev]\nregion = b\n");
    assert_eq!(
        set("[default]\na = 1\n[profile default]\nb = 2\n", &profile("default"), "a", "3"),
        "[default]\na = 1\n[profile default]\nb = 2\na = 3\n"
    );
    assert_eq!(
        set("", &SectionName::SsoSession("my corp".to_owned()), "sso_region", "b"),
        "[sso-session 'my corp']\nsso_region = b\n"
    );
}

#[test]
fn nested_line_of_the_same_name_is_not_hit() {
    assert_eq!(
        set("[a]\ns3 =\n    max_queue_size = 1\n", &plain("a"), "max_queue_size", "5"),
        "[a]\ns3 =\n    max_queue_size = 1\nmax_queue_size = 5\n"
    );
}

#[test]
fn stale_continuation_lines_go_away() {
    assert_eq!(
        set("[a]\nx = 1\n  2\n  # note\n\n  3\ny = 4\n", &plain("a"), "x", "5"),
        "[a]\nx = 5\n  # note\ny = 4\n"
    );
    assert_eq!(set("[a]\ns3 =\n  x = 1\ny = 4\n", &plain("a"), "s3", "5"), "[a]\ns3 = 5\ny = 4\n");
}

#[test]
fn comments_that_look_like_keys_are_comments() {
    assert_eq!(
        set("[a]\nx = 1\n# y = 2\n\n[b]\n", &plain("a"), "y", "3"),
        "[a]\nx = 1\n# y = 2\ny = 3\n\n[b]\n"
    );
}

#[test]
fn key_is_found_in_any_case_and_keeps_its_spelling() {
    assert_eq!(set("[a]\nRegion:x\n", &plain("a"), "REGION", "y"), "[a]\nRegion = y\n");
}

#[test]
fn indentation_never_turns_a_line_into_a_continuation() {
    assert_eq!(set("[a]\n  x = 1\n  y = 2\n", &plain("a"), "x", "3"), "[a]\n  x = 3\n  y = 2\n");
    assert_eq!(set("[a]\n  x = 1\n  [b]\n", &plain("a"), "y", "2"), "[a]\n  x = 1\n  y = 2\n  [b]\n");
    assert_eq!(set("[a]\n  [b]\nz = 1\n", &plain("a"), "y", "2"), "[a]\n  y = 2\n  [b]\nz = 1\n");
}

#[test]
fn nested_lines_are_changed_in_place() {
    let before = "[a]\ns3 =\n  Max = 1\n  style = path\nregion = r\n";
    assert_eq!(
        edit(before, &plain("a"), &[Change::set_nested("S3", "Max", "2")]),
        before.replace("Max = 1", "Max = 2")
    );
    assert_eq!(
        edit(before, &plain("a"), &[Change::set_nested("s3", "max", "2")]),
        before.replace("style = path\n", "style = path\n  max = 2\n")
    );
    assert_eq!(
        edit("[a]\ns3 = x\n  y\nz = 1\n", &plain("a"), &[Change::set_nested("s3", "max", "2")]),
        "[a]\ns3 =\n    max = 2\nz = 1\n"
    );
    let remove = |sub_key: &str| Change::RemoveNested { key: "s3".to_owned(), sub_key: sub_key.to_owned() };
    assert_eq!(edit(before, &plain("a"), &[remove("Max")]), before.replace("  Max = 1\n", ""));
    assert_eq!(edit(before, &plain("a"), &[remove("Max"), remove("style")]), "[a]\nregion = r\n");
    assert_eq!(edit(before, &plain("a"), &[remove("max")]), before);
}

#[test]
fn removed_key_takes_its_whole_value_along() {
    assert_eq!(
        edit("[a]\nx = 1\n  2\n# note\ny = 3\n", &plain("a"), &[Change::remove("X")]),
        "[a]\n# note\ny = 3\n"
    );
    assert_eq!(edit("[a]\nx = 1\n", &plain("a"), &[Change::remove("nope")]), "[a]\nx = 1\n");
    assert_eq!(edit("[a]\nx = 1\n", &plain("b"), &[Change::remove("x")]), "[a]\nx = 1\n");
}

#[test]
fn removed_section_leaves_the_comments_of_its_neighbours() {
    let remove = |before: &str, section: &SectionName| {
        let mut document = Document::parse(before.as_bytes()).expect(before);
        let removed = document.remove_section(section);
        let after = document.render();
        Document::parse(after.as_bytes()).expect(&after);
        (removed, after)
    };
    assert_eq!(
        remove("# top\n[a]\nx = 1\n\n# about b\n[b]\n# in b\ny = 2\n\n# about c\n[c]\n", &plain("b")),
        (true, "# top\n[a]\nx = 1\n\n# about b\n# about c\n[c]\n".to_owned())
    );
    assert_eq!(
        remove("[default]\na = 1\n[b]\n[profile default]\nc = 2\n", &profile("default")),
        (true, "[b]\n".to_owned())
    );
    assert_eq!(remove("[a]\nx = 1\n[b]\n  [c]\n", &plain("b")), (true, "[a]\nx = 1\n[c]\n".to_owned()));
    assert_eq!(remove("[a]\nx = 1\n", &plain("b")), (false, "[a]\nx = 1\n".to_owned()));
}

#[test]
fn inherited_keys_are_set_where_they_were_asked_for() {
    assert_eq!(set("[DEFAULT]\nx = 1\n[a]\n", &plain("a"), "x", "2"), "[DEFAULT]\nx = 1\n[a]\nx = 2\n");
}

#[test]
fn several_changes_are_made_in_order() {
    assert_eq!(
        edit(
            "[a]\nold = 1\n",
            &plain("a"),
            &[
                Change::set("x", "1"),
                Change::remove("old"),
                Change::set_nested("s3", "a", "b"),
                Change::set("x", "2")
            ]
        ),
        "[a]\nx = 2\ns3 =\n    a = b\n"
    );
}

#[test]
fn what_would_not_read_back_is_refused_and_changes_nothing() {
    let refused = |section: &SectionName, change: Change| {
        let mut document = Document::parse(b"[a]\nx = 1\n").expect("plain");
        let err = document.update(section, &[Change::set("y", "2"), change]).expect_err("refused");
        assert_eq!(document.render(), "[a]\nx = 1\n");
        err
    };
    assert_eq!(
        refused(&plain("a"), Change::set("a\nb", "c")).to_string(),
        r"Invalid key: newline characters and carriage returns are not allowed: 'a\nb'"
    );
    assert_eq!(
        refused(&plain("a"), Change::set("k", "c\rd")).to_string(),
        "Invalid value for key k: newline characters and carriage returns are not allowed."
    );
    assert_eq!(
        refused(&profile("a\nb"), Change::set("k", "c")).to_string(),
        r"Invalid section name: newline characters and carriage returns are not allowed: 'profile a\nb'"
    );
    for key in ["", " k", "k ", "a=b", "a:b", "#a", ";a", "[a"] {
        assert_eq!(
            refused(&plain("a"), Change::set(key, "c")),
            EditError::UnreadableKey { key: key.to_owned() }
        );
    }
    for key in ["", " k", "a=b", "#a"] {
        assert_eq!(
            refused(&plain("a"), Change::set_nested("s3", key, "c")),
            EditError::UnreadableKey { key: key.to_owned() }
        );
    }
    for section in [profile("a]b"), plain(""), plain("DEFAULT"), plain("b]")] {
        assert!(matches!(refused(&section, Change::set("k", "c")), EditError::UnreadableSection { .. }));
    }
}

#[test]
fn odd_names_read_back() {
    for name in ["it's", "a b", "\u{e9}\u{4e2d}", "#1", "back\\slash", "", "\"q\"", "a;b", " edge "] {
        let mut document = Document::empty();
        document.update(&profile(name), &[Change::set("k", "v")]).expect(name);
        let text = document.render();
        let read = Document::parse(text.as_bytes()).expect(&text);
        assert!(read.section(&profile(name)).is_some(), "{name}: {text}");
    }
}
