//! What comes back: values in the model's order, errors in AWS CLI's words.

use awsx_api::CallError;
use awsx_output::Value;

use crate::server::{Server, call, config};

#[test]
fn a_call_of_the_query_protocol_comes_back_in_the_models_order() {
    let server = Server::new(&["200 OK\nx-amzn-requestid: r1\n\n\
        <GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>\
        <Arn>arn:aws:iam::1:user/u</Arn><UserId>AIDA</UserId><Account>1</Account></GetCallerIdentityResult>\
        </GetCallerIdentityResponse>"]);
    let response = call(config(&server), "sts", "GetCallerIdentity", &[]).unwrap();
    let expected = [("UserId", "AIDA"), ("Account", "1"), ("Arn", "arn:aws:iam::1:user/u")];
    assert_eq!(response.value, Value::map(expected.map(|(name, value)| (name, value.into()))));
    assert_eq!(response.value.as_map().unwrap().keys().collect::<Vec<_>>(), ["UserId", "Account", "Arn"]);
    assert_eq!(response.request_id.as_deref(), Some("r1"));
    let request = &server.requests()[0];
    assert!(request.starts_with("POST / HTTP/1.1\n"), "{request}");
    assert!(request.ends_with("\n\nAction=GetCallerIdentity&Version=2011-06-15"), "{request}");
    let scope = "/eu-west-1/sts/aws4_request, SignedHeaders=";
    assert!(request.contains("authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/"), "{request}");
    assert!(request.contains(scope) && request.contains("x-amz-security-token: token"), "{request}");
}

#[test]
fn members_of_an_error_follow_code_and_message() {
    let server =
        Server::new(&["400 Bad Request\nx-amzn-errortype: ResourceNotFoundException:http://internal\n\n\
        {\"Message\":\"no such function\",\"Type\":\"User\",\"Other\":1}"]);
    let error = call(config(&server), "lambda", "GetFunction", &[("FunctionName", "f")]).unwrap_err();
    let text = "An error occurred (ResourceNotFoundException) when calling the GetFunction operation: no such function";
    assert_eq!(error.to_string(), text);
    let fields: Vec<_> = error.service().unwrap().fields.keys().cloned().collect();
    assert_eq!(fields, ["Message", "Code", "Type"]);
    server.requests();
}

#[test]
fn an_answer_of_no_service_is_told_by_its_status() {
    let server = Server::new(&["404 Not Found\n\n", "404 Not Found\n\n"]);
    let mut config = config(&server);
    let error = call(config.clone(), "s3", "HeadBucket", &[("Bucket", "b")]).unwrap_err();
    assert_eq!(error.to_string(), "An error occurred (404) when calling the HeadBucket operation: Not Found");
    config.region = None;
    let error = call(config, "ec2", "DescribeRegions", &[]).unwrap_err();
    assert!(matches!(error, CallError::NoRegion), "{error}");
    drop(server);
}

#[test]
fn codes_of_the_query_protocol_outlive_it() {
    let server = Server::new(&[
        "400 Bad Request\nx-amzn-query-error: AWS.SimpleQueueService.NonExistentQueue;Sender\n\n\
        {\"__type\":\"com.amazonaws.sqs#QueueDoesNotExist\",\"message\":\"gone\"}",
    ]);
    let error = call(config(&server), "sqs", "GetQueueUrl", &[("QueueName", "q")]).unwrap_err();
    assert_eq!(error.service().unwrap().code, "AWS.SimpleQueueService.NonExistentQueue");
    let request = &server.requests()[0];
    assert!(request.contains("x-amzn-query-mode: true\n"), "{request}");
    assert!(request.contains("x-amz-target: AmazonSQS.GetQueueUrl\n"), "{request}");
}

#[test]
fn a_policy_is_shown_as_the_json_it_is() {
    let server =
        Server::new(&["200 OK\n\n<R><GetRolePolicyResult><RoleName>r</RoleName><PolicyName>p</PolicyName>\
        <PolicyDocument>%7B%22Version%22%3A%222012-10-17%22%7D</PolicyDocument></GetRolePolicyResult></R>"]);
    let response =
        call(config(&server), "iam", "GetRolePolicy", &[("RoleName", "r"), ("PolicyName", "p")]).unwrap();
    let document = response.value.get("PolicyDocument").unwrap();
    assert_eq!(document, &Value::map([("Version", "2012-10-17".into())]));
    server.requests();
}
