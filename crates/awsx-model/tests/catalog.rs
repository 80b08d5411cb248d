//! Models of a user's folders: they add to those of the program or replace them, and broken ones are named.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use awsx_model::{BuiltIn, Catalog, Consequence, Expression, ModelError, Step};
use tempfile::TempDir;

const MODEL: &str = r#"{
    "metadata": {
        "apiVersion": "2030-01-01", "endpointPrefix": "parrot", "protocol": "json", "serviceId": "Parrot",
        "jsonVersion": "1.1", "targetPrefix": "Parrot", "signatureVersion": "v4"
    },
    "operations": {
        "ListParrots": {
            "name": "ListParrots", "http": {"method": "POST", "requestUri": "/"},
            "input": {"shape": "Request"}, "output": {"shape": "Response"}
        }
    },
    "shapes": {
        "Request": {"type": "structure", "members": {"Marker": {"shape": "Text"}}},
        "Response": {"type": "structure", "members": {"Marker": {"shape": "Text"}}},
        "Text": {"type": "string"}
    }
}"#;
const PAGINATORS: &str = r#"{"pagination": {"ListParrots": {"input_token": "Marker", "output_token": "Marker", "result_key": "Parrots"}}}"#;

#[test]
fn a_folder_adds_a_service() {
    let folder = folder_with(&[
        ("parrot/2030-01-01/service-2.json", MODEL),
        ("parrot/2030-01-01/paginators-1.json", PAGINATORS),
    ]);
    let catalog = catalog(&folder);
    let parrot = catalog.service("parrot").unwrap().unwrap();
    assert_eq!((parrot.name, parrot.service_id, parrot.full_name), ("parrot", "Parrot", "Parrot"));
    let pages = parrot.operation("ListParrots").unwrap().paginator.as_ref().unwrap();
    assert_eq!(pages.result_keys, ["Parrots"]);
    assert!(std::ptr::eq(parrot, catalog.service("parrot").unwrap().unwrap()));

    let names = catalog.names().unwrap();
    assert_eq!(names.len(), awsx_model::names().unwrap().len() + 1);
    assert!(names.is_sorted() && names.iter().any(|name| name == "parrot"));
}

#[test]
fn compressed_files_are_read_too() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("parrot/2030-01-01/service-2.json.gz");
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let mut file =
        flate2::write::GzEncoder::new(fs::File::create(path).unwrap(), flate2::Compression::fast());
    file.write_all(MODEL.as_bytes()).unwrap();
    file.finish().unwrap();
    assert_eq!(catalog(&folder).service("parrot").unwrap().unwrap().operations.len(), 1);
}

#[test]
fn a_newer_version_replaces_what_is_built_in_an_older_does_not() {
    let newer = folder_with(&[("sts/2030-01-01/service-2.json", MODEL)]);
    assert_eq!(catalog(&newer).service("sts").unwrap().unwrap().service_id, "Parrot");
    let older = folder_with(&[("sts/2001-01-01/service-2.json", MODEL)]);
    assert_eq!(catalog(&older).service("sts").unwrap().unwrap().service_id, "STS");
}

#[test]
fn each_file_of_a_version_is_looked_for_by_itself() {
    let paginators = r#"{"pagination": {"ListUsers": {"input_token": "A", "output_token": "B", "result_key": ["C", "D"]}}}"#;
    let folder = folder_with(&[("iam/2010-05-08/paginators-1.json", paginators)]);
    let iam = catalog(&folder).service("iam").unwrap().unwrap();
    assert_eq!(iam.operation("ListUsers").unwrap().paginator.as_ref().unwrap().result_keys, ["C", "D"]);
    assert!(iam.operation("ListRoles").unwrap().paginator.is_none(), "the file replaces all paginators");
    assert!(iam.waiter("UserExists").is_some());

    let folder =
        folder_with(&[("iam/2010-05-08/service-2.json", &MODEL.replace("ListParrots", "ListUsers"))]);
    let iam = catalog(&folder).service("iam").unwrap().unwrap();
    assert_eq!(iam.operation("ListUsers").unwrap().paginator.as_ref().unwrap().result_keys, ["Users"]);
}

