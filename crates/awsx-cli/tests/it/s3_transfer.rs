//! `s3 cp`, `mv`, `rm`, `sync`, `mb`, `rb`, `presign` and `website`, over the sandbox's buckets.

use awsx_sandbox::{Config, Fault, Outcome};

use crate::support::{Run, TestEnv};

fn env() -> TestEnv {
    TestEnv::with_sandbox(Config::default()).alice()
}

/// A file's contents from a bucket, through the program itself.
fn object(env: &TestEnv, path: &str) -> String {
    env.run(&format!("s3 cp {path} -")).ok()
}

fn keys(env: &TestEnv, path: &str) -> Vec<String> {
    let listing = env.run(&format!("s3 ls {path} --recursive")).stdout;
    listing.lines().map(|line| line[31..].to_owned()).collect()
}

fn sorted(run: Run) -> Vec<String> {
    let mut lines: Vec<_> = run.ok().lines().map(str::to_owned).collect();
    lines.sort_unstable();
    lines
}

/// Something goes wrong with the next requests of a kind.
fn fault(env: &TestEnv, method: &str, path: &str, outcome: Outcome, times: u32) {
    env.sandbox().add_fault(Fault { method: method.into(), path: path.into(), action: None, outcome, times });
}

fn answer(status: u16, code: &str) -> Outcome {
    Outcome::Respond { status, code: code.into() }
}

