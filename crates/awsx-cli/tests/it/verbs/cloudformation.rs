//! `cloudformation package` and `deploy`.

use awsx_sandbox::Config;

use super::asking;
use crate::support::{Route, Scripted, TestEnv};

/// An answer of CloudFormation's to an action.
fn action(name: &str, members: &str) -> Route {
    let body = format!("<{name}Response><{name}Result>{members}</{name}Result></{name}Response>");
    Route::new("POST /", &body).containing(&format!("Action={name}&"))
}

fn failing(name: &str, message: &str) -> Route {
    let body = format!(
        "<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>{message}</Message></Error>\
         </ErrorResponse>"
    );
    Route::new("POST /", &body).containing(&format!("Action={name}&")).failing(400)
}

fn described(status: &str) -> Route {
    let stack = format!("<member><StackName>s</StackName><StackStatus>{status}</StackStatus></member>");
    action("DescribeStacks", &format!("<Stacks>{stack}</Stacks>"))
}

fn change_set(members: &str) -> [Route; 3] {
    [
        action("CreateChangeSet", "<Id>arn:change</Id>"),
        action("DescribeChangeSet", members),
        action("ExecuteChangeSet", ""),
    ]
}

/// A bucket that has nothing and takes everything.
fn bucket() -> [Route; 2] {
    [Route::new("HEAD /artifacts/*", "").failing(404), Route::new("PUT /artifacts/*", "")]
}

/// The body of the request with this action.
fn asked(service: &Scripted, name: &str) -> String {
    let start = format!("Action={name}&");
    let bodies = service.bodies();
    bodies.into_iter().find(|body| body.starts_with(&start)).unwrap_or_else(|| panic!("{name} was not asked"))
}

fn deploy(env: &TestEnv, words: &[&str]) -> crate::support::Run {
    let template = env.path("t.yaml").display().to_string();
    let all = ["cloudformation", "deploy", "--stack-name", "s", "--template-file", &template];
    env.run_args(&[&all, words].concat())
}

