//! What IAM remembers of every account: users, roles, devices. Quotas are AWS's, and keep it bounded.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use time::OffsetDateTime;

use super::managed;
use crate::policy::{Document, Kind};
use crate::refusal::Refusal;
use crate::state::{AccessKey, Identity, Principal, PrincipalKind, now, unique_id};
use crate::{config, seed, totp};

const MOST_USERS: usize = 5000;
const MOST_ROLES: usize = 1000;
const MOST_DEVICES: usize = 10_000;

/// Account and name.
type Name = (String, String);

#[derive(Default)]
pub(crate) struct Directory {
    users: BTreeMap<Name, User>,
    roles: BTreeMap<Name, Role>,
    /// By serial number
    devices: BTreeMap<String, Device>,
}

pub(crate) struct User {
    pub(crate) name: String,
    pub(crate) path: String,
    pub(crate) arn: String,
    pub(crate) id: String,
    pub(crate) created_at: OffsetDateTime,
    pub(crate) keys: Vec<LongTermKey>,
    pub(crate) policies: Policies,
}

#[derive(Clone)]
pub(crate) struct Role {
    pub(crate) account: String,
    pub(crate) name: String,
    pub(crate) path: String,
    pub(crate) arn: String,
    pub(crate) id: String,
    pub(crate) created_at: OffsetDateTime,
    /// When STS knows of it
    pub(crate) effective_at: OffsetDateTime,
    /// The trust policy as it was given
    pub(crate) trust_text: String,
    pub(crate) trust: Arc<Document>,
    pub(crate) max_session: Duration,
    pub(crate) description: Option<String>,
    pub(crate) policies: Policies,
}

/// The policies of a user or a role.
#[derive(Clone, Default)]
pub(crate) struct Policies {
    pub(crate) inline: BTreeMap<String, Inline>,
    /// ARNs of managed policies, and when each counts
    pub(crate) attached: BTreeMap<String, OffsetDateTime>,
}

#[derive(Clone)]
pub(crate) struct Inline {
    pub(crate) text: String,
    pub(crate) document: Arc<Document>,
    pub(crate) effective_at: OffsetDateTime,
}

pub(crate) struct LongTermKey {
    pub(crate) id: String,
    pub(crate) secret: String,
    pub(crate) active: bool,
    pub(crate) created_at: OffsetDateTime,
    /// When other services know of it
    pub(crate) effective_at: OffsetDateTime,
    pub(crate) last_use: Option<LastUse>,
}

pub(crate) struct LastUse {
    pub(crate) at: OffsetDateTime,
    pub(crate) service: String,
    pub(crate) region: String,
}

/// A virtual MFA device.
pub(crate) struct Device {
    pub(crate) account: String,
    pub(crate) serial: String,
    pub(crate) totp: totp::Device,
    /// Name of the user it is enabled for, and since when
    pub(crate) enabled_for: Option<(String, OffsetDateTime)>,
}

impl Directory {
    /// The seeded user with key and device, and the configured roles. All may do everything that is not forbidden.
    pub(crate) fn seeded(roles: &[config::Role]) -> Self {
        let mut directory = Self::default();
        let at = now();
        let mut user = User::new(seed::DEVELOPMENT, "/", seed::USER_NAME, at);
        user.id = unique_id("AIDA", seed::USER_ARN);
        user.policies.attached.insert(managed::ADMINISTRATOR.to_owned(), at);
        user.keys.push(LongTermKey {
            id: seed::ACCESS_KEY_ID.to_owned(),
            secret: seed::SECRET_ACCESS_KEY.to_owned(),
            active: true,
            created_at: at,
            effective_at: at,
            last_use: None,
        });
        directory.users.insert(name(seed::DEVELOPMENT, seed::USER_NAME), user);
        directory.devices.insert(
            seed::MFA_SERIAL.to_owned(),
            Device {
                account: seed::DEVELOPMENT.to_owned(),
                serial: seed::MFA_SERIAL.to_owned(),
                totp: totp::Device::new(seed::MFA_SEED),
                enabled_for: Some((seed::USER_NAME.to_owned(), at)),
            },
        );
        for role in roles {
            directory.roles.insert(name(&role.account, &role.name), Role::configured(role, at));
        }
        directory
    }

    pub(crate) fn user(&self, account: &str, user: &str) -> Result<&User, Refusal> {
        self.users.get(&name(account, user)).ok_or_else(|| no_user(user))
    }

    pub(crate) fn user_mut(&mut self, account: &str, user: &str) -> Result<&mut User, Refusal> {
        self.users.get_mut(&name(account, user)).ok_or_else(|| no_user(user))
    }

    pub(crate) fn users(&self, account: &str) -> impl Iterator<Item = &User> {
        self.users.iter().filter(move |((of, _), _)| of == account).map(|(_, user)| user)
    }

