//! Verbs that make and change roles: `dlm create-default-role` and those of `emr-containers`.

use super::asking;
use crate::support::Route;

const MISSING: &str =
    "<ErrorResponse><Error><Code>NoSuchEntity</Code><Message>gone</Message></Error></ErrorResponse>";

fn iam(name: &str, inside: &str) -> Route {
    Route::action(name, &format!("<{name}Response><{name}Result>{inside}</{name}Result></{name}Response>"))
}

#[test]
fn the_default_role_is_made_where_it_is_missing() {
    let (env, service) = asking(vec![
        Route::action("GetRole", MISSING).failing(404),
        iam("GetPolicy", "<Policy><DefaultVersionId>v3</DefaultVersionId></Policy>"),
        iam("CreateRole", "<Role><RoleName>r</RoleName></Role>"),
        iam("AttachRolePolicy", ""),
        iam("GetPolicyVersion", "<PolicyVersion><Document>%7B%22a%22%3A1%7D</Document></PolicyVersion>"),
    ]);
    let run = env.run(
        "dlm create-default-role --resource-type image --query [RolePolicy,Role.RoleName] --output json",
    );
    assert_eq!(run.ok().split_whitespace().collect::<String>(), r#"[{"a":1},"r"]"#);
    let bodies = service.bodies().join("\n");
    assert!(bodies.contains("RoleName=AWSDataLifecycleManagerDefaultRoleForAMIManagement"), "{bodies}");
    assert!(bodies.contains("VersionId=v3"), "{bodies}");
    let (env, service) = asking(vec![iam("GetRole", "<Role><RoleName>r</RoleName></Role>")]);
    assert_eq!(env.run("dlm create-default-role").ok(), "");
    assert_eq!(service.requests().len(), 1);
}

const CLUSTER: &str = r#"{"cluster": {"arn": "arn:aws:eks:eu-west-1:111122223333:cluster/c",
    "identity": {"oidc": {"issuer": "https://oidc.example/id/A"}}}}"#;

#[test]
fn a_trust_policy_gets_a_statement_for_the_jobs() {
    let role = "<Role><AssumeRolePolicyDocument>%7B%22Version%22%3A%222012-10-17%22%7D</AssumeRolePolicyDocument></Role>";
    let (env, service) = asking(vec![
        Route::new("GET /clusters/c", CLUSTER),
        iam("GetRole", role),
        iam("UpdateAssumeRolePolicy", ""),
    ]);
    let words = "emr-containers update-role-trust-policy --cluster-name c --namespace jobs --role-name a";
    insta::assert_snapshot!(env.run(&format!("{words} --dry-run")), @r#"
    exit: 0
    ----- stdout -----
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Principal": {
            "Federated": "arn:aws:iam::111122223333:oidc-provider/oidc.example/id/A"
          },
          "Action": "sts:AssumeRoleWithWebIdentity",
          "Condition": {
            "StringLike": {
              "oidc.example/id/A:sub": "system:serviceaccount:jobs:emr-containers-sa-*-*-111122223333-2p"
            }
          }
        }
      ]
    }
    "#);
    assert_eq!(env.run(words).ok(), "Successfully updated trust policy of role a\n");
    assert!(service.bodies().last().unwrap().contains("Action=UpdateAssumeRolePolicy"));
}

#[test]
fn associations_that_cannot_be_made_are_taken_back() {
    let associations = "/clusters/c/pod-identity-associations";
    let create = |account: &str, answer: &str| {
        Route::new(&format!("POST {associations}"), answer).containing(&format!("-{account}-1111"))
    };
    let (env, service) = asking(vec![
        Route::new("GET /clusters/c", CLUSTER),
        create("client", r#"{"association": {"clusterName": "c", "associationId": "a-1"}}"#),
        create("driver", r#"{"message": "is there"}"#)
            .failing(409)
            .with_header("x-amzn-ErrorType", "ResourceInUseException"),
        create("executor", r#"{"message": "no such role"}"#)
            .failing(400)
            .with_header("x-amzn-ErrorType", "InvalidParameterException"),
        Route::new(&format!("DELETE {associations}/a-1"), "{}"),
        Route::new(&format!("GET {associations}?*"), r#"{"associations": []}"#),
    ]);
    let words = "--cluster-name c --namespace jobs --role-name a";
    insta::assert_snapshot!(env.run(&format!("emr-containers create-role-associations {words}")), @"
    exit: 255
    ----- stderr -----
    Skipping pod identity association creation because pod identity association already exists for service account emr-containers-sa-spark-driver-111122223333-2p and role a in namespace jobs: is there
    Rolling back association for service account emr-containers-sa-spark-executor-111122223333-2p and role a in namespace jobs as an error was encountered

    awsx: [ERROR]: Failed to create pod identity association for service account emr-containers-sa-spark-executor-111122223333-2p, role a in namespace jobs: no such role
    ");
    assert!(service.requests().contains(&format!("DELETE {associations}/a-1")));
    let nothing = env.run(&format!("emr-containers delete-role-associations {words} --type livy"));
    assert!(nothing.code == 0 && nothing.stdout.is_empty(), "{nothing}");
    assert!(
        nothing
            .stderr
            .contains("no pod identity association found for service account emr-containers-sa-livy"),
        "{nothing}"
    );
}
