//! Whole command lines against AWS's own models.

mod beside_the_model;

use awsx_core::Env;
use awsx_model::Service;

use crate::{Asked, BinaryFormat, Given, ParamsError, Request, Table};

fn service(command: &str) -> &'static Service {
    let name = crate::service_of_command(command).unwrap();
    awsx_model::service(name).unwrap().unwrap()
}

fn table(command: &str, word: &str) -> Table<'static> {
    let service = service(command);
    let operation =
        service.operations.iter().find(|operation| crate::word_of(operation.name) == word).unwrap();
    Table::new(service, operation, command, word)
}

fn asked(words: &[&str]) -> Result<Request, ParamsError> {
    let env = Env::of([("HOME", "/home/me")]);
    let [command, word, rest @ ..] = words else { panic!("a command and an operation") };
    let table = table(command, word);
    let rest: Vec<String> = rest.iter().map(ToString::to_string).collect();
    let paginate = !rest.contains(&"--no-paginate".to_owned());
    let rest: Vec<String> = rest.into_iter().filter(|word| word != "--no-paginate").collect();
    let Asked::Request(mut request) = crate::resolve(&table, &rest, &env, paginate)? else { panic!("help") };
    if let Some(input) = &table.operation.input {
        crate::decode_binary(table.service, input.shape, &mut request.parameters, BinaryFormat::Base64)?;
        table.complete(&mut request.parameters, &env)?;
        if request.skeleton.is_none() {
            crate::check(table.service, input.shape, &request.parameters)?;
        }
    }
    Ok(*request)
}

/// The parameters as Python shows them.
fn parameters(words: &[&str]) -> String {
    Given::Map(asked(words).unwrap().parameters).python_text()
}

fn mistake(words: &[&str]) -> String {
    asked(words).unwrap_err().to_string()
}

#[test]
fn members_take_their_model_s_types() {
    assert_eq!(
        parameters(&[
            "iam",
            "create-role",
            "--role-name",
            "r",
            "--assume-role-policy-document",
            "{}",
            "--max-session-duration",
            "3600",
            "--tags",
            "Key=a,Value=b",
            "Key=c,Value=d"
        ]),
        "{'RoleName': 'r', 'AssumeRolePolicyDocument': '{}', 'MaxSessionDuration': 3600, 'Tags': [{'Key': 'a', 'Value': 'b'}, {'Key': 'c', 'Value': 'd'}]}"
    );
    assert_eq!(
        parameters(&["iam", "list-policies", "--only-attached", "--no-only-attached", "--sco", "AWS"]),
        "{'Scope': 'AWS', 'OnlyAttached': False}"
    );
    assert_eq!(
        parameters(&[
            "sqs",
            "create-queue",
            "--queue-name",
            "q",
            "--attributes",
            "VisibilityTimeout=33,DelaySeconds=1"
        ]),
        "{'QueueName': 'q', 'Attributes': {'VisibilityTimeout': '33', 'DelaySeconds': '1'}}"
    );
    assert_eq!(
        parameters(&["iam", "untag-user", "--user-name", "u", "--tag-keys", "a", "b"]),
        "{'UserName': 'u', 'TagKeys': ['a', 'b']}"
    );
    assert_eq!(
        parameters(&["iam", "untag-user", "--user-name", "u", "--tag-keys", "[\"a\"]"]),
        "{'UserName': 'u', 'TagKeys': ['a']}"
    );
}

#[test]
fn what_is_missing_or_unknown_is_told_first() {
    assert_eq!(
        mistake(&["iam", "create-role", "--role-name", "x"]),
        "the following arguments are required: --assume-role-policy-document"
    );
    assert_eq!(mistake(&["iam", "get-user", "--bogus", "1", "x"]), "Unknown options: --bogus, x, 1");
    assert_eq!(
        mistake(&["s3api", "get-object", "--bucket", "b", "--key", "k"]),
        "the following arguments are required: outfile"
    );
    assert_eq!(mistake(&["iam", "get-user", "--user"]), "argument --user-name: expected one argument");
}