    pub(crate) fn add_user(&mut self, account: &str, user: User) -> Result<(), Refusal> {
        let name = name(account, &user.name);
        if self.users.contains_key(&name) {
            let message = format!("User with name {} already exists.", user.name);
            return Err(Refusal::conflict("EntityAlreadyExists", message));
        }
        if self.users(account).count() >= MOST_USERS {
            return Err(exceeded("UsersPerAccount", MOST_USERS));
        }
        self.users.insert(name, user);
        Ok(())
    }

    pub(crate) fn remove_user(&mut self, account: &str, user: &str) {
        self.users.remove(&name(account, user));
    }

    pub(crate) fn role(&self, account: &str, role: &str) -> Result<&Role, Refusal> {
        self.roles.get(&name(account, role)).ok_or_else(|| no_role(role))
    }

    pub(crate) fn role_mut(&mut self, account: &str, role: &str) -> Result<&mut Role, Refusal> {
        self.roles.get_mut(&name(account, role)).ok_or_else(|| no_role(role))
    }

    pub(crate) fn roles(&self, account: &str) -> impl Iterator<Item = &Role> {
        self.roles.iter().filter(move |((of, _), _)| of == account).map(|(_, role)| role)
    }

    pub(crate) fn role_with_arn(&self, arn: &str) -> Option<&Role> {
        self.roles.values().find(|role| role.arn == arn)
    }

    pub(crate) fn add_role(&mut self, role: Role) -> Result<(), Refusal> {
        let name = name(&role.account, &role.name);
        if self.roles.contains_key(&name) {
            let message = format!("Role with name {} already exists.", role.name);
            return Err(Refusal::conflict("EntityAlreadyExists", message));
        }
        if self.roles(&role.account).count() >= MOST_ROLES {
            return Err(exceeded("RolesPerAccount", MOST_ROLES));
        }
        self.roles.insert(name, role);
        Ok(())
    }

    pub(crate) fn remove_role(&mut self, account: &str, role: &str) {
        self.roles.remove(&name(account, role));
    }

    /// Whether a user or role that a trust policy names is there.
    pub(crate) fn has_principal(&self, arn: &str) -> bool {
        self.users.values().any(|user| user.arn == arn) || self.role_with_arn(arn).is_some()
    }

    pub(crate) fn device(&self, account: &str, serial: &str) -> Result<&Device, Refusal> {
        self.devices.get(serial).filter(|device| device.account == account).ok_or_else(|| no_device(serial))
    }

    pub(crate) fn device_mut(&mut self, account: &str, serial: &str) -> Result<&mut Device, Refusal> {
        let device = self.devices.get_mut(serial).filter(|device| device.account == account);
        device.ok_or_else(|| no_device(serial))
    }

    /// The device if it is enabled for the caller, who is a user.
    pub(crate) fn device_of(&mut self, caller: &Principal, serial: &str) -> Option<&mut Device> {
        let Identity::User(user) = &caller.identity else { return None };
        let device = self.device_mut(&caller.account, serial).ok()?;
        device.enabled_for.as_ref().is_some_and(|(name, _)| name == user).then_some(device)
    }

    pub(crate) fn devices(&self, account: &str) -> impl Iterator<Item = &Device> {
        self.devices.values().filter(move |device| device.account == account)
    }

    pub(crate) fn add_device(&mut self, device: Device) -> Result<(), Refusal> {
        if self.devices.contains_key(&device.serial) {
            let message = "MFADevice entity at the same path and name already exists.";
            return Err(Refusal::conflict("EntityAlreadyExists", message));
        }
        if self.devices.len() >= MOST_DEVICES {
            return Err(exceeded("VirtualMFADevicesPerAccount", MOST_DEVICES));
        }
        self.devices.insert(device.serial.clone(), device);
        Ok(())
    }

    pub(crate) fn remove_device(&mut self, serial: &str) {
        self.devices.remove(serial);
    }

    pub(crate) fn device_with_serial(&self, serial: &str) -> Option<&Device> {
        self.devices.get(serial)
    }

    /// A long-term key that requests may be signed with, and whose it is.
    pub(crate) fn find_key(&self, id: &str, at: OffsetDateTime) -> Option<AccessKey> {
        let with_key = |((account, _), user): (&Name, &User)| {
            let key = user.keys.iter().find(|key| key.id == id && key.active && key.effective_at <= at)?;
            Some(AccessKey {
                id: key.id.clone(),
                secret: key.secret.clone(),
                session: None,
                principal: user.principal(account),
            })
        };
        self.users.iter().find_map(with_key)
    }

    /// The user who has a key, active or not.
    pub(crate) fn owner_of_key(&self, id: &str) -> Option<(&User, &LongTermKey)> {
        self.users.values().find_map(|user| Some((user, user.keys.iter().find(|key| key.id == id)?)))
    }

