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

fn iam(name: &str, inside: &str) -> Route {
    Route::action(name, &format!("<{name}Response><{name}Result>{inside}</{name}Result></{name}Response>"))
}

#[test]
fn a_machine_is_registered_with_a_user_of_its_own() {
    let key =
        "<AccessKey><AccessKeyId>AKIANEW</AccessKeyId><SecretAccessKey>made-up</SecretAccessKey></AccessKey>";
    let (env, service) = asking(vec![
        iam("CreateUser", "<User><Arn>arn:aws:iam::111122223333:user/web</Arn></User>"),
        iam("CreateAccessKey", key),
        iam("PutUserPolicy", ""),
        codedeploy("RegisterOnPremisesInstance", ""),
        codedeploy("AddTagsToOnPremisesInstances", ""),
    ]);
    let run = env.run("deploy register --instance-name web --tags Key=a,Value=b");
    assert!(run.ok().contains("SecretAccessKey: made-up\nCreating the IAM user policy... DONE\n"));
    assert_eq!(
        env.read("codedeploy.onpremises.yml"),
        "---\nregion: eu-west-1\niam_user_arn: arn:aws:iam::111122223333:user/web\naws_access_key_id: AKIANEW\n\
         aws_secret_access_key: made-up\n"
    );
    #[cfg(unix)]
    assert_eq!(crate::support::mode_of(&env.path("codedeploy.onpremises.yml")), 0o600);
    let tagged = service.bodies().pop().unwrap();
    assert_eq!(tagged, r#"{"tags":[{"Key":"a","Value":"b"}],"instanceNames":["web"]}"#);
}

#[test]
fn what_no_machine_can_be_called_is_refused() {
    let (env, service) = asking(Vec::new());
    for (words, part) in [
        ("--instance-name i-1", "Instance name cannot start with 'i-'."),
        ("--instance-name a/b", "Instance name contains invalid characters."),
        ("--instance-name a --iam-user-arn x", "Invalid IAM user ARN."),
        ("--instance-name a --tags Key=k", "Missing required parameter in [0]: \"Value\""),
        (
            "--instance-name a --tags Key=k,Value=v,X=y",
            "Unknown parameter in [0]: \"X\", must be one of: Key, Value",
        ),
    ] {
        let run = env.run(&format!("deploy register {words}"));
        assert!(run.code == 252 && run.stderr.contains(part), "{run}");
    }
    assert!(service.requests().is_empty());
    let run = env.run("deploy deregister --instance-name web");
    assert_eq!(run.code, 255);
    assert!(
        run.stdout == "Retrieving on-premises instance information... " && run.stderr.starts_with("ERROR\n"),
        "{run}"
    );
}

#[test]
fn a_machine_is_forgotten_with_its_user() {
    let machine = r#"{"instanceInfo": {"iamUserArn": "arn:aws:iam::111122223333:user/x/web", "tags": [{"Key": "a", "Value": "b"}]}}"#;
    let (env, service) = asking(vec![
        codedeploy("GetOnPremisesInstance", machine),
        codedeploy("RemoveTagsFromOnPremisesInstances", ""),
        codedeploy("DeregisterOnPremisesInstance", ""),
        iam("ListUserPolicies", "<PolicyNames><member>p</member></PolicyNames>"),
        iam("DeleteUserPolicy", ""),
        iam(
            "ListAccessKeys",
            "<AccessKeyMetadata><member><AccessKeyId>AKIAEXAMPLE000000001</AccessKeyId></member></AccessKeyMetadata>",
        ),
        iam("DeleteAccessKey", ""),
        Route::action(
            "DeleteUser",
            "<ErrorResponse><Error><Code>NoSuchEntity</Code></Error></ErrorResponse>",
        )
        .failing(404),
    ]);
    insta::assert_snapshot!(env.run("deploy deregister --instance-name web"), @"
    exit: 0
    ----- stdout -----
    Retrieving on-premises instance information... DONE
    IamUserArn: arn:aws:iam::111122223333:user/x/web
    Tags: Key=a,Value=b
    Removing tags from the on-premises instance... DONE
    Deregistering the on-premises instance... DONE
    Deleting the IAM user policies... DONE
    Deleting the IAM user access keys... DONE
    Deleting the IAM user (web)... DONE
    Run the following command on the on-premises instance to uninstall the codedeploy-agent:
    awsx deploy uninstall
    ");
    assert_eq!(service.requests().len(), 8);
    let kept = env.run("deploy deregister --instance-name web --no-delete-iam-user");
    assert!(kept.ok().ends_with("awsx deploy uninstall\n"));
    assert_eq!(service.requests().len(), 11);
}
