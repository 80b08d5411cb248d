//! `ssm start-session` and `ecs execute-command`, which hand their session to a plugin.

use std::os::unix::fs::PermissionsExt;

use super::asking;
use crate::support::{Route, Scripted, TestEnv};

const STARTED: &str = r#"{"SessionId": "s-1", "TokenValue": "t", "StreamUrl": "wss://x/?a=ü"}"#;

/// Somebody whose plugin has a version, writes down how it was called, and ends with a code.
fn with_plugin(routes: Vec<Route>, version: &str, code: u8) -> (TestEnv, Scripted) {
    let (env, service) = asking(routes);
    let plugin = format!(
        "#!/bin/sh\nif [ \"$1\" = --version ]; then echo {version}; exit 0; fi\nif [ $# = 0 ]; then exit 0; fi\n\
         for word; do printf '%s\\n' \"$word\"; done\nprintf 'variable %s\\n' \"$AWS_SSM_START_SESSION_RESPONSE\"\n\
         exit {code}\n"
    );
    env.write("bin/session-manager-plugin", &plugin);
    let path = env.path("bin/session-manager-plugin");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    let folder = env.path("bin").display().to_string();
    (env.var("PATH", &folder), service)
}

fn ssm(operation: &str, body: &str) -> Route {
    Route::operation(&format!("AmazonSSM.{operation}"), body)
}

#[test]
fn a_newer_plugin_gets_the_session_in_a_variable() {
    let (env, service) = with_plugin(vec![ssm("StartSession", STARTED)], "1.2.650.0", 0);
    let said = env
        .run_args(&[
            "ssm",
            "start-session",
            "--target",
            "i-1",
            "--parameters",
            "portNumber=80,localPortNumber=8080",
        ])
        .ok();
    let url = &service.url;
    assert_eq!(
        said,
        format!(
            "AWS_SSM_START_SESSION_RESPONSE\neu-west-1\nStartSession\n\n{{\"Target\": \"i-1\", \"Parameters\": \
             {{\"portNumber\": [\"80\"], \"localPortNumber\": [\"8080\"]}}}}\n{url}\nvariable {{\"SessionId\": \"s-1\", \
             \"TokenValue\": \"t\", \"StreamUrl\": \"wss://x/?a=\\u00fc\"}}\n"
        )
    );
}

#[test]
fn an_older_plugin_gets_the_session_as_a_word() {
    let (env, _service) = with_plugin(vec![ssm("StartSession", STARTED)], "1.2.497.0", 3);
    let run = env.run("ssm start-session --target i-1");
    assert!(run.stdout.starts_with("{\"SessionId\": \"s-1\", \"TokenValue\": \"t\","), "{run}");
    assert_eq!(run.code, 255);
    assert!(run.stderr.contains("returned non-zero exit status 3."), "{run}");
}

#[test]
fn without_the_plugin_the_session_is_ended() {
    let (env, service) = asking(vec![ssm("StartSession", STARTED), ssm("TerminateSession", "{}")]);
    let run = env.run("ssm start-session --target i-1");
    assert_eq!(run.code, 255);
    assert!(run.stderr.contains("SessionManagerPlugin is not found. Please refer to"), "{run}");
    assert_eq!(service.bodies(), [r#"{"Target":"i-1"}"#, r#"{"SessionId":"s-1"}"#]);
}

const EXECUTED: &str = r#"{
    "clusterArn": "arn:aws:ecs:eu-west-1:1:cluster/c", "taskArn": "arn:aws:ecs:eu-west-1:1:task/c/t",
    "containerName": "web", "session": {"sessionId": "s", "streamUrl": "u", "tokenValue": "v"}
}"#;

fn ecs(tasks: &str) -> Vec<Route> {
    let target = "AmazonEC2ContainerServiceV20141113";
    vec![
        Route::operation(&format!("{target}.ExecuteCommand"), EXECUTED),
        Route::operation(&format!("{target}.DescribeTasks"), tasks),
    ]
}

const COMMAND: &str = "ecs execute-command --cluster c --task t --interactive --command sh";

#[test]
fn a_container_is_known_by_its_runtime_id() {
    let tasks = r#"{"tasks": [{"containers": [{"name": "x", "runtimeId": "1"}, {"name": "web", "runtimeId": "2"}]}]}"#;
    let (env, service) = with_plugin(ecs(tasks), "1.2.650.0", 0);
    let env = env.var("AWS_PROFILE", "dev").config("[profile dev]\nregion = eu-west-1\n");
    let said = env.run(COMMAND).ok();
    let url = &service.url;
    assert_eq!(
        said,
        format!(
            "{{\"sessionId\": \"s\", \"streamUrl\": \"u\", \"tokenValue\": \"v\"}}\neu-west-1\nStartSession\ndev\n\
             {{\"Target\": \"ecs:c_t_2\"}}\n{url}\nvariable \n"
        )
    );
}

#[test]
fn no_command_is_executed_without_the_plugin() {
    let (env, service) = asking(ecs("{}"));
    let run = env.run(COMMAND);
    assert_eq!(run.code, 255);
    assert!(run.stderr.contains("SessionManagerPlugin is not found."), "{run}");
    assert!(service.requests().is_empty());
    let (env, _service) = with_plugin(ecs(r#"{"tasks": []}"#), "1.2.650.0", 0);
    let run = env.run(COMMAND);
    assert_eq!(run.code, 255);
    assert!(run.stderr.contains("The task provided in the request was not found."), "{run}");
}