#[test]
fn a_stack_is_updated_by_a_change_set() {
    let summary = "<Parameters><member><ParameterKey>Old</ParameterKey></member></Parameters>";
    let routes = [described("UPDATE_COMPLETE"), action("GetTemplateSummary", summary)];
    let (env, service) =
        asking(routes.into_iter().chain(change_set("<Status>CREATE_COMPLETE</Status>")).collect());
    env.write("t.yaml", "Parameters:\n  Old: {Type: String}\n  New: {Type: String}\n  Set: {Type: String}\n");
    let words =
        ["--parameter-overrides", "Set=a=b", "--tags", "team=blue", "--capabilities", "CAPABILITY_IAM"];
    insta::assert_snapshot!(deploy(&env, &words), @"
    exit: 0
    ----- stdout -----

    Waiting for changeset to be created..
    Waiting for stack create/update to complete
    Successfully created/updated stack - s
    ");
    let created = asked(&service, "CreateChangeSet");
    for part in [
        "ChangeSetName=awscli-cloudformation-package-deploy-",
        "&TemplateBody=Parameters%3A%0A",
        "&ChangeSetType=UPDATE&",
        "&Parameters.member.1.ParameterKey=Old&Parameters.member.1.UsePreviousValue=true",
        "&Parameters.member.2.ParameterKey=Set&Parameters.member.2.ParameterValue=a%3Db",
        "&Capabilities.member.1=CAPABILITY_IAM",
        "&Tags.member.1.Key=team&Tags.member.1.Value=blue",
    ] {
        assert!(created.contains(part), "{part} is not in {created}");
    }
    assert!(!created.contains("ParameterKey=New") && !created.contains("RoleARN"), "{created}");
    assert!(asked(&service, "ExecuteChangeSet").contains("DisableRollback=false"));
}

#[test]
fn a_new_stack_is_created_and_may_wait_for_its_review() {
    let routes = [failing("DescribeStacks", "Stack with id s does not exist")];
    let (env, service) =
        asking(routes.into_iter().chain(change_set("<Status>CREATE_COMPLETE</Status>")).collect());
    env.write("t.yaml", "{\"Parameters\": {\"A\": {\"Type\": \"String\"}}}");
    env.write("p.json", "[{\"ParameterKey\": \"A\", \"ParameterValue\": \"1\"}]");
    let overrides = format!("file://{}", env.path("p.json").display());
    let words = [
        "--no-execute-changeset",
        "--parameter-overrides",
        &overrides,
        "--role-arn",
        "arn:aws:iam::1:role/r",
    ];
    insta::assert_snapshot!(deploy(&env, &words), @"
    exit: 0
    ----- stdout -----

    Waiting for changeset to be created..
    Changeset created successfully. Run the following command to review changes:
    awsx cloudformation describe-change-set --change-set-name arn:change
    ");
    let created = asked(&service, "CreateChangeSet");
    assert!(created.contains("&ChangeSetType=CREATE&"), "{created}");
    assert!(created.contains("ParameterValue=1") && created.contains("&RoleARN=arn%3Aaws"), "{created}");
}

#[test]
fn nothing_to_change_fails_only_if_asked_to() {
    let nothing = "<Status>FAILED</Status><StatusReason>The submitted information didn't contain changes. Submit \
                   different information to create a change set.</StatusReason>";
    let routes = [described("CREATE_COMPLETE"), action("GetTemplateSummary", "")];
    let (env, _service) = asking(routes.into_iter().chain(change_set(nothing)).collect());
    env.write("t.yaml", "Resources: {}\n");
    insta::assert_snapshot!(deploy(&env, &[]), @"
    exit: 0
    ----- stdout -----

    Waiting for changeset to be created..

    No changes to deploy. Stack s is up to date
    ");
    insta::assert_snapshot!(deploy(&env, &["--fail-on-empty-changeset"]), @"
    exit: 255
    ----- stdout -----

    Waiting for changeset to be created..
    ----- stderr -----

    awsx: [ERROR]: No changes to deploy. Stack s is up to date
    ");
}

#[test]
fn what_went_wrong_is_told() {
    let why = "<Status>FAILED</Status><StatusReason>Transform failed</StatusReason>";
    let routes = [described("CREATE_COMPLETE"), action("GetTemplateSummary", "")];
    let (env, _service) = asking(routes.into_iter().chain(change_set(why)).collect());
    env.write("t.yaml", "Resources: {}\n");
    let run = deploy(&env, &[]);
    assert_eq!(run.code, 255);
    assert!(
        run.stderr.contains(
            "Failed to create the changeset: Waiter ChangeSetCreateComplete failed: Waiter encountered a terminal \
             failure state: For expression \"Status\" we matched expected path: \"FAILED\" Status: FAILED. Reason: \
             Transform failed"
        ),
        "{run}"
    );
    let routes = [described("UPDATE_ROLLBACK_COMPLETE"), action("GetTemplateSummary", "")];
    let (env, _service) =
        asking(routes.into_iter().chain(change_set("<Status>CREATE_COMPLETE</Status>")).collect());
    env.write("t.yaml", "Resources: {}\n");
    let run = deploy(&env, &[]);
    assert_eq!(run.code, 255);
    assert!(run.stderr.contains("awsx cloudformation describe-stack-events --stack-name s"), "{run}");
}

#[test]
fn mistakes_are_told_before_anything_is_asked() {
    let (env, service) = asking(Vec::new());
    env.write("t.yaml", "Resources: {}\n");
    env.write("large.yaml", &format!("Description: {}\n", "x".repeat(51_200)));
    let run = env.run("cloudformation deploy --stack-name s --template-file nope");
    assert!(run.code == 255 && run.stderr.contains("awsx: [ERROR]: Invalid template path nope\n"), "{run}");
    let run = deploy(&env, &["--tags", "a"]);
    assert!(run.stderr.contains("['a'] value passed to --tags must be of format Key=Value"), "{run}");
    let run = deploy(&env, &["--parameter-overrides", "{\"a\": 1}"]);
    assert!(
        run.code == 252 && run.stderr.contains("JSON passed to --parameter-overrides must be one of"),
        "{run}"
    );
    let large = env.path("large.yaml").display().to_string();
    let run = env.run_args(&["cloudformation", "deploy", "--stack-name", "s", "--template-file", &large]);
    assert!(
        run.stderr.contains("Templates with a size greater than 51,200 bytes must be deployed via"),
        "{run}"
    );
    assert!(service.requests().is_empty());
}

#[test]
fn a_template_can_go_by_way_of_s3() {
    let routes = [failing("DescribeStacks", "Stack with id s does not exist")];
    let routes = routes.into_iter().chain(change_set("<Status>CREATE_COMPLETE</Status>")).chain(bucket());
    let (env, service) = asking(routes.collect());
    env.write("t.yaml", "Resources: {}\n");
    let words = ["--s3-bucket", "artifacts", "--s3-prefix", "p", "--no-execute-changeset"];
    let run = deploy(&env, &words);
    assert_eq!(run.code, 0, "{run}");
    let put = service.requests().into_iter().find(|request| request.starts_with("PUT")).unwrap();
    let path = put.strip_prefix("PUT ").unwrap();
    // The MD5 of the template.
    assert_eq!(path, "/artifacts/p/340b908c5f5df1bf0ad01dabebcab210.template");
    let url = format!("{}{path}", service.url).replace(':', "%3A").replace('/', "%2F");
    assert!(asked(&service, "CreateChangeSet").contains(&format!("&TemplateURL={url}&")), "{run}");
}

#[test]
fn a_template_s_files_are_uploaded_once() {
    let (env, service) = asking(bucket().into());
    env.write("app/src/index.py", "print(1)\n");
    env.write("app/api.yaml", "openapi: 3.0.0\n");
    env.write("app/inner.yaml", "Resources:\n  Api:\n    Type: AWS::Serverless::Api\n    Properties:\n      DefinitionUri: api.yaml\n");
    env.write(
        "app/t.yaml",
        "AWSTemplateFormatVersion: 2010-09-09\nResources:\n  One:\n    Type: AWS::Lambda::Function\n    Properties:\n      \
         Code: src\n      Role: !GetAtt Role.Arn\n  Two:\n    Type: AWS::Serverless::Function\n    Properties:\n      \
         CodeUri: s3://elsewhere/code.zip\n  Inner:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n      \
         TemplateURL: inner.yaml\n",
    );
    let template = env.path("app/t.yaml").display().to_string();
    let words = ["cloudformation", "package", "--s3-bucket", "artifacts", "--template-file", &template];
    let run = env.run_args(&words);
    assert_eq!(run.code, 0, "{run}");
    let puts: Vec<String> =
        service.requests().into_iter().filter(|request| request.starts_with("PUT")).collect();
    let [code, api, inner] = puts.as_slice() else { panic!("{puts:?}") };
    let key = |put: &str| put.strip_prefix("PUT /artifacts/").unwrap().to_owned();
    let expected = format!(
        "\nAWSTemplateFormatVersion: 2010-09-09\nResources:\n  One:\n    Type: AWS::Lambda::Function\n    Properties:\n      \
         Code:\n        S3Bucket: artifacts\n        S3Key: {}\n      Role:\n        Fn::GetAtt:\n        - Role\n        - \
         Arn\n  Two:\n    Type: AWS::Serverless::Function\n    Properties:\n      CodeUri: s3://elsewhere/code.zip\n  \
         Inner:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n      TemplateURL: {}/artifacts/{}\n",
        key(code),
        service.url,
        key(inner)
    );
    assert_eq!(run.stdout, expected);
    // The inner template names its own file.
    assert!(
        service
            .bodies()
            .iter()
            .any(|body| body.contains(&format!("DefinitionUri: s3://artifacts/{}", key(api))))
    );
    let output = env.path("out.json").display().to_string();
    let run = env.run_args(&[&words[..], &["--use-json", "--output-template-file", &output]].concat());
    assert!(
        run.stdout.starts_with(&format!(
            "\nSuccessfully packaged artifacts and wrote output template to file {output}.\n"
        )),
        "{run}"
    );
    assert!(env.read("out.json").starts_with("{\n    \"AWSTemplateFormatVersion\": \"2010-09-09\",\n"));
}

#[test]
fn what_is_there_is_not_uploaded_again() {
    let (env, service) =
        asking(vec![Route::new("HEAD /artifacts/*", ""), Route::new("PUT /artifacts/*", "")]);
    env.write("api.yaml", "openapi: 3.0.0\n");
    env.write("t.json", "{\"Resources\": {\"A\": {\"Type\": \"AWS::Serverless::Api\", \"Properties\": {\"DefinitionUri\": \"api.yaml\"}}}}");
    let template = env.path("t.json").display().to_string();
    let words = ["cloudformation", "package", "--s3-bucket", "artifacts", "--template-file", &template];
    assert!(env.run_args(&words).ok().contains("DefinitionUri: s3://artifacts/"));
    assert_eq!(service.requests().len(), 1);
    assert_eq!(env.run_args(&[&words[..], &["--force-upload", "--metadata", "a=b"]].concat()).code, 0);
    assert_eq!(service.requests().len(), 2);
}

#[test]
fn a_large_file_goes_up_in_parts() {
    let env = TestEnv::with_sandbox(Config::default()).alice();
    env.write(".aws/config", "[default]\ns3 =\n  multipart_threshold = 5MB\n  multipart_chunksize = 5MB\n");
    let large = "0123456789".repeat(600_000);
    env.write("api.yaml", &large);
    env.write(
        "t.yaml",
        "Resources:\n  A:\n    Type: AWS::Serverless::Api\n    Properties:\n      DefinitionUri: api.yaml\n",
    );
    let template = env.path("t.yaml").display().to_string();
    let words = ["cloudformation", "package", "--s3-bucket", "sandbox-empty", "--template-file", &template];
    let packaged = env.run_args(&[&words[..], &["--metadata", "a=b"]].concat());
    assert_eq!(packaged.code, 0, "{packaged}");
    let parts = env.sandbox().requests().iter().filter(|it| it.query.contains_key("partNumber")).count();
    assert_eq!(parts, 2);
    let url = packaged.stdout.split_once("DefinitionUri: ").unwrap().1.trim();
    env.run_args(&["s3", "cp", url, "back", "--quiet"]).ok();
    assert!(env.read("back") == large, "what came back is not what went");
    let key = url.strip_prefix("s3://sandbox-empty/").unwrap();
    let head = ["s3api", "head-object", "--bucket", "sandbox-empty", "--key", key, "--query", "Metadata.a"];
    assert_eq!(env.run_args(&head).ok().trim(), "\"b\"");
}

#[test]
fn a_file_that_is_missing_is_told_with_its_place() {
    let (env, _service) = asking(Vec::new());
    env.write(
        "t.yaml",
        "Resources:\n  A:\n    Type: AWS::Serverless::Api\n    Properties:\n      DefinitionUri: nope.yaml\n",
    );
    let template = env.path("t.yaml").display().to_string();
    let run = env.run_args(&["cloudformation", "package", "--s3-bucket", "b", "--template-file", &template]);
    insta::assert_snapshot!(run, @"
    exit: 255
    ----- stderr -----

    awsx: [ERROR]: Unable to upload artifact nope.yaml referenced by DefinitionUri parameter of A resource.
    Parameter DefinitionUri of resource A refers to a file or folder that does not exist [HOME]/nope.yaml
    ");
}
