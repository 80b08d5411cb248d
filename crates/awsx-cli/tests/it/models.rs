//! A user's own models: `~/.aws/models` and the folders of `AWS_DATA_PATH`.

use insta::assert_snapshot;

use crate::support::TestEnv;

const MODEL: &str = r#"{
    "metadata": {
        "apiVersion": "2030-01-01", "endpointPrefix": "parrot", "protocol": "json", "serviceId": "Parrot",
        "jsonVersion": "1.1", "targetPrefix": "Parrot", "signatureVersion": "v4"
    },
    "operations": {"ListParrots": {"name": "ListParrots", "http": {"method": "POST", "requestUri": "/"}}},
    "shapes": {}
}"#;
const RULES: &str = r#"{
    "version": "1.0",
    "parameters": {"Region": {"type": "string", "builtIn": "AWS::Region"}},
    "rules": [{"type": "error", "conditions": [], "error": "no parrots in {Region}"}]
}"#;

#[test]
fn a_service_of_the_users_goes_by_its_own_endpoint_rules() {
    let env = TestEnv::new().alice();
    env.write(".aws/models/parrot/2030-01-01/service-2.json", MODEL);
    env.write(".aws/models/parrot/2030-01-01/endpoint-rule-set-1.json", RULES);
    assert_snapshot!(env.run("parrot list-parrots --region eu-west-1"), @"
    exit: 255
    ----- stderr -----

    awsx: [ERROR]: no parrots in eu-west-1
    ");
}

#[test]
fn a_broken_model_is_named() {
    let env = TestEnv::new().alice();
    env.write("models/parrot/2030-01-01/service-2.json", &MODEL.replace("\"json\"", "\"pigeon\""));
    let folder = env.path("models").display().to_string();
    let run = env.var("AWS_DATA_PATH", &folder).run("parrot list-parrots");
    assert_snapshot!(run, @"
    exit: 255
    ----- stderr -----

    awsx: [ERROR]: `[HOME]/models/parrot/2030-01-01/service-2.json` is not a valid model: none of its protocols is known: `pigeon`
    ");
}

#[test]
fn an_added_model_is_a_command_at_once() {
    let env = TestEnv::new().alice();
    env.write("parrot.json", &MODEL.replace('\n', "\r\n"));
    let run = env.run("configure add-model --service-model file://parrot.json");
    assert_snapshot!(run, @"exit: 0");
    assert_eq!(env.read(".aws/models/parrot/2030-01-01/service-2.json"), MODEL);
    let request = env.run(
        "parrot list-parrots --region eu-west-1 --endpoint-url https://parrots.example --dry-run-request",
    );
    assert_snapshot!(request, @"
    exit: 0
    ----- stdout -----
    POST https://parrots.example/
    X-Amz-Target: Parrot.ListParrots
    Content-Type: application/x-amz-json-1.1
    User-Agent: awsx/0.1.0

    {}
    ");
}

#[test]
fn a_model_goes_where_its_service_is() {
    let model = |prefix: &str| MODEL.replace("\"parrot\"", &format!("\"{prefix}\"")).replace('\n', "");
    for (prefix, options, folder) in [
        ("iam", "", "iam"),
        // The endpoint of another service's name.
        ("monitoring", "", "cloudwatch"),
        ("monitoring", "--service-name parrot", "parrot"),
    ] {
        let env = TestEnv::new();
        env.write("m.json", &model(prefix));
        env.run(&format!("configure add-model --service-model file://m.json {options}"));
        assert!(env.path(&format!(".aws/models/{folder}/2030-01-01/service-2.json")).is_file(), "{folder}");
    }
    let env = TestEnv::new();
    env.write("m.json", &model("parrot").replacen('{', "{\"version\": \"1.0\",", 1));
    env.run("configure add-model --service-model file://m.json");
    assert!(env.path(".aws/models/parrot/2030-01-01/service-1.json").is_file());
}

#[test]
fn a_model_without_a_place_is_refused() {
    let env = TestEnv::new();
    env.write("m.json", MODEL);
    env.write("out.json", &MODEL.replace("2030-01-01", "../../x"));
    let mut runs = String::new();
    for words in [
        "--service-model {",
        "--service-model []",
        "--service-model {}",
        "--service-model {\"metadata\":{\"endpointPrefix\":\"p\"}}",
        "--service-model file://gone.json",
        "--service-model file://out.json",
        "--service-model file://m.json --service-name ../x",
        "--service-model file://m.json --service-name .",
        "--service-model file://m.json --service-name a/b",
    ] {
        let run =
            env.run_args(&["configure", "add-model"].into_iter().chain(words.split(' ')).collect::<Vec<_>>());
        runs.extend([words, "\n", &run.to_string(), "\n"]);
    }
    assert_snapshot!(runs, @r#"
    --service-model {
    exit: 255
    ----- stderr -----

    awsx: [ERROR]: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)

    --service-model []
    exit: 255
    ----- stderr -----

    awsx: [ERROR]: The service model is not a JSON object

    --service-model {}
    exit: 255
    ----- stderr -----

    awsx: [ERROR]: "endpointPrefix" not defined in the metadata of the model

    --service-model {"metadata":{"endpointPrefix":"p"}}
    exit: 255
    ----- stderr -----

    awsx: [ERROR]: "apiVersion" not defined in the metadata of the model: ServiceModel(p)

    --service-model file://gone.json
    exit: 252
    ----- stderr -----

    awsx: [ERROR]: An error occurred (ParamValidation): Error parsing parameter '--service-model': Unable to load paramfile file://gone.json: [Errno 2] No such file or directory: 'gone.json'

    --service-model file://out.json
    exit: 252
    ----- stderr -----

    awsx: [ERROR]: An error occurred (ParamValidation): `../../x` cannot be the name of a folder

    --service-model file://m.json --service-name ../x
    exit: 252
    ----- stderr -----

    awsx: [ERROR]: An error occurred (ParamValidation): `../x` cannot be the name of a folder

    --service-model file://m.json --service-name .
    exit: 252
    ----- stderr -----

    awsx: [ERROR]: An error occurred (ParamValidation): `.` cannot be the name of a folder

    --service-model file://m.json --service-name a/b
    exit: 252
    ----- stderr -----

    awsx: [ERROR]: An error occurred (ParamValidation): `a/b` cannot be the name of a folder
    "#);
    assert!(!env.path(".aws").exists());
}
