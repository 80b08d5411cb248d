//! `rds generate-db-auth-token`, and Aurora DSQL's.

use super::with_keys;
use crate::support::TestEnv;

#[test]
fn a_database_s_password_is_signed_here() {
    let env = with_keys();
    let token =
        env.run("rds generate-db-auth-token --hostname db.example.com --port 5432 --username me").ok();
    assert!(token.starts_with("db.example.com:5432/?Action=connect&DBUser=me&X-Amz-Algorithm="), "{token}");
    assert!(token.contains("%2Feu-west-1%2Frds-db%2Faws4_request"), "{token}");
    assert_eq!(token.lines().count(), 1);
    let token =
        env.run("dsql generate-db-connect-admin-auth-token --hostname c.on.aws --region us-east-1").ok();
    assert!(token.starts_with("c.on.aws/?Action=DbConnectAdmin&X-Amz-Algorithm="), "{token}");
    assert!(token.contains("%2Fus-east-1%2Fdsql%2F") && token.contains("X-Amz-Expires=900&"), "{token}");
    let token = env.run("dsql generate-db-connect-auth-token --hostname c.on.aws --expires-in 60").ok();
    assert!(token.contains("Action=DbConnect&") && token.contains("X-Amz-Expires=60&"), "{token}");
}

#[test]
fn what_is_missing_is_told_as_aws_cli_tells_it() {
    let env = with_keys();
    let run = env.run("rds generate-db-auth-token --hostname db.example.com");
    assert_eq!(run.code, 252);
    assert!(run.stderr.contains("the following arguments are required: --port, --username"), "{run}");
    let run = env.run("rds generate-db-auth-token --hostname h --port x --username me");
    assert_eq!(run.code, 255);
    assert!(run.stderr.contains("invalid literal for int() with base 10: 'x'"), "{run}");
    let words = "rds generate-db-auth-token --hostname h --port 1 --username me";
    let run = with_keys().without("AWS_REGION").run(words);
    assert_eq!(run.code, 253, "{run}");
    let run = TestEnv::new().var("AWS_REGION", "eu-west-1").run(words);
    assert_eq!(run.code, 253, "{run}");
    assert!(run.stderr.contains("Unable to locate credentials"), "{run}");
}
