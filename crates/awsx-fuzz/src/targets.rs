//! The readers, and what has to hold of each beside that it ends well.

use std::fs;

use awsx_api::endpoint::Params;
use awsx_core::Env;
use awsx_core::ini::{Change, Document, SectionName};
use awsx_model::{Catalog, Service};
use awsx_output::{Query, Value};
use awsx_params::Table;

/// Reads one input.
pub(crate) type Reader = Box<dyn FnMut(&[u8])>;

/// A reader under test.
pub(crate) struct Target {
    pub(crate) name: &'static str,
    /// Pieces of its language, that inputs are changed with.
    pub(crate) words: &'static [&'static str],
    /// Gets ready to read; what it gives reads one input.
    pub(crate) prepare: fn() -> Reader,
}

const JSON: &[&str] =
    &["{", "}", "[", "]", "\"", ":", ",", "null", "{\"a\":", "[[", "\\u0000", "\\ud800", "\\"];

pub(crate) const TARGETS: &[Target] = &[
    Target {
        name: "ini",
        words: &[
            "[",
            "]",
            "[profile ",
            "[default]\n",
            "=",
            " = ",
            "\n",
            "\n  ",
            "#",
            ";",
            "\"",
            "'",
            "\r\n",
            ":",
            "\u{feff}",
        ],
        prepare: ini,
    },
    Target {
        name: "query",
        words: &[
            "[",
            "]",
            "[]",
            "[*]",
            "[?",
            "{",
            "}",
            "(",
            ")",
            "!",
            "&",
            "&&",
            "||",
            "|",
            ".",
            "*",
            "@",
            "`",
            "`[`",
            "'",
            "\"",
            "a",
            "length(",
            "sort_by(",
            "to_string(",
            "join('', ",
            "[::-1]",
            "[1:",
            "==",
            "map(&",
            "not_null(",
            "merge(",
            ",",
        ],
        prepare: query,
    },
    Target { name: "model", words: JSON, prepare: model },
    Target {
        name: "rules",
        words: &[
            "{",
            "}",
            "[",
            "]",
            "\"",
            ":",
            ",",
            "{\"fn\":\"isSet\",\"argv\":[",
            "{\"ref\":\"",
            "{Region}",
            "{url#authority}",
            "aws.parseArn",
            "parseURL",
            "substring",
            "getAttr",
            "[0]",
            "{{",
            "\"conditions\":[{",
            "\"rules\":[{",
            "\"type\":\"tree\"",
            "\"assign\":\"",
        ],
        prepare: rules,
    },
    Target {
        name: "endpoint",
        words: &[
            "\n",
            "arn:aws:s3:eu-west-1:1:accesspoint/",
            ":",
            "/",
            ".",
            "--x-s3",
            "%2f",
            "@",
            "http://",
            "[::1]",
            "é",
            "-",
        ],
        prepare: endpoint,
    },
    Target {
        name: "shorthand",
        words: &[
            "{", "}", "[", "]", "=", ",", "a=", "a={", "[[", "\"", "'", "\\", "@=", "\n", "M=", "L=[",
            "{M={a={", "S=x",
        ],
        prepare: shorthand,
    },
    Target {
        name: "answer",
        words: &[
            "{",
            "}",
            "[",
            "]",
            "\"",
            ":",
            ",",
            "<a>",
            "</a>",
            "<",
            ">",
            "<!--",
            "-->",
            "<![CDATA[",
            "]]>",
            "<!DOCTYPE a [",
            "<!ENTITY a \"&a;&a;\">",
            "&#x0;",
            "&lt;",
            "&a;",
            "xmlns=\"",
            "null",
            "{\"L\":[",
            "\u{9f}",
            "\u{bf}",
            "\u{a1}",
            "\u{81}",
        ],
        prepare: answer,
    },
];

/// A file that can be read can be written back, byte for byte, and read again after a change.
fn ini() -> Reader {
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
fn query() -> Reader {
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
fn model() -> Reader {
    let folder = tempfile::tempdir().expect("there is a place for temporary files");
    let version = folder.path().join("fuzz/2020-01-01");
    fs::create_dir_all(&version).expect("the folder is ours");
    Box::new(move |input| {
        #[expect(clippy::disallowed_methods, reason = "the file is no user's")]
        fs::write(version.join("service-2.json"), input).expect("the folder is ours");
        let catalog = Catalog::of_folders_alone(vec![folder.path().to_owned()]);
        if let Ok(Some(service)) = catalog.service("fuzz") {
            let _ = (service.signing_name(), service.operation("ListThings"));
        }
    })
}

/// Endpoint rules in a user's folder, evaluated for a region.
fn rules() -> Reader {
    let folder = tempfile::tempdir().expect("there is a place for temporary files");
    let version = folder.path().join("fuzz/2020-01-01");
    fs::create_dir_all(&version).expect("the folder is ours");
    Box::new(move |input| {
        #[expect(clippy::disallowed_methods, reason = "the file is no user's")]
        fs::write(version.join("endpoint-rule-set-1.json"), input).expect("the folder is ours");
        let catalog = Catalog::new(vec![folder.path().to_owned()]);
        if let Ok(Some(rules)) = catalog.rules("fuzz") {
            let mut params = Params::new();
            params.set("Region", "eu-west-1".to_owned());
            params.set("Endpoint", "http://127.0.0.1:1/a".to_owned());
            let _ = awsx_api::endpoint::resolve(rules, &params);
        }
    })
}

/// S3's own rules, the longest there are: bucket, region and endpoint are a line each.
fn endpoint() -> Reader {
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
fn shorthand() -> Reader {
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

/// An answer and an error of every protocol; the first byte of the input picks one.
fn answer() -> Reader {
    let asked: Vec<_> = [
        ("dynamodb", "GetItem"),
        ("lambda", "ListFunctions"),
        ("s3", "ListObjectsV2"),
        ("iam", "ListUsers"),
        ("ec2", "DescribeInstances"),
        ("partnercentral-revenue-measurement", "ListMarketplaceRevenueShares"),
        ("s3", "SelectObjectContent"),
        ("kinesis", "SubscribeToShard"),
    ]
    .map(|(service, operation)| {
        let service = built_in(service);
        (service, service.operation(operation).expect("the operation is built in"))
    })
    .into();
    Box::new(move |input| {
        let Some((pick, body)) = input.split_first() else { return };
        let (service, operation) = asked[usize::from(*pick) % asked.len()];
        for status in [200, 400] {
            let _ = awsx_api::read_answer(service, operation, status, body);
        }
    })
}
