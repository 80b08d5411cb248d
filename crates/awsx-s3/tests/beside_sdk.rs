//! Places, requests and signatures beside those of AWS's SDK for S3.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics; helpers are tests too")]

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sdk_s3::config::endpoint::{DefaultResolver, Params, ResolveEndpoint};
use aws_sdk_s3::config::{BehaviorVersion, Region, RequestChecksumCalculation, ResponseChecksumValidation};
use aws_smithy_types::DateTime;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::date_time::Format;
use awsx_api::wire::{Scheme, SignedBody, Signing, bucket_target, sign_request};
use awsx_api::{Addressing, ClientConfig, Identity, S3Settings};
use awsx_http::{HttpClient, Options};
use awsx_s3::wire::{Call, Payload, S3};
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Request};

const BUCKETS: [&str; 8] = [
    "",
    "bkt",
    "b.k.t",
    "Old_Name",
    "arn:aws:s3:eu-west-1:111122223333:accesspoint/mine",
    "arn:aws:s3::111122223333:accesspoint/mfzwi23gnjvgw.mrap",
    "arn:aws:s3-outposts:us-west-2:111122223333:outpost/op-01234567890123456/accesspoint/mine",
    "mine--use1-az4--x-s3",
];

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

#[test]
fn buckets_are_asked_where_the_sdk_asks() {
    for (at, region) in ["us-east-1", "eu-west-1", "cn-north-1", "us-gov-west-1"].into_iter().enumerate() {
        for bucket in BUCKETS {
            let (fips, dual_stack, by_path) = (at == 3, at == 1, at == 2);
            let params = Params::builder()
                .region(region)
                .use_fips(fips)
                .use_dual_stack(dual_stack)
                .use_arn_region(true)
                .force_path_style(by_path && !bucket.starts_with("arn:"))
                .set_bucket((!bucket.is_empty()).then(|| bucket.to_owned()))
                .build()
                .unwrap();
            let expected = block_on(DefaultResolver::new().resolve_endpoint(&params));
            let addressing = if by_path { Addressing::Path } else { Addressing::Auto };
            let config = ClientConfig {
                use_fips: fips,
                use_dualstack: dual_stack,
                s3: S3Settings { addressing, ..S3Settings::default() },
                ..ClientConfig::new(HttpClient::new(Options::default()))
            };
            let found = bucket_target(&config, region, bucket);
            let expected = expected.map(|endpoint| endpoint.url().trim_end_matches('/').to_owned());
            let found = found.map(|target| target.url);
            assert_eq!(found.ok(), expected.ok(), "{bucket} in {region}");
        }
    }
}

/// A request as it arrived.
#[derive(Debug)]
struct Arrived {
    method: String,
    path: String,
    query: BTreeSet<String>,
    target: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Arrived {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Answers every request with success and nothing, and gives what arrived.
fn listen() -> (String, Receiver<Arrived>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (send, arrived) = channel();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let mut lines = reader.by_ref().lines().map_while(Result::ok).take_while(|line| !line.is_empty());
            let first = lines.next().unwrap();
            let headers: Vec<(String, String)> = lines
                .filter_map(|line| {
                    line.split_once(": ").map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
                })
                .collect();
            let length = headers.iter().find(|(name, _)| name == "content-length");
            let mut body = vec![0; length.map_or(0, |(_, length)| length.parse().unwrap())];
            reader.read_exact(&mut body).unwrap();
            write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").unwrap();
            let mut words = first.split(' ').map(str::to_owned);
            let (method, target) = (words.next().unwrap(), words.next().unwrap());
            let (path, query) = target.split_once('?').unwrap_or((&target, ""));
            // The SDK names the operation once more.
            let query = query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("x-id="));
            let (path, query) = (path.to_owned(), query.map(str::to_owned).collect());
            if send.send(Arrived { method, path, query, target, headers, body }).is_err() {
                return;
            }
        }
    });
    (url, arrived)
}

fn keys() -> Credentials {
    Credentials::new("AKIDEXAMPLE", "secret", Some("token".to_owned()), None, "test")
}

fn sdk(url: &str) -> aws_sdk_s3::Client {
    let config = aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .endpoint_url(url)
        .force_path_style(true)
        .credentials_provider(keys())
        .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
        .response_checksum_validation(ResponseChecksumValidation::WhenRequired)
        .http_client(HttpClient::new(Options::default()));
    aws_sdk_s3::Client::from_conf(config.build())
}

fn ours(url: &str) -> S3 {
    S3::new(ClientConfig {
        endpoint_url: Some(url.to_owned()),
        identity: Identity::Keys(keys().into()),
        ..ClientConfig::new(HttpClient::new(Options::default()))
    })
}

