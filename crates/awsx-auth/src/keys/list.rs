//! The keys of a user, with their age and last use.

use awsx_http::CallError;
use time::OffsetDateTime;

use super::error::time_of;
use crate::sts::Caller;
use crate::{AuthError, Clients, Credentials};

/// A key as IAM knows it; its secret IAM shows only once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessKey {
    /// `AKIA…`
    pub id: String,
    /// Whether requests may be signed with it.
    pub active: bool,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// Its newest use, if there was one.
    pub last_use: Option<LastUse>,
}

/// When and for what a key signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastUse {
    /// AWS updates this every few minutes.
    pub at: OffsetDateTime,
    /// Such as `s3`.
    pub service: String,
    /// Such as `eu-west-1`.
    pub region: String,
}

/// Lists the keys of a user, or of the user whose credentials these are.
pub async fn list(
    clients: &Clients<'_>,
    region: &str,
    credentials: &Credentials,
    user: Option<&str>,
) -> Result<Vec<AccessKey>, AuthError> {
    let user = match user {
        Some(user) => user.to_owned(),
        None => Caller::fetch(clients, region, credentials).await?.required_user_name()?.to_owned(),
    };
    let iam = clients.iam(region, credentials)?;
    let mut keys = of_user(&iam, &user).await?;
    for key in &mut keys {
        key.last_use = last_use(&iam, &key.id).await?;
    }
    Ok(keys)
}

/// The same without last uses.
pub(super) async fn of_user(iam: &aws_sdk_iam::Client, user: &str) -> Result<Vec<AccessKey>, AuthError> {
    let mut keys = Vec::new();
    let mut pages = iam.list_access_keys().user_name(user).into_paginator().items().send();
    while let Some(key) = pages.next().await {
        let key = key.map_err(|error| CallError::of("ListAccessKeys", error))?;
        let (Some(id), Some(created)) = (key.access_key_id, key.create_date) else { continue };
        keys.push(AccessKey {
            id,
            active: key.status == Some(aws_sdk_iam::types::StatusType::Active),
            created_at: time_of(created)?,
            last_use: None,
        });
    }
    Ok(keys)
}

pub(super) async fn last_use(iam: &aws_sdk_iam::Client, id: &str) -> Result<Option<LastUse>, AuthError> {
    let answer = iam.get_access_key_last_used().access_key_id(id).send().await;
    let answer = answer.map_err(|error| CallError::of("GetAccessKeyLastUsed", error))?;
    let Some(last) = answer.access_key_last_used else { return Ok(None) };
    // Of a key that was never used, AWS gives no date, and `N/A` for the rest.
    let Some(at) = last.last_used_date else { return Ok(None) };
    Ok(Some(LastUse { at: time_of(at)?, service: last.service_name, region: last.region }))
}
