//! Holds the built-in endpoint rules against a folder of botocore's cases, `<service>/endpoint-tests-1.json`.
//! `cargo xtask endpoints` downloads the cases and runs this.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::Path;

use awsx_api::endpoint::{self, Params, Value};
use serde_json::{Value as Json, json};

/// How many differences are shown.
const SHOWN: usize = 20;

#[expect(clippy::print_stdout, reason = "the report is what this program is for")]
fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args_os().nth(1).ok_or("a folder of cases must be given")?;
    let (mut cases, mut services, mut differences) = (0, 0, Vec::new());
    for name in awsx_model::names()? {
        let path = Path::new(&folder).join(name).join("endpoint-tests-1.json");
        let file: Json = serde_json::from_slice(&fs::read(&path)?)?;
        services += 1;
        for case in file["testCases"].as_array().ok_or("a file without cases")? {
            cases += 1;
            let (expected, found) = (expected(&case["expect"]), found(name, &case["params"])?);
            if expected != found {
                differences
                    .push(format!("{name}: {}\n  expected {expected}\n  found    {found}", case["params"]));
            }
        }
    }
    for difference in differences.iter().take(SHOWN) {
        println!("{difference}");
    }
    println!("{cases} cases of {services} services: {} differ", differences.len());
    if differences.is_empty() { Ok(()) } else { Err("the rules are not evaluated as botocore's are".into()) }
}

/// What a case asks for, with what it leaves out filled in.
fn expected(expect: &Json) -> Json {
    match expect.get("endpoint") {
        None => expect.clone(),
        Some(endpoint) => {
            let part = |name| endpoint.get(name).cloned().unwrap_or_else(|| json!({}));
            json!({"endpoint": {
                "url": endpoint["url"], "headers": part("headers"), "properties": part("properties"),
            }})
        }
    }
}

fn found(service: &str, values: &Json) -> Result<Json, Box<dyn Error>> {
    let mut params = Params::new();
    for (name, value) in values.as_object().into_iter().flatten() {
        match value {
            Json::Bool(value) => params.set(name, *value),
            Json::String(value) => params.set(name, value.as_str()),
            Json::Array(values) => {
                params
                    .set(name, values.iter().filter_map(Json::as_str).map(str::to_owned).collect::<Vec<_>>());
            }
            other => return Err(format!("`{other}` is no parameter").into()),
        }
    }
    let rules = awsx_model::rules(service)?.ok_or("a service without rules")?;
    Ok(match endpoint::resolve(rules, &params) {
        Ok(endpoint) => {
            let headers: BTreeMap<_, _> = endpoint.headers.into_iter().collect();
            let properties: BTreeMap<_, _> =
                endpoint.properties.iter().map(|(name, value)| (*name, to_json(value))).collect();
            json!({"endpoint": {"url": endpoint.url, "headers": headers, "properties": properties}})
        }
        Err(error) => json!({"error": error.to_string()}),
    })
}

fn to_json(value: &Value) -> Json {
    match value {
        Value::Unset => Json::Null,
        Value::Boolean(value) => json!(value),
        Value::Integer(value) => json!(value),
        Value::Text(value) => json!(value),
        Value::List(values) => values.iter().map(to_json).collect(),
        Value::Record(entries) => {
            Json::Object(entries.iter().map(|(name, value)| ((*name).to_owned(), to_json(value))).collect())
        }
    }
}
