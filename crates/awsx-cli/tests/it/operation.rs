//! Operations from AWS's models: words, requests that are only shown, pages, files, aliases.

use awsx_sandbox::Config;

use crate::support::{Route, Scripted, TestEnv};

fn env() -> TestEnv {
    TestEnv::with_sandbox(Config::default()).alice()
}

/// What a request would be, without keys and without sending it.
fn dry(words: &[&str]) -> String {
    let env = TestEnv::new().var("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE").var("AWS_SECRET_ACCESS_KEY", "x");
    let words: Vec<&str> =
        words.iter().copied().chain(["--region", "eu-west-1", "--dry-run-request"]).collect();
    env.run_args(&words).ok()
}

#[test]
fn a_request_can_be_seen_without_being_sent() {
    let shown =
        dry(&["iam", "create-user", "--user-name", "bob", "--tags", "Key=a,Value=b", "Key=c,Value=d"]);
    assert!(shown.starts_with("POST https://iam.amazonaws.com/\n"), "{shown}");
    assert!(
        shown.ends_with(
            "\n\nAction=CreateUser&Version=2010-05-08&UserName=bob&Tags.member.1.Key=a&Tags.member.1.Value=b&\
             Tags.member.2.Key=c&Tags.member.2.Value=d\n"
        ),
        "{shown}"
    );
    assert!(!shown.to_lowercase().contains("authorization"), "{shown}");
}

#[test]
fn sensitive_members_are_stars_in_what_is_shown() {
    let shown = dry(&["iam", "create-login-profile", "--user-name", "bob", "--password", "hunter2-hunter2"]);
    assert!(shown.contains("UserName=bob"), "{shown}");
    assert!(!shown.contains("hunter2"), "{shown}");
}

