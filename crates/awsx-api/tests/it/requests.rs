//! What is sent, without sending it.

use std::time::Duration;

use awsx_api::{Body, CallError, Identity};
use awsx_core::Secret;
use awsx_model::Input;

use crate::server::{Server, block_on, client, config, input};

#[test]
fn a_request_can_be_made_without_being_sent() {
    let mut config = config(&Server::new(&[]));
    config.endpoint_url = None;
    let (client, operation) = client(config, "dynamodb", "GetItem");
    let request = block_on(client.request(operation, input(&[("TableName", "t")]))).unwrap();
    assert_eq!(
        (request.method.as_str(), request.url.as_str()),
        ("POST", "https://dynamodb.eu-west-1.amazonaws.com/")
    );
    assert_eq!(request.body, Body::Bytes(b"{\"TableName\":\"t\"}".to_vec()));
    assert!(request.headers.contains(&("X-Amz-Target".to_owned(), "DynamoDB_20120810.GetItem".to_owned())));
}

#[test]
fn a_presigned_url_carries_its_signature() {
    let mut config = config(&Server::new(&[]));
    config.endpoint_url = None;
    let (client, operation) = client(config, "s3", "GetObject");
    let input = input(&[("Bucket", "bucket"), ("Key", "a b/c")]);
    let url = block_on(client.presign(operation, input, Duration::from_mins(1))).unwrap();
    let start = "https://bucket.s3.eu-west-1.amazonaws.com/a%20b/c?";
    assert!(url.starts_with(start) && url.contains("X-Amz-Algorithm=AWS4-HMAC-SHA256&"), "{url}");
    assert!(url.contains("&X-Amz-Expires=60&") && url.contains("&X-Amz-Signature="), "{url}");
    assert!(url.contains("&X-Amz-Security-Token=token"), "{url}");
}

#[test]
fn a_copy_from_another_region_carries_the_request_to_it() {
    let mut config = config(&Server::new(&[]));
    config.endpoint_url = None;
    let (client, operation) = client(config, "ec2", "CopySnapshot");
    let input = input(&[("SourceRegion", "us-west-2"), ("SourceSnapshotId", "snap-1")]);
    let request = block_on(client.request(operation, input)).unwrap();
    let Body::Bytes(body) = request.body else { panic!("a form") };
    let body = String::from_utf8(body).unwrap();
    assert!(body.contains("DestinationRegion=eu-west-1"), "{body}");
    assert!(
        body.contains("PresignedUrl=https%3A%2F%2Fec2.us-west-2.amazonaws.com%2F%3FAction%3DCopySnapshot"),
        "{body}"
    );
}

#[test]
fn a_request_needs_credentials_unless_it_is_not_signed() {
    let mut config = config(&Server::new(&[]));
    config.identity = Identity::Missing;
    let (asking, operation) = client(config.clone(), "sts", "GetCallerIdentity");
    let error = block_on(asking.request(operation, Input::empty())).unwrap_err();
    assert!(matches!(error, CallError::NoCredentials), "{error}");
    let (asking, operation) = client(config, "sts", "AssumeRoleWithWebIdentity");
    let pairs = [("RoleArn", "r"), ("RoleSessionName", "s"), ("WebIdentityToken", "t")];
    block_on(asking.request(operation, input(&pairs))).unwrap();
}

#[test]
fn a_token_is_sent_where_the_service_takes_one() {
    let mut config = config(&Server::new(&[]));
    config.identity = Identity::Token { token: Secret::new("secret-token".to_owned()), keys: None };
    let server = Server::new(&["200 OK\n\n{}"]);
    config.endpoint_url = Some(server.url.clone());
    crate::server::call(config, "codecatalyst", "ListSpaces", &[]).unwrap();
    let request = &server.requests()[0];
    assert!(request.contains("authorization: Bearer secret-token\n"), "{request}");
}

#[test]
fn large_bodies_are_packed_where_the_service_unpacks() {
    let config = config(&Server::new(&[]));
    let (client, operation) = client(config, "cloudwatch", "PutMetricData");
    let data = Input::List(vec![input(&[("MetricName", "m")]); 2000]);
    let Input::Map(mut entries) = input(&[("Namespace", "n")]) else { unreachable!("a structure") };
    entries.insert("MetricData".to_owned(), data);
    let request = block_on(client.request(operation, Input::Map(entries))).unwrap();
    assert!(request.headers.contains(&("Content-Encoding".to_owned(), "gzip".to_owned())));
    assert!(matches!(&request.body, Body::Bytes(bytes) if bytes.starts_with(&[0x1f, 0x8b])));
}

#[test]
fn a_service_that_lists_its_endpoints_is_asked_for_them_first() {
    let server = Server::new(&["200 OK\n\n{\"Endpoints\":[]}", "200 OK\n\n{\"Databases\":[]}"]);
    let mut config = config(&server);
    let error = crate::server::call(config.clone(), "timestream-write", "ListDatabases", &[]).unwrap_err();
    assert!(matches!(error, CallError::Endpoint(_)), "{error}");
    config.endpoint_discovery = awsx_api::EndpointDiscovery::Off;
    crate::server::call(config, "timestream-write", "ListDatabases", &[]).unwrap();
    let requests = server.requests();
    assert!(requests[0].contains("x-amz-target: Timestream_20181101.DescribeEndpoints\n"), "{}", requests[0]);
    assert!(requests[1].contains("x-amz-target: Timestream_20181101.ListDatabases\n"), "{}", requests[1]);
}
