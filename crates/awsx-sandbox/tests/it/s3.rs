use awsx_sandbox::{Sandbox, seed};

use crate::client::{Answer, Keys, Signing, get, quick, role_keys, send, sts};

fn call(sandbox: &Sandbox, keys: &Keys, method: &str, target: &str, body: &str) -> Answer {
    Signing::new(keys, "s3").send(sandbox, method, target, "text/plain", body)
}

fn all<'a>(answer: &'a Answer, element: &str) -> Vec<&'a str> {
    let (open, close) = (format!("<{element}>"), format!("</{element}>"));
    answer.body.split(&open).skip(1).map(|rest| rest.split(&close).next().unwrap()).collect()
}

#[test]
fn seeded_buckets_and_objects_are_listed_the_same_every_time() {
    let sandbox = quick();
    let alice = Keys::alice();
    let buckets = call(&sandbox, &alice, "GET", "/", "");
    assert_eq!(buckets.status, 200, "{buckets:?}");
    assert_eq!(all(&buckets, "Name"), seed::BUCKETS);
    assert!(
        all(&buckets, "CreationDate").iter().all(|date| date.starts_with("2025-01-01T00:00:00")),
        "{buckets:?}"
    );

    let target = format!("/{}?list-type=2", seed::NOTES_BUCKET);
    let objects = call(&sandbox, &alice, "GET", &target, "");
    assert_eq!(all(&objects, "Key"), ["hello.txt", "recipes/bread.md", "unicode/grüße.txt"]);
    assert!(
        all(&objects, "LastModified").iter().all(|date| date.starts_with("2025-01-01T00:00:00")),
        "{objects:?}"
    );
}

#[test]
fn objects_are_written_read_and_deleted() {
    let sandbox = quick();
    let alice = Keys::alice();
    let target = format!("/{}/folder/new.txt", seed::EMPTY_BUCKET);
    assert_eq!(call(&sandbox, &alice, "PUT", &target, "contents").status, 200);
    let read = call(&sandbox, &alice, "GET", &target, "");
    assert_eq!((read.status, read.body.as_str()), (200, "contents"));
    let head = call(&sandbox, &alice, "HEAD", &target, "");
    assert_eq!((head.status, head.headers["content-length"].as_str()), (200, "8"));
    assert_eq!(call(&sandbox, &alice, "DELETE", &target, "").status, 204);
    let gone = call(&sandbox, &alice, "GET", &target, "");
    assert_eq!((gone.status, gone.element("Code")), (404, "NoSuchKey"));
}

#[test]
fn keys_signatures_and_tokens_are_checked() {
    let sandbox = quick();
    let alice = Keys::alice();
    let target = format!("/{}/hello.txt", seed::NOTES_BUCKET);
    let read = |keys: &Keys| {
        let answer = call(&sandbox, keys, "GET", &target, "");
        let code = if answer.status == 200 { "" } else { answer.element("Code") };
        (answer.status, code.to_owned())
    };
    let good = (200, String::new());
    assert_eq!(read(&role_keys(&sandbox, seed::DEVELOPMENT, "Developer")), good);
    let session = Keys::of_sts(&sts(&sandbox, &alice, "GetSessionToken", &[]));
    assert_eq!(read(&session), good);

    let wrong_secret = Keys { secret: "x".into(), ..alice.clone() };
    assert_eq!(read(&wrong_secret), (403, "SignatureDoesNotMatch".into()));
    let unknown = Keys { id: "AKIAUNKNOWN".into(), ..alice.clone() };
    assert_eq!(read(&unknown), (403, "InvalidAccessKeyId".into()));
    let no_token = Keys { token: None, ..session.clone() };
    assert_eq!(read(&no_token), (400, "InvalidToken".into()));
    sandbox.expire_credentials();
    assert_eq!(read(&session), (400, "ExpiredToken".into()));
    let anonymous = get(&sandbox, &target);
    assert_eq!((anonymous.status, anonymous.element("Code")), (403, "AccessDenied"));
}

#[test]
fn listings_say_what_s3_says() {
    let sandbox = quick();
    let alice = Keys::alice();
    let put = format!("/{}/100%25%20%2B%3F.txt", seed::EMPTY_BUCKET);
    assert_eq!(call(&sandbox, &alice, "PUT", &put, "contents").status, 200);
    let list = |query: &str| call(&sandbox, &alice, "GET", &format!("/{}?{query}", seed::EMPTY_BUCKET), "");
    let plain = list("list-type=2");
    assert_eq!(all(&plain, "Key"), ["100% +?.txt"]);
    assert_eq!(all(&plain, "StorageClass"), ["STANDARD"]);
    let head = call(&sandbox, &alice, "HEAD", &put, "");
    assert_eq!(all(&plain, "ETag"), [head.headers["etag"].as_str()]);
    for query in ["encoding-type=url&list-type=2", "encoding-type=url"] {
        assert_eq!(all(&list(query), "Key"), ["100%25%20%2B%3F.txt"]);
    }
}

