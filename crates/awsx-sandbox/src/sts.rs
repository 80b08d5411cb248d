//! STS over the query protocol: who a key belongs to, and temporary keys from other keys.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use http::request::Parts;
use http::{Method, header};
use time::OffsetDateTime;
use time::format_description::StaticFormatDescription;
use time::macros::format_description;

use crate::config::Role;
use crate::html::escape;
use crate::log::parameters;
use crate::refusal::{Refusal, STS_NAMESPACE};
use crate::state::{AccessKey, Principal, PrincipalKind, World, now, unique_id};
use crate::{seed, sigv4};

const VERSION: &str = "2011-06-15";
const SHORTEST_SESSION: u64 = 900;
const LONGEST_ROLE_SESSION: u64 = 43_200;
const LONGEST_CHAINED_SESSION: u64 = 3600;
const LONGEST_USER_SESSION: u64 = 129_600;
const LONGEST_POLICY: usize = 2048;
const XML_TIME: StaticFormatDescription =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");

type Form = BTreeMap<String, String>;

/// `POST /`, and `GET /` for presigned requests
pub(crate) async fn sts(State(world): State<Arc<World>>, parts: Parts, body: Bytes) -> Response {
    // Presigned requests carry everything in the query, also with POST.
    let mut form = parameters(parts.uri.query().unwrap_or_default().as_bytes());
    if parts.method == Method::POST {
        form.extend(parameters(&body));
    }
    let action = form.get("Action").map(String::as_str).unwrap_or_default();
    match perform(&world, &parts, &body, action, &form) {
        Ok(result) => {
            let body = format!(
                "<{action}Response xmlns=\"{STS_NAMESPACE}\">\n<{action}Result>\n{result}</{action}Result>\n\
                 <ResponseMetadata><RequestId>{}</RequestId></ResponseMetadata>\n</{action}Response>\n",
                uuid::Uuid::new_v4(),
            );
            ([(header::CONTENT_TYPE, "text/xml")], body).into_response()
        }
        Err(refusal) => refusal.into_query_response(),
    }
}

fn perform(world: &World, parts: &Parts, body: &[u8], action: &str, form: &Form) -> Result<String, Refusal> {
    if action == "AssumeRoleWithWebIdentity" {
        check_version(action, form)?;
        return assume_role_with_web_identity(world, form);
    }
    let signature = sigv4::read(parts).ok_or_else(|| {
        Refusal::forbidden("MissingAuthenticationToken", "Request is missing Authentication Token")
    })??;
    let caller = sigv4::verify(world, parts, body, &signature, "sts")?.principal;
    check_version(action, form)?;
    match action {
        "GetCallerIdentity" => {
            Ok(elements(&[("Arn", &caller.arn), ("UserId", &caller.user_id), ("Account", &caller.account)]))
        }
        "AssumeRole" => assume_role(world, &caller, form),
        "GetSessionToken" => session_token(world, caller, form),
        "GetFederationToken" => federation_token(world, &caller, form),
        _ => Err(unknown_action(action, form)),
    }
}

fn assume_role(world: &World, caller: &Principal, form: &Form) -> Result<String, Refusal> {
    let arn = role_arn(form)?;
    let session_name = session_name(form)?;
    let seconds = duration(form, 3600, LONGEST_ROLE_SESSION)?;
    let policy_size = packed_policy_size(form)?;
    let used_mfa = check_mfa(world, caller, form)?;

    let denied = || {
        let message =
            format!("User: {} is not authorized to perform: sts:AssumeRole on resource: {arn}", caller.arn);
        Refusal::forbidden("AccessDenied", message)
    };
    let role = find_role(world, arn).ok_or_else(denied)?;
    let allowed = caller.kind != PrincipalKind::Federated
        && role.trusted_accounts.contains(&caller.account)
        && (role.external_id.is_none() || role.external_id.as_ref() == form.get("ExternalId"))
        && (!role.requires_mfa || used_mfa || caller.used_mfa);
    if !allowed {
        return Err(denied());
    }
    if caller.kind == PrincipalKind::RoleSession && seconds > LONGEST_CHAINED_SESSION {
        return Err(validation(
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
        ));
    }
    let session = start_role_session(world, role, session_name, seconds, used_mfa)?;
    let source_identity = form.get("SourceIdentity").map(|identity| element("SourceIdentity", identity));
    Ok(source_identity.unwrap_or_default() + &session + &policy_size)
}