#[test]
fn mistakes_in_words_are_aws_clis() {
    let env = env();
    insta::assert_snapshot!(env.run("iam create-role --role-name x"), @"
    exit: 252
    ----- stderr -----

    awsx: [ERROR]: An error occurred (ParamValidation): the following arguments are required: --assume-role-policy-document

    usage: awsx [options] <command> <subcommand> [<subcommand> ...] [parameters]
    To see help text, you can run:

      awsx help
      awsx <command> help
      awsx <command> <subcommand> help
    ");
    insta::assert_snapshot!(env.run("sts get-caller-identity --bogus"), @"
    exit: 252
    ----- stderr -----

    usage: awsx [options] <command> <subcommand> [<subcommand> ...] [parameters]
    To see help text, you can run:

      awsx help
      awsx <command> help
      awsx <command> <subcommand> help


    awsx: [ERROR]: Unknown options: --bogus
    ");
    insta::assert_snapshot!(env.run("sts get-session-token --duration-seconds 5"), @"
    exit: 252
    ----- stderr -----

    awsx: [ERROR]: An error occurred (ParamValidation): Parameter validation failed:
    Invalid value for parameter DurationSeconds, value: 5, valid min value: 900
    ");
    insta::assert_snapshot!(env.run("sts get-session-token --duration-seconds ten"), @"
    exit: 255
    ----- stderr -----

    awsx: [ERROR]: invalid literal for int() with base 10: 'ten'
    ");
    let near = env.run("sts get-caller-identit");
    assert_eq!(near.code, 252);
    assert!(near.stderr.contains("Maybe you meant:\n\n  * get-caller-identity\n"), "{near}");
}

#[test]
fn a_skeleton_needs_neither_region_nor_keys() {
    let skeleton = TestEnv::new().run("sts get-session-token --generate-cli-skeleton").ok();
    assert_eq!(
        skeleton,
        "{\n    \"DurationSeconds\": 0,\n    \"SerialNumber\": \"\",\n    \"TokenCode\": \"\"\n}\n"
    );
    let yaml = TestEnv::new().run("iam create-role --generate-cli-skeleton yaml-input").ok();
    assert!(yaml.contains("RoleName: ''  # [REQUIRED]\n"), "{yaml}");
    assert!(yaml.contains("Tags:\n- Key: ''  # [REQUIRED]\n  Value: ''  # [REQUIRED]\n"), "{yaml}");
}

#[test]
fn help_tells_operations_parameters_and_output() {
    let env = TestEnv::new();
    let service = env.run("iam help").ok();
    assert!(service.contains("\n  create-virtual-mfa-device\n"), "{service}");
    assert!(service.contains("\n  user-exists\n"), "{service}");
    let operation = env.run("iam create-access-key --help").ok();
    assert_eq!(env.run("iam create-access-key help").ok(), operation);
    assert!(operation.contains("  --user-name (string)\n"), "{operation}");
    assert!(operation.contains("    SecretAccessKey (string)\n"), "{operation}");
    assert!(operation.contains("/reference/iam/create-access-key.html\n"), "{operation}");
}

#[test]
fn a_distribution_s_other_settings_are_kept() {
    let settings = "<DistributionConfig><CallerReference>r</CallerReference><Comment>kept</Comment><Enabled>true</Enabled>\
                    <Origins><Quantity>1</Quantity><Items><Origin><Id>o</Id><DomainName>a.org</DomainName></Origin></Items>\
                    </Origins><DefaultCacheBehavior><TargetOriginId>o</TargetOriginId><ViewerProtocolPolicy>allow-all\
                    </ViewerProtocolPolicy></DefaultCacheBehavior></DistributionConfig>";
    let service = Scripted::start(vec![
        Route::new("GET /2020-05-31/distribution/D/config", settings).with_header("ETag", "E1"),
        Route::new("PUT /2020-05-31/distribution/D/config", "<Distribution><Id>D</Id></Distribution>"),
    ]);
    let env = TestEnv::new()
        .var("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
        .var("AWS_SECRET_ACCESS_KEY", "secret-of-nobody")
        .var("AWS_ENDPOINT_URL", &service.url);
    let shown = env.run("cloudfront update-distribution --id D --default-root-object index.html").ok();
    assert!(shown.contains("\"Id\": \"D\""), "{shown}");
    let sent = service.bodies().pop().unwrap();
    for part in ["<Comment>kept</Comment>", "<DefaultRootObject>index.html</DefaultRootObject>", "<Id>o</Id>"]
    {
        assert!(sent.contains(part), "{sent}");
    }
}

/// Made for this test.
const LAUNCH_KEY: &str = "-----BEGIN RSA PRIVATE KEY-----
MIICWwIBAAKBgQC9GQ7QYXeYfONG4J0OfMjU59sQsJIRn8vg4M31OFJ9xUweGfXU
Dzy2y4O4iRfeDwSbwvUMiw1v5biQ1dchcLbhZH5bgBxjTflCeos1tQIbiQg+/PwG
9LCnVfim4x1tghBxbaxVztABP4zSu+u6viNch5hNhnNeQe7LKveD+E0yqQIDAQAB
AoGAbJucx5CDiUCJpSbS7gQ7sRTt3FsduiOmjKVxhZtwva349v0AFWke/PpM0Etl
OvQzOGc0KZ0f/ZnadM1tP1amojbpFm7FHnm46zr6mNGRISGW3/vPeM4V1dpvXsx4
yznDLBkVxyKzQdLQJx6nAZUQG5kgASaVMemZlRLRz2NYodECQQDn0TRZIvhx3zi+
iEEHxbSAoAeZbWtlxg+FXhVGyCrQdVK8MA4Ca24dtd4jhMtZFyGITp2nt05od0cU
9QBxA/dlAkEA0NMDJfGNvmDUuHgnUsZil/iq71EDQ62mGiR60/06raUeUwTkfgxj
X9oqgIsBrPN4UHYry6z0DEm/L0wNd5pD9QJAW7y3eZrUNMQAga4MBhZgIxKxTy80
9BaYJ9AenV8zSkFTl3Nw59Y5wnopSWcQzdXQiE+MJkXtOnwRXiLCpPbL3QJAUS6X
fLrJhgeS6xwa/X0Oe1I68cqm4Dqz5lnkPmGl3Dfi8Bdo1O/v+iWQfGSOBDSqw20N
XaMhRV2uK67/VU3tuQJAUIbV8BFYG/tWqr1k3EQnz9ZAUwxqrX0mvzlHUcn0V004
Low1r5JcI6qPq4+MAsm4fpg5q81N4LLG9wjpDfN1wA==
-----END RSA PRIVATE KEY-----
";

#[test]
fn a_windows_password_is_decrypted_with_the_launch_key() {
    let encrypted = "CpnTdBl8y89APb3Cc7Ti0hBHRRmE/IXDza0Rsoqtwui51qk+hlPfnvd7/+JFkuUTF1zmGqaVztrgIBZOLc0aWV4wFg\
                     GyanVBCPp3JrJdY6llAmqD9ndeyxt8kHkFanybEYmsuvOgRfh/pmsWFWgDRkyR9HfH0f43Y38A/mglfb4=";
    let answer = format!(
        "<GetPasswordDataResponse><instanceId>i-1</instanceId><passwordData>{encrypted}</passwordData>\
         </GetPasswordDataResponse>"
    );
    let service = Scripted::start(vec![Route::new("POST /", &answer)]);
    let env = TestEnv::new()
        .var("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
        .var("AWS_SECRET_ACCESS_KEY", "secret-of-nobody")
        .var("AWS_REGION", "eu-west-1")
        .var("AWS_ENDPOINT_URL", &service.url);
    env.write("key.pem", LAUNCH_KEY);
    env.write("other.pem", "no key");
    let words =
        "ec2 get-password-data --instance-id i-1 --query PasswordData --output text --priv-launch-key";
    assert_eq!(env.run(&format!("{words} ~/key.pem")).ok(), "Pa$$w0rd-ü\n");
    let run = env.run(&format!("{words} other.pem"));
    let unable = "Unable to decrypt password data using provided private key file.";
    assert!(run.code == 255 && run.stderr.contains(unable), "{run}");
    let run = env.run(&format!("{words} nope.pem"));
    assert!(
        run.code == 255 && run.stderr.contains("priv-launch-key should be a path to the local SSH"),
        "{run}"
    );
}

#[test]
fn errors_of_s3_say_what_to_do() {
    let error = "<Error><Code>InvalidArgument</Code><Message>Requests with AWS KMS managed keys require AWS Signature Version \
                 4.</Message></Error>";
    let service = Scripted::start(vec![Route::new("GET /b/k", error).failing(400)]);
    let env = TestEnv::new()
        .var("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
        .var("AWS_SECRET_ACCESS_KEY", "secret-of-nobody")
        .var("AWS_ENDPOINT_URL", &service.url);
    insta::assert_snapshot!(env.run("s3api get-object --bucket b --key k out"), @"
    exit: 254
    ----- stderr -----

    awsx: [ERROR]: An error occurred (InvalidArgument) when calling the GetObject operation: Requests with AWS KMS managed keys require AWS Signature Version 4. You can enable AWS Signature Version 4 by running the command: 
    awsx configure set s3.signature_version s3v4
    ");
}

#[test]
fn aliases_stand_for_longer_command_lines() {
    let env = env();
    env.write(
        ".aws/cli/alias",
        "[toplevel]\nme = sts get-caller-identity --output text\nhello = !echo hello\nsts = sts --output text\n\
         bad = 'open\nwho = me --profile x\n[command sts]\naccount = get-caller-identity --query Account\n",
    );
    assert_eq!(env.run("me --query Account").ok(), "111122223333\n");
    assert_eq!(env.run("sts account").ok(), "111122223333\n");
    assert_eq!(env.run("hello 'a").ok(), "hello 'a\n");
    let bad = env.run("bad");
    assert_eq!(bad.code, 255);
    assert!(bad.stderr.contains("Value of alias \"bad\" could not be parsed."), "{bad}");
    assert!(env.run("who").stderr.contains("Global parameter \"--profile\" detected in alias \"who\""));
}
