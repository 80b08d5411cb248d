//! What is offered where, by service.

use awsx_model::Kind as Type;

use super::listing_of;

/// The listing and the place of the values: `ListUsers Users[].UserName`; empty where there is none. `given` are members
/// with values on the command line.
fn chosen(service: &str, operation: &str, member: &str, given: &[&str]) -> String {
    let service = awsx_model::service(service).unwrap().unwrap();
    let operation = service.operation(operation).unwrap();
    let Type::Structure(input) = &service.shape(operation.input.unwrap().shape).kind else {
        panic!("inputs are structures")
    };
    let member = input.members.iter().find(|found| found.name == member).unwrap();
    let listing = listing_of(service, operation, member, |name| given.contains(&name));
    let Some(listing) = listing else { return String::new() };
    let mut told = vec![listing.operation.name.to_owned(), listing.values];
    told.extend(listing.given.iter().map(|member| member.name.to_owned()));
    told.extend(listing.fixed.iter().map(|(member, text)| format!("{}={text}", member.name)));
    told.extend(listing.shortened.then(|| "shortened".to_owned()));
    told.join(" ")
}

#[track_caller]
fn check(service: &str, rows: &[(&str, &str, &str)]) {
    for (operation, member, expected) in rows {
        assert_eq!(chosen(service, operation, member, &[]), *expected, "{service} {operation} {member}");
    }
}

#[test]
fn names_of_people_roles_and_policies() {
    check(
        "iam",
        &[
            ("DeleteUser", "UserName", "ListUsers Users[].UserName"),
            ("AddUserToGroup", "GroupName", "ListGroups Groups[].GroupName"),
            ("UpdateAssumeRolePolicy", "RoleName", "ListRoles Roles[].RoleName"),
            ("AttachUserPolicy", "PolicyArn", "ListPolicies Policies[].Arn"),
            ("PutRolePermissionsBoundary", "PermissionsBoundary", "ListPolicies Policies[].Arn"),
            ("DeleteAccessKey", "AccessKeyId", "ListAccessKeys AccessKeyMetadata[].AccessKeyId"),
            ("CreateUser", "UserName", ""),
            ("PutUserPolicy", "PolicyDocument", ""),
        ],
    );
}

#[test]
fn ids_of_machines_and_networks() {
    check(
        "ec2",
        &[
            ("StartInstances", "InstanceIds", "DescribeInstances Reservations[].Instances[].InstanceId"),
            ("RunInstances", "ImageId", "DescribeImages Images[].ImageId Owners=self"),
            ("RunInstances", "KeyName", "DescribeKeyPairs KeyPairs[].KeyName"),
            ("RunInstances", "SubnetId", "DescribeSubnets Subnets[].SubnetId"),
            ("RunInstances", "SecurityGroupIds", "DescribeSecurityGroups SecurityGroups[].GroupId"),
            ("AuthorizeSecurityGroupIngress", "GroupId", "DescribeSecurityGroups SecurityGroups[].GroupId"),
            ("AttachVolume", "VolumeId", "DescribeVolumes Volumes[].VolumeId"),
            ("CreateVolume", "SnapshotId", "DescribeSnapshots Snapshots[].SnapshotId OwnerIds=self"),
            ("AssociateAddress", "AllocationId", "DescribeAddresses Addresses[].AllocationId"),
            ("CreateKeyPair", "KeyName", ""),
        ],
    );
}

#[test]
fn names_of_data_and_what_works_on_it() {
    check("lambda", &[("Invoke", "FunctionName", "ListFunctions Functions[].FunctionName")]);
    check("s3", &[("GetObject", "Bucket", "ListBuckets Buckets[].Name"), ("CreateBucket", "Bucket", "")]);
    check("dynamodb", &[("Scan", "TableName", "ListTables TableNames[]"), ("CreateTable", "TableName", "")]);
    check(
        "rds",
        &[
            (
                "StopDBInstance",
                "DBInstanceIdentifier",
                "DescribeDBInstances DBInstances[].DBInstanceIdentifier",
            ),
            ("CreateDBSnapshot", "DBSnapshotIdentifier", ""),
        ],
    );
    check("eks", &[("DescribeCluster", "name", "ListClusters clusters[]")]);
    check(
        "secretsmanager",
        &[("GetSecretValue", "SecretId", "ListSecrets SecretList[].Name"), ("CreateSecret", "Name", "")],
    );
    check("kms", &[("Encrypt", "KeyId", "ListKeys Keys[].KeyId")]);
}

#[test]
fn names_of_what_carries_messages_and_settings() {
    check("sqs", &[("SendMessage", "QueueUrl", "ListQueues QueueUrls[]")]);
    check("sqs", &[("GetQueueUrl", "QueueName", "ListQueues QueueUrls[] shortened")]);
    check("sns", &[("Publish", "TopicArn", "ListTopics Topics[].TopicArn")]);
    check("logs", &[("GetLogEvents", "logGroupName", "ListLogGroups logGroups[].logGroupName")]);
    check(
        "ssm",
        &[
            ("GetParameter", "Name", "DescribeParameters Parameters[].Name"),
            ("GetParameterHistory", "Name", "DescribeParameters Parameters[].Name"),
            ("SendCommand", "DocumentName", "ListDocuments DocumentIdentifiers[].Name"),
            ("StartSession", "Target", "DescribeInstanceInformation InstanceInformationList[].InstanceId"),
        ],
    );
    // Not `ListStacks`, which has the deleted ones too.
    check("cloudformation", &[("DeleteStack", "StackName", "DescribeStacks Stacks[].StackName")]);
}

#[test]
fn what_the_command_line_gives_narrows_the_listing() {
    assert_eq!(
        chosen("ecs", "DescribeServices", "services", &["cluster"]),
        "ListServices serviceArns[] cluster shortened"
    );
    assert_eq!(
        chosen("iam", "DeleteRolePolicy", "PolicyName", &["RoleName"]),
        "ListRolePolicies PolicyNames[] RoleName"
    );
}

#[test]
fn a_listing_that_needs_more_than_is_given_is_not_chosen() {
    assert_eq!(chosen("eks", "DescribeNodegroup", "nodegroupName", &[]), "");
    assert_eq!(
        chosen("eks", "DescribeNodegroup", "nodegroupName", &["clusterName"]),
        "ListNodegroups nodegroups[] clusterName"
    );
    assert_eq!(
        chosen("logs", "GetLogEvents", "logStreamName", &["logGroupName"]),
        "DescribeLogStreams logStreams[].logStreamName logGroupName"
    );
}

#[test]
fn enumerations_tokens_and_numbers_have_no_listing() {
    assert_eq!(chosen("iam", "UpdateAccessKey", "Status", &[]), "");
    assert_eq!(chosen("iam", "ListUsers", "Marker", &[]), "");
    assert_eq!(chosen("ec2", "RunInstances", "ClientToken", &[]), "");
    assert_eq!(chosen("ec2", "RunInstances", "InstanceType", &[]), "");
}
