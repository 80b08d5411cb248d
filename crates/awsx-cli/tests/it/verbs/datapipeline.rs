//! `datapipeline list-runs` and `create-default-roles`, and pipelines as people write them.

use serde_json::{Value, json};

use super::asking;
use crate::support::{Route, Scripted, TestEnv};

fn pipeline(operation: &str, answer: &str) -> Route {
    Route::operation(&format!("DataPipeline.{operation}"), answer)
}

fn sent(service: &Scripted) -> Value {
    serde_json::from_str(service.bodies().last().unwrap()).unwrap()
}

const DEFINITION: &str = r#"{
    "objects": [{"id": "Default", "schedule": {"ref": "S"}, "list": ["a", {"ref": "b"}], "alpha": "1"},
                {"id": "S", "name": "Every day"}],
    "parameters": [{"id": "myTable", "type": "String"}],
    "values": {"myTable": "t", "myList": ["x", "y"]}
}"#;

fn putting() -> (TestEnv, Scripted) {
    let (env, service) = asking(vec![
        pipeline("PutPipelineDefinition", r#"{"errored": false}"#),
        pipeline("ActivatePipeline", ""),
    ]);
    env.write("definition.json", DEFINITION);
    (env, service)
}

const PUT: &str =
    "datapipeline put-pipeline-definition --pipeline-id df-1 --pipeline-definition file://definition.json";

#[test]
fn a_definition_becomes_lists_of_fields() {
    let (env, service) = putting();
    env.run(PUT).ok();
    let expected = json!({
        "pipelineId": "df-1",
        "pipelineObjects": [
            {"id": "Default", "name": "Default", "fields": [
                {"key": "alpha", "stringValue": "1"}, {"key": "list", "stringValue": "a"},
                {"key": "list", "refValue": "b"}, {"key": "schedule", "refValue": "S"}]},
            {"id": "S", "name": "Every day", "fields": []},
        ],
        "parameterObjects": [{"id": "myTable", "attributes": [{"key": "type", "stringValue": "String"}]}],
        "parameterValues": [{"id": "myTable", "stringValue": "t"}, {"id": "myList", "stringValue": "x"},
                            {"id": "myList", "stringValue": "y"}],
    });
    assert_eq!(sent(&service), expected);
}

#[test]
fn values_of_the_command_line_stand_for_the_definition_s() {
    let (env, service) = putting();
    env.run(&format!("{PUT} --parameter-values a=1 b=2 a=3=4")).ok();
    let values = json!([{"id": "a", "stringValue": "1"}, {"id": "a", "stringValue": "3=4"},
                        {"id": "b", "stringValue": "2"}]);
    assert_eq!(sent(&service)["parameterValues"], values);
    let run = env.run_args(&[
        "datapipeline",
        "activate-pipeline",
        "--pipeline-id",
        "df-1",
        "--parameter-values-uri",
        r#"{"values": {"a": "1"}}"#,
    ]);
    assert_eq!(run.ok(), "");
    assert_eq!(sent(&service)["parameterValues"], json!([{"id": "a", "stringValue": "1"}]));
}

#[test]
fn definitions_that_are_none_are_told() {
    let (env, service) = putting();
    for (words, code, said) in [
        (&["--pipeline-definition", "{"][..], 255, "Expecting property name enclosed in double quotes"),
        (&["--pipeline-definition", "{}"], 252, "Error in pipeline definition: Missing \"objects\" key\n"),
        (
            &["--pipeline-definition", r#"{"objects": [{"name": "é"}]}"#],
            252,
            r#"Missing "id" key of element: {"name": "\u00e9"}"#,
        ),
        (&["--parameter-values", "a"], 252, "Error in parameter: Invalid inline parameter format: a\n"),
        (
            &["--parameter-values", "a=b", "--parameter-values-uri", r#"{"values": {}}"#],
            252,
            "Only parameter-values or parameter-values-uri is allowed",
        ),
    ] {
        let words = [&PUT.split(' ').collect::<Vec<_>>()[..], words].concat();
        let run = env.run_args(&words);
        assert_eq!(run.code, code, "{run}");
        assert!(run.stderr.contains(said), "{run}");
    }
    assert!(service.requests().is_empty());
}

#[test]
fn an_answer_becomes_a_definition() {
    let answer = r#"{
        "pipelineObjects": [{"id": "a", "name": "A", "fields": [{"key": "x", "stringValue": "1"},
            {"key": "x", "refValue": "b"}, {"key": "y", "refValue": "c"}]}],
        "parameterObjects": [{"id": "p", "attributes": [{"key": "type", "stringValue": "String"}]}],
        "parameterValues": [{"id": "p", "stringValue": "1"}, {"id": "p", "stringValue": "2"}]}"#;
    let (env, _service) = asking(vec![pipeline("GetPipelineDefinition", answer)]);
    let shown = env.run("datapipeline get-pipeline-definition --pipeline-id df-1").ok();
    let expected = json!({
        "objects": [{"id": "a", "name": "A", "x": ["1", {"ref": "b"}], "y": {"ref": "c"}}],
        "parameters": [{"id": "p", "type": "String"}],
        "values": {"p": ["1", "2"]},
    });
    assert_eq!(serde_json::from_str::<Value>(&shown).unwrap(), expected);
}

fn with_runs() -> (TestEnv, Scripted) {
    let object = |id: &str, scheduled: &str| {
        format!(
            r#"{{"id": "@{id}", "name": "{id}", "fields": [{{"key": "@componentParent", "refValue": "Copy"}},
                {{"key": "@scheduledStartTime", "stringValue": "{scheduled}"}},
                {{"key": "@status", "stringValue": "FINISHED"}}]}}"#
        )
    };
    let objects = [object("later", "2026-01-02T00:00:00"), object("earlier", "2026-01-01T00:00:00")];
    asking(vec![
        pipeline("QueryObjects", r#"{"ids": ["@later", "@earlier"], "hasMoreResults": false}"#),
        pipeline("DescribeObjects", &format!(r#"{{"pipelineObjects": [{}]}}"#, objects.join(", "))),
    ])
}

#[test]
fn runs_are_listed_in_the_order_of_their_schedule() {
    let (env, service) = with_runs();
    let words = "datapipeline list-runs --pipeline-id df-1 --status finished --schedule-interval 2026-01-01,2026-01-03";
    let listed = env.run(words).ok();
    let lines: Vec<&str> = listed.lines().map(str::trim_end).collect();
    assert_eq!(
        lines,
        [
            "       Name                                                Scheduled Start      Status",
            "       ID                                                  Started              Ended",
            "---------------------------------------------------------------------------------------------------",
            "   1.  Copy                                                2026-01-01T00:00:00  FINISHED",
            "       @earlier",
            "",
            "   2.  Copy                                                2026-01-02T00:00:00  FINISHED",
            "       @later",
            "",
        ]
    );
    let query: Value = serde_json::from_str(&service.bodies()[0]).unwrap();
    assert_eq!(
        query["query"]["selectors"],
        json!([
            {"fieldName": "@scheduledStartTime",
             "operator": {"type": "BETWEEN", "values": ["2026-01-01", "2026-01-03"]}},
            {"fieldName": "@status", "operator": {"type": "EQ", "values": ["FINISHED"]}},
        ])
    );
    let names = env.run(&format!("{words} --output text --query [].name")).ok();
    assert_eq!(names, "earlier\tlater\n");
}

#[test]
fn intervals_have_two_ends_and_states_are_known() {
    let (env, service) = with_runs();
    for (words, code, said) in [
        ("--status foo", 252, "Invalid status: foo, must be one of: waiting, pending, "),
        ("--start-interval 2026", 255, "list index out of range"),
    ] {
        let run = env.run(&format!("datapipeline list-runs --pipeline-id df-1 {words}"));
        assert_eq!(run.code, code, "{run}");
        assert!(run.stderr.contains(said), "{run}");
    }
    assert!(service.requests().is_empty());
}