    /// Remembers that a long-term key signed a request.
    pub(crate) fn note_use(&mut self, id: &str, service: &str, region: &str) {
        let key = self.users.values_mut().find_map(|user| user.keys.iter_mut().find(|key| key.id == id));
        if let Some(key) = key {
            let (service, region) = (service.to_owned(), region.to_owned());
            key.last_use = Some(LastUse { at: now(), service, region });
        }
    }

    /// What counts for a user at a time; nothing for one who is gone.
    pub(crate) fn user_policies(&self, account: &str, user: &str, at: OffsetDateTime) -> Vec<Arc<Document>> {
        self.user(account, user).map(|user| user.policies.effective(at)).unwrap_or_default()
    }

    /// What counts for a role at a time; nothing for one that is gone.
    pub(crate) fn role_policies(&self, account: &str, role: &str, at: OffsetDateTime) -> Vec<Arc<Document>> {
        self.role(account, role).map(|role| role.policies.effective(at)).unwrap_or_default()
    }
}

impl User {
    pub(crate) fn new(account: &str, path: &str, name: &str, created_at: OffsetDateTime) -> Self {
        Self {
            name: name.to_owned(),
            path: path.to_owned(),
            arn: format!("arn:aws:iam::{account}:user{path}{name}"),
            id: crate::state::key_id("AIDA"),
            created_at,
            keys: Vec::new(),
            policies: Policies::default(),
        }
    }

    fn principal(&self, account: &str) -> Principal {
        Principal {
            kind: PrincipalKind::User,
            account: account.to_owned(),
            arn: self.arn.clone(),
            user_id: self.id.clone(),
            source_arn: self.arn.clone(),
            identity: Identity::User(self.name.clone()),
            session_policies: None,
            mfa_at: None,
            issued_at: None,
        }
    }
}

impl Role {
    fn configured(role: &config::Role, at: OffsetDateTime) -> Self {
        let trust_text = trust_policy(role).to_string();
        let trust = Document::parse(&trust_text, Kind::Trust).expect("the policy was made here");
        let attached = [(managed::ADMINISTRATOR.to_owned(), at)].into();
        Self {
            account: role.account.clone(),
            name: role.name.clone(),
            path: "/".to_owned(),
            arn: role.arn(),
            id: unique_id("AROA", &role.arn()),
            created_at: at,
            effective_at: at,
            trust_text,
            trust: Arc::new(trust),
            max_session: role.max_session,
            description: None,
            policies: Policies { inline: BTreeMap::new(), attached },
        }
    }
}

/// What a configured role's terms are in IAM's language.
fn trust_policy(role: &config::Role) -> serde_json::Value {
    let mut statements = Vec::new();
    if !role.trusted_accounts.is_empty() {
        let roots = role.trusted_accounts.iter().map(|account| format!("arn:aws:iam::{account}:root"));
        let mut conditions = serde_json::Map::new();
        if let Some(external_id) = &role.external_id {
            conditions.insert("StringEquals".to_owned(), json!({ "sts:ExternalId": external_id }));
        }
        if role.requires_mfa {
            conditions.insert("Bool".to_owned(), json!({ "aws:MultiFactorAuthPresent": "true" }));
        }
        statements.push(json!({
            "Effect": "Allow",
            "Principal": { "AWS": roots.collect::<Vec<_>>() },
            "Action": "sts:AssumeRole",
            "Condition": conditions,
        }));
    }
    if role.web_identity {
        statements.push(json!({
            "Effect": "Allow", "Principal": { "Federated": "*" }, "Action": "sts:AssumeRoleWithWebIdentity",
        }));
    }
    if statements.is_empty() {
        // A policy has to have a statement; this one trusts a service, and so nobody who asks the sandbox.
        statements.push(json!({
            "Effect": "Allow", "Principal": { "Service": "ec2.amazonaws.com" }, "Action": "sts:AssumeRole",
        }));
    }
    json!({ "Version": "2012-10-17", "Statement": statements })
}

impl Policies {
    fn effective(&self, at: OffsetDateTime) -> Vec<Arc<Document>> {
        let inline = self.inline.values().filter(|policy| policy.effective_at <= at);
        let attached = self.attached.iter().filter(|(_, effective_at)| **effective_at <= at);
        inline
            .map(|policy| Arc::clone(&policy.document))
            .chain(attached.filter_map(|(arn, _)| Some(managed::find(arn)?.document())))
            .collect()
    }
}

pub(crate) fn exceeded(quota: &str, most: usize) -> Refusal {
    Refusal::conflict("LimitExceeded", format!("Cannot exceed quota for {quota}: {most}"))
}

fn name(account: &str, name: &str) -> Name {
    (account.to_owned(), name.to_owned())
}

fn no_user(name: &str) -> Refusal {
    Refusal::not_found(format!("The user with name {name} cannot be found."))
}

fn no_role(name: &str) -> Refusal {
    Refusal::not_found(format!("The role with name {name} cannot be found."))
}

fn no_device(serial: &str) -> Refusal {
    Refusal::not_found(format!("VirtualMFADevice with serial number {serial} does not exist."))
}
