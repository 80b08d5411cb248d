//! Smithy's protocol tests, in the form botocore has them: `cargo xtask protocols` runs them.

use std::path::{Path, PathBuf};

use awsx_model::{Catalog, Input, Kind, Moment, Operation, Service, ShapeId};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::{Answer, parse_error, read, write};
use crate::{Body, Timestamps, Zone, target};

#[path = "../../tests/recorded/mod.rs"]
mod recorded;

#[test]
#[ignore = "needs botocore's tests: cargo xtask protocols"]
fn requests_are_written_as_the_protocols_say() {
    Suite::open("input").run(|case| {
        let input = case
            .operation
            .input
            .map_or_else(Input::empty, |used| input(case.service, used.shape, &case.json["params"]));
        let request = write(case.service, case.operation, &input).map_err(|error| error.to_string())?;
        let expected = &case.json["serialized"];
        let method = expected["method"].as_str().unwrap_or("POST");
        same("method", &request.method.as_str().into(), &method.into())?;
        let query = crate::client::encode_query(&request.query);
        let endpoint = case.model["clientEndpoint"].as_str().unwrap_or("https://example.com");
        let url = target::join(endpoint, request.host_prefix.as_deref(), &request.path, &query);
        let after_host =
            url.split_once("://").and_then(|(_, rest)| Some(&rest[rest.find('/')?..])).unwrap_or_default();
        let uri = expected["uri"].as_str().unwrap_or("/");
        same("uri", &sorted_query(after_host).into(), &sorted_query(uri).into())?;
        if let Some(host) = expected["host"].as_str() {
            let ours = url.split('/').nth(2).unwrap_or_default();
            same("host", &ours.into(), &host.into())?;
        }
        for (name, value) in expected["headers"].as_object().into_iter().flatten() {
            // botocore says what goes without saying of a form, and nothing of XML, texts and bytes.
            let ours = request.header(name).map(|value| value.trim_end_matches("; charset=utf-8").to_owned());
            let expected = value.as_str().map(|value| value.trim().to_owned());
            let unsaid = ["application/xml", "text/plain", "application/octet-stream"];
            if ours.is_none() && expected.as_deref().is_some_and(|expected| unsaid.contains(&expected)) {
                continue;
            }
            let without_blanks = |list: Option<String>| list.map(|list| list.replace(", ", ","));
            same(name, &without_blanks(ours).into(), &without_blanks(expected).into())?;
        }
        for name in expected["forbidHeaders"].as_array().into_iter().flatten() {
            same(
                "a forbidden header",
                &request.header(name.as_str().unwrap_or_default()).into(),
                &Value::Null,
            )?;
        }
        let Body::Bytes(body) = &request.body else { return Err("a file".to_owned()) };
        match expected["body"].as_str() {
            Some(expected) => same_body(case.service, body, expected),
            None => Ok(()),
        }
    });
}

#[test]
#[ignore = "needs botocore's tests: cargo xtask protocols"]
fn answers_are_read_as_the_protocols_say() {
    Suite::open("output").run(|case| {
        let response = &case.json["response"];
        let text = response["body"].as_str();
        let is_cbor = case.service.protocol == awsx_model::Protocol::Cbor;
        let body = match text {
            Some(text) if is_cbor => STANDARD.decode(text).map_err(|error| error.to_string())?,
            Some(text) => text.as_bytes().to_vec(),
            None if case.service.protocol == awsx_model::Protocol::Query => b"<xml/>".to_vec(),
            None => Vec::new(),
        };
        let headers = response["headers"].as_object().into_iter().flatten().map(|(name, value)| {
            let name = http::HeaderName::from_bytes(name.as_bytes()).expect("a header's name");
            (name, http::HeaderValue::from_str(value.as_str().unwrap_or_default()).expect("a header's value"))
        });
        let headers: http::HeaderMap = headers.collect();
        let status =
            response["status_code"].as_u64().and_then(|status| u16::try_from(status).ok()).unwrap_or(200);
        let answer = Answer { status, headers: &headers, body: &body };
        let timestamps = Timestamps::Iso8601(Zone::Of(TimeZone::UTC));
        if let Some(error) = case.json.get("error") {
            let found = parse_error(case.service, &answer, &timestamps);
            same("code", &found.code.into(), &case.json["errorCode"])?;
            let message = case.json["errorMessage"].as_str().unwrap_or_default();
            same("message", &found.message.into(), &message.into())?;
            let further = found.fields.into_iter().filter(|(name, _)| name != "Code" && name != "Message");
            let mut expected = error.clone();
            let expected = expected.as_object_mut().ok_or("no error")?;
            expected.retain(|name, _| name != "Message" && name != "Code");
            return same("members", &as_json(awsx_output::Value::Map(further.collect())), &json!(expected));
        }
        let mut operation = case.operation.clone();
        if let Some(output) = &mut operation.output
            && case.service.protocol == awsx_model::Protocol::Query
            && case.service.structure(output.shape).is_some_and(|output| !output.members.is_empty())
        {
            output.result_wrapper = Some(format!("{}Result", operation.name).leak());
        }
        let mut read =
            read(case.service, &operation, &answer, &timestamps).map_err(|error| error.to_string())?;
        // The bytes of streams do not pass through here.
        if let Some(member) = crate::handlers::streamed_member(case.service, &operation) {
            read.insert(member, String::from_utf8_lossy(&body).into_owned());
        }
        same("members", &as_json(awsx_output::Value::Map(read)), &case.json["result"])
    });
}