#[test]
fn a_file_goes_up_and_comes_back() {
    let env = env();
    env.write("a.txt", "hello");
    insta::assert_snapshot!(env.run("s3 cp a.txt s3://sandbox-empty/sub/ --no-progress"), @"
    exit: 0
    ----- stdout -----
    upload: ./a.txt to s3://sandbox-empty/sub/a.txt
    ");
    insta::assert_snapshot!(env.run("s3 cp s3://sandbox-empty/sub/a.txt out/b.txt --no-progress"), @"
    exit: 0
    ----- stdout -----
    download: s3://sandbox-empty/sub/a.txt to out/b.txt
    ");
    assert_eq!(env.read("out/b.txt"), "hello");
    assert_eq!(env.list("out"), ["b.txt"], "no temporary file stays");
}

#[test]
fn uploads_carry_type_checksum_and_what_is_asked_for() {
    let env = env();
    env.write("a.html", "<p>");
    env.sandbox().clear_requests();
    env.run("s3 cp a.html s3://sandbox-empty/a --metadata k=v --acl private --cache-control no-cache --storage-class STANDARD --quiet").ok();
    let requests = env.sandbox().requests();
    let put = requests.iter().find(|request| request.method == "PUT").unwrap();
    assert_eq!(put.headers["content-type"], "text/html");
    assert_eq!(put.headers["x-amz-meta-k"], "v");
    assert_eq!(put.headers["x-amz-acl"], "private");
    assert_eq!(put.headers["cache-control"], "no-cache");
    assert_eq!(put.headers["x-amz-storage-class"], "STANDARD");
    assert_eq!(put.headers["x-amz-checksum-crc64nvme"].len(), 12);
    assert_ne!(
        put.headers["x-amz-content-sha256"], "UNSIGNED-PAYLOAD",
        "a plain connection signs what it sends"
    );
}

#[test]
fn what_is_downloaded_has_the_object_s_time() {
    let env = env();
    env.run("s3 cp s3://sandbox-notes/hello.txt hello.txt --quiet").ok();
    let modified = std::fs::metadata(env.path("hello.txt")).unwrap().modified().unwrap();
    let seconds = modified.duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    assert_eq!(i64::try_from(seconds).unwrap(), awsx_sandbox::seed::MODIFIED_AT);
}

#[test]
fn folders_go_up_and_come_back_filtered() {
    let env = env();
    for (name, text) in [("d/one.txt", "1"), ("d/sub/two.txt", "2"), ("d/skip.log", "3")] {
        env.write(name, text);
    }
    let run = env.run("s3 cp d s3://sandbox-empty/p --recursive --exclude *.log --no-progress");
    assert_eq!(
        sorted(run),
        [
            "upload: d/one.txt to s3://sandbox-empty/p/one.txt",
            "upload: d/sub/two.txt to s3://sandbox-empty/p/sub/two.txt"
        ]
    );
    let run =
        env.run("s3 cp s3://sandbox-empty/p back --recursive --exclude * --include sub/* --no-progress");
    assert_eq!(run.ok(), "download: s3://sandbox-empty/p/sub/two.txt to back/sub/two.txt\n");
}

#[test]
fn dry_runs_say_and_do_nothing() {
    let env = env();
    env.write("d/one.txt", "1");
    env.write("d/sub/two.txt", "2");
    insta::assert_snapshot!(env.run("s3 sync d s3://sandbox-empty --dryrun"), @"
    exit: 0
    ----- stdout -----
    (dryrun) upload: d/one.txt to s3://sandbox-empty/one.txt
    (dryrun) upload: d/sub/two.txt to s3://sandbox-empty/sub/two.txt
    ");
    assert!(keys(&env, "s3://sandbox-empty").is_empty());
    let one = "s3 cp d/one.txt s3://sandbox-empty --dryrun";
    let said = "(dryrun) upload: d/one.txt to s3://sandbox-empty/one.txt\n";
    assert_eq!(env.run(&format!("{one} --only-show-errors")).ok(), said);
    assert_eq!(env.run(&format!("{one} --quiet")).ok(), "");
    assert_eq!(
        env.run("s3 cp - s3://sandbox-empty/k --dryrun").ok(),
        "(dryrun) upload: - to s3://sandbox-empty/k\n"
    );
}

#[test]
fn progress_is_aws_cli_s_line_where_there_is_no_terminal() {
    let env = env();
    env.write("a.txt", "hello");
    let out = env.run("s3 cp a.txt s3://sandbox-empty").ok();
    assert!(out.starts_with("Completed 5 Bytes/"), "{out:?}");
    assert!(out.contains(" file(s) remaining"), "{out:?}");
    assert!(out.contains("\rupload: ./a.txt to s3://sandbox-empty/a.txt"), "{out:?}");
    let out = env.run("s3 cp a.txt s3://sandbox-empty --progress-multiline").ok();
    assert!(out.contains(" remaining\n") || out.contains("(calculating...)\n"), "{out:?}");
}

#[test]
fn sync_converges_and_a_second_one_sends_nothing() {
    let env = env();
    for (name, text) in [("d/a", "1"), ("d/b/c", "2"), ("d/b.txt", "3")] {
        env.write(name, text);
    }
    assert_eq!(sorted(env.run("s3 sync d s3://sandbox-empty/x --no-progress")).len(), 3);
    assert_eq!(env.run("s3 sync d s3://sandbox-empty/x").ok(), "");
    env.write("d/a", "11");
    std::fs::remove_file(env.path("d/b.txt")).unwrap();
    assert_eq!(
        sorted(env.run("s3 sync d s3://sandbox-empty/x --delete --no-progress")),
        ["delete: s3://sandbox-empty/x/b.txt", "upload: d/a to s3://sandbox-empty/x/a"]
    );
    env.write("e/old", "gone");
    assert_eq!(
        sorted(env.run("s3 sync s3://sandbox-empty/x e --delete --no-progress")),
        [
            "delete: e/old",
            "download: s3://sandbox-empty/x/a to e/a",
            "download: s3://sandbox-empty/x/b/c to e/b/c"
        ]
    );
    assert_eq!(env.run("s3 sync s3://sandbox-empty/x e --exact-timestamps").ok(), "");
    assert_eq!(sorted(env.run("s3 sync s3://sandbox-empty/x s3://sandbox-empty/y --no-progress")).len(), 2);
    assert_eq!(env.run("s3 sync s3://sandbox-empty/x s3://sandbox-empty/y").ok(), "");
}

#[test]
fn size_only_passes_over_times() {
    let env = env();
    env.run("s3 cp s3://sandbox-notes/hello.txt d/hello.txt --quiet").ok();
    // As long as the object, and newer.
    env.write("d/hello.txt", &"x".repeat(24));
    assert_eq!(
        env.run("s3 sync s3://sandbox-notes d --size-only --exclude *.md --exclude unicode/*").ok(),
        ""
    );
    let run = env.run("s3 sync s3://sandbox-notes d --exclude *.md --exclude unicode/* --no-progress");
    assert_eq!(run.ok(), "download: s3://sandbox-notes/hello.txt to d/hello.txt\n");
}

#[test]
fn a_move_takes_the_source_away() {
    let env = env();
    env.write("a.txt", "hello");
    let run = env.run("s3 mv a.txt s3://sandbox-empty/ --no-progress");
    assert_eq!(run.ok(), "move: ./a.txt to s3://sandbox-empty/a.txt\n");
    assert!(!env.path("a.txt").exists());
    let run = env.run("s3 mv s3://sandbox-empty/a.txt s3://sandbox-empty/b.txt --no-progress");
    assert_eq!(run.ok(), "move: s3://sandbox-empty/a.txt to s3://sandbox-empty/b.txt\n");
    assert_eq!(keys(&env, "s3://sandbox-empty"), ["b.txt"]);
    env.run("s3 mv s3://sandbox-empty/b.txt back --quiet").ok();
    assert_eq!(env.read("back"), "hello");
    assert!(keys(&env, "s3://sandbox-empty").is_empty());
}

#[test]
fn many_objects_are_deleted_with_few_requests() {
    let env = env();
    for number in 0..30 {
        env.write(&format!("d/{number:02}"), "x");
    }
    env.run("s3 cp d s3://sandbox-empty/d --recursive --quiet").ok();
    env.sandbox().clear_requests();
    let lines = sorted(env.run("s3 rm s3://sandbox-empty/d --recursive --exclude *9"));
    assert_eq!((lines.len(), lines[0].as_str()), (27, "delete: s3://sandbox-empty/d/00"));
    assert_eq!(env.count_requests("POST", "/sandbox-empty"), 1);
    assert_eq!(keys(&env, "s3://sandbox-empty"), ["d/09", "d/19", "d/29"]);
}

#[test]
fn what_a_batch_does_not_delete_is_tried_one_by_one() {
    let env = env();
    for number in 0..12 {
        env.write(&format!("d/{number:02}"), "x");
    }
    env.run("s3 cp d s3://sandbox-empty --recursive --quiet").ok();
    fault(&env, "POST", "/sandbox-empty", answer(501, "NotImplemented"), 1);
    fault(&env, "DELETE", "/sandbox-empty/07", answer(403, "AccessDenied"), 1);
    let run = env.run("s3 rm s3://sandbox-empty --recursive");
    assert_eq!((run.code, run.stdout.lines().count()), (1, 11));
    insta::assert_snapshot!(run.stderr, @"delete failed: s3://sandbox-empty/07 An error occurred (AccessDenied) when calling the DeleteObject operation: The sandbox was told to answer AccessDenied");
}

#[test]
fn large_files_move_in_parts_and_are_the_same_after() {
    let env = env();
    let text: String = (0..2_000_000u32).map(|number| char::from(b'a' + (number % 23) as u8)).collect();
    let text = text.repeat(9);
    env.write("big", &text);
    env.write(".aws/config", "[default]\ns3 =\n  multipart_threshold = 5MB\n  multipart_chunksize = 5MB\n");
    env.sandbox().clear_requests();
    env.run("s3 cp big s3://sandbox-empty/big --quiet").ok();
    assert_eq!(env.count_requests("PUT", "/sandbox-empty/big"), 4, "18 MB are four parts");
    env.run("s3 cp s3://sandbox-empty/big s3://sandbox-empty/copy --copy-props none --quiet").ok();
    env.run("s3 cp s3://sandbox-empty/copy back --quiet").ok();
    assert!(env.read("back") == text, "what came back is not what went");
    assert_eq!(env.list("."), [".aws", "back", "big"]);
}

#[test]
fn streams_go_both_ways() {
    let env = env();
    let run = env.run_with_input("s3 cp - s3://sandbox-empty/s --expected-size 10", "from a pipe");
    assert_eq!(run.ok(), "");
    assert_eq!(object(&env, "s3://sandbox-empty/s"), "from a pipe");
    insta::assert_snapshot!(env.run("s3 cp s3://sandbox-empty/nope -"), @"
    exit: 1
    ----- stderr -----
    download failed: s3://sandbox-empty/nope to - An error occurred (404) when calling the HeadObject operation: Not Found
    ");
}

#[test]
fn buckets_are_made_and_removed() {
    let env = env();
    assert_eq!(env.run("s3 mb s3://brand-new").ok(), "make_bucket: brand-new\n");
    env.write("a", "x");
    env.run("s3 cp a s3://brand-new --quiet").ok();
    let run = env.run("s3 rb s3://brand-new --force");
    assert_eq!(run.ok(), "delete: s3://brand-new/a\nremove_bucket: brand-new\n");
    let run = env.run("s3 rb s3://brand-new");
    assert_eq!(run.code, 1);
    assert!(
        run.stderr.starts_with("remove_bucket failed: s3://brand-new An error occurred (NoSuchBucket)"),
        "{run}"
    );
}

#[test]
fn arguments_that_cannot_be_are_refused_in_aws_cli_s_words() {
    let env = env();
    let message = |words: &str| {
        let run = env.run(words);
        (run.code, run.stderr.trim().trim_start_matches("awsx: [ERROR]: ").to_owned())
    };
    let refused = |words: &str, text: &str| {
        assert_eq!(message(words), (252, format!("An error occurred (ParamValidation): {text}")), "{words}");
    };
    refused(
        "s3 cp a b",
        "usage: awsx s3 cp <LocalPath> <S3Uri> or <S3Uri> <LocalPath> or <S3Uri> <S3Uri>\nError: Invalid argument type",
    );
    refused("s3 mb b", "<S3Uri>\nError: Invalid argument type");
    refused("s3 rb s3://b/k", "Please specify a valid bucket name only. E.g. s3://b");
    refused("s3 mv s3://b/k s3://b/k", "Cannot mv a file onto itself: s3://b/k - s3://b/k");
    refused(
        "s3 cp s3://b/k x --sse-c AES256",
        "If --sse-c is specified, --sse-c-key must be specified as well.",
    );
    refused(
        "s3 cp - s3://b/k --recursive",
        "Streaming currently is only compatible with non-recursive cp commands",
    );
    refused("s3 sync . s3://b--use1-az4--x-s3", "Cannot use sync command with a directory bucket.");
    refused(
        "s3 cp s3://b/k - --no-overwrite",
        "--no-overwrite parameter is not supported for streaming downloads",
    );
    assert_eq!(
        message("s3 cp nofile s3://b/k"),
        (255, "The user-provided path nofile does not exist.".to_owned())
    );
    assert_eq!(message("s3 cp").0, 252);
    assert!(message("s3 cp x").1.contains("the following arguments are required: paths\n"));
    refused(
        "s3 presign s3://b",
        "Parameter validation failed:\nInvalid length for parameter Key, value: 0, valid min length: 1",
    );
    for (words, text) in [
        ("s3 cp a s3://b --sse nope", "argument --sse: Found invalid choice 'nope'\n"),
        ("s3 ls --request-payer nope", "argument --request-payer: Found invalid choice 'nope'\n"),
        ("s3 mb s3://b --tags k", "argument --tags: expected 2 arguments\n"),
        ("s3 cp a s3://b --grants", "argument --grants: expected at least one argument\n"),
        ("s3 cp a s3://b --acl", "argument --acl: expected one argument\n"),
    ] {
        let (code, said) = message(words);
        assert_eq!(code, 252, "{words}");
        assert!(said.contains(text), "{words}: {said}");
    }
    for words in
        ["s3 ls s3://b --page-size x", "s3 cp a s3://b --page-size x", "s3 presign s3://b/k --expires-in x"]
    {
        assert_eq!(
            message(words),
            (255, "invalid literal for int() with base 10: 'x'".to_owned()),
            "{words}"
        );
    }
}

#[test]
fn what_cannot_be_a_bucket_is_never_asked_for() {
    let env = env();
    let said = |words: &str| {
        let run = env.run(words);
        (run.code, run.stderr.lines().take(4).collect::<Vec<_>>().join("|"))
    };
    let text = "Parameter validation failed:|Invalid bucket name";
    let (code, made) = said("s3 mb s3://");
    assert_eq!(code, 1);
    assert!(made.starts_with(&format!("make_bucket failed: s3:// {text} \"\"")), "{made}");
    for words in ["s3 website s3://b/k --index-document i", "s3 ls s3://b%c", "s3 presign s3://b%c/k"] {
        let (code, refused) = said(words);
        assert_eq!(code, 252, "{words}");
        assert!(refused.contains(text), "{words}: {refused}");
    }
    env.write("f", "1");
    let (code, failed) = said("s3 cp f s3://b%c/k --no-progress");
    assert_eq!(code, 1);
    assert!(failed.starts_with(&format!("upload failed: ./f to s3://b%c/k {text} \"b%c\"")), "{failed}");
    assert!(env.sandbox().requests().is_empty());
}

#[test]
fn an_option_that_no_request_can_carry_ends_the_command_unless_none_is_made() {
    let env = env();
    env.write("f", "1");
    let said = |words: &str| {
        let run = env.run(words);
        (run.code, run.stderr)
    };
    for (options, text) in [
        ("--grants nope", "grants should be of the form permission=principal\n"),
        ("--grants foo=bar", "permission must be one of: read|readacl|writeacl|full\n"),
    ] {
        let (code, text_said) = said(&format!("s3 cp f s3://sandbox-empty/f {options}"));
        assert_eq!(code, 1, "{options}");
        assert!(text_said.starts_with(&format!("fatal error: {text}")), "{options}: {text_said}");
        assert_eq!(said(&format!("s3 cp f s3://sandbox-empty/f --dryrun {options}")), (0, String::new()));
    }
}

#[test]
fn a_time_or_metadata_that_cannot_be_sent_fails_each_object_that_would_get_it() {
    let env = env();
    env.write("d/a", "1");
    env.write("d/b", "2");
    insta::assert_snapshot!(env.run("s3 cp d s3://sandbox-empty --recursive --no-progress --expires nope"), @"
    exit: 1
    ----- stderr -----
    upload failed: d/a to s3://sandbox-empty/a Parameter validation failed:
    Invalid type for parameter Expires, value: nope, type: <class 'str'>, valid types: <class 'datetime.datetime'>, timestamp-string
    upload failed: d/b to s3://sandbox-empty/b Parameter validation failed:
    Invalid type for parameter Expires, value: nope, type: <class 'str'>, valid types: <class 'datetime.datetime'>, timestamp-string
    ");
    let run = env.run("s3 cp d/a s3://sandbox-empty --no-progress --metadata k=ü");
    let text = "upload failed: d/a to s3://sandbox-empty/a Parameter validation failed:\nNon ascii characters found in";
    assert!(run.code == 1 && run.stderr.starts_with(text), "{run}");
    let copied =
        env.run("s3 cp s3://sandbox-notes/hello.txt s3://sandbox-empty --no-progress --expires nope");
    assert!(copied.stderr.starts_with("copy failed: s3://sandbox-notes/hello.txt to "), "{copied}");
    assert!(env.sandbox().requests().iter().all(|request| request.method != "PUT"), "nothing was sent");
    env.run("s3 cp s3://sandbox-notes/hello.txt back --quiet --expires nope").ok();
    env.run("s3 cp d/a s3://sandbox-empty --dryrun --expires nope").ok();
}

#[test]
fn a_size_that_is_none_matters_only_to_what_comes_from_a_pipe() {
    let env = env();
    env.write("f", "1");
    env.run("s3 cp f s3://sandbox-empty/f --quiet --expected-size x").ok();
    env.run("s3 cp s3://sandbox-empty/f - --expected-size x").ok();
    assert_eq!(env.run("s3 cp - s3://sandbox-empty/s --dryrun --expected-size x").code, 0);
    insta::assert_snapshot!(env.run("s3 cp - s3://sandbox-empty/s --expected-size x"), @"
    exit: 1
    ----- stderr -----
    fatal error: invalid literal for int() with base 10: 'x'
    ");
    env.run_with_input("s3 cp - s3://sandbox-empty/s --expected-size -5", "from a pipe").ok();
    assert_eq!(object(&env, "s3://sandbox-empty/s"), "from a pipe");
}

#[test]
fn a_file_is_no_folder_and_a_folder_no_file() {
    let env = env();
    env.write("f", "1");
    env.write("d/a", "1");
    insta::assert_snapshot!(env.run("s3 cp f s3://sandbox-empty --recursive --no-progress"), @"
    exit: 2
    ----- stderr -----
    warning: Skipping file [HOME]/f/. File does not exist.
    ");
    insta::assert_snapshot!(env.run("s3 cp d s3://sandbox-empty/d --no-progress"), @"
    exit: 1
    ----- stderr -----
    upload failed: d/ to s3://sandbox-empty/d [Errno 21] Is a directory: '[HOME]/d/'
    ");
}

#[test]
fn what_cannot_be_read_is_warned_of_and_the_rest_goes_on() {
    let env = env();
    env.write("d/a", "1");
    std::os::unix::fs::symlink("nowhere", env.path("d/broken")).unwrap();
    let run = env.run("s3 cp d s3://sandbox-empty --recursive --no-progress");
    insta::assert_snapshot!(run, @"
    exit: 2
    ----- stdout -----
    upload: d/a to s3://sandbox-empty/a
    ----- stderr -----
    warning: Skipping file [HOME]/d/broken. File does not exist.
    ");
}

#[test]
fn what_fails_is_told_and_the_rest_goes_on() {
    let env = env();
    env.write("d/a", "1");
    env.write("d/b", "2");
    fault(&env, "PUT", "/sandbox-empty/a", answer(403, "AccessDenied"), 1);
    insta::assert_snapshot!(env.run("s3 cp d s3://sandbox-empty --recursive --no-progress"), @"
    exit: 1
    ----- stdout -----
    upload: d/b to s3://sandbox-empty/b
    ----- stderr -----
    upload failed: d/a to s3://sandbox-empty/a An error occurred (AccessDenied) when calling the PutObject operation: The sandbox was told to answer AccessDenied
    ");
}

#[test]
fn a_listing_that_fails_is_fatal() {
    let env = env();
    let run = env.run("s3 cp s3://sandbox-gone out --recursive");
    assert_eq!(run.code, 1);
    assert!(
        run.stderr.starts_with(
            "fatal error: An error occurred (NoSuchBucket) when calling the ListObjectsV2 operation:"
        ),
        "{run}"
    );
    let run = env.run("s3 cp s3://sandbox-empty/nope x");
    assert_eq!(
        run.stderr,
        "fatal error: An error occurred (404) when calling the HeadObject operation: Key \"nope\" does not exist\n"
    );
}

#[test]
fn what_passes_by_is_tried_again() {
    let env = env();
    env.write("a", "hello");
    fault(&env, "PUT", "/sandbox-empty/a", answer(500, "InternalError"), 1);
    fault(&env, "PUT", "/sandbox-empty/a", Outcome::Cut, 1);
    env.run("s3 cp a s3://sandbox-empty --quiet").ok();
    // More often than other errors are borne: S3 only asks for patience.
    fault(&env, "GET", "/sandbox-empty/a", answer(503, "SlowDown"), 3);
    assert_eq!(object(&env, "s3://sandbox-empty/a"), "hello");
    fault(&env, "PUT", "/sandbox-empty/a", answer(500, "InternalError"), 9);
    let run = env.run("s3 cp a s3://sandbox-empty");
    assert!(run.stderr.contains("(reached max retries: 2)"), "{run}");
}

#[test]
fn a_body_that_breaks_off_is_asked_for_again_and_a_wrong_one_refused() {
    let env = env();
    let text = "0123456789".repeat(50_000);
    env.write("a", &text);
    env.run("s3 cp a s3://sandbox-empty --quiet").ok();
    fault(&env, "GET", "/sandbox-empty/a", Outcome::CutBody, 1);
    env.run("s3 cp s3://sandbox-empty/a b --quiet").ok();
    assert!(env.read("b") == text);
    fault(&env, "GET", "/sandbox-empty/a", Outcome::Corrupt, 1);
    let run = env.run("s3 cp s3://sandbox-empty/a c");
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("did not match calculated checksum"), "{run}");
    assert_eq!(env.list("."), [".aws", "a", "b"], "neither the file nor a temporary one is there");
}

#[test]
fn ctrl_c_stops_at_once_and_leaves_nothing() {
    let env = env();
    let text = "0123456789".repeat(600_000);
    env.write("a", &text);
    env.run("s3 cp a s3://sandbox-empty --quiet").ok();
    env.write(".aws/config", "[default]\ns3 =\n  multipart_threshold = 5MB\n  multipart_chunksize = 5MB\n  max_bandwidth = 100KB/s\n");
    for words in
        ["s3 cp a s3://sandbox-empty/up --no-progress", "s3 cp s3://sandbox-empty/a down --no-progress"]
    {
        let mut running = env.start(words);
        std::thread::sleep(std::time::Duration::from_millis(1500));
        assert!(running.is_running());
        running.interrupt();
        let run = running.finish();
        assert_eq!((run.code, run.stderr.as_str()), (130, "cancelled: ctrl-c received\n"), "{words}: {run}");
    }
    let aborted = |request: &awsx_sandbox::Request| {
        request.method == "DELETE" && request.query.contains_key("uploadId")
    };
    assert_eq!(env.sandbox().requests().iter().filter(|request| aborted(request)).count(), 1);
    assert_eq!(env.list("."), [".aws", "a"]);
}

#[test]
fn keys_that_lead_out_of_the_folder_are_passed_over() {
    let env = env();
    env.write("a", "x");
    env.run("s3 cp a s3://sandbox-empty/p/../../evil --quiet").ok();
    let run = env.run("s3 cp s3://sandbox-empty/p out --recursive");
    assert_eq!(run.stdout, "");
    assert!(!env.path("evil").exists());
}

#[test]
fn what_is_there_is_left_alone_if_asked() {
    let env = env();
    env.write("hello.txt", "mine");
    let run = env.run("s3 cp s3://sandbox-notes/hello.txt hello.txt --no-overwrite");
    assert_eq!(run.ok(), "");
    assert_eq!(env.read("hello.txt"), "mine");
}

#[test]
fn a_presigned_url_names_the_object_and_its_end() {
    let env = env();
    let url = env.run("s3 presign s3://sandbox-notes/hello.txt --expires-in 60").ok();
    assert!(url.contains("/sandbox-notes/hello.txt?"), "{url}");
    assert!(url.contains("X-Amz-Expires=60") && url.contains("X-Amz-Signature="), "{url}");
}