#[test]
fn the_first_folder_that_has_a_file_wins() {
    let first = folder_with(&[("parrot/2030-01-01/service-2.json", MODEL)]);
    let second = folder_with(&[(
        "parrot/2030-01-01/service-2.json",
        &MODEL.replace(r#""serviceId": "Parrot""#, r#""serviceId": "Other""#),
    )]);
    let catalog = Catalog::new(vec![first.path().to_owned(), second.path().to_owned()]);
    assert_eq!(catalog.service("parrot").unwrap().unwrap().service_id, "Parrot");
}

#[test]
fn extras_are_merged_over_the_model() {
    let extras = r#"{"merge": {"metadata": {"serviceId": "Macaw"}, "shapes": {"Text": {"type": "long"}}}}"#;
    let folder = folder_with(&[
        ("parrot/2030-01-01/service-2.json", MODEL),
        ("parrot/2030-01-01/service-2.sdk-extras.json", extras),
    ]);
    let parrot = catalog(&folder).service("parrot").unwrap().unwrap();
    assert_eq!((parrot.service_id, parrot.full_name), ("Macaw", "Macaw"));
    let text = parrot.shapes.iter().find(|shape| shape.name == "Text").unwrap();
    assert!(matches!(text.kind, awsx_model::Kind::Long));
}

#[test]
fn a_folder_that_is_not_there_is_no_error() {
    let catalog = Catalog::new(vec!["/no/such/folder".into()]);
    assert_eq!(catalog.names().unwrap(), awsx_model::names().unwrap());
}

#[test]
fn a_name_leads_nowhere_else() {
    let folder = folder_with(&[("outside/2030-01-01/service-2.json", MODEL), ("inside/x/y", "")]);
    let catalog = Catalog::new(vec![folder.path().join("inside")]);
    for name in ["../outside", "..", ".", "", "/", "outside/", "x/../../outside"] {
        assert!(catalog.service(name).unwrap().is_none(), "{name}");
    }
}

#[test]
fn a_broken_model_is_named_with_what_is_wrong() {
    let cases = [
        ("{", "EOF while parsing an object"),
        ("[]", "invalid length 0"),
        (
            &MODEL.replace(r#""shape": "Request""#, r#""shape": "Gone""#),
            "operation `ListParrots`: there is no shape `Gone`",
        ),
        (
            &MODEL.replace(r#"{"shape": "Text"}"#, r#"{"shape": "Gone"}"#),
            "shape `Request`: member `Marker`: there is no shape `Gone`",
        ),
        (&MODEL.replace(r#""shape": "Response""#, r#""shape": "Text""#), "shape `Text` is no structure"),
        (
            &MODEL.replace(r#""type": "string""#, r#""type": "rope""#),
            "shape `Text`: the type `rope` is unknown",
        ),
        (&MODEL.replace(r#""type": "string""#, r#""type": "list""#), "a list needs a `member`"),
        (
            &MODEL.replace(r#""type": "string""#, r#""type": "structure", "payload": "Body""#),
            "its payload `Body` is no member",
        ),
        (&MODEL.replace(r#""protocol": "json""#, r#""protocol": "carrier-pigeon""#), "`carrier-pigeon`"),
        (&MODEL.replace(r#""serviceId": "Parrot","#, ""), "needs a `serviceId`"),
        (&format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000)), "recursion limit exceeded"),
    ];
    for (model, expected) in cases {
        let folder = folder_with(&[("parrot/2030-01-01/service-2.json", model)]);
        let error = catalog(&folder).service("parrot").unwrap_err().to_string();
        assert!(error.contains("2030-01-01/service-2.json") && error.contains(expected), "{error}");
    }
}

#[test]
fn a_file_that_grows_without_end_is_refused() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("parrot/2030-01-01/service-2.json.gz");
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let mut file =
        flate2::write::GzEncoder::new(fs::File::create(path).unwrap(), flate2::Compression::fast());
    let blanks = vec![b' '; 1 << 20];
    for _ in 0..65 {
        file.write_all(&blanks).unwrap();
    }
    file.finish().unwrap();
    let error = catalog(&folder).service("parrot").unwrap_err();
    assert!(matches!(&error, ModelError::Invalid { reason, .. } if reason.contains("more than")), "{error}");
}

#[test]
fn a_structure_that_derives_itself_comes_to_an_end() {
    let model = MODEL.replace(
        r#""members": {"Marker": {"shape": "Text"}}"#,
        r#""members": {"Marker": {"shape": "Request", "sensitive": true}, "Text": {"shape": "Text", "enum": ["a"]}}"#,
    );
    let folder = folder_with(&[("parrot/2030-01-01/service-2.json", &model)]);
    let parrot = catalog(&folder).service("parrot").unwrap().unwrap();
    assert_eq!(parrot.shapes.len(), 5);
}

const RULES: &str = r#"{
    "version": "1.0",
    "parameters": {"Region": {"type": "string", "builtIn": "AWS::Region", "required": true}},
    "rules": [{
        "type": "tree",
        "conditions": [{"fn": "aws.partition", "argv": [{"ref": "Region"}], "assign": "Partition"}],
        "rules": [{
            "type": "endpoint", "conditions": [],
            "endpoint": {"url": "https://parrot.{Region}.{Partition#dnsSuffix}/{{x}}"}
        }]
    }]
}"#;

#[test]
fn rules_come_from_folders_too() {
    let folder = folder_with(&[("parrot/2030-01-01/endpoint-rule-set-1.json", RULES)]);
    let catalog = catalog(&folder);
    let rules = catalog.rules("parrot").unwrap().unwrap();
    assert_eq!((rules.parameters[0].name, rules.parameters[0].built_in), ("Region", Some(BuiltIn::Region)));
    assert_eq!(rules.partitions[0].name, "aws");
    let Consequence::Rules(inner) = &rules.rules[0].then else { panic!("{:?}", rules.rules) };
    let Consequence::Endpoint(endpoint) = &inner[0].then else { panic!("{inner:?}") };
    let text = Expression::Text;
    let suffix = Expression::Attribute(Box::new(Expression::Variable(1)), vec![Step::Name("dnsSuffix")]);
    let url = vec![text("https://parrot."), Expression::Variable(0), text("."), suffix, text("/{x}")];
    assert_eq!(endpoint.url, Expression::Concat(url));
    assert!(std::ptr::eq(rules, catalog.rules("parrot").unwrap().unwrap()));
}

#[test]
fn a_model_without_rules_has_none_and_other_services_keep_theirs() {
    let folder = folder_with(&[("parrot/2030-01-01/service-2.json", MODEL)]);
    assert!(catalog(&folder).rules("parrot").unwrap().is_none());
    assert!(std::ptr::eq(
        catalog(&folder).rules("sts").unwrap().unwrap(),
        awsx_model::rules("sts").unwrap().unwrap()
    ));
}

#[test]
fn broken_rules_are_named_with_what_is_wrong() {
    let cases = [
        (
            RULES.replace(r#""fn": "aws.partition""#, r#""fn": "guess""#),
            "rule 0: the function `guess` is unknown",
        ),
        (RULES.replace(r#"[{"ref": "Region"}]"#, "[]"), "`aws.partition` does not take 0 arguments"),
        (
            RULES.replace("{Partition#", "{Parrot#"),
            "rule 0: rule 0: `Parrot` is neither a parameter nor assigned",
        ),
        (RULES.replace(r#""assign": "Partition""#, r#""assign": "Region""#), "`Region` is assigned twice"),
        (RULES.replace("/{{x}}", "/{x"), "has a brace alone"),
        (RULES.replace(r#""type": "tree""#, r#""type": "bush""#), "the type `bush` is unknown"),
        (
            RULES.replace(r#""type": "string""#, r#""type": "string", "default": true"#),
            "its default is of another type",
        ),
    ];
    for (rules, expected) in cases {
        let folder = folder_with(&[("parrot/2030-01-01/endpoint-rule-set-1.json", &rules)]);
        let error = catalog(&folder).rules("parrot").unwrap_err().to_string();
        assert!(error.contains("endpoint-rule-set-1.json") && error.contains(expected), "{error}");
    }
}

#[test]
fn partitions_come_from_folders_too() {
    let partitions = r#"{"partitions": [{
        "id": "moon", "regionRegex": "^moon\\-\\w+\\-\\d+$", "regions": {"moon-dark-1": {}},
        "outputs": {
            "dnsSuffix": "moon", "dualStackDnsSuffix": "api.moon", "implicitGlobalRegion": "moon-dark-1",
            "supportsFIPS": false, "supportsDualStack": true
        }
    }]}"#;
    let folder = folder_with(&[("partitions.json", partitions)]);
    let partition = &catalog(&folder).partitions().unwrap()[0];
    assert_eq!((partition.name, partition.dns_suffix), ("moon", "moon"));
    assert!(partition.has_region("moon-bright-2") && !partition.has_region("us-east-1"));
}

fn catalog(folder: &TempDir) -> Catalog {
    Catalog::new(vec![folder.path().to_owned()])
}

#[expect(clippy::disallowed_methods, reason = "a folder of the test")]
fn folder_with(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().expect("there is room");
    for (path, content) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap_or(Path::new(""))).expect("there is room");
        fs::write(path, content).expect("there is room");
    }
    folder
}
