//! Services that take bearer tokens: the environment's, or the access token of the profile's session.

use crate::support::{Run, Served, TestEnv, token_file};

const SESSION: &str = "[default]\nsso_session = corp\n[sso-session corp]\nsso_start_url = https://corp.example/start\nsso_region = us-east-1\n";

const SPACES: &str = "codecatalyst list-spaces";

fn ask(env: TestEnv, served: &Served, words: &str) -> Run {
    env.var("AWS_ENDPOINT_URL", &served.url).run(words)
}

#[track_caller]
fn authorization(served: &Served) -> String {
    let request = served.request();
    let found = request.lines().find_map(|line| line.strip_prefix("authorization: "));
    found.unwrap_or_default().to_owned()
}

fn signed_in(expires_at: &str) -> TestEnv {
    let env = TestEnv::new().config(SESSION);
    let token = format!(
        r#"{{"startUrl": "https://corp.example/start", "region": "us-east-1", "accessToken": "token-of-corp", "expiresAt": "{expires_at}"}}"#
    );
    env.learn("token-of-corp");
    env.write(&token_file("corp"), &token);
    env
}

#[test]
fn a_service_of_tokens_gets_the_session_s() {
    let served = Served::always(200, r#"{"items": []}"#);
    let run = ask(signed_in("2999-01-01T00:00:00Z"), &served, SPACES);
    assert_eq!(run.ok(), "{\n    \"items\": []\n}\n");
    assert_eq!(authorization(&served), "Bearer token-of-corp");
}

#[test]
fn a_token_of_the_environment_goes_first() {
    let served = Served::always(200, r#"{"items": []}"#);
    let env = signed_in("2999-01-01T00:00:00Z").var("AWS_BEARER_TOKEN_CODECATALYST", "mine");
    ask(env, &served, SPACES).ok();
    assert_eq!(authorization(&served), "Bearer mine");
}

#[test]
fn a_token_of_bedrock_goes_before_keys_and_only_to_bedrock() {
    let env = || {
        let env =
            TestEnv::new().var("AWS_BEARER_TOKEN_BEDROCK", "bedrock-api-key").var("AWS_REGION", "eu-west-1");
        env.var("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE").var("AWS_SECRET_ACCESS_KEY", "x")
    };
    for words in ["bedrock list-foundation-models", "bedrock-runtime converse --model-id m"] {
        let served = Served::always(200, "{}");
        ask(env(), &served, words).ok();
        assert_eq!(authorization(&served), "Bearer bedrock-api-key", "{words}");
    }
    let (served, learned) = (Served::always(200, "{}"), env());
    learned.learn("bedrock-api-key");
    let told = ask(learned, &served, "bedrock list-foundation-models --debug");
    assert!(told.code == 0 && told.stderr.contains(" - DEBUG - "), "{told}");

    let served = Served::always(200, "<R><GetCallerIdentityResult/></R>");
    ask(env().var("AWS_BEARER_TOKEN_STS", "none of its business"), &served, "sts get-caller-identity").ok();
    assert!(authorization(&served).starts_with("AWS4-HMAC-SHA256 "));
}

#[test]
fn who_has_no_token_is_told_how_to_get_one() {
    let served = Served::always(200, "{}");
    let keys = TestEnv::new().var("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE").var("AWS_SECRET_ACCESS_KEY", "x");
    insta::assert_snapshot!(ask(keys, &served, SPACES), @"
    exit: 255
    ----- stderr -----

    awsx: [ERROR]: Unable to locate authorization token
    hint: use a profile with an `sso_session` (`awsx configure sso-session` makes one), or set `AWS_BEARER_TOKEN_CODECATALYST`
    ");
    insta::assert_snapshot!(ask(TestEnv::new().config(SESSION), &served, SPACES), @"
    exit: 255
    ----- stderr -----

    awsx: [ERROR]: Error loading SSO Token: Token for corp does not exist
    hint: run `awsx sso login --sso-session corp`
    ");
    insta::assert_snapshot!(ask(signed_in("2020-01-01T00:00:00Z"), &served, SPACES), @"
    exit: 255
    ----- stderr -----

    awsx: [ERROR]: Error when retrieving token from sso: Token has expired and refresh failed
    hint: run `awsx sso login --sso-session corp`
    ");
    let lost = TestEnv::new().config("[default]\nsso_session = lost\n");
    insta::assert_snapshot!(ask(lost, &served, SPACES), @r#"
    exit: 255
    ----- stderr -----

    awsx: [ERROR]: The profile "default" is configured to use the SSO token provider but the "lost" sso_session configuration does not exist.
    "#);
    let partial =
        TestEnv::new().config("[default]\nsso_session = corp\n[sso-session corp]\nsso_region = us-east-1\n");
    insta::assert_snapshot!(ask(partial, &served, SPACES), @r#"
    exit: 255
    ----- stderr -----

    awsx: [ERROR]: The profile "default" is configured to use the SSO token provider but is missing the following configuration: ['sso_start_url'].
    "#);
    assert_eq!(served.requests(), Vec::<String>::new());
}
