//! Keys of a role as the files of the cache hold them: STS's answer, member for member, as AWS CLI keeps it.

use serde::{Deserialize, Serialize};

use super::AssumedRoleUser;
use crate::credentials::CachedCredentials;

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct RoleFile {
    pub(crate) credentials: CachedCredentials,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) subject_from_web_identity_token: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) assumed_role_user: Option<AssumedRoleUser>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) provider: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) audience: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) source_identity: Option<String>,
}
