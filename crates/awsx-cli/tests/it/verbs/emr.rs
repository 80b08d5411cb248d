//! `emr`'s verbs, and the options that its operations have beside the model.

use serde_json::{Value, json};

use super::{asking, with_keys};
use crate::support::{Route, Scripted, TestEnv};

fn emr(operation: &str, answer: &str) -> Route {
    Route::operation(&format!("ElasticMapReduce.{operation}"), answer)
}

fn describing(cluster: &str) -> Route {
    emr("DescribeCluster", &format!(r#"{{"Cluster": {cluster}}}"#))
}

fn steps_added() -> Route {
    emr("AddJobFlowSteps", r#"{"StepIds": ["s-1"]}"#)
}

/// The body of the last request.
fn sent(service: &Scripted) -> Value {
    serde_json::from_str(service.bodies().last().unwrap()).unwrap()
}

fn creating() -> (TestEnv, Scripted) {
    asking(vec![emr("RunJobFlow", r#"{"JobFlowId": "j-1", "ClusterArn": "arn:j-1"}"#)])
}

#[test]
fn a_cluster_is_made_from_few_words() {
    let (env, service) = creating();
    let made = env.run(
        "emr create-cluster --release-label emr-7.1.0 --instance-type m5.xlarge --instance-count 3 --use-default-roles \
         --applications Name=Spark --tags a=b c --auto-terminate",
    );
    insta::assert_snapshot!(made, @r#"
    exit: 0
    ----- stdout -----
    {
        "ClusterId": "j-1",
        "ClusterArn": "arn:j-1"
    }
    "#);
    let group = |role: &str, count: i32| {
        json!({"InstanceType": "m5.xlarge", "InstanceCount": count, "InstanceRole": role, "Name": role,
               "Market": "ON_DEMAND"})
    };
    let expected = json!({
        "Name": "Development Cluster",
        "ReleaseLabel": "emr-7.1.0",
        "ServiceRole": "EMR_DefaultRole",
        "JobFlowRole": "EMR_EC2_DefaultRole",
        "VisibleToAllUsers": true,
        "Applications": [{"Name": "Spark"}],
        "Tags": [{"Key": "a", "Value": "b"}, {"Key": "c", "Value": ""}],
        "Instances": {
            "InstanceGroups": [group("MASTER", 1), group("CORE", 2)],
            "KeepJobFlowAliveWhenNoSteps": false,
            "TerminationProtected": false,
        },
    });
    assert_eq!(sent(&service), expected);
}

#[test]
fn what_a_release_runs_differently_is_said_differently() {
    let (env, service) = creating();
    let words = "--instance-type m --enable-debugging --log-uri s3://logs --applications Name=Hive --emrfs SSE=true \
                 --steps Type=HIVE,Args=[-f,s3://q.sql]";
    env.run(&format!("emr create-cluster --release-label emr-7.1.0 {words}")).ok();
    let new = sent(&service);
    assert_eq!(
        new["Steps"],
        json!([
            {"Name": "Setup Hadoop Debugging", "ActionOnFailure": "TERMINATE_CLUSTER",
             "HadoopJarStep": {"Jar": "command-runner.jar", "Args": ["state-pusher-script"]}},
            {"Name": "Hive program", "ActionOnFailure": "CONTINUE", "HadoopJarStep": {"Jar": "command-runner.jar",
             "Args": ["hive-script", "--run-hive-script", "--args", "-f", "s3://q.sql"]}},
        ])
    );
    let settings = json!({"fs.s3.enableServerSideEncryption": "true"});
    assert_eq!(new["Configurations"], json!([{"Classification": "emrfs-site", "Properties": settings}]));

    env.run(&format!("emr create-cluster --ami-version 3.11.0 {words}")).ok();
    let old = sent(&service);
    let names: Vec<&Value> = old["Steps"].as_array().unwrap().iter().map(|step| &step["Name"]).collect();
    assert_eq!(names, ["Setup Hadoop Debugging", "Install Hive", "Hive program"]);
    assert_eq!(
        old["Steps"][2]["HadoopJarStep"]["Jar"],
        "s3://eu-west-1.elasticmapreduce/libs/script-runner/script-runner.jar"
    );
    assert_eq!(
        old["BootstrapActions"],
        json!([{"Name": "Setup EMRFS", "ScriptBootstrapAction": {
            "Path": "s3://eu-west-1.elasticmapreduce/bootstrap-actions/configure-hadoop",
            "Args": ["-e", "fs.s3.enableServerSideEncryption=true"]}}])
    );
}

#[test]
fn the_profile_has_values_for_what_is_left_out() {
    let (env, service) = creating();
    let env = env.config(
        "[default]\nemr =\n  service_role = mine\n  instance_profile = profile\n  key_name = key\n  log_uri = s3://logs\n  \
         enable_debugging = True\n",
    );
    let least = "emr create-cluster --release-label emr-7.1.0 --instance-type m";
    env.run(least).ok();
    let made = sent(&service);
    assert_eq!((&made["ServiceRole"], &made["JobFlowRole"]), (&json!("mine"), &json!("profile")));
    assert_eq!((&made["LogUri"], &made["Instances"]["Ec2KeyName"]), (&json!("s3://logs"), &json!("key")));
    assert_eq!(made["Steps"][0]["Name"], "Setup Hadoop Debugging");
    env.run(&format!("{least} --use-default-roles --no-enable-debugging --ec2-attributes KeyName=other"))
        .ok();
    let made = sent(&service);
    assert_eq!(
        (&made["ServiceRole"], &made["JobFlowRole"]),
        (&json!("EMR_DefaultRole"), &json!("EMR_EC2_DefaultRole"))
    );
    assert_eq!((&made["Steps"], &made["Instances"]["Ec2KeyName"]), (&Value::Null, &json!("other")));
}

#[test]
fn contradictions_are_told_before_anything_is_sent() {
    let env = with_keys();
    for (words, code, said) in [
        ("", 252, "Either --ami-version or --release-label is required."),
        ("--release-label x", 252, "Must specify either --instance-groups or --instance-type with"),
        (
            "--release-label x --instance-type m --instance-count x",
            255,
            "invalid literal for int() with base 10: 'x'",
        ),
        ("--release-label x --instance-type m --enable-debugging", 252, "LogUri not specified."),
        (
            "--release-label x --instance-type m --auto-terminate --no-auto-terminate",
            252,
            "cannot use both --no-auto-terminate and --auto-terminate options together.",
        ),
        (
            "--release-label x --instance-groups InstanceType=m,Else=1",
            252,
            "Missing required parameter in [0]: \"InstanceGroupType\"\nMissing required parameter in [0]: \
             \"InstanceCount\"\nUnknown parameter in [0]: \"Else\", must be one of: Name, InstanceGroupType, ",
        ),
        (
            "--release-label x --instance-type m --steps Type=PIG,Args=x",
            252,
            "Some of the steps require the following applications to be installed: Pig.",
        ),
        ("--release-label x --instance-type m --generate-cli-skeleton", 252, "Unknown options: --generate"),
    ] {
        let run = env.run(&format!("emr create-cluster {words}"));
        assert_eq!(run.code, code, "{words}: {run}");
        assert!(run.stderr.contains(said), "{words}: {run}");
    }
}

#[test]
fn a_cluster_is_described_with_its_instances_and_actions() {
    let (env, _service) = asking(vec![
        describing(r#"{"Id": "j-1", "Name": "n", "InstanceCollectionType": "INSTANCE_FLEET"}"#),
        emr("ListInstanceFleets", r#"{"InstanceFleets": [{"Id": "if-1"}]}"#),
        emr("ListBootstrapActions", r#"{"BootstrapActions": [{"Name": "a"}]}"#),
    ]);
    let described = env.run("emr describe-cluster --cluster-id j-1 --query Cluster").ok();
    insta::assert_snapshot!(described, @r#"
    {
        "Id": "j-1",
        "Name": "n",
        "InstanceCollectionType": "INSTANCE_FLEET",
        "BootstrapActions": [
            {
                "Name": "a"
            }
        ],
        "InstanceFleets": [
            {
                "Id": "if-1"
            }
        ]
    }
    "#);
}

#[test]
fn steps_fit_the_cluster_s_release() {
    let (env, service) = asking(vec![describing(r#"{"ReleaseLabel": "emr-5.36.0"}"#), steps_added()]);
    let added =
        env.run("emr add-steps --cluster-id j-1 --steps Type=Spark,Args=[a,b] --execution-role-arn arn:aws:iam::1:role/r");
    assert_eq!(added.ok(), "{\n    \"StepIds\": [\n        \"s-1\"\n    ]\n}\n");
    let step = json!({"Name": "Spark application", "ActionOnFailure": "CONTINUE",
                      "HadoopJarStep": {"Jar": "command-runner.jar", "Args": ["spark-submit", "a", "b"]}});
    assert_eq!(
        sent(&service),
        json!({"JobFlowId": "j-1", "Steps": [step], "ExecutionRoleArn": "arn:aws:iam::1:role/r"})
    );
    let refused = env.run("emr disable-hbase-backups --cluster-id j-1 --full");
    assert_eq!(refused.code, 252);
    assert!(
        refused.stderr.contains("disable-hbase-backups is not supported with 'emr-5.36.0' release."),
        "{refused}"
    );
}

#[test]
fn backups_of_hbase_are_steps() {
    let (env, service) = asking(vec![describing("{}"), steps_added()]);
    for (words, args) in [
        ("create-hbase-backup --dir s3://b --consistent", "--backup --backup-dir s3://b --consistent"),
        (
            "restore-from-hbase-backup --dir s3://b --backup-version v",
            "--restore --backup-dir s3://b --backup-version v",
        ),
        (
            "schedule-hbase-backup --type Full --dir s3://b --interval 2 --unit days",
            "--set-scheduled-backup true --backup-dir s3://b --full-backup-time-interval 2 --full-backup-time-unit days \
             --start-time now",
        ),
        (
            "disable-hbase-backups --full --incremental",
            "--set-scheduled-backup false --disable-full-backups --disable-incremental-backups",
        ),
    ] {
        env.run(&format!("emr {words} --cluster-id j-1")).ok();
        let step = &sent(&service)["Steps"][0]["HadoopJarStep"];
        let sent: Vec<&str> = step["Args"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        assert_eq!(sent.join(" "), format!("emr.hbase.backup.Main {args}"));
    }
}

#[test]
fn each_switch_is_an_operation() {
    let done = |operation| emr(operation, "");
    let (env, service) =
        asking(vec![done("SetTerminationProtection"), done("SetKeepJobFlowAliveWhenNoSteps")]);
    let run =
        env.run("emr modify-cluster-attributes --cluster-id j-1 --termination-protected --auto-terminate");
    assert_eq!(run.ok(), "");
    assert_eq!(
        service.bodies(),
        [
            r#"{"JobFlowIds":["j-1"],"TerminationProtected":true}"#,
            r#"{"JobFlowIds":["j-1"],"KeepJobFlowAliveWhenNoSteps":false}"#
        ]
    );
    let run = env.run("emr modify-cluster-attributes --cluster-id j-1");
    assert!(
        run.stderr.contains("Must specify one of the following boolean options: --visible-to-all-users|"),
        "{run}"
    );
}

#[test]
fn clusters_are_ended_and_get_groups() {
    let groups = r#"{"JobFlowId": "j-1", "InstanceGroupIds": ["ig-1"], "ClusterArn": "arn"}"#;
    let (env, service) = asking(vec![emr("TerminateJobFlows", ""), emr("AddInstanceGroups", groups)]);
    assert_eq!(env.run("emr terminate-clusters --cluster-ids j-1 j-2").ok(), "");
    assert_eq!(service.bodies(), [r#"{"JobFlowIds":["j-1","j-2"]}"#]);
    let added = env.run(
        "emr add-instance-groups --cluster-id j-1 --output text --instance-groups \
         InstanceGroupType=TASK,InstanceType=m,InstanceCount=2,BidPrice=0.1",
    );
    assert_eq!(added.ok(), "arn\tj-1\nINSTANCEGROUPIDS\tig-1\n");
    assert_eq!(sent(&service)["InstanceGroups"][0]["Market"], "SPOT");
}

#[test]
fn states_have_short_names_and_tags_a_short_form() {
    let (env, service) = asking(vec![emr("ListClusters", r#"{"Clusters": []}"#), emr("AddTags", "")]);
    env.run("emr list-clusters --failed").ok();
    assert_eq!(sent(&service), json!({"ClusterStates": ["TERMINATED_WITH_ERRORS"]}));
    env.run("emr add-tags --resource-id j-1 --tags a=b=c d").ok();
    let tags = json!([{"Key": "a", "Value": "b=c"}, {"Key": "d", "Value": ""}]);
    assert_eq!(sent(&service), json!({"ResourceId": "j-1", "Tags": tags}));
    let run = env.run("emr list-clusters --active --cluster-states RUNNING");
    assert_eq!(run.code, 252);
    assert!(run.stderr.contains("You can specify only one of the cluster state filters:"), "{run}");
}

/// Verbs that stand in the place of an operation are listed once.
#[test]
fn verbs_hide_the_operations_they_stand_for() {
    let help = TestEnv::new().run("emr help").ok();
    for word in ["describe-cluster", "add-instance-groups", "create-cluster", "list-clusters"] {
        assert_eq!(help.lines().filter(|line| line.trim() == word).count(), 1, "{word}: {help}");
    }
    assert!(!help.contains("run-job-flow"), "{help}");
}

fn iam(operation: &str, result: &str) -> Route {
    Route::action(
        operation,
        &format!(
            "<{operation}Response><{operation}Result>{result}</{operation}Result></{operation}Response>"
        ),
    )
}

fn missing(operation: &str) -> Route {
    let error =
        "<ErrorResponse><Error><Code>NoSuchEntity</Code><Message>no</Message></Error></ErrorResponse>";
    Route::action(operation, error).failing(404)
}

#[test]
fn default_roles_are_made_and_kept_in_the_profile() {
    let role = "<Role><RoleName>r</RoleName></Role>";
    let service = Scripted::start(vec![
        missing("GetRole"),
        iam("CreateRole", role),
        iam("AttachRolePolicy", ""),
        iam("GetPolicy", "<Policy><DefaultVersionId>v3</DefaultVersionId></Policy>"),
        iam(
            "GetPolicyVersion",
            "<PolicyVersion><Document>%7B%22Statement%22%3A%5B%5D%7D</Document></PolicyVersion>",
        ),
        missing("GetInstanceProfile"),
        iam("CreateInstanceProfile", ""),
        iam("AddRoleToInstanceProfile", ""),
    ]);
    let env = with_keys()
        .var("AWS_ENDPOINT_URL_IAM", &service.url)
        .config("# mine\n[default]\nregion = eu-west-1\n");
    let made = env.run("emr create-default-roles --query [].[Role.RoleName,RolePolicy]").ok();
    let made: Value = serde_json::from_str(&made).unwrap();
    assert_eq!(made, Value::Array(vec![json!(["r", {"Statement": []}]); 3]));
    assert_eq!(
        env.read(".aws/config"),
        "# mine\n[default]\nregion = eu-west-1\nemr =\n    service_role = EMR_DefaultRole\n    instance_profile = \
         EMR_EC2_DefaultRole\n"
    );
    let bodies = service.bodies().join("\n");
    for part in [
        "Action=CreateRole&Version=2010-05-08&RoleName=EMR_EC2_DefaultRole&",
        "elasticmapreduce.amazonaws.com%22%2C%0A",
        "application-autoscaling.amazonaws.com",
        "PolicyArn=arn%3Aaws%3Aiam%3A%3Aaws%3Apolicy%2Fservice-role%2FAmazonElasticMapReduceRole",
    ] {
        assert!(bodies.contains(part), "{part} is not in {bodies}");
    }
}

#[test]
fn roles_that_are_there_stay() {
    let role = "<Role><RoleName>r</RoleName></Role>";
    let service = Scripted::start(vec![iam("GetRole", role), iam("GetInstanceProfile", "")]);
    let env = with_keys().config("[default]\nemr =\n  service_role = mine\n");
    let run = env.run_args(&["emr", "create-default-roles", "--iam-endpoint", &service.url]);
    assert_eq!(run.ok(), "[]\n");
    assert_eq!(env.read(".aws/config"), "[default]\nemr =\n  service_role = mine\n");
}

#[cfg(unix)]
mod connecting {
    use std::os::unix::fs::PermissionsExt;

    use super::{asking, describing};
    use crate::support::TestEnv;

    /// Somebody whose programs of these names show their words and end with 7. An old ssh does not know `accept-new`.
    fn with_programs(names: &[&str], knows_new: bool) -> TestEnv {
        let (env, _) = asking(vec![describing(
            r#"{"Status": {"State": "WAITING"}, "MasterPublicDnsName": "master.example"}"#,
        )]);
        let tried = u8::from(!knows_new);
        for name in names {
            let program = format!("bin/{name}");
            let script =
                format!("#!/bin/sh\n[ \"$1\" = -G ] && exit {tried}\necho \"ran $0\" \"$@\"\nexit 7\n");
            env.write(&program, &script);
            std::fs::set_permissions(env.path(&program), std::fs::Permissions::from_mode(0o755)).unwrap();
        }
        let folder = env.path("bin").display().to_string();
        env.var("PATH", &folder)
    }

    const KEY: &str = "--cluster-id j-1 --key-pair-file k.pem";

    #[test]
    fn ssh_and_scp_are_run_and_their_code_is_awsx_s() {
        let env = with_programs(&["ssh", "scp"], true);
        let trusting = "-o StrictHostKeyChecking=accept-new";
        let node = "-i k.pem hadoop@master.example";
        for (words, command) in [
            ("ssh", format!("ssh {trusting} -o ServerAliveInterval=10 {node} -t")),
            ("ssh --command ls", format!("ssh {trusting} -o ServerAliveInterval=10 {node} -t ls")),
            ("ssh --ssh-options A=b", format!("ssh {trusting} -o A=b -o ServerAliveInterval=10 {node} -t")),
            (
                "ssh --ssh-options stricthostkeychecking=yes",
                format!("ssh -o stricthostkeychecking=yes -o ServerAliveInterval=10 {node} -t"),
            ),
            ("socks", format!("ssh {trusting} -o ServerAliveInterval=10 -ND 8157 {node}")),
            ("get --src /a/b", format!("scp -r {trusting} {node}:/a/b b")),
            ("put --src /a/b --dest /c", format!("scp -r {trusting} -i k.pem /a/b hadoop@master.example:/c")),
        ] {
            let run = env.run(&format!("emr {words} {KEY}"));
            assert_eq!(run.code, 7, "{words}: {run}");
            let (shown, ran) = run.stdout.split_once('\n').unwrap();
            assert_eq!(shown, command, "{words}");
            assert!(ran.ends_with(&format!("/{command}\n")), "{words}: {run}");
        }
    }

    #[test]
    fn an_old_ssh_trusts_every_host_with_a_warning() {
        let run = with_programs(&["ssh"], false).run(&format!("emr ssh {KEY}"));
        assert!(run.stdout.starts_with("ssh -o StrictHostKeyChecking=no "), "{run}");
        assert!(run.stderr.contains("WARNING: Your OpenSSH version does not support"), "{run}");
    }

    #[test]
    fn putty_wants_a_key_of_its_own_format() {
        let env = with_programs(&["putty", "putty.exe", "pscp", "pscp.exe"], true);
        let run = env.run(&format!("emr ssh {KEY}"));
        assert_eq!(run.code, 252, "{run}");
        assert!(run.stderr.contains("Putty expects a ppk file."), "{run}");
        let run = env.run("emr socks --cluster-id j-1 --key-pair-file k.ppk --ssh-options A=b");
        assert!(run.stdout.starts_with("putty -ssh -i k.ppk hadoop@master.example -N -D 8157\n"), "{run}");
        assert!(run.stderr.contains("--ssh-options is only supported with OpenSSH."), "{run}");
        let run = with_programs(&[], true).run(&format!("emr get --src x {KEY}"));
        assert!(run.code == 255 && run.stderr.contains("SCP or Pscp not available."), "{run}");
    }

    #[test]
    fn an_interrupt_ends_a_proxy_well() {
        let env = with_programs(&["ssh"], true);
        env.write("bin/ssh", "#!/bin/sh\n[ \"$1\" = -G ] && exit 0\n/bin/sleep 60 &\ntrap 'kill $!; exit 255' INT\necho up\nwait\n");
        let running = env.start(&format!("emr socks {KEY}"));
        running.wait_for_stdout(|seen| seen.contains("\nup\n").then_some(()));
        running.interrupt();
        let run = running.finish();
        assert_eq!(run.code, 0, "{run}");
        assert!(run.stdout.ends_with("\nDisabling Socks Tunnel.\n"), "{run}");
    }

    #[test]
    fn what_is_missing_is_told_together_unless_the_profile_has_it() {
        let env = with_programs(&["ssh"], true);
        let run = env.run("emr put");
        assert_eq!(run.code, 252, "{run}");
        let said = "the following arguments are required: --cluster-id, --key-pair-file, --src";
        assert!(run.stderr.contains(said), "{run}");
        let env = env.config("[default]\nemr =\n  key_pair_file = mine.pem\n");
        let run = env.run("emr ssh --cluster-id j-1");
        assert!(run.stdout.contains(" -i mine.pem hadoop@master.example"), "{run}");
    }

    #[test]
    fn a_cluster_that_has_ended_has_no_master() {
        let (env, _service) = asking(vec![describing(r#"{"Status": {"State": "TERMINATING"}}"#)]);
        let run = env.run(&format!("emr ssh {KEY}"));
        assert_eq!(run.code, 255);
        assert!(run.stderr.contains("Cluster terminating or already terminated."), "{run}");
    }
}
