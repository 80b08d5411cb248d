//! The models inside the program: all are there, all can be loaded, and some facts that are easy to get wrong.

use awsx_model::{
    AuthScheme, BuiltIn, Kind, Location, Matcher, Member, Number, PayloadSigning, Protocol, Service,
    Structure, TimestampFormat, names, partition_of, partitions, rules, service,
};

#[test]
fn every_service_loads() {
    let names = names().unwrap();
    assert_eq!(names.len(), 426);
    assert!(names.is_sorted());
    let services: Vec<_> = names.iter().map(|name| load(name)).collect();
    assert_eq!(services.iter().map(|service| service.operations.len()).sum::<usize>(), 18_816);
    for service in services {
        let rules = rules(service.name).unwrap().unwrap();
        assert!(rules.parameters.iter().any(|parameter| parameter.built_in == Some(BuiltIn::Region)));
        assert!(!rules.rules.is_empty() && !rules.partitions.is_empty(), "{}", service.name);
        assert!(service.operations.is_sorted_by_key(|operation| operation.name), "{}", service.name);
        assert!(service.waiters.is_sorted_by_key(|waiter| waiter.name), "{}", service.name);
    }
}

#[test]
fn every_type_of_every_service_can_be_read() {
    let mut types = 0;
    for name in names().unwrap() {
        for shape in load(name).shapes.iter() {
            assert!(!shape.name.is_empty(), "{name}");
            types += 1;
        }
    }
    assert_eq!(types, 118_371);
}

#[test]
fn unknown_service_is_none() {
    assert!(service("no-such-service").unwrap().is_none());
}

#[test]
fn loading_twice_gives_the_same_model() {
    assert!(std::ptr::eq(load("sts"), load("sts")));
}

#[test]
fn regions_belong_to_partitions() {
    let partitions = partitions().unwrap();
    let of = |region| partition_of(partitions, region).unwrap().name;
    assert_eq!(of("us-east-1"), "aws");
    assert_eq!(of("us-gov-west-1"), "aws-us-gov");
    assert_eq!(of("aws-cn-global"), "aws-cn");
    assert_eq!(of("eusc-de-east-1"), "aws-eusc");
    assert_eq!(of("cn-new-9"), "aws-cn", "a region that is not listed yet");
    assert_eq!(of("parrot"), "aws");
}

#[test]
fn iam_speaks_query() {
    let iam = load("iam");
    assert_eq!((iam.protocol, iam.api_version, iam.service_id), (Protocol::Query, "2010-05-08", "IAM"));
    assert_eq!(iam.full_name, "AWS Identity and Access Management");
    assert_eq!(
        iam.xml_namespace.map(|namespace| namespace.uri),
        Some("https://iam.amazonaws.com/doc/2010-05-08/")
    );
    assert_eq!((iam.signing_name(), iam.auth.as_slice()), ("iam", [AuthScheme::SigV4].as_slice()));

    let list = iam.operation("ListUsers").unwrap();
    assert_eq!(list.output.unwrap().result_wrapper, Some("ListUsersResult"));
    let pages = list.paginator.as_ref().unwrap();
    assert_eq!(
        (pages.input_tokens.as_slice(), pages.output_tokens.as_slice()),
        (["Marker"].as_slice(), ["Marker"].as_slice())
    );
    assert_eq!((pages.more_results, pages.limit_key), (Some("IsTruncated"), Some("MaxItems")));

    let wait = iam.waiter("UserExists").unwrap();
    assert_eq!((wait.operation, wait.delay, wait.max_attempts), ("GetUser", 1, 20));
    assert_eq!(wait.acceptors[0].matcher, Matcher::Status);
    assert_eq!(iam.error("NoSuchEntity").unwrap().name, "NoSuchEntityException");
}

#[test]
fn of_several_protocols_aws_clis_choice_is_taken() {
    // json before smithy-rpc-v2-cbor and query; cbor only where nothing else is spoken.
    assert_eq!(load("cloudwatch").protocol, Protocol::Json);
    assert_eq!(load("partnercentral-revenue-measurement").protocol, Protocol::Cbor);
    assert_eq!(load("ec2").protocol, Protocol::Ec2);
    assert!(load("sqs").aws_query_compatible);
}

#[test]
fn of_several_versions_the_newest_is_packed() {
    assert_eq!(load("cloudfront").api_version, "2020-05-31");
    assert_eq!(load("ec2").api_version, "2016-11-15");
}

