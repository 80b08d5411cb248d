//! `cloudtrail verify-query-results`.

use std::fmt::Write as _;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use awsx_params::{Given, os_error};
use indexmap::IndexMap;
use sha2::{Digest, Sha256};

use super::signature::{self, SignatureError};
use super::{public_keys, times};
use crate::commands::operation::{Instead, ServiceClient};
use crate::commands::verbs::values::members;
use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// Check that the files a query of CloudTrail Lake was exported to are as they were delivered
///
/// The files and their `result_sign.json` lie in a folder, or in S3.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx cloudtrail verify-query-results --local-export-path export
  awsx cloudtrail verify-query-results --s3-bucket exports --s3-prefix AWSLogs/111122223333/CloudTrail-Lake/Query/2026")]
pub(crate) struct VerifyQueryResultsArgs {
    /// The folder
    #[arg(long, value_name = "FOLDER")]
    local_export_path: Option<String>,
    /// The bucket
    #[arg(long, value_name = "BUCKET")]
    s3_bucket: Option<String>,
    /// What the keys in the bucket begin with
    #[arg(long, value_name = "PREFIX")]
    s3_prefix: Option<String>,
}

/// The name of the file that tells of the others.
const SIGN_FILE: &str = "result_sign.json";
/// Keys are asked for this long from the export on, as AWS CLI does.
const KEYS_FOR: i64 = 20 * times::DAY;

pub(crate) fn run(context: &Context, args: &VerifyQueryResultsArgs) -> CommandResult {
    let given = |value: &Option<String>| value.clone().filter(|text| !text.is_empty());
    let (folder, bucket, prefix) =
        (given(&args.local_export_path), given(&args.s3_bucket), given(&args.s3_prefix));
    if folder.is_some() && (bucket.is_some() || prefix.is_some()) {
        return Err(CommandError::usage(
            "Parameter --local-export-path can not be specified with parameter --s3-bucket nor --s3-prefix.",
        ));
    }
    if folder.is_none() && bucket.is_none() {
        return Err(CommandError::usage("Require parameter --s3-bucket or --local-export-path."));
    }
    context.block_on(async {
        let cloudtrail = ServiceClient::connect(context, "cloudtrail").await?;
        let export = match (folder, bucket) {
            (Some(folder), _) => Export::Folder(PathBuf::from(folder)),
            (None, bucket) => {
                // `--endpoint-url` means CloudTrail's.
                let instead = Instead { ignores_endpoint_option: true, ..Instead::default() };
                let s3 = Box::new(ServiceClient::connect_as(context, "s3", instead).await?);
                let mut prefix = prefix.unwrap_or_default();
                if !prefix.is_empty() && !prefix.ends_with('/') {
                    prefix.push('/');
                }
                Export::Bucket { s3, bucket: bucket.expect("one of them is given"), prefix }
            }
        };
        let signed = Signed::read(&export).await?;
        signed.check_files(&export).await?;
        signed.check_signature(&cloudtrail).await
    })?;
    context.ui.out(format_args!("Successfully validated sign and query result files\n"))
}

/// Where an export lies.
enum Export<'c> {
    Folder(PathBuf),
    Bucket { s3: Box<ServiceClient<'c>>, bucket: String, prefix: String },
}

impl Export<'_> {
    /// Reads a file of the export piece by piece.
    async fn read(&self, name: &str, mut take: impl FnMut(&[u8])) -> CommandResult {
        match self {
            Self::Folder(folder) => {
                let path = folder.join(name);
                read_file(&path, take).map_err(|error| CommandError::general(os_error(&error, &path)))
            }
            Self::Bucket { s3, bucket, prefix } => {
                let object = [("Bucket", bucket.as_str().into()), ("Key", format!("{prefix}{name}").into())];
                let mut body = s3.fetch("GetObject", members(object)).await?.body;
                while let Some(body) = &mut body
                    && let Some(piece) = body.next().await?
                {
                    take(&piece);
                }
                Ok(())
            }
        }
    }
}

