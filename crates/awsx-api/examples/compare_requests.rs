//! Makes the requests that a recording has, and tells which ones differ.
//!
//! `compare_requests RECORDING ACCEPTED [SHOWN]`: the recording has one line of JSON for each request; the accepted
//! differences are lines `service operation reason`. Fails on any other difference, and on accepted ones that are gone.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::{BufRead, BufReader};
use std::process::ExitCode;

use aws_credential_types::Credentials;
use awsx_api::{Body, Client, ClientConfig, Identity, Request};
use awsx_http::{HttpClient, Options};
use awsx_model::{Input, Kind, Moment, Service, ShapeId};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

#[path = "../tests/recorded/mod.rs"]
mod recorded;

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let recording = arguments.next().expect("the first argument is the recording");
    let accepted = arguments.next().expect("the second argument is the list of accepted differences");
    let shown: usize =
        arguments.next().map_or(20, |count| count.to_string_lossy().parse().expect("a number"));
    let accepted = std::fs::read_to_string(accepted).expect("the accepted differences can be read");
    let mut unseen: BTreeSet<(&str, &str)> = accepted
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            Some((words.next()?, words.next()?))
        })
        .collect();
    let mut compared = Compared::default();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let file = std::fs::File::open(recording).expect("the recording can be read");
    for line in BufReader::new(file).lines() {
        let line: Value = serde_json::from_str(&line.expect("text")).expect("JSON");
        let (service, operation) = (text(&line["service"]), text(&line["operation"]));
        let found = runtime.block_on(compare(&line));
        let known = unseen.iter().copied().find(|known| *known == (service.as_str(), operation.as_str()));
        match (found, known) {
            (Ok(Same::Request), None) => compared.same += 1,
            (Ok(Same::Refusal), None) => compared.refused += 1,
            (Ok(_), Some(_)) => {}
            (Err(_), Some(known)) => {
                unseen.remove(&known);
                compared.accepted += 1;
            }
            (Err(difference), None) => {
                compared.different += 1;
                if compared.different <= shown {
                    report(&format!("{service} {operation}\n{difference}"));
                }
            }
        }
    }
    report(&format!("{compared:?}"));
    for (service, operation) in &unseen {
        report(&format!("no longer different: {service} {operation}"));
    }
    if compared.different == 0 && unseen.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

#[expect(clippy::print_stdout, reason = "a program of the tests")]
fn report(line: &str) {
    println!("{line}");
}

#[derive(Debug, Default)]
struct Compared {
    same: usize,
    refused: usize,
    accepted: usize,
    different: usize,
}

enum Same {
    Request,
    Refusal,
}

const DISCOVERED: &str = "https://discovered.example.com";

async fn compare(line: &Value) -> Result<Same, String> {
    let name = text(&line["service"]);
    let service = awsx_model::service(&name).map_err(|error| error.to_string())?.ok_or("no such service")?;
    let operation =
        service.operation(line["operation"].as_str().unwrap_or_default()).ok_or("no such operation")?;
    let input = operation.input.map_or_else(Input::empty, |used| input(service, used.shape, &line["input"]));
    let mut config = config();
    // The recording answers what a service is asked about its own endpoints; here nobody does.
    config.endpoint_url =
        line["request"]["url"].as_str().filter(|url| url.starts_with(DISCOVERED)).map(str::to_owned);
    config.endpoint_discovery = awsx_api::EndpointDiscovery::Off;
    let made = Client::new(service, config).request(operation, input).await;
    match (made, line.get("request")) {
        (Ok(made), Some(recorded)) => {
            let (ours, theirs) = (of_request(&made, service), of_recorded(recorded, service));
            if ours == theirs { Ok(Same::Request) } else { Err(difference(&ours, &theirs)) }
        }
        (Err(_), None) => Ok(Same::Refusal),
        (Ok(_), None) => Err(format!("  botocore refuses: {}", line["error"])),
        (Err(error), Some(_)) => Err(format!("  awsx refuses: {error}")),
    }
}

fn config() -> ClientConfig {
    let keys = Credentials::new("AKIDEXAMPLE", "secret", None, None, "recording");
    let mut config = ClientConfig::new(HttpClient::new(Options::default()));
    config.region = Some("us-east-1".to_owned());
    config.identity =
        Identity::Token { token: awsx_core::Secret::new("token".to_owned()), keys: Some(keys.into()) };
    config
}

