//! Options that AWS CLI has beside the model's, service by service.

use indexmap::IndexMap;

use super::{
    Apply, Argument, Custom, Role, Table, bundle, cloudfront, cloudsearch, datapipeline, ec2, emr, lambda,
};
use crate::words::{Check, Takes};
use crate::{Given, Parameters, ParamsError, python};

/// Adds what AWS CLI adds to an operation, and takes away what it takes away.
pub(super) fn apply(table: &mut Table) {
    match (table.command.as_str(), table.word.as_str()) {
        ("ec2", "bundle-instance") => bundle::apply(table),
        ("ec2", "get-password-data") => {
            let about = "The private key, a file in PEM, that decrypts the password";
            table.add("priv-launch-key", about, Takes::One, Apply::Keep);
        }
        ("ec2", _) => ec2::apply(table),
        ("iam", "create-virtual-mfa-device") => {
            let methods = Check::Choice(vec!["QRCodePNG".to_owned(), "Base32StringSeed".to_owned()]);
            table.add_required("outfile", "The file that the seed is saved in", Check::Nothing, Apply::Keep);
            table.add_required("bootstrap-method", "The form of the seed", methods, Apply::Keep);
        }
        ("ses", "send-email") => send_email(table),
        ("cloudwatch", "put-metric-data") => put_metric_data(table),
        ("cloudfront", _) => cloudfront::apply(table),
        ("datapipeline", _) => datapipeline::apply(table),
        ("emr", _) => emr::apply(table),
        ("lambda", _) => lambda::apply(table),
        ("translate", "import-terminology") => {
            table.hoist("terminology-data", "data-file", &["TerminologyData", "File"]);
            table.require("data-file");
            table
                .checks
                .push(("terminology-data", |value| refuse_inner(value, "File", TERMINOLOGY_IS_APART)));
        }
        ("translate", "translate-document") => {
            table.hoist("document", "document-content", &["Document", "Content"]);
            table.require("document-content");
            table.require("document");
            table.checks.push(("document", |value| refuse_inner(value, "Content", DOCUMENT_IS_APART)));
        }
        ("configservice", "put-configuration-recorder") => recording_group(table),
        ("kinesis", "list-streams") => {
            if let Some(argument) = table.arguments.get_mut("exclusive-start-stream-name") {
                argument.hidden = true;
            }
        }
        ("rekognition", "compare-faces") => {
            table.hoist("source-image", "source-image-bytes", &["SourceImage", "Bytes"]);
            table.hoist("target-image", "target-image-bytes", &["TargetImage", "Bytes"]);
        }
        ("rekognition", _) if table.arguments.contains_key("image") => {
            table.hoist("image", "image-bytes", &["Image", "Bytes"]);
        }
        ("quicksight", "start-asset-bundle-import-job") => table.hoist(
            "asset-bundle-import-source",
            "asset-bundle-import-source-bytes",
            &["AssetBundleImportSource", "Body"],
        ),
        ("iot", "create-keys-and-certificate") => {
            table.add_save("certificate-pem-outfile", "certificatePem");
            table.add_save("public-key-outfile", "keyPair.PublicKey");
            table.add_save("private-key-outfile", "keyPair.PrivateKey");
        }
        ("iot", "create-certificate-from-csr") => table.add_save("certificate-pem-outfile", "certificatePem"),
        ("deploy", "get-application-revision" | "register-application-revision" | "create-deployment") => {
            table.relax(&["revision"]);
            let about = "Where the revision lies in Amazon S3";
            table.add("s3-location", about, Takes::One, Apply::Try(s3_location));
            let about = "Where the revision lies on GitHub";
            table.add("github-location", about, Takes::One, Apply::Try(github_location));
        }
        (
            "ecs",
            "create-express-gateway-service"
            | "update-express-gateway-service"
            | "delete-express-gateway-service",
        ) => {
            let about = "Show how the service's parts are doing: those that change, or all";
            table.add_optional_choice("monitor-resources", about, &["DEPLOYMENT", "RESOURCE"]);
            let about = "How to show them, with `--monitor-resources`: on the terminal, or as lines of text";
            table.add_optional_choice("monitor-mode", about, &["INTERACTIVE", "TEXT-ONLY"]);
        }
        ("rds", "add-option-to-option-group") => {
            table.rename("options-to-include", "options");
            table.arguments.shift_remove("options-to-remove");
        }
        ("rds", "remove-option-from-option-group") => {
            table.rename("options-to-remove", "options");
            table.arguments.shift_remove("options-to-include");
        }
        ("cloudsearch", _) => cloudsearch::apply(table),
        ("logs", "start-live-tail") => {
            let modes = Check::Choice(vec!["interactive".to_owned(), "print-only".to_owned()]);
            let about = "How events are shown; awsx only prints them";
            let mode = Custom { about, takes: Takes::One, check: modes, apply: Apply::Keep };
            table.arguments.insert("mode".to_owned(), Argument::of(Role::Custom(mode)));
        }
        ("s3api", "select-object-content") => {
            table
                .arguments
                .insert("outfile".to_owned(), Argument { required: true, ..Argument::of(Role::OutFile) });
        }
        _ => {}
    }
}

