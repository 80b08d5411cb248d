//! `logs tail`.

use super::asking;
use crate::support::Route;

fn events(body: &str) -> Vec<Route> {
    vec![Route::operation("Logs_20140328.FilterLogEvents", body)]
}

const TWO: &str = r#"{"events": [
    {"eventId": "1", "timestamp": 1767323045678, "logStreamName": "a", "message": "first\n"},
    {"eventId": "1", "timestamp": 1767323045678, "logStreamName": "a", "message": "first\n"},
    {"eventId": "2", "timestamp": 1767323046000, "logStreamName": "b", "message": "{\"x\": 1}"}
]}"#;

#[test]
fn events_are_printed_once_in_each_format() {
    let (env, service) = asking(events(TWO));
    let words = "logs tail /aws/lambda/orders --since 2026-01-02T03:00:00Z";
    insta::assert_snapshot!(env.run(words).ok(), @r#"
    2026-01-02T03:04:05.678000+00:00 a first
    2026-01-02T03:04:06.000000+00:00 b {"x": 1}
    "#);
    insta::assert_snapshot!(env.run(&format!("{words} --format short")).ok(), @r#"
    2026-01-02T03:04:05 first
    2026-01-02T03:04:06 {"x": 1}
    "#);
    let json = env.run(&format!("{words} --format json --color on")).ok();
    assert!(json.ends_with("\u{1b}[36mb\u{1b}[0m \n{\n    \"x\": 1\n}\n"), "{json}");
    assert_eq!(
        service.bodies()[0],
        r#"{"logGroupName":"/aws/lambda/orders","startTime":1767322800000,"interleaved":true}"#
    );
}

#[test]
fn filters_are_passed_on() {
    let (env, service) = asking(events(r#"{"events": []}"#));
    let said = env.run(
        "logs tail g --since 2026-01-02T03:00:00Z --filter-pattern ERROR --log-stream-names a b \
         --log-stream-name-prefix p",
    );
    assert_eq!(said.ok(), "");
    let asked: serde_json::Value = serde_json::from_str(&service.bodies()[0]).unwrap();
    assert_eq!(asked["filterPattern"], "ERROR");
    assert_eq!(asked["logStreamNames"], serde_json::json!(["a", "b"]));
    assert_eq!(asked["logStreamNamePrefix"], "p");
}

#[test]
fn mistakes_are_told() {
    let (env, service) = asking(Vec::new());
    let run = env.run("logs tail");
    assert_eq!(run.code, 252);
    assert!(run.stderr.contains("the following arguments are required: group_name"), "{run}");
    let run = env.run("logs tail g --format xml");
    assert_eq!(run.code, 252);
    let run = env.run("logs tail g --since yesterday");
    assert_eq!(run.code, 255);
    assert!(run.stderr.contains("Invalid timestamp \"yesterday\""), "{run}");
    assert!(service.requests().is_empty());
    assert_eq!(env.run("completion -- logs tail --format d").ok(), "detailed\n");
}

/// Ctrl-C is the way to end it, and no failure.
#[cfg(unix)]
#[test]
fn following_ends_well_with_an_interrupt() {
    let (env, service) = asking(events(TWO));
    let tail = env.start("logs tail g --follow");
    tail.wait_for_stdout(|seen| seen.contains("\"x\"").then_some(()));
    tail.interrupt();
    let run = tail.finish();
    assert_eq!(run.code, 0, "{run}");
    assert_eq!(run.stdout.lines().count(), 2, "{run}");
    assert_eq!(service.requests().len(), 1);
}
