//! Where credentials are to come from, as planned: data, nothing is asked yet.

use awsx_core::Secret;
use awsx_core::store::hash::sha1_hex;
use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::Method;
use crate::metadata::{ContainerEndpoint, InstanceEndpoint};
use crate::sso::{RoleRef, SsoConfig};
use crate::sts::{AssumeRole, WebIdentity};

/// Where credentials are to come from.
#[derive(Clone, Debug)]
pub enum Link {
    /// Keys that lie there: in the environment or in a file.
    Static(StaticKeys),
    /// A session that an MFA code opens for keys that lie there.
    MfaSession {
        /// The profile that configures it.
        profile: String,
        /// The device: its ARN, or a hardware device's serial number.
        serial: String,
        /// The keys.
        keys: StaticKeys,
    },
    /// An Identity Center role.
    Sso {
        /// The sign-in.
        sso: SsoConfig,
        /// The role.
        role: RoleRef,
    },
    /// A console-credential login.
    Login {
        /// The profile that names the session.
        profile: String,
        /// The session's ARN.
        session: String,
    },
    /// A program that prints keys.
    Process {
        /// The profile that configures it.
        profile: String,
        /// Program and arguments, as configured.
        command: String,
    },
    /// A role taken with another link's keys.
    AssumeRole {
        /// The profile that configures it.
        profile: String,
        /// What STS is asked for.
        role: AssumeRole,
        /// Whose keys ask.
        source: Box<Link>,
    },
    /// A role taken with the token of another identity provider.
    WebIdentity {
        /// The profile that is in use or is a source.
        profile: String,
        /// What STS is asked for.
        role: WebIdentity,
    },
    /// The service that gives a container its keys.
    Container(ContainerEndpoint),
    /// The service that gives an EC2 instance its keys. It may have none.
    Instance(InstanceEndpoint),
}

/// A key pair as found.
#[derive(Clone, Debug)]
pub struct StaticKeys {
    /// Where.
    pub method: Method,
    /// The key id.
    pub access_key_id: String,
    /// The signing secret.
    pub secret_access_key: Secret<String>,
    /// Present with temporary keys.
    pub session_token: Option<Secret<String>>,
    /// When the environment says they end.
    pub expiration: Option<OffsetDateTime>,
    /// The account, if told.
    pub account_id: Option<String>,
}

/// The file that keeps a link's keys between two commands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CacheFile {
    /// One that AWS CLI shares, by its name under `~/.aws/cli/cache`.
    Shared(String),
    /// One of awsx's own, by its name in awsx's folder.
    Own(String),
}

impl Link {
    /// How `configure list` names it.
    pub fn method(&self) -> Method {
        match self {
            Self::Static(keys) => keys.method,
            Self::MfaSession { .. } => Method::SessionToken,
            Self::Sso { .. } => Method::Sso,
            Self::Login { .. } => Method::Login,
            Self::Process { .. } => Method::Process,
            Self::AssumeRole { .. } => Method::AssumeRole,
            Self::WebIdentity { .. } => Method::WebIdentity,
            Self::Container(_) => Method::Container,
            Self::Instance(_) => Method::Instance,
        }
    }

    /// The profile that configures it, where the link knows.
    pub fn profile(&self) -> Option<&str> {
        match self {
            Self::MfaSession { profile, .. }
            | Self::Login { profile, .. }
            | Self::Process { profile, .. }
            | Self::AssumeRole { profile, .. }
            | Self::WebIdentity { profile, .. } => Some(profile),
            Self::Static(_) | Self::Sso { .. } | Self::Container(_) | Self::Instance(_) => None,
        }
    }

    /// The link whose keys this one builds on.
    pub fn source(&self) -> Option<&Self> {
        match self {
            Self::AssumeRole { source, .. } => Some(source),
            _ => None,
        }
    }

    /// The link at the bottom, whose keys the others build on.
    pub fn root(&self) -> &Self {
        self.source().map_or(self, Self::root)
    }

    /// Every file that may hold keys of this link or of one it builds on.
    pub fn cache_files(&self) -> Vec<CacheFile> {
        let own = self.own_file();
        let shared = self.shared_name().map(CacheFile::Shared);
        let below = self.source().map(Self::cache_files).unwrap_or_default();
        shared.into_iter().chain(own).chain(below).collect()
    }

    /// The file's name under `~/.aws/cli/cache`, if AWS CLI keeps such keys.
    pub(crate) fn shared_name(&self) -> Option<String> {
        match self {
            Self::Sso { sso, role } => Some(role.file_name(sso)),
            Self::AssumeRole { role, .. } => Some(role.file_name()),
            Self::WebIdentity { role, .. } => Some(role.file_name()),
            Self::Static(_)
            | Self::MfaSession { .. }
            | Self::Login { .. }
            | Self::Process { .. }
            | Self::Container(_)
            | Self::Instance(_) => None,
        }
    }

    /// awsx's own file for this link and no other, if awsx keeps such keys apart.
    pub(crate) fn own_file(&self) -> Option<CacheFile> {
        match self {
            Self::MfaSession { .. }
            | Self::Process { .. }
            | Self::AssumeRole { .. }
            | Self::WebIdentity { .. } => Some(CacheFile::Own(self.own_file_name())),
            Self::Static(_)
            | Self::Sso { .. }
            | Self::Login { .. }
            | Self::Container(_)
            | Self::Instance(_) => None,
        }
    }

    /// Its name.
    pub(crate) fn own_file_name(&self) -> String {
        match self {
            Self::MfaSession { serial, .. } => crate::mfa_session::session_file(serial),
            _ => format!("{}-{}.json", self.method().as_str(), self.fingerprint()),
        }
    }

    /// A hash of everything that makes this link another than the next one, down to the first key id.
    pub fn fingerprint(&self) -> String {
        sha1_hex(&self.identity().to_string())
    }

    fn identity(&self) -> Value {
        match self {
            Self::Static(keys) => json!({ "keys": keys.access_key_id }),
            Self::MfaSession { serial, .. } => json!({ "mfa": serial }),
            Self::Sso { sso, role } => json!({ "sso": role.file_name(sso) }),
            Self::Login { session, .. } => json!({ "login": session }),
            Self::Process { profile, command } => json!({ "process": command, "profile": profile }),
            Self::AssumeRole { role, source, .. } => {
                json!({ "role": role.parameters(), "source": source.identity() })
            }
            Self::WebIdentity { role, .. } => {
                json!({ "role": role.parameters(), "token": role.token_file.to_string_lossy() })
            }
            Self::Container(endpoint) => json!({ "container": endpoint.url }),
            Self::Instance(_) => json!("instance"),
        }
    }
}
