//! `s3://bucket/key`: buckets, then folder by folder.

use awsx_core::Env;
use awsx_params::{Given, Parameters};

use crate::commands::operation::{Question, catalog, split_globals};

/// What to ask for a word of an `s3` command that begins to be a path; none for another word.
pub(super) fn question(env: &Env, before: &[String], current: &str) -> Option<Question> {
    let (globals, words) = split_globals(before)?;
    let verb = match words.as_slice() {
        [command, verb, ..] if command == "s3" => verb,
        _ => return None,
    };
    if verb == "mb" {
        return None;
    }
    let service = catalog(env).service("s3").ok().flatten()?;
    let path = current.strip_prefix("s3://")?;
    let Some((bucket, key)) = path.split_once('/') else {
        let mut question = Question::of(globals, service, "ListBuckets", &["Buckets[].Name"])?;
        question.around = ("s3://".to_owned(), "/".to_owned());
        return Some(question);
    };
    if verb == "rb" || verb == "website" {
        return None;
    }
    let folder = key.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
    let mut question =
        Question::of(globals, service, "ListObjectsV2", &["CommonPrefixes[].Prefix", "Contents[].Key"])?;
    question.parameters = Parameters::from([
        ("Bucket".to_owned(), Given::Text(bucket.to_owned())),
        ("Prefix".to_owned(), Given::Text(folder)),
        ("Delimiter".to_owned(), Given::Text("/".to_owned())),
    ]);
    question.around = (format!("s3://{bucket}/"), String::new());
    Some(question)
}
