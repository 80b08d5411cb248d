//! S3 over a temporary folder: `s3s` speaks the protocol and checks signatures, [`Buckets`] keeps the objects;
//! this checks what `s3s` leaves to its caller: session tokens, and whether the caller's policies allow the request.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use axum::response::Response;
use http::request::Parts;
use hyper::body::Incoming;
use s3s::access::{S3Access, S3AccessContext};
use s3s::auth::{S3Auth, SecretKey};
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s::{S3Error, S3ErrorCode, S3Result, s3_error};
use s3s_fs::FileSystem;

use crate::buckets::{Buckets, seeded_time};
use crate::policy::Request;
use crate::refusal::Refusal;
use crate::seed;
use crate::sigv4::Signature;
use crate::state::{KeyProblem, World};

/// Makes the service over `folder`, which gets the seeded buckets.
pub(crate) fn service(world: Arc<World>, folder: &Path) -> io::Result<S3Service> {
    seed_buckets(folder)?;
    let files = FileSystem::new(folder).map_err(|error| io::Error::other(format!("{error:?}")))?;
    let mut builder = S3ServiceBuilder::new(Buckets::over(files));
    builder.set_auth(Keys(Arc::clone(&world)));
    builder.set_access(Access(world));
    Ok(builder.build())
}

/// Answers one request.
pub(crate) async fn respond(
    world: &World,
    service: &S3Service,
    parts: Parts,
    signature: Option<&Signature>,
    body: Incoming,
) -> Response {
    if let Some(refusal) = signature.and_then(|signature| check_token(world, signature)) {
        return refusal.into_s3_response(&parts.method);
    }
    let method = parts.method.clone();
    match service.call(http::Request::from_parts(parts, body.into())).await {
        Ok(response) => response.map(axum::body::Body::new),
        Err(error) => {
            Refusal::new(http::StatusCode::INTERNAL_SERVER_ERROR, "InternalError", format!("{error:?}"))
                .into_s3_response(&method)
        }
    }
}

fn check_token(world: &World, signature: &Signature) -> Option<Refusal> {
    let problem = world.check_key(&signature.key_id, signature.session_token.as_deref()).err()?;
    Some(match problem {
        KeyProblem::Unknown => Refusal::forbidden(
            "InvalidAccessKeyId",
            "The AWS Access Key Id you provided does not exist in our records.",
        ),
        KeyProblem::WrongToken => {
            Refusal::bad_request("InvalidToken", "The provided token is malformed or otherwise invalid.")
        }
        KeyProblem::Expired => Refusal::bad_request("ExpiredToken", "The provided token has expired."),
    })
}

fn seed_buckets(folder: &Path) -> io::Result<()> {
    for bucket in seed::BUCKETS {
        fs::create_dir(folder.join(bucket))?;
    }
    for (bucket, key, contents) in seed::OBJECTS {
        let path = folder.join(bucket).join(key);
        fs::create_dir_all(path.parent().expect("every object is in a bucket"))?;
        let mut file = File::create_new(path)?;
        file.write_all(contents.as_bytes())?;
        file.set_modified(seeded_time())?;
    }
    Ok(())
}

struct Keys(Arc<World>);

#[async_trait::async_trait]
impl S3Auth for Keys {
    async fn get_secret_key(&self, access_key: &str) -> S3Result<SecretKey> {
        let key = self.0.find_key(access_key).ok_or_else(|| s3_error!(InvalidAccessKeyId))?;
        Ok(key.secret.into())
    }
}

struct Access(Arc<World>);

#[async_trait::async_trait]
impl S3Access for Access {
    async fn check(&self, context: &mut S3AccessContext<'_>) -> S3Result<()> {
        let id = &context.credentials().ok_or_else(|| s3_error!(AccessDenied))?.access_key;
        let key = self.0.find_key(id).ok_or_else(|| s3_error!(InvalidAccessKeyId))?;
        self.0.state().directory.note_use(id, "s3", seed::REGION);
        let is_of_version = context.uri().query().unwrap_or_default().contains("versionId=");
        let action = action_of(context.s3_op().name(), is_of_version);
        let path = context.s3_path();
        let resource = match (path.as_object(), path.as_bucket()) {
            (Some((bucket, key)), _) => format!("arn:aws:s3:::{bucket}/{key}"),
            (None, Some(bucket)) => format!("arn:aws:s3:::{bucket}"),
            (None, None) => "*".to_owned(),
        };
        let caller = &key.principal;
        let known = caller.context();
        self.0.judge(caller, &Request { action: &action, resource: &resource, context: &known }).map_err(
            |denial| {
                let on =
                    if resource == "*" { String::new() } else { format!(" on resource: \"{resource}\"") };
                let message = format!(
                    "User: {} is not authorized to perform: {action}{on} {}",
                    caller.arn,
                    denial.reason(&action)
                );
                S3Error::with_message(S3ErrorCode::AccessDenied, message)
            },
        )
    }
}

/// The action that allows an operation, where it is not called like it.
fn action_of(operation: &str, is_of_version: bool) -> String {
    let action = match operation {
        "ListBuckets" => "ListAllMyBuckets",
        "ListObjects" | "ListObjectsV2" | "HeadBucket" => "ListBucket",
        "ListObjectVersions" => "ListBucketVersions",
        "GetObject" | "HeadObject" if is_of_version => "GetObjectVersion",
        "DeleteObject" if is_of_version => "DeleteObjectVersion",
        "HeadObject" => "GetObject",
        "CopyObject"
        | "CreateMultipartUpload"
        | "UploadPart"
        | "UploadPartCopy"
        | "CompleteMultipartUpload" => "PutObject",
        "ListParts" => "ListMultipartUploadParts",
        "ListMultipartUploads" => "ListBucketMultipartUploads",
        // Each object of the request would be asked about; the bucket stands for them.
        "DeleteObjects" => "DeleteObject",
        other => other,
    };
    format!("s3:{action}")
}
