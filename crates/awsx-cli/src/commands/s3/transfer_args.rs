//! The options that `cp`, `mv` and `sync` share.

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use awsx_core::{Env, Secret};
use awsx_params::Given;
use awsx_s3::checksum::Algorithm;
use awsx_s3::options::{CustomerKey, Grant, GrantError, ObjectOptions};
use awsx_s3::plan::CaseConflict;
use awsx_s3::transfer::CopyProps;

use super::filters::Filters;
use super::wildcards::GlobArgs;
use crate::error::{CommandError, CommandResult};
use crate::usage::number;

const ACLS: [&str; 8] = [
    "private",
    "public-read",
    "public-read-write",
    "authenticated-read",
    "aws-exec-read",
    "bucket-owner-read",
    "bucket-owner-full-control",
    "log-delivery-write",
];
const STORAGE_CLASSES: [&str; 8] = [
    "STANDARD",
    "REDUCED_REDUNDANCY",
    "STANDARD_IA",
    "ONEZONE_IA",
    "INTELLIGENT_TIERING",
    "GLACIER",
    "DEEP_ARCHIVE",
    "GLACIER_IR",
];
const ALGORITHMS: [&str; 9] =
    ["CRC64NVME", "CRC32", "SHA256", "SHA1", "CRC32C", "SHA512", "XXHASH64", "XXHASH3", "XXHASH128"];

/// What is shown, and which things are meant: the options that `rm` has too.
#[derive(clap::Args, Clone, Debug, Default)]
pub(super) struct CommonArgs {
    /// Show what would be done, and do nothing
    #[arg(long)]
    pub(super) dryrun: bool,
    /// Show nothing
    #[arg(long)]
    pub(super) quiet: bool,
    #[command(flatten)]
    pub(super) filters: Filters,
    /// Show errors and warnings only
    #[arg(long)]
    pub(super) only_show_errors: bool,
    /// How many keys to list with one request
    #[arg(long, value_name = "COUNT", value_parser = number::<i32>)]
    pub(super) page_size: Option<i32>,
    /// Accept to pay for the requests
    #[arg(long, num_args = 0..=1, default_missing_value = "requester", value_parser = ["requester"])]
    pub(super) request_payer: Option<String>,
    /// Have at most so many requests under way (default: as many as do good)
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) numworkers: Option<u16>,
    #[command(flatten)]
    pub(super) glob: GlobArgs,
}

