//! Pages and tokens as botocore has them: `pages/cases.json` records what its paginator asked and gathered, given these
//! answers (`pages/record.py` records it).

mod script;

use awsx_api::pages::{Pages, PagesError, Paging};
use awsx_model::{Input, Operation, Paginator};
use awsx_output::Value;
use serde_json::Value as Json;

use crate::script::{Script, from_json, input_to_json, to_input, to_json};

#[tokio::test(flavor = "current_thread")]
async fn pages_are_botocores() {
    let cases: Vec<Json> =
        serde_json::from_str(include_str!("pages/cases.json")).expect("the cases are JSON");
    assert!(cases.len() > 100);
    for case in &cases {
        let script = script_of(case);
        let result = all(&script, case).await;
        let found = match &result {
            Ok(value) => to_json(value),
            Err(error) => Json::String(error.to_string()),
        };
        let expected = case.get("result").or(case.get("error")).expect("a case has an end");
        assert_eq!(found.to_string(), expected.to_string(), "{case}");
        let asked: Json = script.asked.borrow().iter().map(input_to_json).collect();
        assert_eq!(asked, case["requests"], "{case}");

        let with_items_apart = all_with_items_apart(&script_of(case), case).await;
        assert_eq!(with_items_apart.ok(), result.ok(), "{case}");
    }
}

