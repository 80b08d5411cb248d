//! `eks get-token` and `eks update-kubeconfig`.

use awsx_sandbox::{Config, seed};

use super::{asking, with_keys};
use crate::support::{Route, TestEnv};

const CLUSTER: &str = r#"{"cluster": {
    "name": "prod", "arn": "arn:aws:eks:eu-west-1:111122223333:cluster/prod", "status": "ACTIVE",
    "endpoint": "https://ABC.gr7.eu-west-1.eks.amazonaws.com", "certificateAuthority": {"data": "LS0tLS1CRUdJTg=="}
}}"#;

fn cluster() -> Route {
    Route::new("GET /clusters/prod", CLUSTER)
}

#[test]
fn a_token_is_an_exec_credential() {
    let env = with_keys().var("KUBERNETES_EXEC_INFO", r#"{"apiVersion": "client.authentication.k8s.io/v1"}"#);
    let printed = env.run("eks get-token --cluster-name prod").ok();
    assert!(printed.ends_with("}\n\n"), "{printed}");
    let credential: serde_json::Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(credential["kind"], "ExecCredential");
    assert_eq!(credential["apiVersion"], "client.authentication.k8s.io/v1");
    assert!(credential["status"]["token"].as_str().unwrap().starts_with("k8s-aws-v1.aHR0cHM6Ly9zdHMu"));
    let token = env.run("eks get-token --cluster-id x --query status.token --output text").ok();
    assert!(token.starts_with("k8s-aws-v1."), "{token}");
}

#[test]
fn a_token_can_be_a_role_s() {
    let env = TestEnv::with_sandbox(Config::default()).alice().var("AWS_REGION", "us-east-1");
    let words = format!("eks get-token --cluster-name prod --role {}", seed::CONSOLE_READER_ARN);
    env.run(&words).ok();
    let asked = env.sandbox().requests();
    let roles: Vec<_> = asked.iter().filter(|asked| asked.form.contains_key("RoleSessionName")).collect();
    assert_eq!(roles.len(), 1);
    assert_eq!(roles[0].form["RoleSessionName"], "EKSGetTokenAuth");
}

#[test]
fn a_token_needs_a_cluster_and_only_one() {
    let env = with_keys();
    let run = env.run("eks get-token");
    assert_eq!(run.code, 1);
    assert_eq!(run.stderr, "Either parameter --cluster-name or --cluster-id must be specified.\n");
    let run = env.run("eks get-token --cluster-name a --cluster-id b");
    assert_eq!(run.code, 252);
    assert!(run.stderr.contains("The key \"cluster_id\" cannot be specified when one of"), "{run}");
}

#[test]
fn a_new_kubeconfig_signs_in_with_awsx() {
    let (env, _service) = asking(vec![cluster()]);
    let said = env.run("eks update-kubeconfig --name prod").ok();
    let path = env.path(".kube/config");
    let arn = "arn:aws:eks:eu-west-1:111122223333:cluster/prod";
    assert_eq!(said, format!("Added new context {arn} to {}\n", path.display()));
    insta::assert_snapshot!(env.read(".kube/config"), @r"
    apiVersion: v1
    clusters:
    - cluster:
        certificate-authority-data: LS0tLS1CRUdJTg==
        server: https://ABC.gr7.eu-west-1.eks.amazonaws.com
      name: arn:aws:eks:eu-west-1:111122223333:cluster/prod
    contexts:
    - context:
        cluster: arn:aws:eks:eu-west-1:111122223333:cluster/prod
        user: arn:aws:eks:eu-west-1:111122223333:cluster/prod
      name: arn:aws:eks:eu-west-1:111122223333:cluster/prod
    current-context: arn:aws:eks:eu-west-1:111122223333:cluster/prod
    kind: Config
    preferences: {}
    users:
    - name: arn:aws:eks:eu-west-1:111122223333:cluster/prod
      user:
        exec:
          apiVersion: client.authentication.k8s.io/v1beta1
          args:
          - --region
          - eu-west-1
          - eks
          - get-token
          - --cluster-name
          - prod
          - --output
          - json
          command: awsx
    ");
    #[cfg(unix)]
    assert_eq!(crate::support::mode_of(&path), 0o600);
    // kubectl waits for whoever has a lock.
    assert_eq!(env.list(".kube"), ["config"]);
    let again = env.run("eks update-kubeconfig --name prod").ok();
    assert_eq!(again, format!("Updated context {arn} in {}\n", path.display()));
}

#[test]
fn options_name_context_user_role_proxy_and_profile() {
    let (env, _service) = asking(vec![cluster()]);
    let env =
        env.config("[profile dev]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = none-of-yours\n");
    let shown = env
        .run(
            "eks update-kubeconfig --name prod --alias here --user-alias me --role-arn arn:aws:iam::1:role/r \
             --proxy-url http://proxy:1 --profile dev --dry-run",
        )
        .ok();
    assert!(shown.contains("    user: me\n  name: here\ncurrent-context: here\n"), "{shown}");
    assert!(shown.contains("- name: me\n"), "{shown}");
    assert!(
        shown.contains("      - --role\n      - arn:aws:iam::1:role/r\n      command: awsx\n"),
        "{shown}"
    );
    assert!(shown.contains("      env:\n      - name: AWS_PROFILE\n        value: dev\n"), "{shown}");
    assert!(shown.contains("amazonaws.com\n    proxy-url: http://proxy:1\n"), "{shown}");
    assert!(!env.path(".kube").exists());
    let told = env.run("eks update-kubeconfig --name prod --verbose --kubeconfig there").ok();
    assert!(told.contains(" to ") && told.contains("there\nEntries:\n\ncontext:\n  cluster: arn:"), "{told}");
}

#[test]
fn of_several_files_the_one_that_has_the_cluster_is_changed_and_keeps_its_comments() {
    let (env, _service) = asking(vec![cluster()]);
    let second = "# work\napiVersion: v1\nclusters:\n- name: arn:aws:eks:eu-west-1:111122223333:cluster/prod\n  cluster: \
                  {}\ncurrent-context: x\n";
    env.write("first", "not: [yaml\n");
    env.write("second", second);
    let list = format!("{}:{}", env.path("first").display(), env.path("second").display());
    let env = env.var("KUBECONFIG", &list);
    let said = env.run("eks update-kubeconfig --name prod").ok();
    assert!(said.starts_with("Updated context ") && said.ends_with("second\n"), "{said}");
    let after = env.read("second");
    assert!(after.starts_with("# work\napiVersion: v1\nclusters:\n- cluster:\n    certificate-"), "{after}");
    assert_eq!(env.read("first"), "not: [yaml\n");
}

#[test]
fn a_file_that_is_no_kubeconfig_stays_as_it_is() {
    let (env, _service) = asking(vec![cluster()]);
    for text in ["clusters: none\n", "a: [b\n", "- x\n"] {
        env.write(".kube/config", text);
        let run = env.run("eks update-kubeconfig --name prod");
        assert_eq!(run.code, 255, "{text}: {run}");
        assert_eq!(env.read(".kube/config"), text);
    }
}

#[test]
fn a_cluster_that_is_not_ready_is_told() {
    let creating = Route::new("GET /clusters/prod", r#"{"cluster": {"status": "CREATING"}}"#);
    let (env, _service) = asking(vec![creating]);
    let run = env.run("eks update-kubeconfig --name prod");
    assert_eq!(run.code, 255);
    assert!(run.stderr.contains("Cluster status is CREATING"), "{run}");
}
