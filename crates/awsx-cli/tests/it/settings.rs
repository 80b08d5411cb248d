//! Settings of requests and answers, each seen to work: the table in `docs/guides/config.md` names these tests.

use crate::support::{Run, Served, TestEnv, write_answer};

const KEYS: &str = "[default]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = x\n";

/// A profile with keys, a region and these lines.
fn env(lines: &str) -> TestEnv {
    TestEnv::new().credentials(KEYS).config(&format!("[default]\nregion = eu-west-1\n{lines}\n"))
}

/// What would be sent.
#[track_caller]
fn dry(env: &TestEnv, words: &str) -> String {
    env.run(&format!("{words} --dry-run-request")).ok()
}

/// Where a request would go.
#[track_caller]
fn url(env: &TestEnv, words: &str) -> String {
    let shown = dry(env, words);
    shown.lines().next().unwrap().split_once(' ').unwrap().1.to_owned()
}

/// The only error line.
#[track_caller]
fn error(run: &Run, code: i32) -> String {
    assert_eq!(run.code, code, "{run}");
    let line = run.stderr.lines().find_map(|line| line.strip_prefix("awsx: [ERROR]: "));
    line.unwrap_or_else(|| panic!("{run}")).to_owned()
}

fn ask(env: TestEnv, served: &Served, words: &str) -> Run {
    env.var("AWS_ENDPOINT_URL", &served.url).run(words)
}

#[test]
fn timestamps_are_shown_in_iso_8601_or_as_they_came() {
    let show = |lines: &str| {
        let user = Served::always(
            200,
            "<R><GetUserResult><User><CreateDate>2020-01-01T00:00:00Z</CreateDate></User></GetUserResult></R>",
        );
        ask(env(lines), &user, "iam get-user --query User.CreateDate")
    };
    assert_eq!(show("").ok(), "\"2020-01-01T00:00:00+00:00\"\n");
    assert_eq!(show("cli_timestamp_format = iso8601").ok(), "\"2020-01-01T00:00:00+00:00\"\n");
    assert_eq!(show("cli_timestamp_format = wire").ok(), "\"2020-01-01T00:00:00Z\"\n");
    assert_eq!(
        error(&show("cli_timestamp_format = epoch"), 253),
        "An error occurred (Configuration): Unknown cli_timestamp_format value: epoch, valid values are \"wire\" or \
         \"iso8601\""
    );
}

#[test]
fn parameters_are_checked_unless_told_otherwise() {
    let words = "iam create-user --cli-input-json {}";
    let told = error(&env("").run(words), 252);
    assert_eq!(told, "An error occurred (ParamValidation): Parameter validation failed:");
    let sent = dry(&env("parameter_validation = false"), words);
    assert!(sent.ends_with("\n\nAction=CreateUser&Version=2010-05-08\n"), "{sent}");
}

#[test]
fn bytes_are_given_in_base64_or_as_they_are() {
    let sent = |env: &TestEnv, words: &str| {
        let shown = dry(env, &format!("kinesis put-record --stream-name s --partition-key p {words}"));
        shown.rsplit('\n').nth(1).unwrap().to_owned()
    };
    let base64 = r#"{"StreamName":"s","Data":"aGVsbG8=","PartitionKey":"p"}"#;
    assert_eq!(sent(&env(""), "--data aGVsbG8="), base64);
    assert_eq!(sent(&env("cli_binary_format = raw-in-base64-out"), "--data hello"), base64);
    let option = "--data hello --cli-binary-format raw-in-base64-out";
    assert_eq!(sent(&env("cli_binary_format = base64"), option), base64);
}

#[test]
fn requests_are_repeated_as_often_as_allowed() {
    let asked = |env: TestEnv| {
        let broken = Served::always(500, "");
        let run = ask(env, &broken, "sts get-caller-identity");
        assert_eq!(run.code, 254, "{run}");
        (broken.requests().len(), error(&run, 254))
    };
    let told = |repeats: &str| {
        format!(
            "An error occurred (500) when calling the GetCallerIdentity operation{repeats}: Internal Server Error"
        )
    };
    assert_eq!(asked(env("")), (3, told(" (reached max retries: 2)")));
    assert_eq!(asked(env("max_attempts = 2")), (2, told(" (reached max retries: 1)")));
    assert_eq!(
        asked(env("max_attempts = 2").var("AWS_MAX_ATTEMPTS", "1")),
        (1, told(" (reached max retries: 0)"))
    );
    for mode in ["standard", "adaptive", "legacy"] {
        assert_eq!(asked(env(&format!("retry_mode = {mode}\nmax_attempts = 2"))).0, 2, "{mode}");
    }
    let wrong = env("max_attempts = many").run("sts get-caller-identity --dry-run-request");
    assert_eq!(error(&wrong, 255), "invalid literal for int() with base 10: 'many'");
}

