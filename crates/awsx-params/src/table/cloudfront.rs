//! CloudFront's options beside the model: the few things most people want of a distribution.

use super::custom::{set_at, text_of};
use super::{Apply, Table};
use crate::words::Takes;
use crate::{Given, Parameters};

/// Adds CloudFront's options.
pub(super) fn apply(table: &mut Table) {
    match table.word.as_str() {
        "create-invalidation" => {
            table.relax(&["invalidation-batch"]);
            table.exclusive.push([&["invalidation-batch"], &["paths"]]);
            table.add("paths", "The paths to invalidate", Takes::Several, Apply::With(invalidation_paths));
        }
        "create-distribution" => {
            table.relax(&["distribution-config"]);
            table.exclusive.push([&["default-root-object", "origin-domain-name"], &["distribution-config"]]);
            let about = "The origin's domain name; with it no --distribution-config is needed";
            table.add("origin-domain-name", about, Takes::One, Apply::With(origin));
            table.add("default-root-object", ROOT_OBJECT, Takes::One, Apply::With(root_object));
        }
        "update-distribution" => {
            table.relax(&["distribution-config"]);
            table.exclusive.push([&["default-root-object"], &["distribution-config"]]);
            // The other settings are asked for and kept, which needs a call.
            table.add("default-root-object", ROOT_OBJECT, Takes::One, Apply::Keep);
        }
        _ => {}
    }
}

const ROOT_OBJECT: &str = "What a request for the root URL is answered with, such as index.html";

fn invalidation_paths(value: &Given, parameters: &mut Parameters) {
    let Given::List(paths) = value else { return };
    let count = i128::try_from(paths.len()).unwrap_or(i128::MAX);
    let batch = Given::from([
        ("CallerReference", unique("cli").into()),
        ("Paths", Given::from([("Quantity", count.into()), ("Items", value.clone())])),
    ]);
    parameters.insert("InvalidationBatch".to_owned(), batch);
}

fn origin(value: &Given, parameters: &mut Parameters) {
    fill_configuration(parameters);
    let domain = text_of(value);
    let id = unique(&domain);
    // CloudFront takes the buckets of other partitions for hosts like any other.
    let (kind, settings) = if domain.ends_with(".s3.amazonaws.com") {
        ("S3OriginConfig", Given::from([("OriginAccessIdentity", "".into())]))
    } else {
        let ports = [("HTTPPort", 80.into()), ("HTTPSPort", 443.into())];
        let policy = ("OriginProtocolPolicy", "http-only".into());
        ("CustomOriginConfig", Given::from([ports[0].clone(), ports[1].clone(), policy]))
    };
    let origin = Given::from([
        ("Id", id.as_str().into()),
        ("DomainName", domain.into()),
        ("OriginPath", "".into()),
        (kind, settings),
    ]);
    let origins = Given::from([("Quantity", 1.into()), ("Items", Given::List(vec![origin]))]);
    set_at(parameters, &["DistributionConfig", "Origins"], origins);
    set_at(parameters, &["DistributionConfig", "DefaultCacheBehavior", "TargetOriginId"], id.into());
}

fn root_object(value: &Given, parameters: &mut Parameters) {
    fill_configuration(parameters);
    set_at(parameters, &["DistributionConfig", "DefaultRootObject"], value.clone());
}

/// The least that a distribution is made of, if nothing is said of it yet.
fn fill_configuration(parameters: &mut Parameters) {
    parameters.entry("DistributionConfig".to_owned()).or_insert_with(|| {
        let forwarded = Given::from([
            ("QueryString", false.into()),
            ("Cookies", Given::from([("Forward", "none".into())])),
        ]);
        let behaviour = Given::from([
            ("TargetOriginId", "placeholder".into()),
            ("ForwardedValues", forwarded),
            ("TrustedSigners", Given::from([("Enabled", false.into()), ("Quantity", 0.into())])),
            ("ViewerProtocolPolicy", "allow-all".into()),
            ("MinTTL", 0.into()),
        ]);
        Given::from([
            ("CallerReference", unique("cli").into()),
            ("Origins", Given::from([("Quantity", 0.into()), ("Items", Given::List(Vec::new()))])),
            ("DefaultCacheBehavior", behaviour),
            ("Enabled", true.into()),
            ("Comment", "".into()),
        ])
    });
}

/// A text that was not used before.
fn unique(prefix: &str) -> String {
    format!("{prefix}-{}", jiff::Timestamp::now().as_nanosecond())
}
