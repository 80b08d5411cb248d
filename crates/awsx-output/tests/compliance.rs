//! The public JMESPath compliance suite, read from the sources of the `jmespath` crate, which carries it. Python's `jmespath` 1.1.0, which decides
//! in matters the suite leaves open, agrees with all of it.

#![expect(clippy::unwrap_used, reason = "helpers of a test fail with it")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use awsx_output::{Format, Formatter, Query, QueryError, Style, Value};
use serde_json::Value as Json;

#[test]
fn every_case_of_the_compliance_suite_passes() {
    let mut failures = Vec::new();
    let mut count = 0;
    for file in fs::read_dir(suite()).unwrap() {
        let file = file.unwrap().path();
        let groups: Vec<Json> = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
        for group in groups {
            let given = Value::from(group["given"].clone());
            for case in group["cases"].as_array().unwrap() {
                count += 1;
                let expression = case["expression"].as_str().unwrap();
                let expected = expected(case);
                let actual = outcome(expression, &given);
                if expected != "any" && actual != expected {
                    let file = file.file_name().unwrap().display();
                    failures.push(format!("{file}: {expression}\nexpected {expected}\nactual   {actual}"));
                }
            }
        }
    }
    assert!(count > 800, "only {count} cases found");
    assert!(failures.is_empty(), "{} of {count} cases failed\n\n{}", failures.len(), failures.join("\n\n"));
}

fn suite() -> PathBuf {
    // Without a platform, cargo would want the sources of every other platform's dependencies as well.
    let version = cargo(&["--version", "--verbose"]);
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let metadata = cargo(&["metadata", "--format-version=1", "--offline", "--filter-platform", host]);
    let metadata: Json = serde_json::from_str(&metadata).unwrap();
    let package =
        metadata["packages"].as_array().unwrap().iter().find(|package| package["name"] == "jmespath");
    let manifest = package.unwrap()["manifest_path"].as_str().unwrap();
    Path::new(manifest).parent().unwrap().join("tests/compliance")
}

fn cargo(arguments: &[&str]) -> String {
    let output =
        Command::new(env!("CARGO")).args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn expected(case: &Json) -> String {
    match (case.get("result"), case.get("error")) {
        (Some(result), _) => print(&Value::from(result.clone())),
        (None, Some(error)) => format!("error: {}", error.as_str().unwrap()),
        // Benchmarks have no result to compare.
        (None, None) => "any".to_owned(),
    }
}

fn outcome(expression: &str, given: &Value) -> String {
    match Query::parse(expression) {
        Err(_) => "error: syntax".to_owned(),
        Ok(query) => match query.search(given) {
            Ok(value) => print(&value),
            Err(error) => format!("error: {}", kind(&error)),
        },
    }
}

fn kind(error: &QueryError) -> &'static str {
    match error {
        QueryError::Arity { .. } => "invalid-arity",
        QueryError::Type { .. } => "invalid-type",
        QueryError::UnknownFunction { .. } => "unknown-function",
        QueryError::ZeroStep => "invalid-value",
        _ => "runtime",
    }
}

/// Prints the value, so that the order of keys and the kinds of numbers are compared too.
fn print(value: &Value) -> String {
    let mut out = Vec::new();
    let mut formatter = Formatter::new(Format::Json, None, Style::default(), &mut out);
    formatter.page(value).unwrap();
    formatter.finish().unwrap();
    String::from_utf8(out).unwrap()
}