/// How things are transferred.
#[derive(clap::Args, Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub(super) struct TransferArgs {
    #[command(flatten)]
    pub(super) common: CommonArgs,
    /// Set a canned ACL
    #[arg(long, value_parser = ACLS)]
    acl: Option<String>,
    /// Follow links to files and folders when uploading (the default)
    #[arg(long, overrides_with = "no_follow_symlinks")]
    follow_symlinks: bool,
    /// Pass over links when uploading
    #[arg(long)]
    no_follow_symlinks: bool,
    /// Send no content type guessed from the name
    #[arg(long)]
    no_guess_mime_type: bool,
    /// Have S3 encrypt: AES256 (the default) or aws:kms
    #[arg(long, num_args = 0..=1, default_missing_value = "AES256", value_parser = ["AES256", "aws:kms"])]
    sse: Option<String>,
    /// Have S3 encrypt with a key of your own
    #[arg(long, num_args = 0..=1, default_missing_value = "AES256", value_parser = ["AES256"])]
    pub(super) sse_c: Option<String>,
    /// That key, its bytes; `fileb://PATH` reads it from a file
    #[arg(long, value_name = "KEY")]
    pub(super) sse_c_key: Option<Secret<String>>,
    /// Have S3 encrypt with this KMS key
    #[arg(long, value_name = "ID")]
    sse_kms_key_id: Option<String>,
    /// The source of a copy is encrypted with a key of your own
    #[arg(long, num_args = 0..=1, default_missing_value = "AES256", value_parser = ["AES256"])]
    pub(super) sse_c_copy_source: Option<String>,
    /// That key
    #[arg(long, value_name = "KEY")]
    pub(super) sse_c_copy_source_key: Option<Secret<String>>,
    /// Set the storage class
    #[arg(long, value_parser = STORAGE_CLASSES)]
    storage_class: Option<String>,
    /// Grant permissions: PERMISSION=KIND=ID, permission one of read, readacl, writeacl, full
    #[arg(long, num_args = 1.., value_name = "GRANT")]
    grants: Vec<String>,
    /// Have a website redirect requests for the object
    #[arg(long, value_name = "URL")]
    website_redirect: Option<String>,
    /// Set the content type instead of guessing it
    #[arg(long, value_name = "TYPE")]
    content_type: Option<String>,
    /// Set Cache-Control
    #[arg(long, value_name = "VALUE")]
    cache_control: Option<String>,
    /// Set Content-Disposition
    #[arg(long, value_name = "VALUE")]
    content_disposition: Option<String>,
    /// Set Content-Encoding
    #[arg(long, value_name = "VALUE")]
    content_encoding: Option<String>,
    /// Set Content-Language
    #[arg(long, value_name = "VALUE")]
    content_language: Option<String>,
    /// Set the time from which caches ask again
    #[arg(long, value_name = "TIME")]
    expires: Option<String>,
    /// The region of the source bucket of a copy
    #[arg(long, value_name = "REGION")]
    pub(super) source_region: Option<String>,
    /// Show no progress
    #[arg(long)]
    pub(super) no_progress: bool,
    /// Show progress every so many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 0, value_parser = number::<u64>)]
    pub(super) progress_frequency: u64,
    /// Show each progress on a line of its own
    #[arg(long)]
    pub(super) progress_multiline: bool,
    /// Pass over objects in archives without a warning
    #[arg(long)]
    pub(super) ignore_glacier_warnings: bool,
    /// Try to transfer objects in archives all the same
    #[arg(long)]
    pub(super) force_glacier_transfer: bool,
    /// Ask for the checksum of what is downloaded; awsx does in any case
    #[arg(long, value_parser = ["ENABLED"])]
    pub(super) checksum_mode: Option<String>,
    /// The checksum of what is uploaded [default: CRC64NVME]
    #[arg(long, value_parser = ALGORITHMS)]
    pub(super) checksum_algorithm: Option<String>,
    /// Metadata: K=V,K2=V2, or a JSON object
    #[arg(long, value_name = "MAP")]
    metadata: Option<String>,
    /// What copies within S3 take along
    #[arg(long, value_parser = ["none", "metadata-directive", "default", "all"], default_value = "default")]
    copy_props: String,
    /// Take the source's metadata along, or replace it
    #[arg(long, value_parser = ["COPY", "REPLACE"])]
    metadata_directive: Option<String>,
    /// What to do about names that differ only in case
    #[arg(long, value_parser = ["ignore", "skip", "warn", "error"], default_value = "ignore")]
    case_conflict: String,
    /// Go on with what an earlier run was doing in parts when it ended, and keep what this one does
    #[arg(long)]
    pub(super) resume: bool,
    /// Leave alone what is at the target
    #[arg(long)]
    pub(super) no_overwrite: bool,
}

impl TransferArgs {
    /// Those of a command that has no others.
    pub(super) fn of(common: CommonArgs) -> Self {
        Self { common, ..Self::default() }
    }

    pub(super) fn follows_links(&self) -> bool {
        self.follow_symlinks || !self.no_follow_symlinks
    }

    pub(super) fn guesses_type(&self) -> bool {
        !self.no_guess_mime_type
    }

    pub(super) fn replaces_metadata(&self) -> bool {
        self.metadata_directive.as_deref() == Some("REPLACE")
            || (self.metadata_directive.is_none() && self.metadata.is_some())
    }

    pub(super) fn checksum(&self) -> Option<Algorithm> {
        self.checksum_algorithm.as_deref().and_then(Algorithm::of_name)
    }

    pub(super) fn case_conflict(&self) -> CaseConflict {
        match self.case_conflict.as_str() {
            "skip" => CaseConflict::Skip,
            "warn" => CaseConflict::Warn,
            "error" => CaseConflict::Error,
            _ => CaseConflict::Ignore,
        }
    }

    pub(super) fn copy_props(&self) -> CopyProps {
        match self.copy_props.as_str() {
            "none" => CopyProps::None,
            "metadata-directive" => CopyProps::MetadataDirective,
            "all" => CopyProps::All,
            _ => CopyProps::Default,
        }
    }

    /// The grants. AWS CLI looks at them when it makes the first request, so that a dry run has none.
    pub(super) fn grants(&self) -> Result<Vec<Grant>, GrantError> {
        self.grants.iter().map(|grant| grant.parse()).collect()
    }