fn read_file(path: &Path, mut take: impl FnMut(&[u8])) -> std::io::Result<()> {
    let mut file = File::open(path)?;
    let mut piece = vec![0; 64 << 10];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(()),
            read => take(&piece[..read]),
        }
    }
}

/// What `result_sign.json` tells.
struct Signed(IndexMap<String, Given>);

impl Signed {
    async fn read(export: &Export<'_>) -> CommandResult<Self> {
        let mut bytes = Vec::new();
        export.read(SIGN_FILE, |piece| bytes.extend_from_slice(piece)).await?;
        let text = String::from_utf8(bytes)
            .map_err(|_| CommandError::general(format!("`{SIGN_FILE}` holds no text in UTF-8")))?;
        let content = awsx_params::parse_json(&text).map_err(|error| {
            CommandError::general(format!(
                "InformationCollectionError: Unable to load {SIGN_FILE} file, due to {error}"
            ))
        })?;
        match content {
            Given::Map(members) => Ok(Self(members)),
            _ => Err(not_one()),
        }
    }

    /// The files' names, and the hashes of what was in them.
    fn files(&self) -> CommandResult<Vec<(String, String)>> {
        let Given::List(files) = member(&self.0, "files")? else { return Err(not_one()) };
        if files.is_empty() {
            return Err(invalid("No export file was found in sign file."));
        }
        let pair = |file: &Given| match file {
            Given::Map(file) => Ok((text(file, "fileName")?, text(file, "fileHashValue")?)),
            _ => Err(not_one()),
        };
        files.iter().map(pair).collect()
    }

    async fn check_files(&self, export: &Export<'_>) -> CommandResult {
        for (name, expected) in self.files()? {
            let mut hash = Sha256::new();
            export.read(&name, |piece| hash.update(piece)).await?;
            let found = hash.finalize().iter().fold(String::new(), |mut text, byte| {
                write!(text, "{byte:02x}").expect("memory takes what is written");
                text
            });
            if found != expected {
                return Err(invalid(&format!(
                    "File {name} has inconsistent hash value with hash value recorded in sign file, hash value in sign \
                     file is {expected} , but get {found}"
                )));
            }
        }
        Ok(())
    }

    async fn check_signature(&self, cloudtrail: &ServiceClient<'_>) -> CommandResult {
        let time = text(&self.0, "queryCompleteTime")?;
        // The end's clock is UTC's, the start is the moment that is meant.
        let clock = times::parse(&time)?;
        let moment = awsx_params::parse_moment(&time).unwrap_or(clock);
        let fingerprint = text(&self.0, "publicKeyFingerprint")?;
        let keys = public_keys::fetch(cloudtrail, moment, times::later(clock, KEYS_FOR)).await?;
        let key = keys.get(&fingerprint).ok_or_else(|| {
            CommandError::general(format!("No public keys found for key with fingerprint: {fingerprint}"))
        })?;
        let hashes = self.files()?.into_iter().map(|(_, hash)| hash).collect::<Vec<_>>().join(" ");
        let signature = text(&self.0, "hashSignature")?;
        signature::verify(key, hashes.as_bytes(), &signature).map_err(|error| match error {
            SignatureError::KeyText | SignatureError::Key => {
                invalid(&format!("Sign file invalid, unable to load PKCS #1 key: {key}"))
            }
            SignatureError::Text(why) => CommandError::general(why),
            SignatureError::Wrong => invalid("Invalid signature in sign file"),
        })
    }
}

fn member<'m>(members: &'m IndexMap<String, Given>, name: &str) -> CommandResult<&'m Given> {
    // Python's error, which AWS CLI passes on.
    members.get(name).ok_or_else(|| CommandError::general(format!("'{name}'")))
}

fn text(members: &IndexMap<String, Given>, name: &str) -> CommandResult<String> {
    Ok(member(members, name)?.python_text())
}

fn invalid(why: &str) -> CommandError {
    CommandError::general(format!("ValidationError: {why}"))
}

fn not_one() -> CommandError {
    invalid("Invalid sign file provided.")
}