impl Table<'_> {
    pub(super) fn add(&mut self, name: &str, about: &'static str, takes: Takes, apply: Apply) {
        let custom = Custom { about, takes, check: Check::Nothing, apply };
        self.arguments.insert(name.to_owned(), Argument::of(Role::Custom(custom)));
    }

    pub(super) fn add_required(&mut self, name: &str, about: &'static str, check: Check, apply: Apply) {
        let custom = Custom { about, takes: Takes::One, check, apply };
        let argument = Argument { required: true, ..Argument::of(Role::Custom(custom)) };
        self.arguments.insert(name.to_owned(), argument);
    }

    pub(super) fn add_required_list(&mut self, name: &str, about: &'static str, apply: Apply) {
        let custom = Custom { about, takes: Takes::Several, check: Check::Nothing, apply };
        let argument = Argument { required: true, ..Argument::of(Role::Custom(custom)) };
        self.arguments.insert(name.to_owned(), argument);
    }

    /// An option that the program around it acts on, whose value may be left out.
    fn add_optional_choice(&mut self, name: &str, about: &'static str, choices: &[&str]) {
        let check = Check::Choice(choices.iter().map(ToString::to_string).collect());
        let custom = Custom { about, takes: Takes::Optional, check, apply: Apply::Keep };
        self.arguments.insert(name.to_owned(), Argument::of(Role::Custom(custom)));
    }

    fn add_save(&mut self, name: &str, part: &'static str) {
        self.add(name, "The file that this part of the answer is saved in", Takes::One, Apply::Save(part));
    }

    /// Requires these options no more, since others can stand in for them.
    pub(super) fn relax(&mut self, names: &[&str]) {
        for name in names {
            if let Some(argument) = self.arguments.get_mut(*name) {
                argument.required = false;
            }
        }
    }

    fn require(&mut self, name: &str) {
        if let Some(argument) = self.arguments.get_mut(name) {
            argument.required = true;
        }
    }

    /// Gives bytes inside of a structure an option of their own.
    fn hoist(&mut self, structure: &str, option: &str, path: &'static [&'static str]) {
        self.relax(&[structure]);
        self.add(option, "The content: `fileb://` and a path", Takes::One, Apply::Into(path));
    }
}

/// Sets the member at `path`, making the structures on the way.
pub(crate) fn set_at(parameters: &mut Parameters, path: &[&str], value: Given) {
    let Some((last, around)) = path.split_last() else { return };
    let mut here = parameters;
    for name in around {
        let inner = here.entry((*name).to_owned()).or_insert_with(|| Given::Map(IndexMap::new()));
        if !matches!(inner, Given::Map(_)) {
            *inner = Given::Map(IndexMap::new());
        }
        let Given::Map(entries) = inner else { unreachable!("it has just been made a map") };
        here = entries;
    }
    here.insert((*last).to_owned(), value);
}

