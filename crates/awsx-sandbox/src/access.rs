//! May this caller do that? Puts together whose policies count for a request, and what is known about it.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::iam::directory::Role;
use crate::policy::{Context, Request, Verdict, judge};
use crate::refusal::Refusal;
use crate::state::{Identity, Principal, PrincipalKind, World, now};

/// Why something is not allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Denial {
    /// Whether a policy says so, rather than none allowing it
    pub(crate) explicit: bool,
    policies: &'static str,
}

const OWN: &str = "identity-based policy";
const SESSION: &str = "session policy";

impl World {
    /// The role with an ARN, once STS knows of it.
    pub(crate) fn find_role(&self, arn: &str) -> Option<Role> {
        let state = self.state();
        state.directory.role_with_arn(arn).filter(|role| role.effective_at <= now()).cloned()
    }

    /// Whether the caller's policies allow an action on a resource (`*` where it has none).
    pub(crate) fn authorize(&self, caller: &Principal, action: &str, resource: &str) -> Result<(), Refusal> {
        let context = caller.context();
        self.judge(caller, &Request { action, resource, context: &context }).map_err(|denial| {
            let message = format!(
                "User: {} is not authorized to perform: {action}{} {}",
                caller.arn,
                if resource == "*" { String::new() } else { format!(" on resource: {resource}") },
                denial.reason(action),
            );
            Refusal::forbidden("AccessDenied", message)
        })
    }

    /// The same for a request with more known about it.
    pub(crate) fn judge(&self, caller: &Principal, request: &Request) -> Result<(), Denial> {
        let own = match &caller.identity {
            Identity::PermissionSet => None,
            Identity::User(name) => Some(self.state().directory.user_policies(&caller.account, name, now())),
            Identity::Role(name) => Some(self.state().directory.role_policies(&caller.account, name, now())),
        };
        for (policies, documents) in [(OWN, &own), (SESSION, &caller.session_policies)] {
            let Some(documents) = documents else { continue };
            match judge(documents.iter().map(AsRef::as_ref), request) {
                Verdict::Allowed => {}
                Verdict::Denied => return Err(Denial { explicit: true, policies }),
                Verdict::Silent => return Err(Denial { explicit: false, policies }),
            }
        }
        Ok(())
    }
}

impl Principal {
    /// What is known about every request of the self.
    pub(crate) fn context(&self) -> Context {
        let mut context = Context::default();
        let now = now();
        let time = |time: OffsetDateTime| time.format(&Rfc3339).expect("the format fits every date");
        context.set("aws:PrincipalArn", &self.source_arn);
        context.set("aws:PrincipalAccount", &self.account);
        context.set("aws:userid", &self.user_id);
        context.set("aws:CurrentTime", time(now));
        context.set("aws:EpochTime", now.unix_timestamp().to_string());
        if let (Identity::User(name), PrincipalKind::User | PrincipalKind::UserSession) =
            (&self.identity, self.kind)
        {
            context.set("aws:username", name);
        }
        // Long-term keys have no MFA to tell of: the keys are missing, not false.
        if let Some(issued_at) = self.issued_at {
            context.set("aws:TokenIssueTime", time(issued_at));
            context.set("aws:MultiFactorAuthPresent", self.mfa_at.is_some().to_string());
        }
        if let Some(mfa_at) = self.mfa_at {
            context.set("aws:MultiFactorAuthAge", (now - mfa_at).whole_seconds().to_string());
        }
        context
    }
}

impl Denial {
    /// The end of AWS's sentence.
    pub(crate) fn reason(self, action: &str) -> String {
        let policies = self.policies;
        if self.explicit {
            let article = if policies == OWN { "an" } else { "a" };
            format!("with an explicit deny in {article} {policies}")
        } else {
            format!("because no {policies} allows the {action} action")
        }
    }
}