#[test]
fn operations_go_by_the_name_without_a_version() {
    let operation = load("cloudfront").operation("ListDistributions").unwrap();
    assert_eq!(operation.wire_name, "ListDistributions2020_05_31");
}

#[test]
fn extras_are_merged() {
    // The model says it is a text; botocore's extras make it a moment.
    let s3 = load("s3");
    let get = s3.operation("GetObject").unwrap();
    let expires = member(s3, s3.shape(get.output.unwrap().shape).name, "Expires");
    assert!(matches!(s3.shape(expires.shape).kind, Kind::Timestamp(None)));
    let list = s3.operation("ListObjectsV2").unwrap().paginator.as_ref().unwrap();
    assert_eq!(list.non_aggregate_keys, ["RequestCharged", "Prefix"]);
}

#[test]
fn members_say_where_they_travel() {
    let s3 = load("s3");
    let body = member(s3, "PutObjectRequest", "Body");
    assert!(body.streaming);
    assert_eq!(
        structure(s3, "PutObjectRequest")
            .payload
            .map(|at| structure(s3, "PutObjectRequest").members[at as usize].name),
        Some("Body")
    );
    assert_eq!(member(s3, "PutObjectRequest", "Metadata").location, Some(Location::Headers));
    let bucket = member(s3, "PutObjectRequest", "Bucket");
    assert_eq!(
        (bucket.location, bucket.context_param, bucket.required),
        (Some(Location::Uri), Some("Bucket"), true)
    );
    assert!(member(s3, "ListObjectsV2Output", "Contents").flattened, "its list says so");
    assert!(member(s3, "Grantee", "Type").xml_attribute);
}

#[test]
fn traits_of_the_shape_count_where_the_member_says_nothing() {
    let elasticache = load("elasticache");
    let member = member(elasticache, "PendingModifiedValues", "LogDeliveryConfigurations");
    assert_eq!(member.location_name, Some("PendingLogDeliveryConfiguration"));
}

#[test]
fn traits_of_the_member_lie_over_its_shape() {
    let apigateway = load("apigatewayv2");
    let values = |name| match &apigateway.shape(member(apigateway, "ExportApiRequest", name).shape).kind {
        Kind::String { values } => values.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(values("OutputType"), ["YAML", "JSON"]);
    assert_eq!(values("ApiId"), Vec::<&str>::new());
}

#[test]
fn bounds_values_and_formats_are_kept() {
    let iam = load("iam");
    let name = iam.shape(member(iam, "CreateUserRequest", "UserName").shape);
    assert_eq!((name.range.min, name.range.max), (Some(Number::Integer(1)), Some(Number::Integer(64))));
    let status = iam.shape(member(iam, "UpdateAccessKeyRequest", "Status").shape);
    assert!(matches!(&status.kind, Kind::String { values } if values[..2] == ["Active", "Inactive"]));
    let analyzer = load("accessanalyzer");
    let moment = member(analyzer, "AnalyzerSummary", "createdAt").timestamp_format;
    assert_eq!(moment, Some(TimestampFormat::Iso8601));
    let secret = load("secretsmanager");
    assert!(secret.shape(member(secret, "CreateSecretRequest", "SecretString").shape).sensitive);
}

#[test]
fn operations_say_how_they_are_signed() {
    let identity = load("cognito-identity").operation("GetId").unwrap();
    assert_eq!(identity.auth, [AuthScheme::None]);
    let glacier = load("s3").operation("PutObject").unwrap();
    assert_eq!(glacier.http_checksum.as_ref().unwrap().request_algorithm_member, Some("ChecksumAlgorithm"));
    let ebs = load("ebs").operation("PutSnapshotBlock").unwrap();
    assert_eq!(ebs.payload_signing, PayloadSigning::Unsigned);
    assert!(load("timestream-write").operation("WriteRecords").unwrap().endpoint_discovery.unwrap().required);
}

fn load(name: &str) -> &'static Service {
    service(name).expect("the pack is whole").unwrap_or_else(|| panic!("there is no `{name}`"))
}

fn structure<'a>(service: &'a Service, shape: &str) -> &'a Structure {
    let shape = service.shapes.iter().find(|known| known.name == shape);
    match shape.map(|shape| &shape.kind) {
        Some(Kind::Structure(structure)) => structure,
        other => panic!("{other:?}"),
    }
}

fn member<'a>(service: &'a Service, shape: &str, member: &str) -> &'a Member {
    let members = &structure(service, shape).members;
    members.iter().find(|known| known.name == member).unwrap_or_else(|| panic!("no `{member}`"))
}
