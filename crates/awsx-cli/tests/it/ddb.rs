//! `ddb`: items as YAML, expressions with their values.

use serde_json::{Value, json};

use crate::support::{Route, Scripted, TestEnv};

fn asking(routes: Vec<Route>) -> (TestEnv, Scripted) {
    let service = Scripted::start(routes);
    let env = TestEnv::new()
        .var("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
        .var("AWS_SECRET_ACCESS_KEY", "secret-of-nobody")
        .var("AWS_REGION", "eu-west-1")
        .var("AWS_ENDPOINT_URL", &service.url);
    (env, service)
}

fn bodies(service: &Scripted) -> Vec<Value> {
    service.bodies().iter().map(|body| serde_json::from_str(body).unwrap()).collect()
}

#[test]
fn select_asks_with_placeholders_and_shows_yaml() {
    let answer = json!({
        "Count": 2, "ScannedCount": 3,
        "Items": [
            {"id": {"S": "a"}, "n": {"N": "2"}, "d": {"N": "1.50"}, "big": {"N": "1E+3"}, "tags": {"SS": ["y", "x"]}, "b": {"B": "aGk="}},
            {"id": {"S": "b"}, "m": {"M": {"l": {"L": [{"NULL": true}, {"BOOL": false}]}}}},
        ],
    });
    let (env, service) = asking(vec![Route::operation("DynamoDB_20120810.Scan", &answer.to_string())]);
    let filter = "n >= 1 and contains(tags, \"x\")";
    insta::assert_snapshot!(env.run_args(&["ddb", "select", "t", "--projection", "id, n", "--filter", filter]), @r#"
    exit: 0
    ----- stdout -----
    Count: 2
    Items:
    - b: !!binary "aGk="
      big: !!int 1E+3
      d: 1.50
      id: a
      n: 2
      tags: !!set
        x: null
        y: null
    - id: b
      m:
        l:
        - null
        - false
    ScannedCount: 3
    "#);
    assert_eq!(
        bodies(&service),
        [json!({
            "TableName": "t", "ConsistentRead": true,
            "ProjectionExpression": "#n0, #n1",
            "FilterExpression": "#n2 >= :n3 AND contains(#n4, :n5)",
            "ExpressionAttributeNames": {"#n0": "id", "#n1": "n", "#n2": "n", "#n4": "tags"},
            "ExpressionAttributeValues": {":n3": {"N": "1"}, ":n5": {"S": "x"}},
            "ReturnConsumedCapacity": "NONE",
        })]
    );
    let query = |query: &str| env.run_args(&["ddb", "select", "t", "--query", query]).ok();
    assert_eq!(query("Items[?n > `1`].id"), "- a\n");
    assert_eq!(query("Items[0].[d, b]"), "- 1.50\n- !!binary \"aGk=\"\n");
    assert_eq!(query("Items[0].id"), "\"a\"\n");
}

#[test]
fn select_follows_pages_to_its_limit() {
    let answer = json!({
        "Count": 2, "ScannedCount": 2, "Items": [{"id": {"S": "a"}}, {"id": {"S": "b"}}],
        "LastEvaluatedKey": {"id": {"S": "b"}},
    });
    let (env, service) = asking(vec![Route::operation("DynamoDB_20120810.Query", &answer.to_string())]);
    let words =
        "ddb select t --key-condition id=1 --max-items 3 --page-size 2 --no-consistent-read --index-name idx";
    let shown = env.run(words).ok();
    assert!(shown.contains("- id: a\n- id: b\n- id: a\nNextToken: "), "{shown}");
    let bodies = bodies(&service);
    assert_eq!(bodies[0]["Limit"], 2);
    assert_eq!(bodies[0]["IndexName"], "idx");
    assert_eq!(bodies[1]["ExclusiveStartKey"], json!({"id": {"S": "b"}}));
}

#[test]
fn put_reads_yaml_and_sends_batches_until_all_is_there() {
    let refused = json!({"UnprocessedItems": {"t": [{"PutRequest": {"Item": {"id": {"S": "b"}, "x": {"B": "aGk="}}}}]}});
    let (env, service) = asking(vec![
        Route::operation("DynamoDB_20120810.BatchWriteItem", &refused.to_string()).containing("\"S\":\"a\""),
        Route::operation("DynamoDB_20120810.BatchWriteItem", "{}"),
    ]);
    env.write("items.yaml", "---\n- {id: a, s: !!set {1, 2.50}}\n- {id: b, x: !!binary aGk=}\n");
    assert_eq!(env.run("ddb put t file://items.yaml").ok(), "");
    let item = |item: Value| json!({"PutRequest": {"Item": item}});
    let b = item(json!({"id": {"S": "b"}, "x": {"B": "aGk="}}));
    let batch = |items: &[Value]| json!({"ReturnConsumedCapacity": "NONE", "RequestItems": {"t": items}});
    let a = item(json!({"id": {"S": "a"}, "s": {"NS": ["1", "2.50"]}}));
    assert_eq!(bodies(&service), [batch(&[a, b.clone()]), batch(&[b])]);
}

#[test]
fn put_takes_one_item_with_a_condition_and_from_standard_input() {
    let (env, service) = asking(vec![Route::operation("DynamoDB_20120810.PutItem", "{}")]);
    assert_eq!(env.run_with_input("ddb put t - --condition attribute_not_exists(id)", "id: 5\n").ok(), "");
    assert_eq!(
        bodies(&service),
        [json!({
            "ReturnConsumedCapacity": "NONE", "ConditionExpression": "attribute_not_exists(#n0)",
            "ExpressionAttributeNames": {"#n0": "id"}, "TableName": "t", "Item": {"id": {"N": "5"}},
        })]
    );
}

#[test]
fn mistakes_are_told_before_anybody_is_asked() {
    let (env, service) = asking(Vec::new());
    insta::assert_snapshot!(env.run_args(&["ddb", "select", "t", "--filter", "a == 1"]), @"
    exit: 252
    ----- stderr -----

    awsx: [ERROR]: An error occurred (ParamValidation): Unexpected token `=` of type `eq`. Expected type: ['literal', 'lbracket', 'lbrace', 'identifier', 'unquoted_identiifer']
    a == 1
       ^
    ");
    let told = |arguments: &[&str]| {
        let run = env.run_args(arguments);
        let line = run.stderr.lines().nth(1).unwrap_or_default().to_owned();
        (run.code, line.replace("awsx: [ERROR]: ", ""))
    };
    let mistake = |text: &str| (252, format!("An error occurred (ParamValidation): {text}"));
    assert_eq!(
        told(&["ddb", "select", "t", "--output", "json"]),
        mistake("json output format is not supported for ddb commands")
    );
    assert_eq!(
        told(&["ddb", "select", "t", "--no-paginate", "--max-items", "1"]),
        mistake("Cannot specify --no-paginate along with pagination arguments: --max-items")
    );
    assert_eq!(
        told(&["ddb", "put", "t", "[{id: a}, {id: b}]", "--condition", "a = 1"]),
        mistake("--condition is not supported for multiple items")
    );
    assert_eq!(
        told(&["ddb", "put", "t", "{d: 2020-01-01}"]),
        (255, "Unsupported type \"<class 'datetime.date'>\" for value \"2020-01-01\"".to_owned())
    );
    assert_eq!(told(&["ddb"]), mistake("usage: awsx [options] ddb <subcommand> [parameters]"));
    assert_eq!(service.requests(), Vec::<String>::new());
}
