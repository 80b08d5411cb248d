//! Keys that lie there: in the environment, in the two files, and in the two files of older tools.

use std::path::Path;

use awsx_core::ini::{Document, SectionName, Value};
use awsx_core::profile::Properties;
use awsx_core::store;
use awsx_core::{Env, Secret};

use super::{ChainError, StaticKeys};
use crate::credentials::end_of_keys;
use crate::{AuthError, Method};

/// The environment's keys.
pub(super) fn of_environment(env: &Env) -> Result<Option<StaticKeys>, ChainError> {
    let Some(access_key_id) = env.var_filled("AWS_ACCESS_KEY_ID") else { return Ok(None) };
    let method = Method::Environment;
    let secret = env
        .var_filled("AWS_SECRET_ACCESS_KEY")
        .ok_or(ChainError::Partial { method: method.as_str(), missing: "AWS_SECRET_ACCESS_KEY" })?;
    let token = env.var_filled("AWS_SECURITY_TOKEN").or_else(|| env.var_filled("AWS_SESSION_TOKEN"));
    let expiration = env.var_filled("AWS_CREDENTIAL_EXPIRATION").map(|end| end_of_keys(end, env.now()));
    Ok(Some(StaticKeys {
        method,
        access_key_id: access_key_id.to_owned(),
        secret_access_key: secret.into(),
        session_token: token.map(Secret::from),
        expiration: expiration.transpose()?,
        account_id: env.var_filled("AWS_ACCOUNT_ID").map(str::to_owned),
    }))
}

/// The keys of a profile's section in one of the two files.
pub(super) fn of_section(section: &Properties, method: Method) -> Result<Option<StaticKeys>, ChainError> {
    let Some(access_key_id) = section.text("aws_access_key_id") else { return Ok(None) };
    let secret = section
        .text("aws_secret_access_key")
        .ok_or(ChainError::Partial { method: method.as_str(), missing: "aws_secret_access_key" })?;
    let token = section.text("aws_security_token").or_else(|| section.text("aws_session_token"));
    Ok(Some(StaticKeys {
        method,
        access_key_id: access_key_id.to_owned(),
        secret_access_key: secret.into(),
        session_token: token.filter(|token| !token.is_empty()).map(Secret::from),
        expiration: None,
        account_id: section.text("aws_account_id").map(str::to_owned),
    }))
}

/// The keys of the first EC2 tools' file, lines of `name=value` that `AWS_CREDENTIAL_FILE` names.
pub(super) fn of_ec2_file(env: &Env) -> Result<Option<StaticKeys>, AuthError> {
    let Some(path) = env.var("AWS_CREDENTIAL_FILE") else { return Ok(None) };
    let Some(text) = read_text(&env.expand_path(path))? else {
        return Err(ChainError::MissingFile { path: path.to_owned() }.into());
    };
    let value = |name: &str| {
        let lines = text.lines().filter_map(|line| line.split_once('='));
        lines.filter(|(key, _)| key.trim() == name).map(|(_, value)| value.trim()).next_back()
    };
    let Some(access_key_id) = value("AWSAccessKeyId") else { return Ok(None) };
    let method = Method::Ec2CredentialsFile;
    let secret = value("AWSSecretKey")
        .ok_or(ChainError::Partial { method: method.as_str(), missing: "AWSSecretKey" })?;
    Ok(Some(plain(method, access_key_id, secret)))
}

/// The keys of boto's own file: `BOTO_CONFIG`, else `/etc/boto.cfg`, `~/.boto`.
pub(super) fn of_boto_config(env: &Env) -> Result<Option<StaticKeys>, AuthError> {
    let usual = ["/etc/boto.cfg", "~/.boto"];
    let named = env.var("BOTO_CONFIG");
    let paths = named.as_ref().map_or(&usual[..], std::slice::from_ref);
    for path in paths {
        let Some(text) = read_text(&env.expand_path(path))? else { continue };
        let Ok(document) = Document::parse(text.as_bytes()) else {
            return Err(ChainError::UnreadableFile { path: (*path).to_owned() }.into());
        };
        let Some(section) = document.section(&SectionName::Plain("Credentials".to_owned())) else { continue };
        let value = |key: &str| match section.entry(key)?.value() {
            Value::Text(text) => Some(text.into_owned()),
            Value::Nested(_) => None,
        };
        let Some(access_key_id) = value("aws_access_key_id") else { continue };
        let method = Method::BotoConfig;
        let secret = value("aws_secret_access_key")
            .ok_or(ChainError::Partial { method: method.as_str(), missing: "aws_secret_access_key" })?;
        return Ok(Some(plain(method, &access_key_id, &secret)));
    }
    Ok(None)
}

fn plain(method: Method, access_key_id: &str, secret: &str) -> StaticKeys {
    StaticKeys {
        method,
        access_key_id: access_key_id.to_owned(),
        secret_access_key: secret.into(),
        session_token: None,
        expiration: None,
        account_id: None,
    }
}

fn read_text(path: &Path) -> Result<Option<String>, AuthError> {
    Ok(store::read(path)?.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
}
