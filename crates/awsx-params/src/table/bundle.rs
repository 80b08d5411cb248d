//! `ec2 bundle-instance`: the place of the image in plain options, and the upload policy that lets EC2 write there.

use awsx_core::Env;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

use super::custom::{set_at, text_of};
use super::{Apply, Table};
use crate::words::Takes;
use crate::{Given, Parameters, ParamsError, base64};

const STORAGE: [&str; 2] = ["Storage", "S3"];
/// The secret key among the parameters, until the policy is signed with it. It is never sent.
const SECRET_KEY: &str = "_SAK";

/// Adds the options.
pub(super) fn apply(table: &mut Table) {
    table.relax(&["storage"]);
    let options: [(&str, &'static str, Apply); 5] = [
        ("bucket", "The bucket of the image", Apply::With(|value, all| set(all, "Bucket", value))),
        ("prefix", "How its objects' names begin", Apply::With(|value, all| set(all, "Prefix", value))),
        (
            "owner-akid",
            "The access key id of the bucket's owner",
            Apply::With(|value, all| set(all, "AWSAccessKeyId", value)),
        ),
        (
            "owner-sak",
            "The owner's secret key, which signs the policy and is not sent",
            Apply::With(|value, all| set(all, SECRET_KEY, value)),
        ),
        (
            "policy",
            "The policy that lets EC2 write there; made for a day if none is given",
            Apply::With(|value, all| set(all, "UploadPolicy", value)),
        ),
    ];
    for (name, about, apply) in options {
        table.add(name, about, Takes::One, apply);
    }
    table.refuse_beside.push((
        "storage",
        &["bucket", "prefix", "owner-akid", "owner-sak", "policy"],
        "Mixing the --storage option with the simple, scalar options is not recommended.",
    ));
    table.amend_decoded.push(complete);
}

fn set(parameters: &mut Parameters, member: &'static str, value: &Given) {
    if text_of(value).is_empty() {
        return;
    }
    set_at(parameters, &[STORAGE[0], STORAGE[1], member], value.clone());
}

/// Makes the policy, if none was given, and signs it, if a key was.
fn complete(parameters: &mut Parameters, env: &Env) -> Result<(), ParamsError> {
    let missing = |name: &str| ParamsError::Python(format!("'{name}'"));
    let Some(Given::Map(storage)) = parameters.get_mut(STORAGE[0]) else { return Err(missing(STORAGE[0])) };
    let Some(Given::Map(storage)) = storage.get_mut(STORAGE[1]) else { return Err(missing(STORAGE[1])) };
    if !storage.contains_key("UploadPolicy") {
        let text = |name: &str| storage.get(name).map(text_of).ok_or_else(|| missing(name));
        let policy = policy(&text("Bucket")?, &text("Prefix")?, env);
        storage.insert("UploadPolicy".to_owned(), Given::Bytes(policy.into_bytes()));
    }
    if storage.contains_key("UploadPolicySignature") {
        return Ok(());
    }
    let Some(key) = storage.shift_remove(SECRET_KEY) else { return Ok(()) };
    let policy = match storage.get("UploadPolicy") {
        Some(Given::Bytes(policy)) => policy.clone(),
        Some(other) => text_of(other).into_bytes(),
        None => return Ok(()),
    };
    let signature = signature(&text_of(&key), &policy);
    storage.insert("UploadPolicySignature".to_owned(), signature.into());
    Ok(())
}

/// What S3 is to let EC2 do for a day.
fn policy(bucket: &str, prefix: &str, env: &Env) -> String {
    let expires = (env.now() + time::Duration::DAY).to_offset(time::UtcOffset::UTC);
    let (date, time) = (expires.date(), expires.time());
    let expires = format!(
        "{date}T{:02}:{:02}:{:02}.{:06}Z",
        time.hour(),
        time.minute(),
        time.second(),
        time.microsecond()
    );
    format!(
        "{{\"expiration\": \"{expires}\",\"conditions\": [{{\"bucket\": \"{bucket}\"}},{{\"acl\": \
         \"ec2-bundle-read\"}},[\"starts-with\", \"$key\", \"{prefix}\"]]}}"
    )
}

fn signature(secret_key: &str, policy: &[u8]) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret_key.as_bytes()).expect("keys of any length are taken");
    mac.update(base64::encode(policy).as_bytes());
    base64::encode(&mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_is_signed_as_s3_reads_it() {
        assert_eq!(signature("secret", b"{}"), "3KeROaoASbxgUSU+Qu1QG4MqvzI=");
        let env = Env::of([("HOME", "/")]).at(time::macros::datetime!(2026-01-02 03:04:05 UTC));
        assert_eq!(
            policy("b", "p", &env),
            "{\"expiration\": \"2026-01-03T03:04:05.000000Z\",\"conditions\": [{\"bucket\": \"b\"},{\"acl\": \
             \"ec2-bundle-read\"},[\"starts-with\", \"$key\", \"p\"]]}"
        );
    }
}