/// The recording's JSON as an input, by the model: blobs are base64, moments seconds with six digits behind the point.
fn input(service: &Service, shape: ShapeId, value: &Value) -> Input {
    recorded::input(service, shape, value, &|kind, value| match (kind, value) {
        (Kind::Blob(_), Value::String(text)) => Some(Input::Blob(STANDARD.decode(text).expect("base64"))),
        (Kind::Timestamp(_), Value::String(text)) => {
            let (seconds, micros) = text.split_once('.').expect("six digits after the point");
            let nanoseconds = micros.parse::<u32>().expect("digits") * 1000;
            Some(Input::Moment(Moment { seconds: seconds.parse().expect("digits"), nanoseconds }))
        }
        _ => None,
    })
}

/// What is compared of a request, by name.
type Parts = BTreeMap<String, Part>;

#[derive(Debug)]
enum Part {
    Text(String),
    Json(Value),
}

impl PartialEq for Part {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Text(ours), Self::Text(theirs)) => ours == theirs,
            (Self::Json(ours), Self::Json(theirs)) => recorded::alike(ours, theirs, &|_, _| false),
            _ => false,
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Json(json) => json.fmt(f),
        }
    }
}

fn of_request(request: &Request, service: &Service) -> Parts {
    let body = match &request.body {
        Body::Bytes(bytes) => bytes.clone(),
        Body::File(path) => path.to_string_lossy().into_owned().into_bytes(),
    };
    parts(&request.method, &request.url, request.headers.iter().cloned(), &body, service)
}

fn of_recorded(recorded: &Value, service: &Service) -> Parts {
    let headers = recorded["headers"].as_array().expect("a list");
    let headers = headers.iter().map(|pair| (text(&pair[0]), text(&pair[1])));
    let body = STANDARD.decode(text(&recorded["body"])).expect("base64");
    parts(&text(&recorded["method"]), &text(&recorded["url"]), headers, &body, service)
}

fn parts(
    method: &str,
    url: &str,
    headers: impl Iterator<Item = (String, String)>,
    body: &[u8],
    service: &Service,
) -> Parts {
    let mut parts = Parts::new();
    let mut insert = |name: &str, text: String| parts.insert(name.to_owned(), Part::Text(text));
    insert("method", method.to_owned());
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    insert("url", path.trim_end_matches('/').to_owned());
    let mut query: Vec<String> = query.split('&').map(plain_query).collect();
    query.sort();
    insert("query", query.join("&"));
    for (name, value) in headers {
        let name = name.to_ascii_lowercase();
        if !differs_always(&name) {
            insert(&format!("header {name}"), value);
        }
    }
    parts.insert("body".to_owned(), plain_body(body, service));
    parts
}

/// Signatures differ with every second.
fn plain_query(pair: &str) -> String {
    let pair = recorded::plain_pair(pair).replace('+', "%20").replace("%7E", "~");
    if pair.starts_with("X-Amz-") { String::new() } else { pair }
}

/// Names the client, the attempt or the signature.
fn differs_always(header: &str) -> bool {
    let fixed = [
        "user-agent",
        "content-length",
        "expect",
        "authorization",
        "x-amz-content-sha256",
        "transfer-encoding",
    ];
    fixed.contains(&header) || header.starts_with("amz-sdk-")
}

/// JSON and forms by what they say, all else by its bytes.
fn plain_body(body: &[u8], service: &Service) -> Part {
    if let Ok(json) = serde_json::from_slice::<Value>(body) {
        return Part::Json(json);
    }
    let body = String::from_utf8_lossy(body).into_owned();
    if matches!(service.protocol, awsx_model::Protocol::Query | awsx_model::Protocol::Ec2) {
        let mut pairs: Vec<_> =
            body.split('&').map(plain_query).map(|pair| without_signature(&pair)).collect();
        pairs.sort();
        return Part::Text(pairs.join("&"));
    }
    Part::Text(body)
}

fn without_signature(pair: &str) -> String {
    match pair.split_once("%3FAction") {
        Some((before, _)) if pair.to_ascii_lowercase().starts_with("presignedurl") => before.to_owned(),
        _ => pair.to_owned(),
    }
}

fn difference(ours: &Parts, theirs: &Parts) -> String {
    let names: BTreeSet<&String> = ours.keys().chain(theirs.keys()).collect();
    let absent = Part::Text("(none)".to_owned());
    let lines = names.into_iter().filter(|name| ours.get(*name) != theirs.get(*name)).map(|name| {
        let side = |parts: &Parts| {
            let part = parts.get(name).unwrap_or(&absent).to_string();
            part.chars().take(1500).collect::<String>()
        };
        format!("  {name}\n    awsx     {}\n    botocore {}", side(ours), side(theirs))
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
