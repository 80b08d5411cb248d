//! The readers under test, and what has to hold of each beside that it ends well.

use std::fs;
use std::path::PathBuf;

use awsx_api::endpoint::Params;
use awsx_api::wire::xml;
use awsx_core::Env;
use awsx_core::ini::{Change, Document, SectionName};
use awsx_model::{Catalog, Service};
use awsx_output::{Query, Value};
use awsx_params::Table;

use crate::targets::Reader;

/// A file that can be read can be written back, byte for byte, and read again after a change.
pub(crate) fn ini() -> Reader {
    Box::new(|input| {
        let Ok(mut document) = Document::parse(input) else { return };
        assert_eq!(document.render().as_bytes(), input, "reading changes nothing");
        for section in document.sections() {
            let _ = (section.name(), section.header());
        }
        let section = SectionName::Profile("fuzz me".to_owned());
        if document.update(&section, &[Change::set("region", "eu-west-1"), Change::remove("output")]).is_ok()
        {
            let changed = document.render();
            assert!(Document::parse(changed.as_bytes()).is_ok(), "what was written can be read: {changed:?}");
        }
    })
}

/// An expression is searched with, in a value with something of every kind.
pub(crate) fn query() -> Reader {
    let text =
        r#"`{"a": [1, 2.5, -3, {"b": "c", "d": null}], "b": {"c": [[true], []]}, "e": "é", "f": false}`"#;
    let value = Query::parse(text).and_then(|query| query.search(&Value::Null)).expect("the value is right");
    Box::new(move |input| {
        let text = String::from_utf8_lossy(input);
        if let Ok(query) = Query::parse(&text) {
            let _ = query.search(&value);
        }
    })
}

/// A model in a user's folder.
pub(crate) fn model() -> Reader {
    in_models_folder("service-2.json", |folder| {
        let catalog = Catalog::of_folders_alone(vec![folder]);
        if let Ok(Some(service)) = catalog.service("fuzz") {
            let _ = (service.signing_name(), service.operation("ListThings"));
        }
    })
}

/// Endpoint rules in a user's folder, evaluated for a region.
pub(crate) fn rules() -> Reader {
    in_models_folder("endpoint-rule-set-1.json", |folder| {
        let catalog = Catalog::new(vec![folder]);
        if let Ok(Some(rules)) = catalog.rules("fuzz") {
            let mut params = Params::new();
            params.set("Region", "eu-west-1".to_owned());
            params.set("Endpoint", "http://127.0.0.1:1/a".to_owned());
            let _ = awsx_api::endpoint::resolve(rules, &params);
        }
    })
}

/// Reads a folder of models in which each input becomes the file of this name, of a service called `fuzz`.
fn in_models_folder(file: &'static str, read: fn(PathBuf)) -> Reader {
    let folder = tempfile::tempdir().expect("there is a place for temporary files");
    let version = folder.path().join("fuzz/2020-01-01");
    fs::create_dir_all(&version).expect("the folder is ours");
    Box::new(move |input| {
        #[expect(clippy::disallowed_methods, reason = "the file is no user's")]
        fs::write(version.join(file), input).expect("the folder is ours");
        read(folder.path().to_owned());
    })
}

/// S3's own rules, the longest there are: bucket, region and endpoint are a line each.
pub(crate) fn endpoint() -> Reader {
    let rules = awsx_model::rules("s3").ok().flatten().expect("S3 has endpoint rules");
    Box::new(move |input| {
        let text = String::from_utf8_lossy(input);
        let mut params = Params::new();
        for (name, line) in ["Bucket", "Region", "Endpoint"].into_iter().zip(text.lines()) {
            if !line.is_empty() {
                params.set(name, line.to_owned());
            }
        }
        if let Ok(endpoint) = awsx_api::endpoint::resolve(rules, &params) {
            let _ = endpoint.auth_schemes();
        }
    })
}

fn built_in(name: &str) -> &'static Service {
    awsx_model::service(name).ok().flatten().expect("the service is built in")
}

/// The words of options whose values nest: a line of the input is a word.
pub(crate) fn shorthand() -> Reader {
    let dynamodb = built_in("dynamodb");
    let operation = dynamodb.operation("PutItem").expect("DynamoDB puts items");
    let table = Table::new(dynamodb, operation, "dynamodb", "put-item");
    let env = Env::of([("HOME", "/nowhere")]);
    Box::new(move |input| {
        let text = String::from_utf8_lossy(input);
        // Files are not this target's business, and there are some that never end.
        if text.contains("file") || text.contains("@=") {
            return;
        }
        let fixed = ["--table-name", "t", "--item"].map(str::to_owned);
        let words: Vec<String> = fixed.into_iter().chain(text.lines().map(str::to_owned)).collect();
        let _ = awsx_params::resolve(&table, &words, &env, true);
    })
}

/// What `--cli-input-yaml` is given.
pub(crate) fn yaml() -> Reader {
    Box::new(|input| drop(awsx_params::parse_yaml(&String::from_utf8_lossy(input))))
}

/// Both JSON protocols.
pub(crate) fn json() -> Reader {
    answers_of(&[("dynamodb", "GetItem"), ("lambda", "ListFunctions")])
}

/// The protocols with XML in their answers; and S3's documents, which `awsx-s3` reads without a tree.
pub(crate) fn xml() -> Reader {
    let mut by_model =
        answers_of(&[("s3", "ListObjectsV2"), ("iam", "ListUsers"), ("ec2", "DescribeInstances")]);
    Box::new(move |input| {
        by_model(input);
        if let Some(text) = input.get(1..).and_then(|body| std::str::from_utf8(body).ok()) {
            let mut document = xml::Reader::new(text);
            document.root();
            walk(&mut document, 0);
        }
    })
}

/// Goes into every element that is not too deep; the text of every third one is read.
fn walk(document: &mut xml::Reader<'_>, depth: usize) {
    for number in 0.. {
        match document.child() {
            None => return,
            Some(_) if number % 3 == 2 => drop(document.text()),
            Some(_) if depth > 100 => document.skip(),
            Some(_) => walk(document, depth + 1),
        }
    }
}

pub(crate) fn cbor() -> Reader {
    answers_of(&[("partnercentral-revenue-measurement", "ListMarketplaceRevenueShares")])
}

/// Events in XML and in JSON.
pub(crate) fn events() -> Reader {
    answers_of(&[("s3", "SelectObjectContent"), ("kinesis", "SubscribeToShard")])
}

/// An answer and an error of these operations; the first byte of the input picks one.
fn answers_of(operations: &[(&str, &str)]) -> Reader {
    let asked = operations.iter().map(|(service, operation)| {
        let service = built_in(service);
        (service, service.operation(operation).expect("the operation is built in"))
    });
    let asked: Vec<_> = asked.collect();
    Box::new(move |input| {
        let Some((pick, body)) = input.split_first() else { return };
        let (service, operation) = asked[usize::from(*pick) % asked.len()];
        for status in [200, 400] {
            let _ = awsx_api::read_answer(service, operation, status, body);
        }
    })
}
