//! `deploy push`, and `ecs deploy`, which go by way of CodeDeploy.

use super::asking;
use crate::support::{Route, Run, TestEnv};

fn codedeploy(operation: &str, answer: &str) -> Route {
    Route::operation(&format!("CodeDeploy_20141006.{operation}"), answer)
}

fn ecs(operation: &str, answer: &str) -> Route {
    Route::operation(&format!("AmazonEC2ContainerServiceV20141113.{operation}"), answer)
}

fn push(env: &TestEnv, more: &[&str]) -> Run {
    let source = env.path("app").display().to_string();
    let words = ["deploy", "push", "--application-name", "shop", "--s3-location", "s3://bundles/shop.zip"];
    env.run_args(&[&words[..], &["--source", source.as_str()], more].concat())
}

#[test]
fn a_folder_becomes_a_revision() {
    let (env, service) = asking(vec![
        Route::new("PUT /bundles/shop.zip", "").with_header("ETag", "\"abc\""),
        codedeploy("RegisterApplicationRevision", ""),
    ]);
    env.write("app/appspec.yml", "version: 0.0\n");
    env.write("app/.hidden", "");
    insta::assert_snapshot!(push(&env, &["--description", "first"]), @"
    exit: 0
    ----- stdout -----
    To deploy with this revision, run:
    awsx deploy create-deployment --application-name shop --s3-location bucket=bundles,key=shop.zip,bundleType=zip,eTag=abc --deployment-group-name <deployment-group-name> --deployment-config-name <deployment-config-name> --description <description>
    ");
    let bodies = service.bodies();
    assert!(bodies[0].contains("appspec.yml") && bodies[0].contains(".hidden"));
    assert!(bodies[1].contains(r#""description":"first""#), "{}", bodies[1]);
    assert_eq!(push(&env, &["--ignore-hidden-files"]).code, 0);
    assert!(!service.bodies()[2].contains(".hidden"));
}

#[test]
fn a_folder_without_a_specification_is_none() {
    let (env, service) = asking(Vec::new());
    env.write("app/index.html", "");
    let run = push(&env, &[]);
    assert!(run.code == 255 && run.stderr.contains("/app/appspec.yml was not found"), "{run}");
    let run = env.run("deploy push --application-name shop --s3-location bundles/shop.zip");
    assert!(
        run.code == 252 && run.stderr.contains("--s3-location must specify the Amazon S3 URL format as"),
        "{run}"
    );
    assert!(service.requests().is_empty());
}

const SERVICES: &str =
    r#"{"services": [{"serviceName": "shop", "serviceArn": "arn:shop", "clusterArn": "arn:cluster/live"}]}"#;

fn group(platform: &str) -> String {
    format!(
        r#"{{"deploymentGroupInfo": {{"computePlatform": "{platform}", "ecsServices": [{{"serviceName": "shop",
        "clusterName": "live"}}], "blueGreenDeploymentConfiguration": {{"deploymentReadyOption": {{"waitTimeInMinutes": 0}},
        "terminateBlueInstancesOnDeploymentSuccess": {{"terminationWaitTimeInMinutes": 30}}}}}}}}"#
    )
}

fn deploy(env: &TestEnv) -> Run {
    env.write("task.json", r#"{"family": "shop", "containerDefinitions": []}"#);
    env.write("appspec.yaml", "version: 0.0\nResources:\n- shop:\n    Type: AWS::ECS::Service\n    Properties:\n      TaskDefinition: x\n");
    let (task, appspec) = (env.path("task.json"), env.path("appspec.yaml"));
    let (task, appspec) = (task.display().to_string(), appspec.display().to_string());
    let words =
        ["ecs", "deploy", "--service", "shop", "--task-definition", &task, "--codedeploy-appspec", &appspec];
    env.run_args(&words)
}

#[test]
fn a_task_definition_is_registered_and_deployed() {
    let (env, service) = asking(vec![
        ecs("DescribeServices", SERVICES),
        codedeploy("GetApplication", r#"{"application": {"computePlatform": "ECS"}}"#),
        codedeploy("GetDeploymentGroup", &group("ECS")),
        ecs("RegisterTaskDefinition", r#"{"taskDefinition": {"taskDefinitionArn": "arn:task:2"}}"#),
        codedeploy("CreateDeployment", r#"{"deploymentId": "d-1"}"#),
        codedeploy("GetDeployment", r#"{"deploymentInfo": {"status": "Succeeded"}}"#),
    ]);
    insta::assert_snapshot!(deploy(&env), @"
    exit: 0
    ----- stdout -----
    Successfully registered new ECS task definition arn:task:2
    Successfully created deployment d-1
    Waiting for d-1 to succeed (will wait up to 40 minutes)...
    Successfully deployed arn:task:2 to service 'shop'
    ");
    let bodies = service.bodies().join("\n");
    for part in [
        r#""applicationName":"AppECS-live-shop""#,
        r#""deploymentGroupName":"DgpECS-live-shop""#,
        r#"\"TaskDefinition\": \"arn:task:2\""#,
    ] {
        assert!(bodies.contains(part), "{part} is not in {bodies}");
    }
}

#[test]
fn what_cannot_be_deployed_so_is_told_before_anything_changes() {
    let (env, service) = asking(vec![
        ecs("DescribeServices", SERVICES),
        codedeploy("GetApplication", r#"{"application": {"computePlatform": "ECS"}}"#),
        codedeploy("GetDeploymentGroup", &group("Server")),
    ]);
    let run = deploy(&env);
    assert_eq!(run.code, 255);
    assert!(
        run.stderr.contains("Deployment Group 'DgpECS-live-shop' must support 'ECS' compute platform"),
        "{run}"
    );
    assert_eq!(service.requests().len(), 3);
    let (env, _service) = asking(vec![ecs("DescribeServices", r#"{"services": []}"#)]);
    assert!(deploy(&env).stderr.contains("Service 'shop' not found in cluster 'default'"));
    let run = env.run("ecs deploy --service shop --task-definition nope --codedeploy-appspec nope");
    let missing = "Unable to load file at nope: [Errno 2] No such file or directory: 'nope'";
    assert!(run.code == 255 && run.stderr.contains(missing), "{run}");
}
