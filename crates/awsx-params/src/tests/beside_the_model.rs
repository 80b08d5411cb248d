//! Options that AWS CLI has beside the model's, and its own names for the model's.

use super::{asked, mistake, parameters};

#[test]
fn renamed_hidden_and_added_options_reach_their_members() {
    assert_eq!(
        parameters(&[
            "swf",
            "register-workflow-type",
            "--domain",
            "d",
            "--name",
            "n",
            "--workflow-version",
            "1"
        ]),
        "{'domain': 'd', 'name': 'n', 'version': '1'}"
    );
    assert_eq!(
        parameters(&[
            "mgn",
            "describe-replication-configuration-templates",
            "--replication-configuration-template-i-ds",
            "rct-00000000000000001"
        ]),
        "{'replicationConfigurationTemplateIDs': ['rct-00000000000000001']}"
    );
    assert_eq!(
        parameters(&[
            "ec2",
            "run-instances",
            "--image-id",
            "ami-1",
            "--count",
            "1:3",
            "--subnet-id",
            "s",
            "--associate-public-ip-address",
            "--no-ebs-optimized"
        ]),
        "{'ImageId': 'ami-1', 'EbsOptimized': False, 'MinCount': 1, 'MaxCount': 3, 'NetworkInterfaces': [{'DeviceIndex': 0, 'AssociatePublicIpAddress': True, 'SubnetId': 's'}]}"
    );
    assert_eq!(
        parameters(&[
            "ec2",
            "authorize-security-group-ingress",
            "--group-id",
            "g",
            "--protocol",
            "tcp",
            "--port",
            "22-25",
            "--cidr",
            "0.0.0.0/0"
        ]),
        "{'GroupId': 'g', 'IpPermissions': [{'IpProtocol': 'tcp', 'FromPort': 22, 'ToPort': 25, 'IpRanges': [{'CidrIp': '0.0.0.0/0'}]}]}"
    );
    assert_eq!(
        parameters(&[
            "ec2",
            "modify-instance-attribute",
            "--instance-id",
            "i",
            "--no-source-dest-check",
            "--instance-type",
            "t3.micro"
        ]),
        "{'SourceDestCheck': {'Value': False}, 'InstanceId': 'i', 'InstanceType': {'Value': 't3.micro'}}"
    );
    assert_eq!(
        mistake(&["ec2", "run-instances", "--count", "many"]),
        "count parameter should be of form min[:max] (e.g. 1 or 1:10)"
    );
    let request = asked(&[
        "iam",
        "create-virtual-mfa-device",
        "--virtual-mfa-device-name",
        "d",
        "--outfile",
        "f",
        "--bootstrap-method",
        "QRCodePNG",
    ])
    .unwrap();
    assert_eq!(request.kept.get("outfile").map(String::as_str), Some("f"));
}

#[test]
fn groups_of_options_exclude_each_other() {
    assert_eq!(
        mistake(&[
            "cloudfront",
            "create-distribution",
            "--origin-domain-name",
            "a",
            "--distribution-config",
            "{}"
        ]),
        "The key \"origin_domain_name\" cannot be specified when one of the following keys are also specified: \
         distribution_config"
    );
    assert_eq!(
        mistake(&["ses", "send-email", "--from", "a", "--text", "b", "--html", "c", "--message", "{}"]),
        "The key \"text\" cannot be specified when one of the following keys are also specified: message"
    );
    assert_eq!(
        mistake(&["ec2", "bundle-instance", "--instance-id", "i-1", "--bucket", "b", "--storage", "{}"]),
        "Mixing the --storage option with the simple, scalar options is not recommended."
    );
}

#[test]
fn a_distribution_is_made_of_its_origin_alone() {
    let shown =
        parameters(&["cloudfront", "create-distribution", "--origin-domain-name", "b.s3.amazonaws.com"]);
    assert!(
        shown.contains("'DomainName': 'b.s3.amazonaws.com', 'OriginPath': '', 'S3OriginConfig'"),
        "{shown}"
    );
    assert!(shown.contains("'TargetOriginId': 'b.s3.amazonaws.com-"), "{shown}");
    let words =
        ["cloudfront", "create-distribution", "--origin-domain-name", "a.org", "--default-root-object", "i"];
    let shown = parameters(&words);
    assert!(shown.contains("'CustomOriginConfig': {'HTTPPort': 80, 'HTTPSPort': 443, "), "{shown}");
    assert!(shown.ends_with("'Enabled': True, 'Comment': '', 'DefaultRootObject': 'i'}}"), "{shown}");
    let request = asked(&["cloudfront", "update-distribution", "--id", "D", "--default-root-object", "i"]);
    // The distribution is asked for what else it is made of.
    assert_eq!(
        request.unwrap_err().to_string(),
        "Parameter validation failed:\nMissing required parameter in input: \"DistributionConfig\""
    );
}