fn assume_role_with_web_identity(world: &World, form: &Form) -> Result<String, Refusal> {
    let arn = role_arn(form)?;
    let session_name = session_name(form)?;
    let seconds = duration(form, 3600, LONGEST_ROLE_SESSION)?;
    let policy_size = packed_policy_size(form)?;
    let identity = WebIdentity::parse(required(form, "WebIdentityToken", "webIdentityToken")?)?;
    let role = find_role(world, arn).filter(|role| role.web_identity).ok_or_else(|| {
        Refusal::forbidden("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity")
    })?;
    let session = start_role_session(world, role, session_name, seconds, false)?;
    Ok(elements(&[("SubjectFromWebIdentityToken", &identity.subject), ("Audience", &identity.audience)])
        + &session
        + &policy_size
        + &element("Provider", &identity.issuer))
}

fn session_token(world: &World, caller: Principal, form: &Form) -> Result<String, Refusal> {
    let seconds = duration(form, 43_200, LONGEST_USER_SESSION)?;
    require_user(&caller, "GetSessionToken")?;
    let used_mfa = check_mfa(world, &caller, form)?;
    let principal = Principal { kind: PrincipalKind::UserSession, used_mfa, ..caller };
    Ok(credentials(&world.issue_key(principal, Duration::from_secs(seconds))))
}

fn federation_token(world: &World, caller: &Principal, form: &Form) -> Result<String, Refusal> {
    let name = required(form, "Name", "name")?;
    check_length(name, "name", 2, 32)?;
    check_name(name, "name")?;
    let seconds = duration(form, 43_200, LONGEST_USER_SESSION)?;
    let policy_size = packed_policy_size(form)?;
    require_user(caller, "GetFederationToken")?;
    let principal = Principal {
        kind: PrincipalKind::Federated,
        account: caller.account.clone(),
        arn: format!("arn:aws:sts::{}:federated-user/{name}", caller.account),
        user_id: format!("{}:{name}", caller.account),
        used_mfa: false,
    };
    let user = elements(&[("Arn", &principal.arn), ("FederatedUserId", &principal.user_id)]);
    let key = world.issue_key(principal, Duration::from_secs(seconds));
    Ok(format!("{}<FederatedUser>\n{user}</FederatedUser>\n{policy_size}", credentials(&key)))
}

fn start_role_session(
    world: &World,
    role: &Role,
    session_name: &str,
    seconds: u64,
    used_mfa: bool,
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
        user_id: format!("{}:{session_name}", unique_id("AROA", &role.arn())),
        used_mfa,
    };
    let user = elements(&[("AssumedRoleId", &principal.user_id), ("Arn", &principal.arn)]);
    let key = world.issue_key(principal, Duration::from_secs(seconds));
    Ok(format!("<AssumedRoleUser>\n{user}</AssumedRoleUser>\n{}", credentials(&key)))
}

