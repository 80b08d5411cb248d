//! Options of `s3` commands, each by what it does at the other end.

use std::io::{Read, Write};
use std::net::TcpListener;

use awsx_sandbox::{Config, Request};

use crate::support::{Served, TestEnv};

fn env() -> TestEnv {
    TestEnv::with_sandbox(Config::default()).alice()
}

/// The requests of a method since the last look.
fn requests(env: &TestEnv, method: &str) -> Vec<Request> {
    let requests = env.sandbox().requests();
    env.sandbox().clear_requests();
    requests.into_iter().filter(|request| request.method == method).collect()
}

#[test]
fn names_that_differ_only_in_case_are_ignored_skipped_warned_of_or_an_end() {
    let env = env();
    env.write("x", "1");
    env.run("s3 cp x s3://sandbox-empty/A.txt --quiet").ok();
    env.run("s3 cp x s3://sandbox-empty/a.txt --quiet").ok();
    let download = |mode: &str| {
        env.run(&format!("s3 cp s3://sandbox-empty out --recursive --dryrun --case-conflict {mode}"))
    };
    let first = "(dryrun) download: s3://sandbox-empty/A.txt to out/A.txt\n";
    let second = "(dryrun) download: s3://sandbox-empty/a.txt to out/a.txt\n";

    let run = download("ignore");
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), (format!("{first}{second}").as_str(), ""));
    let run = download("skip");
    assert_eq!((run.code, run.stdout.as_str()), (0, first), "{run}");
    assert!(run.stderr.starts_with("warning: Skipping sandbox-empty/a.txt -> "), "{run}");
    let run = download("warn");
    assert_eq!((run.code, run.stdout.as_str()), (0, format!("{first}{second}").as_str()), "{run}");
    assert!(run.stderr.starts_with("warning: Downloading sandbox-empty/a.txt -> "), "{run}");
    let run = download("error");
    assert_eq!((run.code, run.stdout.as_str()), (1, first), "{run}");
    assert!(run.stderr.starts_with("fatal error: Failed to download sandbox-empty/a.txt -> "), "{run}");

    let run = env.run("s3 cp s3://sandbox-empty out --recursive --quiet --case-conflict ignore");
    assert_eq!((run.code, env.list("out")), (0, vec!["A.txt".to_owned(), "a.txt".to_owned()]));
}

#[test]
fn objects_in_archives_are_warned_of_passed_over_or_tried() {
    let env = env();
    env.write("x", "ice");
    env.run("s3 cp x s3://sandbox-empty/cold --storage-class GLACIER --quiet").ok();
    env.run("s3 cp x s3://sandbox-empty/warm --quiet").ok();
    let download = "s3 cp s3://sandbox-empty out --recursive --no-progress";
    let warm = "download: s3://sandbox-empty/warm to out/warm\n";

    let run = env.run(download);
    assert_eq!((run.code, run.stdout.as_str()), (2, warm), "{run}");
    assert!(run.stderr.starts_with("warning: Skipping file s3://sandbox-empty/cold. Object is of"), "{run}");
    let run = env.run(&format!("{download} --ignore-glacier-warnings"));
    assert_eq!((run.code, run.stdout.as_str(), run.stderr.as_str()), (0, warm, ""));
    env.sandbox().clear_requests();
    let run = env.run(&format!("{download} --force-glacier-transfer"));
    assert_eq!((run.code, run.stdout.as_str()), (1, warm), "{run}");
    assert!(run.stderr.contains("(InvalidObjectState) when calling the GetObject operation"), "{run}");
    assert_eq!(env.count_requests("GET", "/sandbox-empty/cold"), 1);
    let one = env.run("s3 mv s3://sandbox-empty/cold out/cold");
    assert_eq!(one.code, 2, "the same of a single object: {one}");
    assert_eq!(env.run("s3 ls s3://sandbox-empty/cold").code, 0, "and it stays where it is");
}

