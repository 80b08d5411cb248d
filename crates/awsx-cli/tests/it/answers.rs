//! Answers that are not what a service should send: the process stays whole and small, and says what is wrong.

use std::io::{self, Write};
use std::net::TcpStream;

use crate::support::{Run, Served, TestEnv, write_answer};

fn ask(served: &Served, words: &str) -> Run {
    TestEnv::new()
        .var("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
        .var("AWS_SECRET_ACCESS_KEY", "x")
        .var("AWS_REGION", "eu-west-1")
        .var("AWS_ENDPOINT_URL", &served.url)
        .run(words)
}

/// What comes of an answer of this body.
fn answered(body: String, words: &str) -> Run {
    ask(&Served::start(move |_, stream| write_answer(stream, 200, &[], &body)), words)
}

#[track_caller]
fn error(run: &Run) -> &str {
    assert_eq!(run.code, 255, "{run}");
    run.stderr
        .lines()
        .find_map(|line| line.strip_prefix("awsx: [ERROR]: "))
        .unwrap_or_else(|| panic!("{run}"))
}

const IDENTITY: &str = "<R><GetCallerIdentityResult><Account>1</Account></GetCallerIdentityResult></R>";

fn cut(stream: &mut TcpStream) -> io::Result<()> {
    write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\nConnection: close\r\n\r\n{IDENTITY}")
}

#[test]
fn an_answer_that_is_cut_off_is_asked_for_again() {
    let served = Served::start(|request, stream| {
        let is_second = request.contains("amz-sdk-request: attempt=2;");
        if is_second { write_answer(stream, 200, &[], IDENTITY) } else { cut(stream) }
    });
    assert_eq!(ask(&served, "sts get-caller-identity --query Account").ok(), "\"1\"\n");

    let served = Served::start(|_, stream| cut(stream));
    let run = ask(&served, "sts get-caller-identity");
    let told = format!(
        "Connection was closed before we received a valid response from endpoint URL: \"{}/\".",
        served.url
    );
    assert_eq!((error(&run), served.requests().len()), (told.as_str(), 3));
}

#[test]
fn an_object_that_is_cut_off_is_told() {
    let served = Served::start(|_, stream| cut(stream));
    let run = ask(&served, "s3api get-object --bucket b --key k o");
    assert!(error(&run).starts_with("Connection was closed before we received a valid response"), "{run}");
}

/// A million levels.
#[test]
fn depth_does_not_overflow_the_stack() {
    let deep = 1_000_000;
    let xml = format!("<R>{}{}</R>", "<a>".repeat(deep), "</a>".repeat(deep));
    let run = answered(xml, "sts get-caller-identity");
    assert!(error(&run).starts_with("Unable to parse response (nested too deeply)"), "{run}");
    assert!(run.stderr.len() < 10_000, "{}", run.stderr.len());

    let json = format!("{{\"TableNames\": {}{}}}", "[".repeat(deep), "]".repeat(deep));
    let run = answered(json, "dynamodb list-tables");
    assert!(error(&run).contains("recursion limit exceeded"), "{run}");

    let served = Served::start(move |_, stream| {
        write!(stream, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")?;
        stream.write_all(&vec![0x81; deep])
    });
    let run =
        ask(&served, "partnercentral-revenue-measurement list-marketplace-revenue-shares --catalog AWS");
    assert!(error(&run).contains("nested too deeply"), "{run}");
}

/// Of a body that says how long it is nothing is read, of one that does not a quarter of a gigabyte.
#[test]
fn an_answer_that_does_not_end_is_refused() {
    let told = |run: &Run, served: &Served| {
        assert_eq!(
            error(run),
            format!("The answer from endpoint URL \"{}/\" is longer than 256 MiB", served.url)
        );
    };
    let head = "HTTP/1.1 200 OK\r\nConnection: close\r\n";
    let served = Served::start(move |_, stream| {
        write!(stream, "{head}Content-Length: 1073741824\r\n\r\n{{\"TableNames\": [\"")
    });
    told(&ask(&served, "dynamodb list-tables"), &served);

    let served = Served::start(move |_, stream| {
        write!(stream, "{head}\r\n{{\"TableNames\": [\"")?;
        let text = vec![b'x'; 1 << 20];
        (0..1024).try_for_each(|_| stream.write_all(&text))
    });
    told(&ask(&served, "dynamodb list-tables"), &served);
    assert_eq!(served.requests().len(), 1);
}

#[test]
fn a_page_of_something_else_is_no_answer() {
    let page = "<html><body>Sign in to the guest network<br></body></html>";
    let run = answered(page.to_owned(), "dynamodb list-tables");
    assert!(
        error(&run).starts_with("Unable to parse response (expected value at line 1 column 1), invalid JSON"),
        "{run}"
    );
    let run = answered(page.to_owned(), "sts get-caller-identity");
    assert!(error(&run).contains("invalid XML received"), "{run}");
}

/// Whether it is shown or refused, nothing breaks.
#[test]
fn values_of_wrong_types_break_nothing() {
    let cases = [
        ("dynamodb list-tables", r#"{"TableNames": "t"}"#),
        ("dynamodb list-tables", r#"{"TableNames": [1, null, {}], "LastEvaluatedTableName": []}"#),
        ("dynamodb list-tables", "[1, 2]"),
        ("dynamodb describe-table --table-name t", r#"{"Table": [1]}"#),
        (
            "dynamodb describe-table --table-name t",
            r#"{"Table": {"ItemCount": "many", "CreationDateTime": {}}}"#,
        ),
        ("dynamodb describe-table --table-name t", r#"{"Table": {"CreationDateTime": 1e300}}"#),
        ("dynamodb get-item --table-name t --key {}", r#"{"Item": {"a": {"S": 1, "N": "2"}}}"#),
        ("dynamodb get-item --table-name t --key {}", r#"{"Item": {"a": "b"}}"#),
        ("lambda list-functions", r#"{"Functions": {"Timeout": -1}}"#),
        (
            "iam list-users",
            "<R><ListUsersResult><Users>text</Users><IsTruncated>perhaps</IsTruncated></ListUsersResult></R>",
        ),
        (
            "iam get-user",
            "<R><GetUserResult><User><CreateDate>yesterday</CreateDate></User></GetUserResult></R>",
        ),
        ("s3api list-objects-v2 --bucket b", "<R><KeyCount>few</KeyCount><Contents><Size/></Contents></R>"),
        (
            "ec2 describe-instances",
            "<R><reservationSet><item><instancesSet/></item>text</reservationSet></R>",
        ),
        ("iam get-user", "<R/>"),
    ];
    for (words, body) in cases {
        let run = answered(body.to_owned(), words);
        let says_why = run.code == 255 && run.stderr.contains("awsx: [ERROR]: ");
        assert!(run.code == 0 || says_why, "{words} {body}\n{run}");
        assert!(!run.stderr.contains("panicked"), "{words} {body}\n{run}");
    }
}

#[test]
fn headers_without_end_are_refused() {
    let served = Served::start(|_, stream| {
        write!(stream, "HTTP/1.1 200 OK\r\nX-Long: ")?;
        let text = vec![b'x'; 1 << 20];
        (0..64).try_for_each(|_| stream.write_all(&text))
    });
    let run = ask(&served, "sts get-caller-identity");
    assert!(error(&run).starts_with("Connection was closed before we received a valid response"), "{run}");
}
