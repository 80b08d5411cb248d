//! IAM's policy language, as much of it as keys, roles and MFA need: documents and what they say about a request.
//!
//! Knows neither users nor services. An element or operator that it does not know makes a document invalid, so that
//! no policy is taken for weaker or stronger than it is.

mod condition;
mod pattern;
mod principal;
mod statement;

use std::collections::BTreeMap;

use serde_json::Value;

use statement::{Effect, Statement};

pub(crate) use principal::{Caller, Trust};

/// What a document is attached to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A user, a role or a session: says what may be done to which resources.
    Identity,
    /// A role: says who may assume it.
    Trust,
}

/// A policy that has been read.
#[derive(Debug)]
pub(crate) struct Document {
    statements: Vec<Statement>,
}

/// What is asked for.
pub(crate) struct Request<'a> {
    /// Such as `s3:GetObject`
    pub(crate) action: &'a str,
    /// An ARN, or `*` where the action has no resource
    pub(crate) resource: &'a str,
    pub(crate) context: &'a Context,
}

/// What is known beside action and resource, by keys such as `aws:MultiFactorAuthPresent`, found in any case.
#[derive(Clone, Debug, Default)]
pub(crate) struct Context(BTreeMap<String, String>);

/// What policies say together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Allowed,
    /// Explicitly, which no other policy can overrule
    Denied,
    /// Nothing either way
    Silent,
}

impl Document {
    /// Reads a policy; the error says what is wrong with it.
    pub(crate) fn parse(text: &str, kind: Kind) -> Result<Self, String> {
        let json: Value = serde_json::from_str(text).map_err(|_| "Syntax errors in policy.".to_owned())?;
        let Value::Object(members) = &json else { return Err("Syntax errors in policy.".to_owned()) };
        for (name, value) in members {
            match (name.as_str(), value.as_str()) {
                ("Version", Some("2012-10-17" | "2008-10-17")) | ("Id", Some(_)) | ("Statement", _) => {}
                _ => return Err(format!("Syntax error at {name}.")),
            }
        }
        let statements = match members.get("Statement") {
            Some(Value::Array(statements)) => statements.iter().collect(),
            Some(statement @ Value::Object(_)) => vec![statement],
            _ => return Err("Missing required field Statement".to_owned()),
        };
        let statements = statements.into_iter().map(|statement| Statement::parse(statement, kind));
        Ok(Self { statements: statements.collect::<Result<_, _>>()? })
    }

    /// Whether the document, a trust policy, lets `caller` make the request, and how it names the caller.
    pub(crate) fn trust(&self, caller: &Caller, request: &Request) -> Trust {
        let mut trust = Trust::No;
        for statement in self.statements.iter().filter(|statement| statement.applies(request)) {
            match (statement.trust(caller), statement.effect) {
                (Trust::No | Trust::Denied, _) => {}
                (_, Effect::Deny) => return Trust::Denied,
                (found, Effect::Allow) => trust = trust.max(found),
            }
        }
        trust
    }

    /// The ARNs and accounts that the document, a trust policy, names.
    pub(crate) fn aws_principals(&self) -> impl Iterator<Item = &str> {
        self.statements.iter().flat_map(Statement::aws_principals)
    }
}

impl Context {
    pub(crate) fn set(&mut self, key: &str, value: impl Into<String>) {
        self.0.insert(key.to_ascii_lowercase(), value.into());
    }

    fn find(&self, key: &str) -> Option<&str> {
        self.0.get(&key.to_ascii_lowercase()).map(String::as_str)
    }

    /// Puts values in the place of variables such as `${aws:username}`; none if one has no value.
    fn fill_in(&self, pattern: &str) -> Option<String> {
        let mut filled = String::new();
        let mut rest = pattern;
        while let Some((before, variable)) = rest.split_once("${") {
            let (key, after) = variable.split_once('}')?;
            filled.push_str(before);
            match key {
                "*" | "?" | "$" => filled.push_str(key),
                key => filled.push_str(self.find(key)?),
            }
            rest = after;
        }
        filled.push_str(rest);
        Some(filled)
    }
}