struct Suite {
    folder: PathBuf,
    direction: &'static str,
    ignored: Value,
}

struct Case<'a> {
    model: &'a Value,
    json: &'a Value,
    service: &'static Service,
    operation: &'static Operation,
}

impl Suite {
    fn open(direction: &'static str) -> Self {
        #[expect(clippy::disallowed_methods, reason = "xtask says where it unpacked the tests")]
        let source = std::env::var("BOTOCORE_SOURCE").expect("`cargo xtask protocols` sets BOTOCORE_SOURCE");
        let folder = Path::new(&source).join("tests/unit/protocols");
        let ignored = parse(&folder.join("protocol-tests-ignore-list.json"));
        Self { folder, direction, ignored }
    }

    fn run(&self, check: impl Fn(&Case<'_>) -> Result<(), String>) {
        let (mut passed, mut skipped, mut failed) = (0, 0, Vec::new());
        let mut files: Vec<PathBuf> = std::fs::read_dir(self.folder.join(self.direction))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
            .collect();
        files.sort();
        for file in files {
            let name = file.file_stem().unwrap().to_str().unwrap();
            for model in parse(&file).as_array().unwrap() {
                for (at, case) in model["cases"].as_array().unwrap().iter().enumerate() {
                    if self.is_ignored(name, model, case) {
                        skipped += 1;
                        continue;
                    }
                    match load(model, case).and_then(|case| check(&case)) {
                        Ok(()) => passed += 1,
                        Err(why) => {
                            let id = case["id"].as_str().unwrap_or_default();
                            failed.push(format!("{name}: {} [{at}] {id}\n  {why}", model["description"]));
                        }
                    }
                }
            }
        }
        let (count, list) = (failed.len(), failed.join("\n"));
        assert!(
            failed.is_empty(),
            "{passed} passed, {skipped} skipped as botocore does, {count} failed:\n{list}"
        );
        assert!(passed > 300, "only {passed} tests were found");
    }

    /// By protocol or for all (`general`), a whole suite or one case.
    fn is_ignored(&self, protocol: &str, model: &Value, case: &Value) -> bool {
        let listed = |list: &Value, item: &Value| list.as_array().is_some_and(|list| list.contains(item));
        [&self.ignored["general"], &self.ignored["protocols"][protocol]].iter().any(|section| {
            let section = &section[self.direction];
            listed(&section["suites"], &model["description"]) || listed(&section["cases"], &case["id"])
        })
    }
}

fn parse(file: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()
}

/// A case is a service with one operation.
fn load<'a>(model: &'a Value, case: &'a Value) -> Result<Case<'a>, String> {
    let name = case["given"]["name"].as_str().unwrap_or("OperationName");
    let mut given = case["given"].clone();
    given["name"] = name.into();
    let mut metadata = model["metadata"].clone();
    for (key, value) in [
        ("endpointPrefix", "example"),
        ("serviceId", "Example"),
        ("signatureVersion", "v4"),
        ("serviceFullName", "Example"),
        ("apiVersion", "2014-01-01"),
    ] {
        metadata.as_object_mut().unwrap().entry(key).or_insert_with(|| value.into());
    }
    let service = json!({ "version": "2.0", "metadata": metadata, "operations": { name: given }, "shapes": model["shapes"] });
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let version = folder.path().join("example").join(metadata["apiVersion"].as_str().unwrap());
    std::fs::create_dir_all(&version).map_err(|error| error.to_string())?;
    #[expect(clippy::disallowed_methods, reason = "lays out a test's file")]
    std::fs::write(version.join("service-2.json"), service.to_string()).map_err(|error| error.to_string())?;
    let catalog = Catalog::of_folders_alone(vec![folder.path().to_owned()]);
    let service = catalog.service("example").map_err(|error| error.to_string())?.ok_or("no service")?;
    let operation = service.operations.first().ok_or("no operation")?;
    Ok(Case { model, json: case, service, operation })
}

/// A test's parameters by the model: blobs are text, moments seconds since 1970, what is no number a word.
fn input(service: &Service, shape: ShapeId, value: &Value) -> Input {
    recorded::input(service, shape, value, &|kind, value| match (kind, value) {
        (Kind::Blob(_), Value::String(text)) => Some(Input::Blob(text.clone().into_bytes())),
        (Kind::Timestamp(_), Value::Number(number)) => {
            let seconds = number.as_f64().unwrap();
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a fraction of a second"
            )]
            let nanoseconds = (seconds.rem_euclid(1.0) * 1e9) as u32;
            #[expect(clippy::cast_possible_truncation, reason = "tests are of this age")]
            Some(Input::Moment(Moment { seconds: seconds.floor() as i64, nanoseconds }))
        }
        (Kind::Float | Kind::Double, Value::String(word)) => Some(Input::Float(word.parse().unwrap())),
        (Kind::Float | Kind::Double, Value::Number(number)) => Some(Input::Float(number.as_f64().unwrap())),
        _ => None,
    })
}

