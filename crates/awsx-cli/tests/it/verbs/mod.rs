//! The verbs that AWS CLI has beside a service's operations. One file per service.

mod cloudformation;
mod cloudfront;
#[cfg(unix)]
mod codeartifact;
mod codecommit;
mod codedeploy;
mod configservice;
mod database;
mod datapipeline;
#[cfg(unix)]
mod ec2_instance_connect;
mod ecr;
mod eks;
mod emr;
mod logs;
#[cfg(unix)]
mod session;

use crate::support::{Route, Scripted, TestEnv};

/// A user with keys and a region, for whom every service is at a script.
fn asking(routes: Vec<Route>) -> (TestEnv, Scripted) {
    let service = Scripted::start(routes);
    let env = with_keys().var("AWS_ENDPOINT_URL", &service.url);
    (env, service)
}

/// A user with keys and a region. Whatever asks the network would fail.
fn with_keys() -> TestEnv {
    TestEnv::new()
        .var("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
        .var("AWS_SECRET_ACCESS_KEY", "secret-of-nobody")
        .var("AWS_REGION", "eu-west-1")
}

/// A service's help, completion and guesses know its verbs beside its operations.
#[test]
fn verbs_stand_beside_operations() {
    let env = TestEnv::new();
    let help = env.run("ecr help").ok();
    assert!(help.contains("\n  get-authorization-token\n"), "{help}");
    assert!(help.contains("\n  get-login-password\n      Print the password"), "{help}");
    assert_eq!(env.run("completion -- ecr get-login").ok(), "get-login-password\n");
    assert_eq!(env.run("completion -- codecommit credential-helper g").ok(), "get\n");
    assert_eq!(env.run("completion -- eks get-token --cluster-n").ok(), "--cluster-name\n");
    let near = env.run("ecr get-login-passwor");
    assert_eq!(near.code, 252);
    assert!(near.stderr.contains("Maybe you meant:\n\n  * get-login-password\n"), "{near}");
    let verb = env.run("ecr get-login-password help").ok();
    assert_eq!(env.run("help ecr get-login-password").ok(), verb);
    assert!(verb.contains("--password-stdin"), "{verb}");
    let unknown = env.run("ecr get-login-password --bogus");
    assert_eq!(unknown.code, 252);
    assert!(unknown.stderr.contains("Unknown options: --bogus"), "{unknown}");
}

/// The list of commands is short; services are found by their names.
#[test]
fn services_with_verbs_do_not_fill_the_list_of_commands() {
    let help = TestEnv::new().run("--help").ok();
    assert!(help.contains("\n  sso ") && !help.contains("\n  ecr"), "{help}");
}
