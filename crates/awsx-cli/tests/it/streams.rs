//! Streams of events: shown or saved while they come, without holding more than one of them.

use std::io::{self, Write};
use std::net::TcpStream;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Instant;

use aws_smithy_eventstream::frame::write_message_to;
use aws_smithy_types::event_stream::{Header, HeaderValue, Message};

#[cfg(unix)]
use crate::support::Terminal;
use crate::support::{PATIENCE, Served, TestEnv};

fn frame(headers: &[(&'static str, &'static str)], payload: impl Into<Vec<u8>>) -> Vec<u8> {
    let headers =
        headers.iter().map(|(name, value)| Header::new(*name, HeaderValue::String((*value).into())));
    let message = headers.fold(Message::new(payload.into()), Message::add_header);
    let mut bytes = Vec::new();
    write_message_to(&message, &mut bytes).unwrap();
    bytes
}

fn event(name: &'static str, payload: impl Into<Vec<u8>>) -> Vec<u8> {
    frame(&[(":message-type", "event"), (":event-type", name)], payload)
}

/// A service that streams what it is given here, until the sender is gone.
fn streaming() -> (Served, Sender<Vec<u8>>) {
    let (sender, pieces) = channel::<Vec<u8>>();
    let pieces = Mutex::new(pieces);
    let served = Served::start(move |_, stream| {
        let pieces: &Receiver<_> = &pieces.lock().unwrap();
        begin(stream)?;
        pieces.iter().try_for_each(|piece| stream.write_all(&piece))
    });
    (served, sender)
}

fn begin(stream: &mut TcpStream) -> io::Result<()> {
    stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
}

/// A service that streams all of this at once.
fn streamed(pieces: &[Vec<u8>]) -> Served {
    let (served, sender) = streaming();
    sender.send(pieces.concat()).unwrap();
    served
}