#[test]
fn buckets_come_in_pages_and_have_a_region() {
    let sandbox = quick();
    let alice = Keys::alice();
    let first = call(&sandbox, &alice, "GET", "/?max-buckets=2&prefix=sandbox-", "");
    assert_eq!(all(&first, "Name"), [seed::EMPTY_BUCKET, seed::LOGS_BUCKET]);
    let next = first.element("ContinuationToken");
    let second = call(&sandbox, &alice, "GET", &format!("/?continuation-token={next}&max-buckets=2"), "");
    assert_eq!(all(&second, "Name"), [seed::NOTES_BUCKET]);
    let head = call(&sandbox, &alice, "HEAD", &format!("/{}", seed::NOTES_BUCKET), "");
    assert_eq!(head.headers["x-amz-bucket-region"], seed::REGION);
    assert!(head.headers.contains_key("x-amz-request-id"));
}

#[test]
fn uploads_in_parts_are_listed_until_they_are_over() {
    let sandbox = quick();
    let alice = Keys::alice();
    let target = format!("/{}/in-parts", seed::EMPTY_BUCKET);
    let uploads = || call(&sandbox, &alice, "GET", &format!("/{}?uploads=", seed::EMPTY_BUCKET), "");
    let begun = call(&sandbox, &alice, "POST", &format!("{target}?uploads="), "");
    let id = begun.element("UploadId");
    assert_eq!(all(&uploads(), "Key"), ["in-parts"]);
    let parts = || call(&sandbox, &alice, "GET", &format!("{target}?uploadId={id}"), "");
    for number in [2, 1] {
        let part = format!("{target}?partNumber={number}&uploadId={id}");
        assert_eq!(call(&sandbox, &alice, "PUT", &part, "hello").status, 200);
    }
    let listed = parts();
    assert_eq!(all(&listed, "PartNumber"), ["1", "2"]);
    assert!(all(&listed, "ETag")[0].contains("5d41402abc4b2a76b9719d911017c592"), "{listed:?}");
    assert_eq!(call(&sandbox, &alice, "DELETE", &format!("{target}?uploadId={id}"), "").status, 204);
    assert_eq!((parts().status, parts().element("Code")), (404, "NoSuchUpload"));
    assert!(all(&uploads(), "Key").is_empty());
}

#[test]
fn a_bucket_keeps_versions_when_asked_to_and_gives_them_back() {
    let sandbox = quick();
    let alice = Keys::alice();
    let bucket = format!("/{}", seed::EMPTY_BUCKET);
    let key = format!("{bucket}/k");
    let put = |body: &str| {
        let answer = call(&sandbox, &alice, "PUT", &key, body);
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.headers.get("x-amz-version-id").cloned()
    };
    let list = || call(&sandbox, &alice, "GET", &format!("{bucket}?versions="), "");
    assert_eq!(put("zero"), None);
    let status = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";
    assert_eq!(call(&sandbox, &alice, "PUT", &format!("{bucket}?versioning="), status).status, 200);
    assert_eq!(
        call(&sandbox, &alice, "GET", &format!("{bucket}?versioning="), "").element("Status"),
        "Enabled"
    );
    let one = put("one").unwrap();
    let two = put("two").unwrap();
    let gone = call(&sandbox, &alice, "DELETE", &key, "");
    let marker = gone.headers["x-amz-version-id"].clone();
    assert_eq!(gone.headers["x-amz-delete-marker"], "true");
    assert_eq!(call(&sandbox, &alice, "GET", &key, "").status, 404);
    let old = |id: &str| call(&sandbox, &alice, "GET", &format!("{key}?versionId={id}"), "").body;
    assert_eq!((old("null"), old(&one), old(&two)), ("zero".into(), "one".into(), "two".into()));
    let listed = list();
    // Delete markers and versions are two lists here.
    assert_eq!(all(&listed, "VersionId"), [marker.as_str(), &two, &one, "null"], "{listed:?}");

    // Without the marker the object is back; without its newest version the one before it is.
    assert_eq!(call(&sandbox, &alice, "DELETE", &format!("{key}?versionId={marker}"), "").status, 204);
    assert_eq!(call(&sandbox, &alice, "GET", &key, "").body, "two");
    call(&sandbox, &alice, "DELETE", &format!("{key}?versionId={two}"), "");
    assert_eq!(call(&sandbox, &alice, "GET", &key, "").body, "one");
    for id in [one.as_str(), "null"] {
        call(&sandbox, &alice, "DELETE", &format!("{key}?versionId={id}"), "");
    }
    assert_eq!(all(&list(), "VersionId"), [""; 0]);
    assert_eq!(call(&sandbox, &alice, "GET", &key, "").status, 404);
}

#[test]
fn an_object_in_an_archive_is_listed_but_not_read() {
    let sandbox = quick();
    let alice = Keys::alice();
    let key = format!("/{}/cold", seed::EMPTY_BUCKET);
    let mut headers = Signing::new(&alice, "s3").headers(&sandbox, "PUT", &key, "text/plain", "ice");
    headers.push(("x-amz-storage-class".to_owned(), "GLACIER".to_owned()));
    let headers: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(send(&sandbox, "PUT", &key, &headers, "ice").status, 200);
    let listed = call(&sandbox, &alice, "GET", &format!("/{}?list-type=2", seed::EMPTY_BUCKET), "");
    assert_eq!(all(&listed, "StorageClass"), ["GLACIER"]);
    assert_eq!(call(&sandbox, &alice, "HEAD", &key, "").headers["x-amz-storage-class"], "GLACIER");
    let read = call(&sandbox, &alice, "GET", &key, "");
    assert_eq!((read.status, read.element("Code")), (403, "InvalidObjectState"));
}