#[tokio::test(flavor = "current_thread")]
async fn pages_come_one_by_one() {
    let pages = [
        r#"{"Users": [{"UserName": "a"}, {"UserName": "b"}], "IsTruncated": true, "Marker": "m"}"#,
        r#"{"Users": [{"UserName": "c"}], "IsTruncated": false}"#,
    ];
    let script = Script::new("iam", &pages);
    let (operation, paginator) = paginated(&script, "ListUsers");
    let mut pages = Pages::new(&script, operation, paginator, Input::empty(), Paging::default()).unwrap();

    let first = pages.next().await.unwrap().unwrap();
    assert_eq!(script.asked.borrow().len(), 1, "the second page is not asked before it is wanted");
    assert_eq!(first.get("Marker"), Some(&"m".into()), "a page is as it came");
    let results = pages.results_of(&first, true).unwrap();
    assert_eq!(to_json(&results).to_string(), r#"{"Users":[{"UserName":"a"},{"UserName":"b"}]}"#);
    assert!(pages.next().await.unwrap().is_some());
    assert!(pages.next().await.unwrap().is_none());
    assert_eq!(pages.resume_token(), None);
}

#[tokio::test(flavor = "current_thread")]
async fn what_is_told_once_is_null_where_it_is_not_told() {
    let script = Script::new("s3", &[r#"{"KeyCount": 0}"#]);
    let (operation, paginator) = paginated(&script, "ListObjectsV2");
    let input = to_input(&serde_json::json!({"Bucket": "parrots"}));
    let mut pages = Pages::new(&script, operation, paginator, input, Paging::default()).unwrap();
    let page = pages.next().await.unwrap().unwrap();
    let with = pages.results_of(&page, true).unwrap();
    assert_eq!(
        to_json(&with).to_string(),
        r#"{"RequestCharged":null,"Prefix":null,"Contents":null,"CommonPrefixes":null}"#
    );
    let without = pages.results_of(&page, false).unwrap();
    assert_eq!(to_json(&without).to_string(), r#"{"Contents":null,"CommonPrefixes":null}"#);
}

#[tokio::test(flavor = "current_thread")]
async fn a_token_goes_round() {
    let answer = r#"{"Users": [1, 2, 3], "IsTruncated": true, "Marker": "m"}"#;
    let script = Script::new("iam", &[answer]);
    let paging = Paging { max_items: Some(2), ..Paging::default() };
    let result = result_of(&script, "ListUsers", paging).await.unwrap();
    // {"Marker": null, "boto_truncate_amount": 2}
    assert_eq!(
        to_json(&result).to_string(),
        r#"{"Users":[1,2],"NextToken":"eyJNYXJrZXIiOiBudWxsLCAiYm90b190cnVuY2F0ZV9hbW91bnQiOiAyfQ=="}"#
    );

    let script = Script::new("iam", &[answer, r#"{"Users": [4], "IsTruncated": false}"#]);
    let starting_token = result.get("NextToken").and_then(Value::as_str).map(str::to_owned);
    let result =
        result_of(&script, "ListUsers", Paging { starting_token, ..Paging::default() }).await.unwrap();
    assert_eq!(to_json(&result).to_string(), r#"{"Users":[3,4]}"#);
}

#[tokio::test(flavor = "current_thread")]
async fn a_token_for_another_operation_names_what_this_one_takes() {
    let script = Script::new("iam", &[]);
    // {"x": 1}
    let paging = Paging { starting_token: Some("eyJ4IjogMX0=".to_owned()), ..Paging::default() };
    let error = result_of(&script, "ListUsers", paging).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "Parameter validation failed:\nUnknown parameter in input: \"x\", must be one of: PathPrefix, Marker, MaxItems"
    );
    assert!(script.asked.borrow().is_empty());
}

#[tokio::test(flavor = "current_thread")]
async fn a_token_of_another_type_is_refused_before_anything_is_asked() {
    let script = Script::new("dynamodb", &[]);
    let paging = Paging { starting_token: Some("plain".to_owned()), ..Paging::default() };
    let error = result_of(&script, "Scan", paging).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "Parameter validation failed:\nInvalid type for parameter ExclusiveStartKey, value: plain, \
         type: <class 'str'>, valid types: <class 'dict'>"
    );
}

#[tokio::test(flavor = "current_thread")]
async fn bytes_in_a_token_are_sent_as_bytes() {
    let answers = [r#"{"Items": [], "LastEvaluatedKey": {"id": {"B": "AAEC"}}}"#, r#"{"Items": []}"#];
    let script = Script::new("dynamodb", &answers);
    result_of(&script, "Scan", Paging::default()).await.unwrap();
    let asked = script.asked.borrow();
    let key = asked[1].get("ExclusiveStartKey").and_then(|key| key.get("id")).and_then(|id| id.get("B"));
    assert_eq!(key, Some(&Input::Blob(vec![0, 1, 2])));
}

#[tokio::test(flavor = "current_thread")]
async fn a_text_is_sent_where_the_size_of_pages_is_a_text() {
    let script = Script::new("route53", &[r#"{"ResourceRecordSets": []}"#]);
    let paging = Paging { page_size: Some(Input::Integer(5)), ..Paging::default() };
    result_of(&script, "ListResourceRecordSets", paging).await.unwrap();
    assert_eq!(script.asked.borrow()[0].get("MaxItems"), Some(&Input::Text("5".to_owned())));
}

#[tokio::test(flavor = "current_thread")]
async fn an_operation_without_a_size_of_pages_says_so() {
    let script = Script::new("sns", &[]);
    let paging = Paging { page_size: Some(Input::Integer(5)), ..Paging::default() };
    let error = result_of(&script, "ListEndpointsByPlatformApplication", paging).await.unwrap_err();
    assert!(matches!(error, PagesError::PageSize), "{error}");
}

async fn all(script: &Script, case: &Json) -> Result<Value, PagesError> {
    pages_of(script, case)?.into_result().await
}

/// The result with the items put back that were given apart from it.
async fn all_with_items_apart(script: &Script, case: &Json) -> Result<Value, PagesError> {
    let mut kept: Vec<(String, Vec<Value>)> = Vec::new();
    let keep = |list: &str, items| {
        kept.push((list.to_owned(), items));
        Ok::<_, PagesError>(())
    };
    let Value::Map(mut result) = pages_of(script, case)?.into_result_without_items(keep).await? else {
        panic!("a result is a map: {case}")
    };
    for (list, items) in kept {
        let Some(Value::List(place)) = result.get_mut(&list) else { panic!("{list} stays a list: {case}") };
        place.extend(items);
    }
    Ok(Value::Map(result))
}

fn pages_of<'a>(script: &'a Script, case: &Json) -> Result<Pages<'a, Script>, PagesError> {
    let config = &case["config"];
    let paging = Paging {
        max_items: config["MaxItems"].as_i64(),
        page_size: config["PageSize"].as_i64().map(Input::Integer),
        starting_token: config["StartingToken"].as_str().map(str::to_owned),
    };
    let name = case["operation"].as_str().expect("a case names its operation");
    let (operation, paginator) = paginated(script, name);
    Pages::new(script, operation, paginator, to_input(&case["input"]), paging)
}

async fn result_of(script: &Script, operation: &str, paging: Paging) -> Result<Value, PagesError> {
    let (operation, paginator) = paginated(script, operation);
    Pages::new(script, operation, paginator, Input::empty(), paging)?.into_result().await
}

fn script_of(case: &Json) -> Script {
    let service = case["service"].as_str().expect("a case names its service");
    let pages = case["pages"].as_array().expect("a case has pages");
    Script::of_values(service, pages.iter().map(from_json).collect())
}

fn paginated(script: &Script, operation: &str) -> (&'static Operation, &'static Paginator) {
    let operation = script.service.operation(operation).expect("the service has it");
    (operation, operation.paginator.as_ref().expect("it is paginated"))
}