#[test]
fn whoever_accepts_to_pay_says_so_with_every_request() {
    let env = env();
    env.write("d/x", "1");
    env.run("s3 cp d/x s3://sandbox-empty/a --quiet").ok();
    env.sandbox().clear_requests();
    for words in [
        "ls s3://sandbox-empty",
        "cp d/x s3://sandbox-empty/b",
        "cp s3://sandbox-empty/b out/",
        "cp s3://sandbox-empty/b s3://sandbox-empty/c",
        "sync s3://sandbox-empty out2",
        "mv s3://sandbox-empty/c out/",
        "rm s3://sandbox-empty/b",
        "cat s3://sandbox-empty/a",
    ] {
        let payer = if words.starts_with("cat") { "--request-payer=requester" } else { "--request-payer" };
        env.run(&format!("s3 {words} {payer}")).ok();
        let requests = env.sandbox().requests();
        env.sandbox().clear_requests();
        assert!(!requests.is_empty());
        for request in requests {
            let header = request.headers.get("x-amz-request-payer").map(String::as_str);
            assert_eq!(header, Some("requester"), "{words}: {} {}", request.method, request.path);
        }
    }
}

#[test]
fn the_source_of_a_copy_is_asked_in_its_own_region() {
    let env = env();
    env.sandbox().clear_requests();
    let copy = "s3 cp s3://sandbox-notes/hello.txt s3://sandbox-empty/x --quiet --source-region eu-west-1";
    env.run(copy).ok();
    let all = env.sandbox().requests();
    let region = |method: &str| {
        let request = all.iter().find(|request| request.method == method).unwrap();
        let scope = request.headers["authorization"].split("Credential=").nth(1).unwrap();
        scope.split('/').nth(2).unwrap().to_owned()
    };
    assert_eq!((region("HEAD").as_str(), region("PUT").as_str()), ("eu-west-1", "us-east-1"));
}

#[test]
fn types_are_guessed_unless_that_is_not_wanted() {
    let env = env();
    env.write("a.html", "<p>");
    env.sandbox().clear_requests();
    env.run("s3 cp a.html s3://sandbox-empty/ --quiet").ok();
    assert_eq!(requests(&env, "PUT")[0].headers["content-type"], "text/html");
    env.run("s3 cp a.html s3://sandbox-empty/ --quiet --no-guess-mime-type").ok();
    assert_eq!(requests(&env, "PUT")[0].headers.get("content-type"), None);
    env.run("s3 cp a.html s3://sandbox-empty/ --quiet --no-guess-mime-type --content-type x/y").ok();
    assert_eq!(requests(&env, "PUT")[0].headers["content-type"], "x/y");
}

#[test]
fn listings_are_asked_for_in_pages_of_the_size_given() {
    let env = env();
    for name in ["d/1", "d/2", "d/3"] {
        env.write(name, name);
    }
    env.run("s3 sync d s3://sandbox-empty --quiet").ok();
    for words in [
        "ls s3://sandbox-empty",
        "cp s3://sandbox-empty out --recursive --quiet",
        "sync s3://sandbox-empty out2 --quiet",
        "mv s3://sandbox-empty s3://sandbox-logs/moved --recursive --quiet",
        "rm s3://sandbox-logs/moved --recursive --quiet",
    ] {
        env.sandbox().clear_requests();
        env.run(&format!("s3 {words} --page-size 2")).ok();
        let pages: Vec<_> = requests(&env, "GET")
            .into_iter()
            .filter_map(|request| request.query.get("max-keys").cloned())
            .collect();
        assert_eq!(pages, ["2", "2"], "{words}");
    }
}

