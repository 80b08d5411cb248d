//! What only S3 does.

use awsx_api::{Body, CallError};
use awsx_model::Input;
use awsx_output::Value;

use crate::server::{Server, block_on, call, client, config, input};

const KEY: [(&str, &str); 2] = [("Bucket", "bucket"), ("Key", "key")];

#[test]
fn a_bucket_elsewhere_is_asked_there() {
    let server = Server::new(&[
        "301 Moved Permanently\nx-amz-bucket-region: us-west-2\n\n<Error><Code>PermanentRedirect</Code></Error>",
        "200 OK\n\n<ListBucketResult><Name>bucket</Name></ListBucketResult>",
    ]);
    call(config(&server), "s3", "ListObjectsV2", &[("Bucket", "bucket")]).unwrap();
    let requests = server.requests();
    assert!(requests[0].contains("/eu-west-1/s3/aws4_request"), "{}", requests[0]);
    assert!(requests[1].contains("/us-west-2/s3/aws4_request"), "{}", requests[1]);
    assert!(requests[1].starts_with("GET /bucket?list-type=2&encoding-type=url "), "{}", requests[1]);
}

#[test]
fn an_error_behind_a_success_is_an_error() {
    let hidden = "200 OK\n\n<Error><Code>InternalError</Code><Message>sorry</Message></Error>";
    let server = Server::new(&[hidden, "200 OK\n\n<CopyObjectResult><ETag>e</ETag></CopyObjectResult>"]);
    let pairs = [KEY[0], KEY[1], ("CopySource", "from/a b?versionId=1")];
    call(config(&server), "s3", "CopyObject", &pairs).unwrap();
    let requests = server.requests();
    assert!(requests[0].contains("x-amz-copy-source: from/a%20b?versionId=1\n"), "{}", requests[0]);
}

#[test]
fn listings_are_decoded_unless_the_user_asked_for_the_code() {
    let listing = "200 OK\n\n<ListBucketResult><EncodingType>url</EncodingType><Contents><Key>a%2Fb+c</Key></Contents>\
        </ListBucketResult>";
    let server = Server::new(&[listing, listing]);
    let key = |pairs: &[(&str, &str)]| {
        let listed = call(config(&server), "s3", "ListObjectsV2", pairs).unwrap().value;
        listed.get("Contents").unwrap().as_list().unwrap()[0].get("Key").unwrap().as_str().unwrap().to_owned()
    };
    assert_eq!(key(&[("Bucket", "b")]), "a/b c");
    assert_eq!(key(&[("Bucket", "b"), ("EncodingType", "url")]), "a%2Fb+c");
    server.requests();
}

#[test]
fn no_location_is_null() {
    let server =
        Server::new(&["200 OK\n\n<LocationConstraint xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"/>"]);
    let response = call(config(&server), "s3", "GetBucketLocation", &[("Bucket", "b")]).unwrap();
    assert_eq!(response.value, Value::map([("LocationConstraint", Value::Null)]));
    server.requests();
}

#[test]
fn bytes_of_an_object_stream_and_are_checked() {
    let right = "200 OK\nx-amz-checksum-crc32: NhCmhg==\ncontent-type: text/plain\n\nhello";
    let wrong = "200 OK\nx-amz-checksum-crc32: AAAAAA==\n\nhello";
    let server = Server::new(&[right, wrong]);
    let read = || {
        // All in one runtime: the connection ends with the one it was made in.
        block_on(async {
            let (client, operation) = client(config(&server), "s3", "GetObject");
            let mut body = client.call(operation, input(&KEY)).await?.body.unwrap();
            assert_eq!(body.member, "Body");
            let mut bytes = Vec::new();
            while let Some(piece) = body.next().await? {
                bytes.extend_from_slice(&piece);
            }
            Ok::<_, CallError>(bytes)
        })
    };
    assert_eq!(read().unwrap(), b"hello");
    assert!(matches!(read().unwrap_err(), CallError::Checksum { .. }));
    let requests = server.requests();
    assert!(requests[0].contains("x-amz-checksum-mode: ENABLED\n"), "{}", requests[0]);
}

#[test]
fn a_file_is_sent_with_its_checksum_and_never_whole_in_memory() {
    let file = tempfile::NamedTempFile::new().unwrap();
    #[expect(clippy::disallowed_methods, reason = "lays out a test's file")]
    std::fs::write(file.path(), "hello").unwrap();
    let server = Server::new(&["200 OK\netag: e\n\n"]);
    let (asking, operation) = client(config(&server), "s3", "PutObject");
    let Input::Map(mut entries) = input(&KEY) else { unreachable!("a structure") };
    entries.insert("Body".to_owned(), Input::File(file.path().to_owned()));
    let response = block_on(asking.call(operation, Input::Map(entries.clone()))).unwrap();
    assert_eq!(response.value, Value::map([("ETag", "e".into())]));
    let request = &server.requests()[0];
    assert!(request.ends_with("\n\nhello"), "{request}");
    assert!(
        request.contains("x-amz-sdk-checksum-algorithm: CRC64NVME\nx-amz-checksum-crc64nvme: M3eFcAZSQlc=\n"),
        "{request}"
    );

    // Over TLS the checksum follows the body.
    let mut config = config(&Server::new(&[]));
    config.endpoint_url = None;
    let (asking, operation) = client(config, "s3", "PutObject");
    let request = block_on(asking.request(operation, Input::Map(entries))).unwrap();
    let header = |name: &str| {
        request.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
    };
    assert_eq!(header("x-amz-trailer"), Some("x-amz-checksum-crc64nvme"));
    assert_eq!(header("x-amz-decoded-content-length"), Some("5"));
    assert_eq!(header("content-encoding"), Some("aws-chunked"));
    assert!(matches!(request.body, Body::File(_)));
}

#[test]
fn what_cannot_be_a_bucket_is_refused_before_it_is_asked_for() {
    let error = call(config(&Server::new(&[])), "s3", "ListObjectsV2", &[("Bucket", "a/b")]).unwrap_err();
    assert!(error.to_string().contains("Invalid bucket name \"a/b\""), "{error}");
}

#[test]
fn a_customers_key_goes_with_its_hash() {
    let server = Server::new(&["200 OK\n\n"]);
    let pairs = [KEY[0], KEY[1], ("SSECustomerKey", "k"), ("SSECustomerAlgorithm", "AES256")];
    call(config(&server), "s3", "GetObject", &pairs).unwrap();
    let request = &server.requests()[0];
    assert!(request.contains("x-amz-server-side-encryption-customer-key: aw==\n"), "{request}");
    assert!(
        request.contains("x-amz-server-side-encryption-customer-key-md5: jOSxayK1iJSqhsQh6HWd8w==\n"),
        "{request}"
    );
}