/// The first element of the list at `name`, a structure, made if there is none.
pub(super) fn first_of<'a>(parameters: &'a mut Parameters, name: &str) -> &'a mut Parameters {
    let list = parameters.entry(name.to_owned()).or_insert_with(|| Given::List(Vec::new()));
    if !matches!(list, Given::List(_)) {
        *list = Given::List(Vec::new());
    }
    let Given::List(elements) = list else { unreachable!("it has just been made a list") };
    if !matches!(elements.first(), Some(Given::Map(_))) {
        elements.insert(0, Given::Map(IndexMap::new()));
    }
    let Some(Given::Map(entries)) = elements.first_mut() else { unreachable!("its first element is a map") };
    entries
}

pub(super) fn text_of(given: &Given) -> String {
    match given {
        Given::Text(text) => text.clone(),
        other => other.python_text(),
    }
}

const TERMINOLOGY_IS_APART: &str = "File cannot be provided as part of the '--terminology-data' argument. Please use \
    the '--data-file' option instead to specify a file.";
const DOCUMENT_IS_APART: &str = "Content cannot be provided as a part of the '--document' argument. Please use the \
    '--document-content' option instead to specify a file.";

/// Refuses a member that has an option of its own.
pub(super) fn refuse_inner(value: &Given, member: &str, message: &str) -> Result<(), ParamsError> {
    match value.get(member) {
        Some(_) => Err(ParamsError::Value(message.to_owned())),
        None => Ok(()),
    }
}

/// What a configuration recorder records is a structure, which shorthand has no place for in another one.
fn recording_group(table: &mut Table) {
    let service = table.service;
    let Some(Role::Member(around)) =
        table.arguments.get("configuration-recorder").map(|found| found.role.clone())
    else {
        return;
    };
    let recorder = service.structure(around.shape);
    if let Some(member) = recorder.and_then(|recorder| recorder.member("recordingGroup")) {
        table.arguments.insert("recording-group".to_owned(), Argument::of(Role::Within { around, member }));
    }
}

