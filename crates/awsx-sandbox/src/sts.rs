//! STS over the query protocol: who a key belongs to, and temporary keys from other keys.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use crate::iam::directory::Role;
use crate::iam::managed;
use crate::policy::{Caller, Context, Document, Kind, Request, Trust};
use crate::query::{
    Query, Service, check_length, check_name, element, elements, failed_constraint, structure, validation,
    xml_time,
};
use crate::refusal::Refusal;
use crate::state::{AccessKey, Identity, Principal, PrincipalKind, SessionPolicies, World, now, unix_now};

pub(crate) const SERVICE: Service =
    Service { name: "sts", version: "2011-06-15", namespace: "https://sts.amazonaws.com/doc/2011-06-15/" };

const SHORTEST_SESSION: u64 = 900;
const LONGEST_ROLE_SESSION: u64 = 43_200;
const LONGEST_CHAINED_SESSION: u64 = 3600;
const LONGEST_USER_SESSION: u64 = 129_600;
const LONGEST_POLICY: usize = 2048;

/// Whether an action takes no signature.
pub(crate) fn is_unsigned(action: &str) -> bool {
    action == "AssumeRoleWithWebIdentity"
}

/// Answers an action without a signature.
pub(crate) fn perform_unsigned(query: &Query) -> Result<String, Refusal> {
    assume_role_with_web_identity(query)
}

/// Answers an action that `key` signed.
pub(crate) fn perform(query: &Query, key: &AccessKey) -> Result<String, Refusal> {
    let caller = &key.principal;
    match query.action {
        "GetCallerIdentity" => {
            Ok(elements(&[("Arn", &caller.arn), ("UserId", &caller.user_id), ("Account", &caller.account)]))
        }
        "AssumeRole" => assume_role(query, caller),
        "GetSessionToken" => session_token(query, caller),
        "GetFederationToken" => federation_token(query, caller),
        _ => Err(query.unknown_action()),
    }
}

fn assume_role(query: &Query, caller: &Principal) -> Result<String, Refusal> {
    let arn = role_arn(query)?;
    let session_name = session_name(query)?;
    let seconds = duration(query, 3600, LONGEST_ROLE_SESSION)?;
    let (policies, policy_size) = session_policies(query)?;
    let used_mfa = check_mfa(query, caller)?;

    let denied = || {
        let message =
            format!("User: {} is not authorized to perform: sts:AssumeRole on resource: {arn}", caller.arn);
        Refusal::forbidden("AccessDenied", message)
    };
    let role = query.world.find_role(arn).ok_or_else(denied)?;
    let mut context = caller.context();
    context.set("sts:RoleSessionName", session_name);
    for (parameter, key) in [("ExternalId", "sts:ExternalId"), ("SourceIdentity", "sts:SourceIdentity")] {
        if let Some(value) = query.parameter(parameter) {
            context.set(key, value);
        }
    }
    if used_mfa {
        context.set("aws:MultiFactorAuthPresent", "true");
        context.set("aws:MultiFactorAuthAge", "0");
    }
    if !may_assume(query.world, caller, &role, &context) {
        return Err(denied());
    }
    if caller.kind == PrincipalKind::RoleSession && seconds > LONGEST_CHAINED_SESSION {
        return Err(validation(
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
        ));
    }
    let session = start_role_session(query.world, &role, session_name, seconds, policies)?;
    let source_identity =
        query.parameter("SourceIdentity").map(|identity| element("SourceIdentity", identity));
    Ok(source_identity.unwrap_or_default() + &session + &policy_size)
}

/// The role's trust policy has to let the caller in. One that names the caller is enough within an account; where it
/// names the account, or the caller is another account's, the caller's own policies have to agree.
fn may_assume(world: &World, caller: &Principal, role: &Role, context: &Context) -> bool {
    let request = Request { action: "sts:AssumeRole", resource: &role.arn, context };
    let arns = [caller.arn.clone(), caller.source_arn.clone()];
    let trust = role.trust.trust(&Caller::Aws { account: &caller.account, arns: &arns }, &request);
    let own = world.judge(caller, &request);
    caller.kind != PrincipalKind::Federated
        && match trust {
            Trust::Denied | Trust::No => false,
            Trust::Named if caller.account == role.account => {
                own.is_ok() || !own.is_err_and(|no| no.explicit)
            }
            Trust::Named | Trust::Account => own.is_ok(),
        }
}