/// What the documents of one kind, say all of a user's, say to a request.
pub(crate) fn judge<'a>(documents: impl IntoIterator<Item = &'a Document>, request: &Request) -> Verdict {
    let mut verdict = Verdict::Silent;
    for statement in documents.into_iter().flat_map(|document| &document.statements) {
        if statement.applies(request) {
            match statement.effect {
                Effect::Deny => return Verdict::Denied,
                Effect::Allow => verdict = Verdict::Allowed,
            }
        }
    }
    verdict
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(statements: &str, action: &str, resource: &str, known: &[(&str, &str)]) -> Verdict {
        let text = format!("{{\"Version\": \"2012-10-17\", \"Statement\": {statements}}}");
        let document = Document::parse(&text, Kind::Identity).unwrap();
        let mut context = Context::default();
        for (key, value) in known {
            context.set(key, *value);
        }
        judge([&document], &Request { action, resource, context: &context })
    }

    const BUCKET: &str = "arn:aws:s3:::notes";

    #[test]
    fn actions_match_in_any_case_and_resources_exactly() {
        let policy = r#"{"Effect": "Allow", "Action": "S3:list*", "Resource": "arn:aws:s3:::no?es"}"#;
        assert_eq!(verdict(policy, "s3:ListBucket", BUCKET, &[]), Verdict::Allowed);
        assert_eq!(verdict(policy, "s3:GetObject", BUCKET, &[]), Verdict::Silent);
        assert_eq!(verdict(policy, "s3:ListBucket", "arn:aws:s3:::Notes", &[]), Verdict::Silent);
    }

    #[test]
    fn an_explicit_denial_wins_wherever_it_stands() {
        let allow = r#"{"Effect": "Allow", "Action": "*", "Resource": "*"}"#;
        let deny = r#"{"Effect": "Deny", "NotAction": ["iam:*", "sts:*"], "Resource": "*"}"#;
        for statements in [format!("[{allow}, {deny}]"), format!("[{deny}, {allow}]")] {
            assert_eq!(verdict(&statements, "s3:GetObject", BUCKET, &[]), Verdict::Denied);
            assert_eq!(verdict(&statements, "iam:GetUser", "*", &[]), Verdict::Allowed);
        }
    }

    #[test]
    fn a_missing_key_fails_a_condition_unless_it_is_optional() {
        let policy = |operator: &str| {
            format!(
                r#"{{"Effect": "Allow", "Action": "*", "Resource": "*",
                    "Condition": {{"{operator}": {{"aws:MultiFactorAuthPresent": "true"}}}}}}"#
            )
        };
        let key = "aws:multifactorauthpresent";
        for (operator, missing, yes, no) in [
            ("Bool", Verdict::Silent, Verdict::Allowed, Verdict::Silent),
            ("BoolIfExists", Verdict::Allowed, Verdict::Allowed, Verdict::Silent),
            ("Null", Verdict::Allowed, Verdict::Silent, Verdict::Silent),
            ("StringNotEquals", Verdict::Allowed, Verdict::Silent, Verdict::Allowed),
        ] {
            let policy = policy(operator);
            assert_eq!(verdict(&policy, "s3:GetObject", BUCKET, &[]), missing, "{operator}");
            assert_eq!(verdict(&policy, "s3:GetObject", BUCKET, &[(key, "true")]), yes, "{operator}");
            assert_eq!(verdict(&policy, "s3:GetObject", BUCKET, &[(key, "false")]), no, "{operator}");
        }
    }

    #[test]
    fn numbers_and_times_are_compared_as_what_they_are() {
        let policy = r#"{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {
            "NumericLessThan": {"aws:MultiFactorAuthAge": 900},
            "DateGreaterThan": {"aws:TokenIssueTime": "2026-01-01T00:00:00Z"}}}"#;
        let verdict = |age: &str, issued: &str| {
            let known = [("aws:MultiFactorAuthAge", age), ("aws:TokenIssueTime", issued)];
            verdict(policy, "s3:GetObject", BUCKET, &known)
        };
        assert_eq!(verdict("899", "2026-01-01T00:00:01Z"), Verdict::Allowed);
        assert_eq!(verdict("1000", "2026-01-01T00:00:01Z"), Verdict::Silent);
        assert_eq!(verdict("899", "2025-12-31T23:59:59Z"), Verdict::Silent);
    }

    #[test]
    fn variables_stand_for_who_asks() {
        let policy =
            r#"{"Effect": "Allow", "Action": "iam:*", "Resource": "arn:aws:iam::*:user/${aws:username}"}"#;
        let user = "arn:aws:iam::111122223333:user/alice";
        assert_eq!(
            verdict(policy, "iam:CreateAccessKey", user, &[("aws:username", "alice")]),
            Verdict::Allowed
        );
        assert_eq!(verdict(policy, "iam:CreateAccessKey", user, &[("aws:username", "bob")]), Verdict::Silent);
        assert_eq!(verdict(policy, "iam:CreateAccessKey", user, &[]), Verdict::Silent);
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        let with = |statement: &str, kind| {
            Document::parse(&format!("{{\"Statement\": [{statement}]}}"), kind).map(drop)
        };
        let fine = r#"{"Effect": "Allow", "Action": "*", "Resource": "*"}"#;
        assert_eq!(with(fine, Kind::Identity), Ok(()));
        for broken in [
            r#"{"Effect": "allow", "Action": "*", "Resource": "*"}"#,
            r#"{"Effect": "Allow", "Resource": "*"}"#,
            r#"{"Effect": "Allow", "Action": "*"}"#,
            r#"{"Effect": "Allow", "Action": "*", "Resource": "*", "Principal": "*"}"#,
            r#"{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"IpAddress": {"aws:SourceIp": "::"}}}"#,
        ] {
            assert!(with(broken, Kind::Identity).is_err(), "{broken}");
        }
        assert!(with(fine, Kind::Trust).is_err(), "a trust policy names principals");
    }
}
