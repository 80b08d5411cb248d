//! `cloudtrail validate-logs` and `verify-query-results`, held against digests that were signed with a key nobody has kept.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value as Json;

use super::asking;
use crate::support::{Route, Run, Scripted, TestEnv};

/// Digests of the hours that end at 1, 2, 3 and 8 o'clock, their logs, an export, and the key that verifies them.
fn world() -> Json {
    serde_json::from_str(include_str!("cloudtrail.json")).unwrap()
}

fn operation(name: &str, answer: &str) -> Route {
    let target = format!("com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.{name}");
    Route::operation(&target, answer)
}

fn public_keys(world: &Json) -> Route {
    let key = world["public_key"].as_str().unwrap();
    operation(
        "ListPublicKeys",
        &format!(r#"{{"PublicKeyList": [{{"Fingerprint": "fp", "Value": "{key}"}}]}}"#),
    )
}

fn packed(text: &str) -> Vec<u8> {
    let mut writer = GzEncoder::new(Vec::new(), Compression::default());
    writer.write_all(text.as_bytes()).unwrap();
    writer.finish().unwrap()
}

/// A trail whose objects are changed before anybody looks; those without a text are not there.
fn trail(change: impl Fn(&str, &str) -> Option<String>) -> (TestEnv, Scripted) {
    let world = world();
    let described = r#"{"trailList": [{"TrailARN": "arn:aws:cloudtrail:eu-west-1:111122223333:trail/all", "S3BucketName": "trails"}]}"#;
    let mut routes = vec![
        operation("DescribeTrails", described),
        public_keys(&world),
        Route::new("GET /trails?location", "<LocationConstraint>eu-west-1</LocationConstraint>"),
    ];
    let mut listed = Vec::new();
    for object in world["objects"].as_array().unwrap() {
        let (key, text) = (object["key"].as_str().unwrap(), object["text"].as_str().unwrap());
        let Some(text) = change(key, text) else { continue };
        let route = Route::of_bytes(&format!("GET /trails/{key}"), packed(&text));
        let signature = object["signature"].as_str().unwrap_or_default();
        routes.push(
            route
                .with_header("x-amz-meta-signature", signature)
                .with_header("x-amz-meta-signature-algorithm", "SHA256withRSA"),
        );
        listed.push(format!("<Contents><Key>{key}</Key></Contents>"));
    }
    let listed = listed.concat();
    let listing = format!("<ListBucketResult><IsTruncated>false</IsTruncated>{listed}</ListBucketResult>");
    routes.push(Route::new("GET /trails?*", &listing));
    let missing = "<Error><Code>NoSuchKey</Code><Message>no</Message></Error>";
    routes.push(Route::new("GET /trails/*", missing).failing(404));
    asking(routes)
}

fn validate(env: &TestEnv, more: &str) -> Run {
    env.run(&format!(
        "cloudtrail validate-logs --trail-arn arn:aws:cloudtrail:eu-west-1:111122223333:trail/all \
         --start-time 2026-01-02T00:00:00Z --end-time 2026-01-02T09:00:00Z {more}"
    ))
}

/// The keys of digests are long.
fn short(run: &Run) -> String {
    run.to_string().replace(
        "AWSLogs/111122223333/CloudTrail-Digest/eu-west-1/2026/01/02/111122223333_CloudTrail-Digest_",
        "…",
    )
}

#[test]
fn what_is_as_it_was_delivered_is_valid() {
    let (env, _service) = trail(|_, text| Some(text.to_owned()));
    insta::assert_snapshot!(short(&validate(&env, "")), @"
    exit: 0
    ----- stdout -----
    Validating log files for trail arn:aws:cloudtrail:eu-west-1:111122223333:trail/all between 2026-01-02T00:00:00Z and 2026-01-02T09:00:00Z

    Results requested for 2026-01-02T00:00:00Z to 2026-01-02T09:00:00Z
    Results found for 2026-01-02T00:00:00Z to 2026-01-02T08:00:00Z:

    4/4 digest files valid
    4/4 log files valid
    ----- stderr -----
    No log files were delivered by CloudTrail between 2026-01-02T03:00:00Z and 2026-01-02T07:00:00Z
    ");
}

#[test]
fn what_was_changed_or_deleted_is_told() {
    let (env, _service) = trail(|key, text| match key {
        "logs/3a" => Some("changed".to_owned()),
        "logs/3b" => None,
        key if key.contains("T020000Z") => None,
        key if key.contains("T010000Z") => Some(format!("{text} ")),
        _ => Some(text.to_owned()),
    });
    insta::assert_snapshot!(short(&validate(&env, "--verbose")), @"
    exit: 1
    ----- stdout -----
    Validating log files for trail arn:aws:cloudtrail:eu-west-1:111122223333:trail/all between 2026-01-02T00:00:00Z and 2026-01-02T09:00:00Z

    Digest file	s3://trails/…eu-west-1_all_eu-west-1_20260102T080000Z.json.gz	valid
    Log file	s3://trails/logs/8	valid
    Digest file	s3://trails/…eu-west-1_all_eu-west-1_20260102T030000Z.json.gz	valid
    Results requested for 2026-01-02T00:00:00Z to 2026-01-02T09:00:00Z
    Results found for 2026-01-02T02:00:00Z to 2026-01-02T08:00:00Z:

    2/4 digest files valid, 2/4 digest files INVALID
    1/3 log files valid, 2/3 log files INVALID
    ----- stderr -----

    No log files were delivered by CloudTrail between 2026-01-02T03:00:00Z and 2026-01-02T07:00:00Z


    Log file	s3://trails/logs/3a	INVALID: hash value doesn't match

    Log file	s3://trails/logs/3b	INVALID: not found

    Digest file	s3://trails/…eu-west-1_all_eu-west-1_20260102T020000Z.json.gz	INVALID: not found

    Digest file	s3://trails/…eu-west-1_all_eu-west-1_20260102T010000Z.json.gz	INVALID: signature verification failed
    ");
}

#[test]
fn mistakes_are_told_before_anybody_is_asked() {
    let (env, service) = asking(Vec::new());
    for (words, part) in [
        ("--trail-arn x --start-time 2026-01-01", "Invalid trail ARN provided: x"),
        ("--trail-arn x --start-time soon", "Unable to parse date value: soon"),
        (
            "--trail-arn x --start-time 2026-01-02 --end-time 2026-01-01",
            "start-time must occur before end-time",
        ),
    ] {
        let run = env.run(&format!("cloudtrail validate-logs {words}"));
        assert!(run.code == 255 && run.stderr.contains(part), "{run}");
    }
    assert!(service.requests().is_empty());
}

/// An export in a folder, its files changed before anybody looks.
fn export(change: impl Fn(&str, &str) -> String) -> TestEnv {
    let world = world();
    let (env, _service) = asking(vec![public_keys(&world)]);
    for (name, text) in world["export"].as_object().unwrap() {
        env.write(&format!("export/{name}"), &change(name, text.as_str().unwrap()));
    }
    env.write("export/result_sign.json", &change("sign", &world["sign_file"].to_string()));
    env
}

fn verify(env: &TestEnv) -> Run {
    let folder = env.path("export").display().to_string();
    env.run_args(&["cloudtrail", "verify-query-results", "--local-export-path", &folder])
}

#[test]
fn an_export_is_held_against_its_signature() {
    let run = verify(&export(|_, text| text.to_owned()));
    assert_eq!(run.ok(), "Successfully validated sign and query result files\n");
    let changed =
        verify(&export(|name, text| if name == "b.csv" { "x".to_owned() } else { text.to_owned() }));
    assert!(
        changed.code == 255 && changed.stderr.contains("File b.csv has inconsistent hash value"),
        "{changed}"
    );
    let other = verify(&export(|_, text| text.replace("\"hashSignature\":\"", "\"hashSignature\":\"00")));
    assert!(other.code == 255 && other.stderr.contains("Invalid signature in sign file"), "{other}");
    let both = export(|_, text| text.to_owned())
        .run("cloudtrail verify-query-results --local-export-path a --s3-bucket b");
    assert!(both.code == 252 && both.stderr.contains("can not be specified with"), "{both}");
}
