//! A bucket in another region is asked for there.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics; helpers are tests too")]

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc;
use std::thread;

use aws_credential_types::Credentials;
use awsx_api::{CallError, ClientConfig, Identity};
use awsx_http::{HttpClient, Options};
use awsx_s3::list::{Entry, ListObjects, for_each_entry};
use awsx_s3::wire::S3;

const LISTING: &str = "<ListBucketResult><Contents><Key>a</Key><Size>1</Size></Contents></ListBucketResult>";
const MOVED: &str = "<Error><Code>PermanentRedirect</Code><Message>elsewhere</Message></Error>";

fn read_head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap() == 1 {
        head.push(byte[0]);
    }
    String::from_utf8(head).unwrap()
}

#[test]
fn the_region_that_s3_names_is_asked_next() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (send, scopes) = mpsc::channel();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let head = read_head(&mut stream);
            let here = head.contains("/eu-west-1/s3/");
            send.send(here).unwrap();
            let (status, body) = if here { ("200 OK", LISTING) } else { ("301 Moved Permanently", MOVED) };
            write!(
                stream,
                "HTTP/1.1 {status}\r\nx-amz-bucket-region: eu-west-1\r\nContent-Type: application/xml\r\n\
                 Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
                body.len()
            )
            .unwrap();
        }
    });
    let keys = Credentials::new("AKIA", "secret", None, None, "test");
    let config = ClientConfig {
        endpoint_url: Some(url),
        identity: Identity::Keys(keys.into()),
        ..ClientConfig::new(HttpClient::new(Options::default()))
    };
    let s3 = S3::new(config);
    let list = ListObjects { bucket: "b".into(), recursive: true, ..ListObjects::default() };
    let mut keys = Vec::new();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let listed = runtime.block_on(for_each_entry(&s3, &list, |entry| {
        if let Entry::Object(object) = entry {
            keys.push(object.key);
        }
        Ok::<_, CallError>(())
    }));
    listed.unwrap();
    assert_eq!(keys, ["a"]);
    assert_eq!(scopes.try_iter().collect::<Vec<_>>(), [false, true]);
}