/// An operation whose answer goes to a file takes no input from JSON, so nothing stands in for what is missing.
#[test]
fn what_is_missing_is_told_before_an_input_that_is_not_taken() {
    assert_eq!(
        mistake(&["appconfigdata", "get-latest-configuration", "--cli-input-json", "{}", "file"]),
        "the following arguments are required: --configuration-token"
    );
    assert_eq!(
        mistake(&["iam", "resync-mfa-device", "--user-name", "u"]),
        "the following arguments are required: --serial-number, --authentication-code1, --authentication-code2"
    );
    assert_eq!(
        mistake(&["cloudsearch", "define-expression"]),
        "the following arguments are required: --domain-name, --expression, --name"
    );
}

#[test]
fn wrong_values_are_told_in_aws_cli_s_words() {
    assert_eq!(
        mistake(&["sts", "get-session-token", "--duration-seconds", "abc"]),
        "invalid literal for int() with base 10: 'abc'"
    );
    assert_eq!(
        mistake(&["iam", "create-user", "--user-name", "u", "--tags", "foo"]),
        "Error parsing parameter '--tags': Expected: '=', received: 'EOF' for input:\n foo\n   ^"
    );
    assert_eq!(
        mistake(&["iam", "create-user", "--user-name", "u", "--tags", "[{]"]),
        "Error parsing parameter '--tags': Invalid JSON: Expecting property name enclosed in double quotes: line 1 \
         column 3 (char 2)\nJSON received: [{]"
    );
    assert_eq!(
        mistake(&["iam", "get-user", "--user-name", "file:///nope"]),
        "Error parsing parameter '--user-name': Unable to load paramfile file:///nope: [Errno 2] No such file or \
         directory: '/nope'"
    );
    assert_eq!(
        mistake(&["s3api", "put-object", "--bucket", "b", "--key", "k", "--body", "/nope"]),
        "Error parsing parameter '--body': Blob values must be a path to a file."
    );
    assert_eq!(mistake(&["kms", "encrypt", "--key-id", "k", "--plaintext", "x"]), "Invalid base64: \"x\"");
}

#[test]
fn what_is_missing_is_told_in_the_order_the_model_asks_for_it() {
    // The model lists these two the other way round among the members.
    assert_eq!(
        mistake(&["apigatewayv2", "create-api", "--cli-input-json", "{}"]),
        "Parameter validation failed:\nMissing required parameter in input: \"ProtocolType\"\n\
         Missing required parameter in input: \"Name\""
    );
}