fn send_email(table: &mut Table) {
    table.relax(&["message", "destination"]);
    table.rename("source", "from");
    table.exclusive.push([&["destination"], &["to", "cc", "bcc"]]);
    table.exclusive.push([&["message"], &["text", "html"]]);
    let recipients: [(&str, &'static [&'static str]); 3] = [
        ("to", &["Destination", "ToAddresses"]),
        ("cc", &["Destination", "CcAddresses"]),
        ("bcc", &["Destination", "BccAddresses"]),
    ];
    for (name, path) in recipients {
        table.add(name, "The addresses of recipients", Takes::Several, Apply::Into(path));
    }
    let parts: [(&str, &'static str, &'static [&'static str]); 3] = [
        ("subject", "The subject", &["Message", "Subject", "Data"]),
        ("text", "The message as text", &["Message", "Body", "Text", "Data"]),
        ("html", "The message as HTML", &["Message", "Body", "Html", "Data"]),
    ];
    for (name, about, path) in parts {
        table.add(name, about, Takes::One, Apply::Into(path));
    }
}

fn put_metric_data(table: &mut Table) {
    table.relax(&["metric-data"]);
    let instead = &["metric-name", "timestamp", "unit", "value", "dimensions", "statistic-values"];
    table.exclusive.push([&["metric-data"], instead]);
    let options: [(&str, &'static str, Apply); 7] = [
        (
            "metric-name",
            "The name of the metric",
            Apply::With(|value, all| set(all, "MetricName", value.clone())),
        ),
        ("timestamp", "When it was measured", Apply::With(|value, all| set(all, "Timestamp", value.clone()))),
        ("unit", "The unit", Apply::With(|value, all| set(all, "Unit", value.clone()))),
        ("value", "The value", Apply::Try(metric_value)),
        ("dimensions", "Names and values: `Name=Value,Name=Value`", Apply::Try(dimensions)),
        ("statistic-values", "Maximum, Minimum, SampleCount and Sum", Apply::Try(statistic_values)),
        ("storage-resolution", "Seconds that a value stands for", Apply::Try(storage_resolution)),
    ];
    for (name, about, apply) in options {
        table.add(name, about, Takes::One, apply);
    }
}

/// Sets a member of the one metric that the simple options describe.
fn set(parameters: &mut Parameters, member: &str, value: Given) {
    first_of(parameters, "MetricData").insert(member.to_owned(), value);
}

fn metric_value(value: &Given, parameters: &mut Parameters) -> Result<(), ParamsError> {
    set(parameters, "Value", Given::Float(python::float(&text_of(value))?));
    Ok(())
}

fn dimensions(value: &Given, parameters: &mut Parameters) -> Result<(), ParamsError> {
    let pairs = pairs_of(value)?.into_iter();
    let pairs = pairs.map(|(name, value)| Given::from([("Name", name.into()), ("Value", value.into())]));
    set(parameters, "Dimensions", Given::List(pairs.collect()));
    Ok(())
}

fn statistic_values(value: &Given, parameters: &mut Parameters) -> Result<(), ParamsError> {
    let pairs = pairs_of(value)?.into_iter();
    let pairs = pairs.map(|(name, value)| Ok((name, Given::Float(python::float(&value)?))));
    set(parameters, "StatisticValues", Given::Map(pairs.collect::<Result<_, ParamsError>>()?));
    Ok(())
}

fn storage_resolution(value: &Given, parameters: &mut Parameters) -> Result<(), ParamsError> {
    set(parameters, "StorageResolution", Given::Integer(python::int(&text_of(value))?));
    Ok(())
}

/// `a=b,c=d`.
fn pairs_of(value: &Given) -> Result<Vec<(String, String)>, ParamsError> {
    let text = text_of(value);
    text.split(',')
        .map(|pair| match pair.split('=').collect::<Vec<_>>().as_slice() {
            [name, value] => Ok(((*name).to_owned(), (*value).to_owned())),
            [_] => Err(ParamsError::Python("not enough values to unpack (expected 2, got 1)".to_owned())),
            _ => Err(ParamsError::Python("too many values to unpack (expected 2)".to_owned())),
        })
        .collect()
}

fn s3_location(value: &Given, parameters: &mut Parameters) -> Result<(), ParamsError> {
    let known = ["bucket", "key", "bundleType", "eTag", "version"];
    let location = location_of(value, &known, "--s3-location")?;
    if known[..3].iter().any(|name| !location.contains_key(*name)) {
        return Err(ParamsError::Value("--s3-location must specify bucket, key and bundleType.".to_owned()));
    }
    let revision = Given::from([("revisionType", "S3".into()), ("s3Location", Given::Map(location))]);
    parameters.insert("revision".to_owned(), revision);
    Ok(())
}

fn github_location(value: &Given, parameters: &mut Parameters) -> Result<(), ParamsError> {
    let known = ["repository", "commitId"];
    let location = location_of(value, &known, "--github-location")?;
    if known.iter().any(|name| !location.contains_key(*name)) {
        return Err(ParamsError::Value("--github-location must specify repository and commitId.".to_owned()));
    }
    let revision = Given::from([("revisionType", "GitHub".into()), ("gitHubLocation", Given::Map(location))]);
    parameters.insert("revision".to_owned(), revision);
    Ok(())
}

/// A structure as JSON or shorthand, for an option that no model knows.
pub fn parse_structure(option: &str, text: &str) -> Result<Parameters, ParamsError> {
    if text.trim_start().starts_with('{') {
        return match crate::json::parse(text) {
            Ok(Given::Map(entries)) => Ok(entries),
            Ok(_) => Ok(IndexMap::new()),
            Err(error) => {
                let message = format!("Invalid JSON: {error}\nJSON received: {text}");
                Err(ParamsError::parameter(option, message))
            }
        };
    }
    match crate::shorthand::parse(text, &|_| Ok(None)) {
        Ok(entries) => Ok(entries),
        Err(crate::shorthand::ShorthandError::Syntax(message)) => {
            Err(ParamsError::parameter(option, message))
        }
        Err(crate::shorthand::ShorthandError::Python(error)) => Err(error),
    }
}

/// A location as JSON or shorthand, without what is empty or unknown.
fn location_of(value: &Given, known: &[&str], option: &str) -> Result<Parameters, ParamsError> {
    let mut location = parse_structure(option, &text_of(value))?;
    location.retain(|name, value| known.contains(&name.as_str()) && *value != Given::from(""));
    Ok(location)
}
