//! What a sandbox can be told to be: who has which roles, how long things last, what goes wrong.

use std::time::Duration;

use crate::seed;

/// How a sandbox behaves. The default is strict and is what [`crate::seed`] describes.
#[derive(Debug, Clone)]
pub struct Config {
    /// Port on 127.0.0.1; 0 takes any free one
    pub port: u16,
    /// The one start URL (or issuer) that device authorizations and registrations may name
    pub start_url: String,
    /// Accounts and roles the signed-in user is assigned to
    pub accounts: Vec<Account>,
    /// Roles that STS knows
    pub roles: Vec<Role>,
    /// Lifetime of an access token; AWS counts in whole seconds
    pub token_lifetime: Duration,
    /// Lifetime of a client registration
    pub registration_lifetime: Duration,
    /// Lifetime of the credentials that the portal hands out for a role
    pub role_lifetime: Duration,
    /// Lifetime of the keys of a console login; AWS gives 15 minutes
    pub login_lifetime: Duration,
    /// Lifetime of a device code
    pub device_lifetime: Duration,
    /// Seconds a device should wait between two polls
    pub device_interval: Duration,
    /// `authorization_pending` answers before `auto_approve` grants a device code
    pub pending_polls: u32,
    /// `slow_down` answers before anything else is said about a device code
    pub slow_down_polls: u32,
    /// A refresh token serves once
    pub rotate_refresh: bool,
    /// Nobody is asked: `/authorize` redirects at once, a device code is granted after `pending_polls`
    pub auto_approve: bool,
    /// Wait before every answer
    pub delay: Duration,
    /// How long AWS's other services do not know what IAM has just been told: new keys, roles and policies
    pub propagation: Duration,
    /// What goes wrong; more can be added to a running sandbox
    pub faults: Vec<Fault>,
    /// Most accounts or roles in one page of the portal
    pub page_size: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            port: 0,
            start_url: seed::START_URL.to_owned(),
            accounts: seed::accounts(),
            roles: seed::roles(),
            token_lifetime: Duration::from_hours(8),
            registration_lifetime: Duration::from_hours(90 * 24),
            role_lifetime: Duration::from_hours(1),
            login_lifetime: Duration::from_mins(15),
            device_lifetime: Duration::from_mins(10),
            device_interval: Duration::from_secs(1),
            pending_polls: 1,
            slow_down_polls: 0,
            rotate_refresh: true,
            auto_approve: false,
            delay: Duration::ZERO,
            propagation: Duration::ZERO,
            faults: Vec::new(),
            page_size: 100,
        }
    }
}

/// An account the user sees in the portal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Twelve digits
    pub id: String,
    /// Name shown to people
    pub name: String,
    /// E-mail address of the account's root user
    pub email: String,
    /// Permission sets the user has there
    pub roles: Vec<String>,
}

/// A role that `AssumeRole` knows. Any other role is answered like one that trusts nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// Account the role is in
    pub account: String,
    /// Name, without a path
    pub name: String,
    /// Accounts whose users and role sessions may assume it
    pub trusted_accounts: Vec<String>,
    /// External id the caller has to name
    pub external_id: Option<String>,
    /// Whether the caller has to have used an MFA device
    pub requires_mfa: bool,
    /// Whether a web identity token is accepted for it
    pub web_identity: bool,
    /// Longest session
    pub max_session: Duration,
}

impl Role {
    /// The role's ARN.
    pub fn arn(&self) -> String {
        format!("arn:aws:iam::{}:role/{}", self.account, self.name)
    }
}

/// Something that goes wrong for requests of one kind, a number of times.
#[derive(Debug, Clone)]
pub struct Fault {
    /// HTTP method
    pub method: String,
    /// Path, such as `/token` or `/` for STS and IAM
    pub path: String,
    /// Only requests with this `Action` (STS, IAM, federation) or `grantType` (`/token`)
    pub action: Option<String>,
    /// What happens instead of the answer
    pub outcome: Outcome,
    /// How many requests are hit before the fault is used up
    pub times: u32,
}

/// What a [`Fault`] does.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// Answers with an error in the service's own protocol
    Respond {
        /// HTTP status
        status: u16,
        /// Error code, such as `ThrottlingException`
        code: String,
    },
    /// Closes the connection without an answer
    Cut,
    /// Does nothing and leaves the client waiting
    Stall,
    /// Does what is asked, and leaves the client waiting
    ActAndStall,
    /// Closes the connection in the middle of the answer's body (S3 only)
    CutBody,
    /// Changes a byte of the answer's body (S3 only)
    Corrupt,
}
