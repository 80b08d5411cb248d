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
