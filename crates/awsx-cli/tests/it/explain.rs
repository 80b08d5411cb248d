//! `configure explain`: the chain told, offline. That it tells what is done is held in `credentials`.

use awsx_sandbox::{Config, seed};

use crate::support::TestEnv;

fn env() -> TestEnv {
    let (id, secret) = (seed::ACCESS_KEY_ID, seed::SECRET_ACCESS_KEY);
    TestEnv::with_sandbox(Config::default())
        .without("AWS_REGION")
        .without("AWS_DEFAULT_REGION")
        .config(
            "[profile base]
aws_access_key_id = AKIAOLDOLDOLDOLDOLD1
aws_secret_access_key = the-old-secret-of-alice
region = us-east-1
[profile reader]
role_arn = arn:aws:iam::111122223333:role/ConsoleReader
source_profile = base
role_session_name = me
region = us-east-1
credential_process = vault read --token a-token-of-the-vault
",
        )
        .credentials(&format!("[base]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\n"))
        .var("AWS_ACCESS_KEY_ID", "AKIASETASIDE00000001")
        .var("AWS_SESSION_TOKEN", "a-stale-token-of-mine")
}

#[test]
fn every_link_is_told_with_its_values_and_their_lines() {
    insta::assert_snapshot!(env().run("configure explain --profile reader"), @r"
    exit: 0
    ----- stdout -----
    Profile reader (--profile)

     1  env                            set aside by --profile
          AWS_ACCESS_KEY_ID = ****************0001  (environment, shadowed)
          AWS_SESSION_TOKEN = ****************mine  (environment, shadowed)
     2  assume-role                    used
          role_arn = arn:aws:iam::111122223333:role/ConsoleReader  (~/.aws/config:6)
          source_profile = base  (~/.aws/config:7)
          role_session_name = me  (~/.aws/config:8)
          nothing kept yet in ~/.aws/cli/cache/cc76794b5e899c03f4739d30d5cbe41278e588a3.json
          with the keys of profile base (shared-credentials-file)
            aws_access_key_id = ****************MPLE  (~/.aws/credentials:2)
            aws_access_key_id = ****************OLD1  (~/.aws/config:2, shadowed)
            aws_secret_access_key = ****************EKEY  (~/.aws/credentials:3)
            aws_secret_access_key = ****************lice  (~/.aws/config:3, shadowed)
     3  assume-role-with-web-identity  not configured
     4  sso                            not configured
     5  shared-credentials-file        not configured
     6  login                          not configured
     7  custom-process                 shadowed
          credential_process = vault …  (~/.aws/config:10)
          nothing kept yet in ~/.cache/awsx/custom-process-7d77e875d4cfee61607269d6b3e53ac011c90a69.json
     8  config-file                    not configured
     9  ec2-credentials-file           not configured
    10  boto-config                    not configured
    11  container-role                 not configured
    12  iam-role                       not configured
          AWS_EC2_METADATA_DISABLED = true  (environment)
    ");
}

#[test]
fn a_broken_link_is_told_and_so_is_what_is_kept() {
    let env = env();
    assert_eq!(env.run("sts get-caller-identity --profile reader").code, 0);
    let kept = env.run("configure explain --profile reader").ok();
    let line = kept.lines().find(|line| line.contains("/cli/cache/")).unwrap();
    assert!(line.trim_start().starts_with("kept, until 20"), "{kept}");

    let broken = env.run("configure explain").ok();
    let told: Vec<&str> = broken.lines().skip(2).take(2).collect();
    assert_eq!(
        told,
        [
            " 1  env                            broken",
            "      Partial credentials found in env, missing: AWS_SECRET_ACCESS_KEY"
        ]
    );
    assert!(broken.ends_with("\nNothing here gives credentials.\n"), "{broken}");
}

#[test]
fn a_program_gets_the_same_as_data() {
    let query = "Links[?State!='not configured'].[Source, State, Values[0].From, Kept.Usable]";
    let words = ["configure", "explain", "--profile", "reader", "--output", "json", "--query", query];
    let told: serde_json::Value = serde_json::from_str(&env().run_args(&words).ok()).unwrap();
    let expected = serde_json::json!([
        ["env", "set aside by --profile", "environment", null],
        ["assume-role", "used", "~/.aws/config:6", false],
        ["custom-process", "shadowed", "~/.aws/config:10", false]
    ]);
    assert_eq!(told, expected);
}