const KEY: &str = "a b/ü+c?d#e&f=g%h~i";

/// The same four requests, made by the SDK and by us.
fn requests() -> Vec<(Arrived, Arrived)> {
    let (url, arrived) = listen();
    block_on(async {
        let (sdk, ours) = (sdk(&url), ours(&url));
        let range = HeaderValue::from_static("bytes=0-3");
        let mut pairs = Vec::new();
        let next = || arrived.recv_timeout(Duration::from_secs(10)).unwrap();

        sdk.get_object().bucket("bkt").key(KEY).range("bytes=0-3").send().await.unwrap();
        let call = Call::object("GetObject", Method::GET, "bkt", KEY).header(http::header::RANGE, range);
        let expected = next();
        ours.send(call).await.unwrap();
        pairs.push((expected, next()));

        let body = aws_sdk_s3::primitives::ByteStream::from_static(b"hello");
        sdk.put_object().bucket("bkt").key(KEY).content_type("text/plain").body(body).send().await.unwrap();
        let plain = HeaderValue::from_static("text/plain");
        let call = Call::object("PutObject", Method::PUT, "bkt", KEY)
            .header(http::header::CONTENT_TYPE, plain)
            .payload(Payload::Bytes(Bytes::from_static(b"hello")));
        let expected = next();
        ours.send(call).await.unwrap();
        pairs.push((expected, next()));

        // An empty answer is no listing to the SDK; what it asked has arrived all the same.
        let _ = sdk.list_objects_v2().bucket("bkt").prefix(KEY).delimiter("/").send().await;
        let call = Call::bucket("ListObjectsV2", Method::GET, "bkt")
            .query("list-type", "2")
            .query("delimiter", "/")
            .query("prefix", KEY);
        let expected = next();
        ours.send(call).await.unwrap();
        pairs.push((expected, next()));

        sdk.delete_object().bucket("bkt").key(KEY).version_id("v/1").send().await.unwrap();
        let call = Call::object("DeleteObject", Method::DELETE, "bkt", KEY).query("versionId", "v/1");
        let expected = next();
        ours.send(call).await.unwrap();
        pairs.push((expected, next()));
        pairs
    })
}

#[test]
fn requests_are_those_of_the_sdk() {
    for (expected, found) in requests() {
        // As AWS CLI's, a bucket in the path has no slash behind it.
        let path = expected.path.trim_end_matches('/');
        assert_eq!((found.method.as_str(), found.path.as_str()), (expected.method.as_str(), path));
        assert_eq!(found.query, expected.query, "{}", found.target);
        assert_eq!(found.body, expected.body);
        for name in ["x-amz-content-sha256", "x-amz-security-token", "range", "content-type"] {
            assert_eq!(found.header(name), expected.header(name), "{name} of {}", found.target);
        }
    }
}

/// Signs what the SDK has signed, and what we have, once more by itself.
#[test]
fn signatures_are_those_of_the_sdk() {
    let signing = Signing { scheme: Scheme::V4, name: "s3".into(), region: "us-east-1".into(), s3: true };
    for arrived in requests().into_iter().flat_map(|(expected, found)| [expected, found]) {
        let authorization = arrived.header("authorization").unwrap();
        let signed = authorization.split("SignedHeaders=").nth(1).unwrap().split(',').next().unwrap();
        let date = arrived.header("x-amz-date").unwrap();
        let mut request = Request::builder().method(arrived.method.as_str());
        request = request.uri(format!("http://{}{}", arrived.header("host").unwrap(), arrived.target));
        for name in signed.split(';').filter(|name| *name != "host") {
            let name = HeaderName::try_from(name).unwrap();
            request = request.header(&name, arrived.header(name.as_str()).unwrap());
        }
        let mut request = request.body(SdkBody::empty()).unwrap();
        let hash = arrived.header("x-amz-content-sha256").unwrap();
        let at = moment(date);
        sign_request(&mut request, &signing, &keys().into(), SignedBody::Hash(hash), at).unwrap();
        assert_eq!(request.headers()["authorization"].to_str().unwrap(), authorization, "{}", arrived.target);
    }
}

/// `20261122T081500Z`.
fn moment(text: &str) -> SystemTime {
    let part = |range: std::ops::Range<usize>| &text[range];
    let extended = format!(
        "{}-{}-{}T{}:{}:{}Z",
        part(0..4),
        part(4..6),
        part(6..8),
        part(9..11),
        part(11..13),
        part(13..15)
    );
    DateTime::from_str(&extended, Format::DateTime).unwrap().try_into().unwrap()
}