fn same(what: &str, ours: &Value, expected: &Value) -> Result<(), String> {
    if alike(ours, expected) {
        Ok(())
    } else {
        Err(format!("{what}\n    is       {ours}\n    expected {expected}"))
    }
}

/// Numbers by value, moments by time, blobs by their bytes.
fn alike(ours: &Value, expected: &Value) -> bool {
    recorded::alike(ours, expected, &|ours, expected| match (ours, expected) {
        (Value::String(ours), Value::Number(expected)) => ours
            .parse::<jiff::Timestamp>()
            .is_ok_and(|at| (at.as_duration().as_secs_f64() - expected.as_f64().unwrap()).abs() < 1e-3),
        (Value::String(ours), Value::String(expected)) => {
            STANDARD.decode(ours).is_ok_and(|bytes| bytes == expected.as_bytes())
        }
        _ => false,
    })
}

fn as_json(value: awsx_output::Value) -> Value {
    match value {
        awsx_output::Value::Null => Value::Null,
        awsx_output::Value::Bool(truth) => truth.into(),
        awsx_output::Value::Number(number) => {
            let number = number.as_f64();
            super::text::special_float(number).map_or_else(|| number.into(), Into::into)
        }
        awsx_output::Value::String(text) => text.into(),
        awsx_output::Value::List(elements) => elements.into_iter().map(as_json).collect(),
        awsx_output::Value::Map(map) => {
            Value::Object(map.into_iter().map(|(key, value)| (key.into(), as_json(value))).collect())
        }
    }
}

fn sorted_query(uri: &str) -> String {
    let Some((path, query)) = uri.split_once('?') else { return uri.to_owned() };
    let mut pairs: Vec<&str> = query.split('&').map(recorded::plain_pair).collect();
    pairs.sort_unstable();
    format!("{path}?{}", pairs.join("&"))
}

fn same_body(service: &Service, body: &[u8], expected: &str) -> Result<(), String> {
    use awsx_model::Protocol;
    let text = String::from_utf8_lossy(body).into_owned();
    match service.protocol {
        Protocol::Json | Protocol::RestJson if serde_json::from_str::<Value>(expected).is_ok() => {
            let ours = serde_json::from_slice(body).unwrap_or(Value::Null);
            same("body", &ours, &serde_json::from_str(expected).unwrap())
        }
        Protocol::Query | Protocol::Ec2 => {
            let sorted = |form: &str| sorted_query(&format!("?{}", form.replace("%20", "+")));
            same("body", &sorted(&text).into(), &sorted(expected).into())
        }
        Protocol::RestXml if expected.trim_start().starts_with('<') => {
            let (ours, theirs) =
                (super::xml::Element::parse(body), super::xml::Element::parse(expected.as_bytes()));
            let (ours, theirs) =
                (ours.map_err(|error| error.to_string())?, theirs.map_err(|error| error.to_string())?);
            if same_element(&ours, &theirs) {
                Ok(())
            } else {
                Err(format!("body\n    is       {text}\n    expected {expected}"))
            }
        }
        Protocol::Cbor => {
            let timestamps = Timestamps::Wire;
            let theirs = STANDARD.decode(expected).map_err(|error| error.to_string())?;
            let decode = |bytes: &[u8]| {
                super::cbor::parse(bytes, &timestamps).map(as_json).map_err(|error| error.to_string())
            };
            same("body", &decode(body)?, &decode(&theirs)?)
        }
        _ => same("body", &text.into(), &expected.into()),
    }
}

/// Blanks between elements, and the order of attributes, say nothing.
fn same_element(ours: &super::xml::Element<'_>, theirs: &super::xml::Element<'_>) -> bool {
    let attributes = |element: &super::xml::Element<'_>| {
        let mut attributes = element.attributes.clone();
        attributes.sort();
        attributes
    };
    ours.name == theirs.name
        && attributes(ours) == attributes(theirs)
        && ours.text.trim() == theirs.text.trim()
        && ours.children.len() == theirs.children.len()
        && ours.children.iter().zip(&theirs.children).all(|(ours, theirs)| same_element(ours, theirs))
}