    /// What objects get, but for the grants.
    pub(super) fn object_options(&self, env: &Env) -> CommandResult<ObjectOptions> {
        let expires = self.expires.as_deref().filter(|text| !text.is_empty()).map(http_date).transpose();
        let metadata = self.metadata.as_deref().map(|given| parse_metadata(env, given)).transpose()?;
        let metadata = metadata.unwrap_or_default();
        let pairs = metadata.iter().map(|(key, value)| (key.as_str(), value.as_str()));
        let unsendable = awsx_s3::wire::check_metadata(pairs).err().map(|error| error.to_string());
        Ok(ObjectOptions {
            acl: self.acl.clone(),
            grants: Vec::new(),
            mistake: expires.as_ref().err().cloned().or(unsendable),
            storage_class: self.storage_class.clone(),
            website_redirect: self.website_redirect.clone(),
            content_type: self.content_type.clone(),
            cache_control: self.cache_control.clone(),
            content_disposition: self.content_disposition.clone(),
            content_encoding: self.content_encoding.clone(),
            content_language: self.content_language.clone(),
            expires: expires.ok().flatten(),
            metadata,
            metadata_directive: self.metadata_directive.clone(),
            sse: self.sse.clone(),
            sse_kms_key_id: self.sse_kms_key_id.clone(),
            sse_c: customer_key(self.sse_c.as_ref(), self.sse_c_key.as_ref())?,
            sse_c_copy_source: customer_key(
                self.sse_c_copy_source.as_ref(),
                self.sse_c_copy_source_key.as_ref(),
            )?,
            request_payer: self.common.request_payer.clone(),
            checksum_algorithm: self.checksum(),
            checksum_mode: self.checksum_mode.is_some(),
        })
    }
}

fn customer_key(
    algorithm: Option<&String>,
    key: Option<&Secret<String>>,
) -> CommandResult<Option<CustomerKey>> {
    let (Some(algorithm), Some(key)) = (algorithm, key) else { return Ok(None) };
    let text = key.expose();
    let bytes = match text.strip_prefix("fileb://").or_else(|| text.strip_prefix("file://")) {
        Some(path) => std::fs::read(path).map_err(|error| unreadable(text, path, &error))?,
        None => text.as_bytes().to_vec(),
    };
    Ok(Some(CustomerKey { algorithm: algorithm.clone(), key: Secret::new(bytes) }))
}

fn unreadable(parameter: &str, path: &str, error: &std::io::Error) -> CommandError {
    let reason = error.to_string();
    let reason = reason.split(" (os error").next().unwrap_or_default();
    let number = error.raw_os_error().unwrap_or_default();
    CommandError::usage(format!(
        "Error parsing parameter '{parameter}': Unable to load paramfile {parameter}: [Errno {number}] {reason}: '{path}'"
    ))
}

/// `K=V` pairs or a JSON object, in the grammar of all options.
fn parse_metadata(env: &Env, given: &str) -> CommandResult<Vec<(String, String)>> {
    let text = awsx_params::load_text(env, "--metadata", given)?;
    let entries = awsx_params::parse_structure("--metadata", text.trim())?;
    let pair = |(key, value): (String, Given)| match value {
        Given::Text(value) => Ok((key, value)),
        other => Err(CommandError::usage(format!(
            "Parameter validation failed:\nInvalid type for parameter {key}, value: {}, type: {}, valid types: <class \
             'str'>",
            other.python_text(),
            other.python_type()
        ))),
    };
    entries.into_iter().map(pair).collect()
}

/// A time as HTTP writes it; else what AWS CLI says of it.
fn http_date(text: &str) -> Result<String, String> {
    let moment = awsx_params::parse_moment(text);
    let time = moment.map(|moment| DateTime::from_secs_and_nanos(moment.seconds, moment.nanoseconds));
    time.and_then(|time| time.fmt(Format::HttpDate).ok()).ok_or_else(|| {
        format!(
            "Parameter validation failed:\nInvalid type for parameter Expires, value: {text}, type: <class 'str'>, \
             valid types: <class 'datetime.datetime'>, timestamp-string"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env() -> Env {
        Env::of([("HOME", "/nowhere")])
    }

    fn metadata(text: &str) -> Vec<(String, String)> {
        parse_metadata(&env(), text).unwrap()
    }

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn metadata_is_shorthand_or_json() {
        assert_eq!(metadata("a=1,b=x=y"), pairs(&[("a", "1"), ("b", "x=y")]));
        assert_eq!(metadata(r#"a="1,2",b='x'"#), pairs(&[("a", "1,2"), ("b", "x")]));
        assert_eq!(metadata(r#"{"a": "1", "b": "2"}"#), pairs(&[("a", "1"), ("b", "2")]));
        assert!(parse_metadata(&env(), "abc").is_err());
        assert!(parse_metadata(&env(), r#"{"a": 1}"#).is_err());
    }

    #[test]
    fn expiry_is_sent_as_http_writes_times() {
        let http = "Tue, 01 Jan 2030 00:00:00 GMT";
        for text in ["2030-01-01T00:00:00Z", "2030-01-01T01:00:00+01:00", "2030-01-01", "1893456000", http] {
            assert_eq!(http_date(text).unwrap(), http, "{text}");
        }
    }
}