/// Both modes repeat after being throttled; only the adaptive one holds back later requests.
#[test]
fn a_throttled_request_is_repeated_in_every_mode() {
    for mode in ["standard", "adaptive"] {
        let throttling =
            Served::always(400, "<R><Error><Code>Throttling</Code><Message>slow</Message></Error></R>");
        let run = ask(
            env(&format!("retry_mode = {mode}\nmax_attempts = 2")),
            &throttling,
            "sts get-caller-identity",
        );
        assert_eq!(throttling.requests().len(), 2, "{mode}: {run}");
        assert!(throttling.requests()[1].contains("amz-sdk-request: attempt=2; max=2\n"), "{mode}");
    }
}

#[test]
fn large_requests_are_packed_from_the_size_that_is_set() {
    let words = "cloudwatch put-metric-data --namespace n --metric-name m --value 1";
    let is_packed = |lines: &str| dry(&env(lines), words).contains("Content-Encoding: gzip\n");
    assert!(!is_packed(""));
    assert!(is_packed("request_min_compression_size_bytes = 1"));
    assert!(!is_packed("request_min_compression_size_bytes = 1\ndisable_request_compression = true"));
    let refused = |value: &str| {
        let env = env("").var("AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES", value);
        error(&env.run(words), 255)
    };
    let start = |value: &str| {
        format!("Invalid value \"{value}\" for request_min_compression_size_bytes. Value must be ")
    };
    assert_eq!(refused("0"), start("0") + "between 1 and 1048576.");
    assert_eq!(refused("much"), start("much") + "an integer. Received <class 'str'> instead.");
}

#[test]
fn a_service_is_asked_where_the_files_say() {
    let lines = "endpoint_url = http://127.0.0.1:1\nservices = local\n[services local]\nsts =\n  endpoint_url = http://127.0.0.1:2";
    let sts = "sts get-caller-identity";
    assert_eq!(url(&env(lines), "iam get-user"), "http://127.0.0.1:1/");
    assert_eq!(url(&env(lines), sts), "http://127.0.0.1:2/");
    assert_eq!(url(&env(lines).var("AWS_ENDPOINT_URL", "http://127.0.0.1:3"), sts), "http://127.0.0.1:3/");
    let both = env(lines).var("AWS_ENDPOINT_URL", "http://127.0.0.1:3");
    assert_eq!(url(&both.var("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:4"), sts), "http://127.0.0.1:4/");
    let ignored = env(lines).var("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true");
    assert_eq!(url(&ignored, sts), "https://sts.eu-west-1.amazonaws.com/");
    assert_eq!(url(&ignored, &format!("{sts} --endpoint-url http://127.0.0.1:5")), "http://127.0.0.1:5/");
    let in_file =
        lines.replace("services = local", "services = local\nignore_configured_endpoint_urls = true");
    assert_eq!(url(&env(&in_file), sts), "https://sts.eu-west-1.amazonaws.com/");
}

