//! IAM over the query protocol: users, their keys, policies and MFA devices, and roles.
//!
//! Whatever is made here counts at once in IAM itself, and everywhere else after
//! [`Config::propagation`](crate::Config::propagation): AWS's own services learn of changes with a delay, too.

pub(crate) mod directory;
pub(crate) mod managed;

mod keys;
mod mfa;
mod png;
mod policies;
mod roles;
mod users;

use std::sync::MutexGuard;

use time::OffsetDateTime;

use crate::query::{Query, Service, check_length, check_name, element, validation};
use crate::refusal::Refusal;
use crate::state::{AccessKey, Identity, Principal, PrincipalKind, State, now};

pub(crate) const SERVICE: Service =
    Service { name: "iam", version: "2010-05-08", namespace: "https://iam.amazonaws.com/doc/2010-05-08/" };

const LARGEST_PAGE: usize = 1000;
const USUAL_PAGE: usize = 100;

/// A signed request to IAM.
struct Call<'a> {
    query: &'a Query<'a>,
    caller: &'a Principal,
}

/// The kind of resource that an action is about.
enum On {
    User,
    Role,
    /// Whose policies they are
    Owner,
    Device,
    Anything,
}

type Answer = Result<String, Refusal>;

/// Answers an action that `key` signed.
pub(crate) fn perform(query: &Query, key: &AccessKey) -> Answer {
    let call = Call { query, caller: &key.principal };
    call.refuse_weak_sessions()?;
    let (handler, on): (fn(&Call) -> Answer, On) = match query.action {
        "CreateUser" => (users::create, On::User),
        "GetUser" => (users::get, On::User),
        "ListUsers" => (users::list, On::Anything),
        "DeleteUser" => (users::delete, On::User),
        "CreateAccessKey" => (keys::create, On::User),
        "ListAccessKeys" => (keys::list, On::User),
        "UpdateAccessKey" => (keys::update, On::User),
        "DeleteAccessKey" => (keys::delete, On::User),
        "GetAccessKeyLastUsed" => (keys::last_used, On::Anything),
        "CreateRole" => (roles::create, On::Role),
        "GetRole" => (roles::get, On::Role),
        "ListRoles" => (roles::list, On::Anything),
        "UpdateAssumeRolePolicy" => (roles::update_trust, On::Role),
        "DeleteRole" => (roles::delete, On::Role),
        "PutUserPolicy" | "PutRolePolicy" => (policies::put, On::Owner),
        "GetUserPolicy" | "GetRolePolicy" => (policies::get, On::Owner),
        "ListUserPolicies" | "ListRolePolicies" => (policies::list, On::Owner),
        "DeleteUserPolicy" | "DeleteRolePolicy" => (policies::delete, On::Owner),
        "AttachUserPolicy" | "AttachRolePolicy" => (policies::attach, On::Owner),
        "DetachUserPolicy" | "DetachRolePolicy" => (policies::detach, On::Owner),
        "ListAttachedUserPolicies" | "ListAttachedRolePolicies" => (policies::list_attached, On::Owner),
        "CreateVirtualMFADevice" => (mfa::create, On::Device),
        "EnableMFADevice" => (mfa::enable, On::User),
        "DeactivateMFADevice" => (mfa::deactivate, On::User),
        "DeleteVirtualMFADevice" => (mfa::delete, On::Device),
        "ListVirtualMFADevices" => (mfa::list_virtual, On::Anything),
        "ListMFADevices" => (mfa::list, On::User),
        _ => return Err(query.unknown_action()),
    };
    let resource = match on {
        On::Role => call.role_arn(),
        On::Owner if call.parameter("RoleName").is_some() => call.role_arn(),
        On::User | On::Owner => call.user_arn(),
        On::Device => call.device_arn(),
        On::Anything => "*".to_owned(),
    };
    query.world.authorize(call.caller, &format!("iam:{}", query.action), &resource)?;
    handler(&call)
}

