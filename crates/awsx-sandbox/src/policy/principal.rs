//! Who a trust policy means.

use serde_json::Value;

use super::pattern::texts;

/// Who asks to assume a role.
pub(crate) enum Caller<'a> {
    /// Somebody with keys
    Aws {
        account: &'a str,
        /// The caller's own ARN and, of a role session, the role's
        arns: &'a [String],
    },
    /// Somebody with a token of this issuer
    Federated { issuer: &'a str },
}

/// How a trust policy takes a caller; the later, the better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Trust {
    Denied,
    No,
    /// As somebody of an account, whose own policies have to allow it too
    Account,
    /// By name
    Named,
}

#[derive(Debug)]
pub(super) struct Principals {
    aws: Vec<String>,
    federated: Vec<String>,
}

impl Principals {
    pub(super) fn parse(value: &Value) -> Result<Self, String> {
        let mut principals = Self { aws: Vec::new(), federated: Vec::new() };
        let kinds = match value {
            Value::String(all) if all == "*" => {
                principals.aws.push(all.clone());
                return Ok(principals);
            }
            Value::Object(kinds) => kinds,
            _ => return Err("Syntax error at Principal.".to_owned()),
        };
        for (kind, names) in kinds {
            let names = texts(names).ok_or("Syntax error at Principal.")?;
            match kind.as_str() {
                "AWS" => principals.aws.extend(names),
                "Federated" => principals.federated.extend(names),
                // No service asks the sandbox for a role.
                "Service" => {}
                _ => return Err(format!("Invalid principal in policy: \"{kind}\"")),
            }
        }
        Ok(principals)
    }

    pub(super) fn aws(&self) -> impl Iterator<Item = &str> {
        self.aws.iter().map(String::as_str)
    }

    pub(super) fn trust(&self, caller: &Caller) -> Trust {
        match caller {
            Caller::Aws { account, arns } => {
                let names = self.aws.iter().map(|name| match name.as_str() {
                    "*" => Trust::Named,
                    name if arns.iter().any(|arn| arn == name) => Trust::Named,
                    name if account_of(name) == Some(*account) => Trust::Account,
                    _ => Trust::No,
                });
                names.max().unwrap_or(Trust::No)
            }
            Caller::Federated { issuer } => {
                let host = issuer.trim_start_matches("https://");
                let is_issuer = |name: &String| {
                    name == "*" || name == issuer || name.ends_with(&format!(":oidc-provider/{host}"))
                };
                if self.federated.iter().any(is_issuer) { Trust::Named } else { Trust::No }
            }
        }
    }
}

/// The account that a principal means as a whole: by its number or by its root.
fn account_of(principal: &str) -> Option<&str> {
    if principal.len() == 12 && principal.bytes().all(|digit| digit.is_ascii_digit()) {
        return Some(principal);
    }
    match principal.splitn(6, ':').collect::<Vec<_>>()[..] {
        ["arn", _, "iam", "", account, "root"] => Some(account),
        _ => None,
    }
}