/// Checks the device's code where one is given; only the seeded user has a device.
fn check_mfa(world: &World, caller: &Principal, form: &Form) -> Result<bool, Refusal> {
    let failed =
        |why: &str| Refusal::forbidden("AccessDenied", format!("MultiFactorAuthentication failed {why}"));
    match (form.get("SerialNumber"), form.get("TokenCode")) {
        (None, None) => Ok(false),
        (Some(serial), Some(code)) => {
            check_length(code, "tokenCode", 6, 6)?;
            if caller.arn != seed::USER_ARN || serial != seed::MFA_SERIAL {
                return Err(Refusal::forbidden(
                    "AccessDenied",
                    "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial \
                     number is valid and associated with this user.",
                ));
            }
            let now = u64::try_from(now().unix_timestamp()).expect("the clock is past 1970");
            if world.state().mfa.accept(code, now) {
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

fn find_role<'a>(world: &'a World, arn: &str) -> Option<&'a Role> {
    world.config.roles.iter().find(|role| role.arn() == arn)
}

fn require_user(caller: &Principal, action: &str) -> Result<(), Refusal> {
    if caller.kind == PrincipalKind::User {
        Ok(())
    } else {
        Err(Refusal::forbidden("AccessDenied", format!("Cannot call {action} with session credentials")))
    }
}

fn check_version(action: &str, form: &Form) -> Result<(), Refusal> {
    if action.is_empty() {
        return Err(Refusal::bad_request("MissingAction", "The request must contain the parameter Action"));
    }
    if form.get("Version").map(String::as_str) == Some(VERSION) {
        Ok(())
    } else {
        Err(unknown_action(action, form))
    }
}

fn unknown_action(action: &str, form: &Form) -> Refusal {
    let version = form.get("Version").map_or("NO_VERSION_SPECIFIED", String::as_str);
    Refusal::bad_request("InvalidAction", format!("Could not find operation {action} for version {version}"))
}

fn role_arn(form: &Form) -> Result<&str, Refusal> {
    let arn = required(form, "RoleArn", "roleArn")?;
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

fn session_name(form: &Form) -> Result<&str, Refusal> {
    let name = required(form, "RoleSessionName", "roleSessionName")?;
    check_length(name, "roleSessionName", 2, 64)?;
    check_name(name, "roleSessionName")?;
    Ok(name)
}

fn duration(form: &Form, default: u64, longest: u64) -> Result<u64, Refusal> {
    let Some(text) = form.get("DurationSeconds") else { return Ok(default) };
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

/// `PackedPolicySize`, which AWS reports in percent where a session policy was given.
fn packed_policy_size(form: &Form) -> Result<String, Refusal> {
    let inline = form.get("Policy");
    if let Some(policy) = inline {
        if !serde_json::from_str::<serde_json::Value>(policy).is_ok_and(|policy| policy.is_object()) {
            return Err(Refusal::bad_request("MalformedPolicyDocument", "Syntax errors in policy."));
        }
        if policy.len() > LONGEST_POLICY {
            let constraint = format!("Member must have length less than or equal to {LONGEST_POLICY}");
            return Err(failed_constraint(&format!("'{policy}'"), "policy", &constraint));
        }
    }
    let managed: usize = form
        .iter()
        .filter(|(name, _)| name.starts_with("PolicyArns.member."))
        .map(|(_, arn)| arn.len())
        .sum();
    let size = inline.map_or(0, String::len) + managed;
    if size == 0 {
        return Ok(String::new());
    }
    Ok(element("PackedPolicySize", &(size * 100 / LONGEST_POLICY).clamp(1, 100).to_string()))
}

fn required<'a>(form: &'a Form, parameter: &str, member: &str) -> Result<&'a str, Refusal> {
    form.get(parameter)
        .map(String::as_str)
        .ok_or_else(|| failed_constraint("null", member, "Member must not be null"))
}

fn check_length(value: &str, member: &str, least: usize, most: usize) -> Result<(), Refusal> {
    let length = value.chars().count();
    let constraint = if length < least {
        format!("Member must have length greater than or equal to {least}")
    } else if length > most {
        format!("Member must have length less than or equal to {most}")
    } else {
        return Ok(());
    };
    Err(failed_constraint(&format!("'{value}'"), member, &constraint))
}

fn check_name(value: &str, member: &str) -> Result<(), Refusal> {
    if value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte)) {
        return Ok(());
    }
    let constraint = "Member must satisfy regular expression pattern: [\\w+=,.@-]*";
    Err(failed_constraint(&format!("'{value}'"), member, constraint))
}

fn failed_constraint(value: &str, member: &str, constraint: &str) -> Refusal {
    validation(format!(
        "1 validation error detected: Value {value} at '{member}' failed to satisfy constraint: {constraint}"
    ))
}

fn validation(message: impl Into<String>) -> Refusal {
    Refusal::bad_request("ValidationError", message)
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
    format!("<Credentials>\n{members}</Credentials>\n")
}

fn xml_time(time: OffsetDateTime) -> String {
    time.format(XML_TIME).expect("the format fits every date")
}

fn elements(members: &[(&str, &str)]) -> String {
    members.iter().fold(String::new(), |mut xml, (name, text)| {
        write!(xml, "{}", element(name, text)).expect("writing to a string does not fail");
        xml
    })
}

fn element(name: &str, text: &str) -> String {
    format!("<{name}>{}</{name}>\n", escape(text))
}