impl<'a> Call<'a> {
    /// Sessions of `GetSessionToken` reach IAM with MFA only, those of `GetFederationToken` never.
    fn refuse_weak_sessions(&self) -> Result<(), Refusal> {
        match self.caller.kind {
            PrincipalKind::User | PrincipalKind::RoleSession => Ok(()),
            PrincipalKind::UserSession if self.caller.mfa_at.is_some() => Ok(()),
            PrincipalKind::UserSession | PrincipalKind::Federated => Err(Refusal::forbidden(
                "InvalidClientTokenId",
                "The security token included in the request is invalid",
            )),
        }
    }

    fn account(&self) -> &'a str {
        &self.caller.account
    }

    fn state(&self) -> MutexGuard<'a, State> {
        self.query.world.state()
    }

    fn parameter(&self, name: &str) -> Option<&'a str> {
        self.query.parameter(name)
    }

    fn required(&self, name: &str) -> Result<&'a str, Refusal> {
        self.query.required(name)
    }

    /// A name that something new is given.
    fn new_name(&self, parameter: &str, most: usize) -> Result<&'a str, Refusal> {
        let name = self.required(parameter)?;
        check_length(name, parameter, 1, most)?;
        check_name(name, parameter)?;
        Ok(name)
    }

    /// `Path` of something new, `/` where none is given.
    fn new_path(&self) -> Result<String, Refusal> {
        let path = self.parameter("Path").unwrap_or("/");
        if path.starts_with('/') && path.ends_with('/') {
            Ok(path.to_owned())
        } else {
            Err(validation("The specified value for path is invalid. It must begin and end with /."))
        }
    }

    /// `UserName`, or the caller's own where none is given.
    fn user_name(&self) -> Result<&'a str, Refusal> {
        match (self.parameter("UserName"), &self.caller.identity) {
            (Some(name), _) => Ok(name),
            (None, Identity::User(name)) => Ok(name),
            (None, _) => Err(validation("Must specify userName when calling with non-User credentials")),
        }
    }

    /// When something made now counts outside of IAM.
    fn effective_at(&self) -> OffsetDateTime {
        now() + self.query.world.config.propagation
    }

    fn user_arn(&self) -> String {
        let name = self.user_name().unwrap_or("*");
        let found = self.state().directory.user(self.account(), name).map(|user| user.arn.clone()).ok();
        let path = self.parameter("Path").unwrap_or("/");
        found.unwrap_or_else(|| format!("arn:aws:iam::{}:user{path}{name}", self.account()))
    }

    fn role_arn(&self) -> String {
        let name = self.parameter("RoleName").unwrap_or("*");
        let found = self.state().directory.role(self.account(), name).map(|role| role.arn.clone()).ok();
        let path = self.parameter("Path").unwrap_or("/");
        found.unwrap_or_else(|| format!("arn:aws:iam::{}:role{path}{name}", self.account()))
    }

    fn device_arn(&self) -> String {
        let path = self.parameter("Path").unwrap_or("/");
        let name = self.parameter("VirtualMFADeviceName").unwrap_or("*");
        let serial = self.parameter("SerialNumber").map(str::to_owned);
        serial.unwrap_or_else(|| format!("arn:aws:iam::{}:mfa{path}{name}", self.account()))
    }

    /// One page of a list, as `Marker` and `MaxItems` ask for it, and whether it goes on.
    fn page(&self, mut items: Vec<String>) -> Result<(Vec<String>, String), Refusal> {
        let start = match self.parameter("Marker") {
            None => 0,
            Some(marker) => marker.parse().map_err(|_| validation("Invalid Marker."))?,
        };
        let most = match self.parameter("MaxItems") {
            None => USUAL_PAGE,
            Some(most) => most.parse().map_err(|_| validation("Invalid MaxItems."))?,
        };
        let end = items.len().min(start + most.clamp(1, LARGEST_PAGE));
        let more = end < items.len();
        let marker = if more { element("Marker", &end.to_string()) } else { String::new() };
        let page = items.drain(start.min(end)..end).collect();
        Ok((page, element("IsTruncated", &more.to_string()) + &marker))
    }
}
