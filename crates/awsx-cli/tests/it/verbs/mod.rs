//! The verbs that AWS CLI has beside a service's operations. One file per service.

mod cloudformation;
mod cloudfront;
mod cloudtrail;
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
mod express_gateway;
mod logs;
mod roles;
#[cfg(unix)]
mod session;
mod uploads;

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

/// A value that names a file is the file's text, whatever verb it is for.
#[test]
fn values_of_verbs_are_read_from_files() {
    let (env, service) = asking(vec![Route::operation("Logs_20140328.FilterLogEvents", "{\"events\": []}")]);
    env.write("pattern", "-a \"b\"\n");
    assert_eq!(env.run("logs tail g --filter-pattern file://pattern").ok(), "");
    assert!(service.bodies()[0].contains(r#""filterPattern":"-a \"b\"\n""#), "{:?}", service.bodies());
    insta::assert_snapshot!(env.run("logs tail g --since file://gone"), @"
    exit: 252
    ----- stderr -----

    awsx: [ERROR]: An error occurred (ParamValidation): Error parsing parameter '--since': Unable to load paramfile file://gone: [Errno 2] No such file or directory: 'gone'
    ");
}

#[test]
fn what_is_left_out_of_aws_cli_is_named_with_what_there_is_instead() {
    insta::assert_snapshot!(TestEnv::new().run("iam wizard new-role"), @"
    exit: 252
    ----- stderr -----

    awsx: [ERROR]: An error occurred (ParamValidation): awsx leaves out AWS CLI's `iam wizard`
    hint: `awsx iam create-role --role-name NAME --assume-role-policy-document file://trust.json`
    hint: then `awsx iam attach-role-policy --role-name NAME --policy-arn ARN`
    ");
    assert!(TestEnv::new().run("history list").stderr.contains("--debug"));
}

/// The list of commands is short; services are found by their names.
#[test]
fn services_with_verbs_do_not_fill_the_list_of_commands() {
    let help = TestEnv::new().run("--help").ok();
    assert!(help.contains("\n  sso ") && !help.contains("\n  ecr"), "{help}");
}