#[test]
fn endpoints_are_of_the_kind_that_is_wished_for() {
    let sts = "sts get-caller-identity";
    assert_eq!(
        url(&env("use_fips_endpoint = true"), &format!("{sts} --region us-east-1")),
        "https://sts-fips.us-east-1.amazonaws.com/"
    );
    assert_eq!(url(&env("use_dualstack_endpoint = true"), sts), "https://sts.eu-west-1.api.aws/");
    let table = "dynamodb describe-table --table-name t";
    let known = |lines: &str| {
        env(lines)
            .var("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
            .var("AWS_SECRET_ACCESS_KEY", "x")
            .var("AWS_ACCOUNT_ID", "111122223333")
    };
    assert_eq!(url(&known(""), table), "https://111122223333.ddb.eu-west-1.amazonaws.com/");
    assert_eq!(
        url(&known("account_id_endpoint_mode = disabled"), table),
        "https://dynamodb.eu-west-1.amazonaws.com/"
    );
    assert_eq!(url(&env(""), table), "https://dynamodb.eu-west-1.amazonaws.com/");
    let wrong = env("account_id_endpoint_mode = maybe").run(table);
    assert_eq!(
        error(&wrong, 255),
        "The configured value 'maybe' for 'account_id_endpoint_mode' is invalid. Valid values are: ('preferred', \
         'disabled', 'required')."
    );
    let tail = "logs start-live-tail --log-group-identifiers g";
    assert_eq!(url(&env(""), tail), "https://stream-logs.eu-west-1.amazonaws.com/");
    assert_eq!(
        url(&env("disable_host_prefix_injection = true"), tail),
        "https://logs.eu-west-1.amazonaws.com/"
    );
}

#[test]
fn requests_are_signed_in_the_way_and_for_the_regions_that_are_preferred() {
    let authorization = |lines: &str, words: &str| {
        let served = Served::always(200, "<R><GetCallerIdentityResult/></R>");
        ask(env(lines), &served, words);
        let request = served.request();
        let header = |name: &str| request.lines().find_map(|line| line.strip_prefix(name).map(str::to_owned));
        let signature = header("authorization: ").unwrap_or_default();
        (signature.split(' ').next().unwrap_or_default().to_owned(), header("x-amz-region-set: "))
    };
    let (v4, v4a) = ("AWS4-HMAC-SHA256".to_owned(), "AWS4-ECDSA-P256-SHA256".to_owned());
    let sts = "sts get-caller-identity";
    assert_eq!(authorization("", sts), (v4.clone(), None));
    assert_eq!(
        authorization("auth_scheme_preference = sigv4a, sigv4", sts),
        (v4a.clone(), Some("*".to_owned()))
    );
    let regions = "auth_scheme_preference = sigv4a\nsigv4a_signing_region_set = eu-west-1,us-east-1";
    assert_eq!(authorization(regions, sts), (v4a, Some("eu-west-1,us-east-1".to_owned())));
    assert_eq!(authorization("auth_scheme_preference = sigv4a", "iam get-user"), (v4, None));
}

#[test]
fn services_are_asked_for_their_endpoints_where_that_is_wished_for() {
    let discovered = |mode: &str, words: &str| {
        let served =
            Served::always(200, r#"{"Endpoints": [{"Address": "127.0.0.1:1", "CachePeriodInMinutes": 1}]}"#);
        let run = ask(env("max_attempts = 1").var("AWS_ENDPOINT_DISCOVERY_ENABLED", mode), &served, words);
        (served.requests().len(), run)
    };
    let databases = "timestream-write list-databases";
    let (count, run) = discovered("auto", databases);
    assert_eq!(count, 1);
    assert!(error(&run, 255).contains("https://127.0.0.1:1"), "{run}");
    let (count, run) = discovered("false", databases);
    assert_eq!(
        (count, error(&run, 255).as_str()),
        (0, "Endpoint Discovery is not enabled but this operation requires it.")
    );
    let (_, run) = discovered("perhaps", databases);
    assert_eq!(
        error(&run, 255),
        "Unsupported configuration value for endpoint_discovery_enabled. Expected one of (\"true\", \"false\", \"auto\") but \
         got perhaps."
    );
    let table = "dynamodb describe-table --table-name t";
    assert_eq!(discovered("auto", table).1.code, 0);
    let (count, run) = discovered("true", table);
    assert!(count == 1 && error(&run, 255).contains("https://127.0.0.1:1"), "{run}");
}

#[test]
fn checksums_are_used_where_they_are_wished_for() {
    let words = "s3api put-bucket-versioning --bucket b --versioning-configuration Status=Enabled";
    let put = "s3api put-object --bucket b --key k";
    let has_checksum =
        |lines: &str, words: &str| dry(&env(lines), words).to_lowercase().contains("x-amz-checksum-");
    assert!(has_checksum("", words) && has_checksum("", put));
    let required = "request_checksum_calculation = when_required";
    assert!(has_checksum(required, words) && !has_checksum(required, put));

    let read = |mode: &str| {
        let served = Served::start(|_, stream| {
            write_answer(stream, 200, &[("x-amz-checksum-crc32", "AAAAAA==")], "hello")
        });
        ask(
            env("").var("AWS_RESPONSE_CHECKSUM_VALIDATION", mode),
            &served,
            "s3api get-object --bucket b --key k o",
        )
    };
    assert!(error(&read("when_supported"), 255).starts_with("Expected checksum AAAAAA== did not match"));
    assert_eq!(read("when_required").code, 0);
    assert_eq!(
        error(&read("never"), 255),
        "Unsupported configuration value for response_checksum_validation. Expected one of ('when_supported', \
         'when_required') but got never."
    );
}

#[test]
fn a_name_stands_in_the_user_agent() {
    let sent = dry(&env("sdk_ua_app_id = my-app"), "sts get-caller-identity");
    let agent = sent.lines().find_map(|line| line.strip_prefix("User-Agent: ")).unwrap();
    assert!(agent.starts_with("awsx/") && agent.ends_with(" app/my-app"), "{agent}");
}

/// AWS CLI 2 passes over them as well.
#[test]
fn settings_of_other_tools_change_nothing() {
    let lines = "defaults_mode = mobile\ncli_follow_urlparam = true\ntcp_keepalive = true";
    let words = "iam create-user --user-name http://127.0.0.1:1/name";
    assert_eq!(dry(&env(lines), words), dry(&env(""), words));
    assert!(dry(&env(lines), words).contains("UserName=http%3A%2F%2F127.0.0.1%3A1%2Fname"));
}