/// With a queue of one task the planner cannot run far ahead of the only lane, so pages come between downloads.
#[test]
fn the_queue_s_size_bounds_how_far_planning_runs_ahead() {
    let env = env();
    for number in 0..12 {
        env.write(&format!("d/{number:02}"), "x");
    }
    env.run("s3 sync d s3://sandbox-empty --quiet").ok();
    let pages_before_downloads = |queue: usize| {
        env.run(&format!("configure set default.s3.max_queue_size {queue}")).ok();
        env.run("configure set default.s3.max_concurrent_requests 1").ok();
        env.sandbox().clear_requests();
        env.run(&format!("s3 cp s3://sandbox-empty out{queue} --recursive --quiet --page-size 1")).ok();
        let requests = requests(&env, "GET");
        let sixth =
            requests.iter().filter(|request| !request.query.contains_key("list-type")).nth(5).unwrap();
        requests.iter().position(|request| request == sixth).unwrap() - 5
    };
    let bounded = pages_before_downloads(1);
    assert!(bounded <= 10, "{bounded} pages before the sixth download");
}

#[test]
fn buckets_are_listed_by_the_beginning_of_their_name_and_by_region() {
    let env = env();
    let names = |words: &str| {
        let out = env.run(&format!("s3 ls {words}")).ok();
        out.lines().map(|line| line[20..].to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names("--bucket-name-prefix sandbox-l"), ["sandbox-logs"]);
    assert_eq!(names("--bucket-region us-east-1").len(), 3);
    assert!(names("--bucket-region eu-west-1").is_empty());
}

#[test]
fn a_bucket_becomes_a_website() {
    let env = env();
    env.run("s3 website s3://sandbox-empty --index-document index.html --error-document error.html").ok();
    let website = env.run("s3api get-bucket-website --bucket sandbox-empty").ok();
    let website: serde_json::Value = serde_json::from_str(&website).unwrap();
    assert_eq!(website["IndexDocument"]["Suffix"], "index.html");
    assert_eq!(website["ErrorDocument"]["Key"], "error.html");
}

#[test]
fn a_new_bucket_gets_its_tags_with_the_request_that_makes_it() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = Vec::new();
        let mut buffer = [0; 4096];
        while !request.ends_with(b"</CreateBucketConfiguration>") {
            let read = stream.read(&mut buffer).unwrap();
            assert!(read > 0, "the request ends early");
            request.extend_from_slice(&buffer[..read]);
        }
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").unwrap();
        String::from_utf8(request).unwrap()
    });
    let env = env().var("AWS_ENDPOINT_URL_S3", &url);
    let out = env.run("s3 mb s3://tagged --tags team blue --tags cost 1&2").ok();
    assert_eq!(out, "make_bucket: tagged\n");
    let request = server.join().unwrap();
    assert!(request.starts_with("PUT /tagged"), "{request}");
    let tags = "<Tags><Tag><Key>team</Key><Value>blue</Value></Tag><Tag><Key>cost</Key><Value>1&amp;2</Value></Tag></Tags>";
    assert!(request.contains(tags), "{request}");
}

#[test]
fn what_s3_says_in_its_own_terms_is_explained_by_every_command() {
    const REFUSED: &str = "<Error><Code>InvalidRequest</Code><Message>The authorization mechanism you have provided is not \
        supported. Please use AWS4-HMAC-SHA256.</Message></Error>";
    let served = Served::always(400, REFUSED);
    let env = TestEnv::new().var("AWS_ENDPOINT_URL", &served.url).var("AWS_REGION", "us-east-1");
    let env = env.var("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE").var("AWS_SECRET_ACCESS_KEY", "secret");
    env.write("f", "1");
    let explained = "operation: You are attempting to operate on a bucket in a region that requires Signature Version 4.  \
        You can fix this issue by explicitly providing the correct region location";
    for words in
        ["s3 ls s3://b", "s3 cp f s3://b", "s3 mb s3://b", "s3 rb s3://b", "s3 rm s3://b --recursive"]
    {
        let run = env.run(words);
        assert!(run.stderr.contains(explained), "{words}: {run}");
    }
    let listed = env.run("s3 cp f s3://b --output jsonl").stdout;
    assert!(listed.contains(r#""message":"You are attempting to operate on a bucket"#), "{listed}");
}