fn assume_role_with_web_identity(query: &Query) -> Result<String, Refusal> {
    let arn = role_arn(query)?;
    let session_name = session_name(query)?;
    let seconds = duration(query, 3600, LONGEST_ROLE_SESSION)?;
    let (policies, policy_size) = session_policies(query)?;
    let identity = WebIdentity::parse(query.required("WebIdentityToken")?)?;
    let trusts = |role: &Role| {
        let context = Context::default();
        let request = Request { action: "sts:AssumeRoleWithWebIdentity", resource: arn, context: &context };
        role.trust.trust(&Caller::Federated { issuer: &identity.issuer }, &request) == Trust::Named
    };
    let role = query.world.find_role(arn).filter(trusts).ok_or_else(|| {
        Refusal::forbidden("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity")
    })?;
    let session = start_role_session(query.world, &role, session_name, seconds, policies)?;
    Ok(elements(&[("SubjectFromWebIdentityToken", &identity.subject), ("Audience", &identity.audience)])
        + &session
        + &policy_size
        + &element("Provider", &identity.issuer))
}

fn session_token(query: &Query, caller: &Principal) -> Result<String, Refusal> {
    let seconds = duration(query, 43_200, LONGEST_USER_SESSION)?;
    require_user(caller, "GetSessionToken")?;
    let used_mfa = check_mfa(query, caller)?;
    let principal = Principal {
        kind: PrincipalKind::UserSession,
        mfa_at: used_mfa.then(now),
        issued_at: Some(now()),
        ..caller.clone()
    };
    Ok(credentials(&query.world.issue_key(principal, Duration::from_secs(seconds))))
}

fn federation_token(query: &Query, caller: &Principal) -> Result<String, Refusal> {
    let name = query.required("Name")?;
    check_length(name, "name", 2, 32)?;
    check_name(name, "name")?;
    let seconds = duration(query, 43_200, LONGEST_USER_SESSION)?;
    let (policies, policy_size) = session_policies(query)?;
    require_user(caller, "GetFederationToken")?;
    let principal = Principal {
        kind: PrincipalKind::Federated,
        arn: format!("arn:aws:sts::{}:federated-user/{name}", caller.account),
        user_id: format!("{}:{name}", caller.account),
        // Without policies of its own, a federated user may do nothing.
        session_policies: Some(policies.unwrap_or_default()),
        issued_at: Some(now()),
        ..caller.clone()
    };
    query.world.authorize(caller, "sts:GetFederationToken", &principal.arn)?;
    let user = elements(&[("Arn", &principal.arn), ("FederatedUserId", &principal.user_id)]);
    let key = query.world.issue_key(principal, Duration::from_secs(seconds));
    Ok(format!("{}{}{policy_size}", credentials(&key), structure("FederatedUser", &user)))
}

fn start_role_session(
    world: &World,
    role: &Role,
    session_name: &str,
    seconds: u64,
    session_policies: Option<SessionPolicies>,
) -> Result<String, Refusal> {
    if seconds > role.max_session.as_secs() {
        return Err(validation(
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
        ));
    }
    let principal = Principal {
        kind: PrincipalKind::RoleSession,
        account: role.account.clone(),
        arn: format!("arn:aws:sts::{}:assumed-role/{}/{session_name}", role.account, role.name),
        user_id: format!("{}:{session_name}", role.id),
        source_arn: role.arn.clone(),
        identity: Identity::Role(role.name.clone()),
        session_policies,
        // AWS forgets a role session's MFA too: only the trust policy sees it.
        mfa_at: None,
        issued_at: Some(now()),
    };
    let user = elements(&[("AssumedRoleId", &principal.user_id), ("Arn", &principal.arn)]);
    let key = world.issue_key(principal, Duration::from_secs(seconds));
    Ok(structure("AssumedRoleUser", &user) + &credentials(&key))
}

/// Checks the device's code where one is given.
fn check_mfa(query: &Query, caller: &Principal) -> Result<bool, Refusal> {
    let failed =
        |why: &str| Refusal::forbidden("AccessDenied", format!("MultiFactorAuthentication failed {why}"));
    match (query.parameter("SerialNumber"), query.parameter("TokenCode")) {
        (None, None) => Ok(false),
        (Some(serial), Some(code)) => {
            check_length(code, "tokenCode", 6, 6)?;
            let mut state = query.world.state();
            let device = state.directory.device_of(caller, serial).ok_or_else(|| {
                Refusal::forbidden(
                    "AccessDenied",
                    "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial \
                     number is valid and associated with this user.",
                )
            })?;
            if device.totp.accept(code, unix_now()) {
                Ok(true)
            } else {
                Err(failed("with invalid MFA one time pass code. "))
            }
        }
        _ => Err(Refusal::forbidden(
            "AccessDenied",
            "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code. ",
        )),
    }
}

/// What a web identity token says. Its signature is not checked: the sandbox has no identity provider.
struct WebIdentity {
    subject: String,
    audience: String,
    issuer: String,
}