#[test]
fn the_whole_input_is_checked_in_botocore_s_words() {
    let checked = |json: &str| mistake(&["iam", "create-user", "--cli-input-json", json]);
    assert_eq!(
        checked("{}"),
        "Parameter validation failed:\nMissing required parameter in input: \"UserName\""
    );
    assert_eq!(
        checked(r#"{"UserName": "", "Tags": [{"Key": 1}], "Path": null, "X": 1}"#),
        "Parameter validation failed:\n\
         Unknown parameter in input: \"X\", must be one of: Path, UserName, PermissionsBoundary, Tags\n\
         Invalid length for parameter UserName, value: 0, valid min length: 1\n\
         Missing required parameter in Tags[0]: \"Value\"\n\
         Invalid type for parameter Tags[0].Key, value: 1, type: <class 'int'>, valid types: <class 'str'>\n\
         Invalid type for parameter Path, value: None, type: <class 'NoneType'>, valid types: <class 'str'>"
    );
    assert_eq!(
        mistake(&["sts", "get-session-token", "--duration-seconds", "5"]),
        "Parameter validation failed:\nInvalid value for parameter DurationSeconds, value: 5, valid min value: 900"
    );
    assert_eq!(
        mistake(&[
            "logs",
            "put-log-events",
            "--log-group-name",
            "g",
            "--log-stream-name",
            "s",
            "--log-events",
            "[]"
        ]),
        "Parameter validation failed:\nInvalid length for parameter logEvents, value: 0, valid min length: 1"
    );
    assert_eq!(
        mistake(&["dynamodb", "get-item", "--table-name", "t", "--key", "{\"a\": {\"S\": 1}}"]),
        "Parameter validation failed:\nInvalid type for parameter Key.a.S, value: 1, type: <class 'int'>, valid types: <class 'str'>"
    );
}

#[test]
fn input_from_json_and_yaml_stands_behind_the_command_line() {
    let json = r#"{"UserName": "a", "Path": "/x/"}"#;
    assert_eq!(
        parameters(&["iam", "create-user", "--cli-input-json", json, "--user-name", "b"]),
        "{'UserName': 'b', 'Path': '/x/'}"
    );
    assert_eq!(parameters(&["iam", "create-user", "--cli-input-yaml", "UserName: a"]), "{'UserName': 'a'}");
    assert_eq!(
        mistake(&["iam", "create-user", "--cli-input-json", "{"]),
        "Error parsing parameter 'cli-input-json': Invalid JSON received."
    );
    assert_eq!(
        mistake(&["iam", "create-user", "--cli-input-json", "[]"]),
        "Error parsing parameter '--cli-input-json': Invalid type: expecting map, received <class 'list'>"
    );
    assert_eq!(
        mistake(&["iam", "create-user", "--cli-input-json", "{}", "--cli-input-yaml", "{}"]),
        "Only one --cli-input- parameter may be specified."
    );
}

#[test]
fn pages_are_followed_unless_their_own_tokens_are_given() {
    let request =
        asked(&["iam", "list-users", "--max-items", "3", "--page-size", "2", "--starting-token", "t"])
            .unwrap();
    assert!(request.paginate);
    assert_eq!(request.limits.max_items, Some(3));
    assert_eq!(request.limits.page_size, Some(2.into()));
    assert_eq!(request.limits.starting_token.as_deref(), Some("t"));
    assert!(request.parameters.is_empty());

    assert!(!asked(&["iam", "list-users", "--marker", "m"]).unwrap().paginate);
    assert!(!asked(&["iam", "list-users", "--cli-input-json", "{\"Marker\": \"m\"}"]).unwrap().paginate);
    assert!(!asked(&["iam", "get-user"]).unwrap().paginate);
    // Here `--max-items` is the operation's own.
    assert_eq!(parameters(&["iam", "list-users", "--no-paginate", "--max-items", "3"]), "{'MaxItems': 3}");
    assert_eq!(
        mistake(&["iam", "list-users", "--no-paginate", "--page-size", "3"]),
        "Cannot specify --no-paginate along with pagination arguments: --page-size"
    );
    assert_eq!(
        mistake(&["iam", "list-users", "--max-items", "x"]),
        "argument --max-items: invalid int value: 'x'"
    );
}

#[test]
fn skeletons_need_nothing_else() {
    let table = table("iam", "create-role");
    let skeleton =
        crate::input_skeleton(table.service, table.operation.input.as_ref().map(|input| input.shape));
    assert_eq!(
        skeleton.python_text(),
        "{'Path': '', 'RoleName': '', 'AssumeRolePolicyDocument': '', 'Description': '', 'MaxSessionDuration': 0, \
         'PermissionsBoundary': '', 'Tags': [{'Key': '', 'Value': ''}]}"
    );
    assert!(asked(&["iam", "create-role", "--generate-cli-skeleton"]).unwrap().skeleton.is_some());
    assert!(mistake(&["iam", "create-role", "--generate-cli-skeleton", "output"]).contains("required"));
    assert_eq!(
        mistake(&["iam", "create-role", "--generate-cli-skeleton", "x"]),
        "argument --generate-cli-skeleton: Found invalid choice 'x'\n"
    );
}

#[test]
fn documents_are_json_and_never_shorthand() {
    let message = mistake(&[
        "bedrock-runtime",
        "converse",
        "--model-id",
        "m",
        "--tool-config",
        "tools=[{toolSpec={inputSchema={json={a=b}}}}]",
    ]);
    assert_eq!(
        message,
        "Error parsing parameter '--tool-config': Shorthand syntax does not support document types. Use JSON input \
         for top-level argument to specify nested parameter: json"
    );
}

/// Every operation of every service has a table whose words can be parsed.
#[test]
fn every_operation_has_options_without_two_of_one_name() {
    for name in ["ec2", "s3", "iam", "cloudwatch", "rds", "deploy", "dynamodb", "ses", "translate"] {
        let command = crate::command_of_service(name);
        let Some(service) =
            crate::service_of_command(command).and_then(|name| awsx_model::service(name).unwrap())
        else {
            continue;
        };
        for operation in &service.operations {
            let word = crate::word_of(operation.name);
            let table = Table::new(service, operation, command, &word);
            let grammar = table.grammar(true);
            assert!(grammar.parse(&[]).is_ok(), "{command} {word}");
        }
    }
}