fn env(served: &Served) -> TestEnv {
    TestEnv::new()
        .var("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
        .var("AWS_SECRET_ACCESS_KEY", "x")
        .var("AWS_REGION", "eu-west-1")
        .var("AWS_ENDPOINT_URL", &served.url)
        .var("AWS_DISABLE_HOST_PREFIX_INJECTION", "true")
}

const SELECT: &str = "s3api select-object-content --bucket b --key k --expression e --expression-type SQL \
     --input-serialization {} --output-serialization {}";

#[test]
fn events_are_printed_while_more_come() {
    let (served, sender) = streaming();
    let env = env(&served);
    let mut running = env.start("lambda invoke-with-response-stream --function-name f --output jsonl");
    sender.send(event("PayloadChunk", "abc")).unwrap();
    let first = r#"{"PayloadChunk":{"Payload":"YWJj"}}"#;
    running.wait_for_stdout(|seen| seen.contains(first).then_some(()));
    assert!(running.is_running());
    sender.send(event("InvokeComplete", "{}")).unwrap();
    drop(sender);
    assert_eq!(
        running.finish().ok(),
        format!("{{\"StatusCode\":200}}\n{first}\n{{\"InvokeComplete\":{{}}}}\n")
    );
}

#[test]
fn a_query_chooses_events() {
    let text = |text: &str| format!(r#"{{"contentBlockIndex": 0, "delta": {{"text": "{text}"}}}}"#);
    let served = streamed(&[
        event("messageStart", r#"{"role": "assistant"}"#),
        event("contentBlockDelta", text("Hello")),
        event("contentBlockDelta", text("world")),
        event("messageStop", r#"{"stopReason": "end_turn"}"#),
    ]);
    let run = env(&served).run(
        "bedrock-runtime converse-stream --model-id m --query contentBlockDelta.delta.text --output text",
    );
    assert_eq!(run.ok(), "Hello\nworld\n");
    let shown = env(&streamed(&[event("messageStart", r#"{"role": "assistant"}"#)]));
    let shown = shown.run("bedrock-runtime converse-stream --model-id m").ok();
    assert_eq!(shown, "{\n    \"messageStart\": {\n        \"role\": \"assistant\"\n    }\n}\n");
}

#[test]
fn a_live_tail_prints_messages() {
    let update = r#"{"sessionMetadata": {"sampled": false}, "sessionResults": [{"message": "a b"}, {"message": "c"}]}"#;
    let served = streamed(&[
        event("initial-response", "{}"),
        event("sessionStart", r#"{"requestId": "r"}"#),
        event("sessionUpdate", update),
    ]);
    let words = "logs start-live-tail --log-group-identifiers arn:aws:logs:eu-west-1:1:log-group:g";
    assert_eq!(env(&served).run(words).ok(), "a b\nc\n");
    assert!(served.request().starts_with("POST / HTTP/1.1\n"), "{}", served.request());

    insta::assert_snapshot!(env(&served).run(&format!("{words} --mode interactive")), @"
    exit: 252
    ----- stderr -----

    awsx: [ERROR]: An error occurred (ParamValidation): Color is not allowed by your output. Use print-only mode or enable color.
    ");
}

#[cfg(unix)]
#[test]
fn live_tail_has_a_screen_of_its_own() {
    let (served, sender) = streaming();
    let group = "arn:aws:logs:eu-west-1:1:log-group:g";
    let words = format!("logs start-live-tail --log-group-identifiers {group} --mode interactive");
    let mut terminal = Terminal::start(&env(&served), &words);
    let update = r#"{"sessionMetadata": {"sampled": true}, "sessionResults": [{"message": "an apple"}]}"#;
    sender.send([event("initial-response", "{}"), event("sessionUpdate", update)].concat()).unwrap();
    terminal.wait_for("an apple");
    terminal.wait_for("Sampled: Yes");
    terminal.press("h");
    terminal.wait_for("Type Term and press ENTER");
    terminal.press("Apple\r");
    terminal.wait_for("{apple: 1}");
    terminal.press("\x1b");
    let (code, raw) = terminal.finish();
    assert_eq!(code, 0, "{raw}");
    assert!(raw.contains("\x1b[36mapple\x1b[0m"), "{raw}");
    assert!(raw.contains("\x1b[?25h\x1b[?1049l"), "{raw}");
}

#[test]
fn an_exception_ends_the_stream_as_the_service_s_error() {
    let headers = [(":message-type", "exception"), (":exception-type", "throttlingException")];
    let served = streamed(&[
        event("messageStart", r#"{"role": "assistant"}"#),
        frame(&headers, r#"{"message": "slow down"}"#),
    ]);
    let run = env(&served).run("bedrock-runtime converse-stream --model-id m --output jsonl");
    insta::assert_snapshot!(run, @r#"
    exit: 254
    ----- stdout -----
    {"messageStart":{"role":"assistant"}}
    ----- stderr -----

    awsx: [ERROR]: An error occurred (throttlingException) when calling the ConverseStream operation: slow down
    "#);
}

#[test]
fn records_are_saved_while_more_come() {
    let (served, sender) = streaming();
    let env = env(&served);
    let mut running = env.start(&format!("{SELECT} records.csv"));
    sender.send(event("Records", "1,2\n")).unwrap();
    let started = Instant::now();
    while !env.path("records.csv").exists() || env.read("records.csv") != "1,2\n" {
        assert!(started.elapsed() < PATIENCE, "the first records did not reach the file");
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    assert!(running.is_running());
    sender.send([event("Cont", ""), event("Records", "3,4\n"), event("End", "")].concat()).unwrap();
    drop(sender);
    assert_eq!(running.finish().ok(), "");
    assert_eq!(env.read("records.csv"), "1,2\n3,4\n");
}

#[test]
fn records_that_are_not_all_are_told() {
    let served = streamed(&[event("Records", "1,2\n")]);
    let env = env(&served);
    insta::assert_snapshot!(env.run(&format!("{SELECT} records.csv")), @"
    exit: 255
    ----- stderr -----

    awsx: [ERROR]: the records in `records.csv` are not all: the service's `End` did not come
    ");
    assert_eq!(env.read("records.csv"), "1,2\n");
}

/// A hundred megabytes of records pass through.
#[cfg(target_os = "linux")]
#[test]
fn memory_does_not_grow_with_a_stream() {
    let (all_sent, sent) = channel();
    let (go, may_end) = channel();
    let may_end = Mutex::new(may_end);
    let served = Served::start(move |_, stream| {
        begin(stream)?;
        let records = event("Records", vec![b'7'; 1 << 20]);
        (0..100).try_for_each(|_| stream.write_all(&records))?;
        all_sent.send(()).unwrap();
        may_end.lock().unwrap().recv().unwrap();
        stream.write_all(&event("End", ""))
    });
    let env = env(&served);
    let running = env.start(&format!("{SELECT} /dev/null"));
    sent.recv_timeout(PATIENCE).unwrap();
    let status = std::fs::read_to_string(format!("/proc/{}/status", running.id())).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let kilobytes: u32 = peak.trim().trim_end_matches(" kB").parse().unwrap();
    assert!(kilobytes < 100_000, "{kilobytes} kB");
    go.send(()).unwrap();
    assert_eq!(running.finish().ok(), "");
}

#[test]
fn whoever_would_have_to_send_a_stream_is_no_command() {
    let run = TestEnv::new().run("qbusiness chat");
    assert_eq!(run.code, 252);
    assert!(run.stderr.contains("argument operation: Found invalid choice 'chat'"), "{run}");
}