impl WebIdentity {
    fn parse(token: &str) -> Result<Self, Refusal> {
        let invalid = || {
            Refusal::bad_request(
                "InvalidIdentityToken",
                "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)",
            )
        };
        let [_, claims, _] = token.split('.').collect::<Vec<_>>()[..] else { return Err(invalid()) };
        let claims = BASE64_URL_SAFE_NO_PAD.decode(claims.trim_end_matches('=')).map_err(|_| invalid())?;
        let claims: serde_json::Value = serde_json::from_slice(&claims).map_err(|_| invalid())?;
        let text = |name: &str| {
            let claim = &claims[name];
            claim.as_str().or_else(|| claim[0].as_str()).map(str::to_owned).ok_or_else(invalid)
        };
        let expires_at = claims["exp"].as_i64().ok_or_else(invalid)?;
        let now = now().unix_timestamp();
        if expires_at <= now {
            return Err(Refusal::bad_request(
                "ExpiredTokenException",
                format!(
                    "Token expired: current date/time {now} must be before the expiration date/time {expires_at}"
                ),
            ));
        }
        Ok(Self { subject: text("sub")?, audience: text("aud")?, issuer: text("iss")? })
    }
}

fn require_user(caller: &Principal, action: &str) -> Result<(), Refusal> {
    if caller.kind == PrincipalKind::User {
        Ok(())
    } else {
        Err(Refusal::forbidden("AccessDenied", format!("Cannot call {action} with session credentials")))
    }
}

fn role_arn<'a>(query: &Query<'a>) -> Result<&'a str, Refusal> {
    let arn = query.required("RoleArn")?;
    check_length(arn, "roleArn", 20, 2048)?;
    let is_role = matches!(
        arn.splitn(6, ':').collect::<Vec<_>>()[..],
        ["arn", partition, "iam", "", account, role]
            if partition.starts_with("aws")
                && account.len() == 12
                && account.bytes().all(|digit| digit.is_ascii_digit())
                && role.strip_prefix("role/").is_some_and(|name| !name.is_empty())
    );
    if is_role { Ok(arn) } else { Err(validation(format!("{arn} is invalid"))) }
}

fn session_name<'a>(query: &Query<'a>) -> Result<&'a str, Refusal> {
    let name = query.required("RoleSessionName")?;
    check_length(name, "roleSessionName", 2, 64)?;
    check_name(name, "roleSessionName")?;
    Ok(name)
}

fn duration(query: &Query, default: u64, longest: u64) -> Result<u64, Refusal> {
    let Some(text) = query.parameter("DurationSeconds") else { return Ok(default) };
    let constraint =
        |constraint: &str| failed_constraint(&format!("'{text}'"), "durationSeconds", constraint);
    let seconds: i64 =
        text.parse().map_err(|_| Refusal::bad_request("MalformedInput", "Invalid Argument"))?;
    match u64::try_from(seconds) {
        Ok(seconds) if seconds > longest => {
            Err(constraint(&format!("Member must have value less than or equal to {longest}")))
        }
        Ok(seconds) if seconds >= SHORTEST_SESSION => Ok(seconds),
        _ => Err(constraint(&format!("Member must have value greater than or equal to {SHORTEST_SESSION}"))),
    }
}

/// The policies that narrow a session, where some are given, and `PackedPolicySize`, which AWS reports in percent.
fn session_policies(query: &Query) -> Result<(Option<SessionPolicies>, String), Refusal> {
    let inline = query.parameter("Policy");
    let mut policies = SessionPolicies::default();
    if let Some(policy) = inline {
        let document = Document::parse(policy, Kind::Identity)
            .map_err(|why| Refusal::bad_request("MalformedPolicyDocument", why))?;
        if policy.len() > LONGEST_POLICY {
            let constraint = format!("Member must have length less than or equal to {LONGEST_POLICY}");
            return Err(failed_constraint(&format!("'{policy}'"), "policy", &constraint));
        }
        policies.push(Arc::new(document));
    }
    let mut size = inline.map_or(0, str::len);
    for (_, arn) in query.form.iter().filter(|(name, _)| name.starts_with("PolicyArns.member.")) {
        size += arn.len();
        let policy =
            managed::find(arn).ok_or_else(|| validation(format!("The policy {arn} does not exist")))?;
        policies.push(policy.document());
    }
    if size == 0 {
        return Ok((None, String::new()));
    }
    let percent = (size * 100 / LONGEST_POLICY).clamp(1, 100);
    Ok((Some(policies), element("PackedPolicySize", &percent.to_string())))
}

fn credentials(key: &AccessKey) -> String {
    let (session_token, expires_at) = key.session.as_ref().expect("issued keys are temporary");
    let expiration = xml_time(*expires_at);
    let members = elements(&[
        ("AccessKeyId", &key.id),
        ("SecretAccessKey", &key.secret),
        ("SessionToken", session_token),
        ("Expiration", &expiration),
    ]);
    structure("Credentials", &members)
}