#[test]
fn code_is_an_archive_in_an_option_of_its_own() {
    let create = ["lambda", "create-function", "--function-name", "f", "--role", "r"];
    let with = |more: &[&str]| mistake(&[&create[..], more].concat());
    let refused = "--zip-file must be a zip file with the fileb:// prefix.\n\
                   Example usage:  --zip-file fileb://path/to/file.zip";
    assert_eq!(with(&["--zip-file", "f.zip"]), refused);
    assert_eq!(
        mistake(&["lambda", "update-function-code", "--function-name", "f", "--zip-file", "UEs="]),
        refused
    );
    assert_eq!(
        with(&["--code", "{\"ZipFile\": \"abc\"}"]),
        "ZipFile cannot be provided as part of the --code argument.  Please use the '--zip-file' option instead to \
         specify a zip file."
    );
    assert_eq!(
        mistake(&[
            "translate",
            "translate-document",
            "--source-language-code",
            "a",
            "--target-language-code",
            "b"
        ]),
        "the following arguments are required: --document, --document-content"
    );
}

#[test]
fn an_index_field_stands_in_plain_options() {
    let define = ["cloudsearch", "define-index-field", "--domain-name", "dom", "--name", "n"];
    let with = |more: &[&str]| parameters(&[&define[..], more].concat());
    assert_eq!(
        with(&["--type", "int-array", "--default-value", "7", "--facet-enabled", "False"]),
        "{'DomainName': 'dom', 'IndexField': {'IndexFieldName': 'n', 'IndexFieldType': 'int-array', \
         'IntArrayOptions': {'DefaultValue': 7, 'FacetEnabled': False}}}"
    );
    assert_eq!(
        with(&["--type", "latlon", "--source-field", "s"]),
        "{'DomainName': 'dom', 'IndexField': {'IndexFieldName': 'n', 'IndexFieldType': 'latlon', \
         'LatLonOptions': {'SourceField': 's'}}}"
    );
    let words = [&define[..], &["--type", "int", "--default-value", "x"]].concat();
    assert_eq!(mistake(&words), "invalid literal for int() with base 10: 'x'");
}

#[test]
fn a_bundle_has_a_signed_policy() {
    let bundle = ["ec2", "bundle-instance", "--instance-id", "i-1"];
    let with = |more: &[&'static str]| [&bundle[..], more].concat();
    assert_eq!(mistake(&bundle), "'Storage'");
    assert_eq!(mistake(&with(&["--bucket", "b"])), "'Prefix'");
    assert_eq!(
        parameters(&with(&["--bucket", "b", "--prefix", "p", "--owner-sak", "secret", "--policy", "e30="])),
        "{'InstanceId': 'i-1', 'Storage': {'S3': {'Bucket': 'b', 'Prefix': 'p', 'UploadPolicy': '{}', \
         'UploadPolicySignature': '3KeROaoASbxgUSU+Qu1QG4MqvzI='}}}"
    );
}

#[test]
fn what_a_recorder_records_is_an_option() {
    assert_eq!(
        parameters(&[
            "configservice",
            "put-configuration-recorder",
            "--configuration-recorder",
            "name=a,roleARN=b",
            "--recording-group",
            "allSupported=true"
        ]),
        "{'ConfigurationRecorder': {'name': 'a', 'roleARN': 'b', 'recordingGroup': {'allSupported': True}}}"
    );
}

#[test]
fn kinesis_s_older_way_to_go_on_turns_pages_off() {
    assert!(asked(&["kinesis", "list-streams"]).unwrap().paginate);
    assert!(!asked(&["kinesis", "list-streams", "--exclusive-start-stream-name", "s"]).unwrap().paginate);
}

#[test]
fn emr_has_short_forms_for_states_and_tags() {
    assert_eq!(
        parameters(&["emr", "add-tags", "--resource-id", "j", "--tags", "a=b=c", "d"]),
        "{'ResourceId': 'j', 'Tags': [{'Key': 'a', 'Value': 'b=c'}, {'Key': 'd', 'Value': ''}]}"
    );
    assert_eq!(parameters(&["emr", "list-clusters", "--terminated"]), "{'ClusterStates': ['TERMINATED']}");
    assert_eq!(
        mistake(&["emr", "list-clusters", "--failed", "--cluster-states", "RUNNING"]),
        "You can specify only one of the cluster state filters: --cluster-states, --active, --terminated, --failed."
    );
}

#[test]
fn pipelines_are_given_as_documents() {
    let put = |more: &[&'static str]| {
        [
            &["datapipeline", "put-pipeline-definition", "--pipeline-id", "p", "--pipeline-definition"][..],
            more,
        ]
        .concat()
    };
    let definition = r#"{"objects": [{"id": "a", "z": [], "y": {"ref": "b"}, "x": ["1", "2"]}]}"#;
    assert_eq!(
        parameters(&put(&[definition, "--parameter-values", "k=1", "k=2"])),
        "{'pipelineId': 'p', 'parameterValues': [{'id': 'k', 'stringValue': '1'}, {'id': 'k', 'stringValue': '2'}], \
         'pipelineObjects': [{'id': 'a', 'name': 'a', 'fields': [{'key': 'x', 'stringValue': '1'}, {'key': 'x', \
         'stringValue': '2'}, {'key': 'y', 'refValue': 'b'}]}]}"
    );
    assert_eq!(mistake(&put(&["{}"])), "Error in pipeline definition: Missing \"objects\" key\n");
    assert_eq!(
        mistake(&put(&[r#"{"objects": [{"id": "a", "x": 1}]}"#])),
        "Parameter validation failed:\nInvalid type for parameter pipelineObjects[0].fields[0].stringValue, value: 1, \
         type: <class 'int'>, valid types: <class 'str'>"
    );
}
