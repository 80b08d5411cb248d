//! `--monitoring-configuration`: which logs go to S3 by whom, and whether that needs a place for them.

use awsx_params::Given;

use crate::error::{CommandError, CommandResult};

/// Refuses policies that EMR does not know, and those that do not fit to `--log-uri`.
pub(super) fn check(configuration: &Given, log_uri: Option<&str>) -> CommandResult {
    let policies = configuration.get("S3LoggingConfiguration").and_then(|s3| s3.get("LogTypeUploadPolicy"));
    let Some(Given::Map(policies)) = policies.filter(|policies| **policies != Given::Map([].into())) else {
        return Ok(());
    };
    let refuse = |message: &str| Err(CommandError::usage(message));
    for (kind, policy) in policies {
        let policy = policy.python_text();
        if !["system-logs", "application-logs", "persistent-ui-logs"].contains(&kind.as_str()) {
            return refuse(
                "Invalid log type specified for the current S3LoggingConfiguration. Supported log types: system-logs, \
                 application-logs, persistent-ui-logs",
            );
        }
        if !["emr-managed", "on-customer-s3only", "disabled"].contains(&policy.as_str()) {
            return refuse(
                "Invalid policy specified for the current S3LoggingConfiguration. Supported policies: emr-managed, \
                 on-customer-s3only, disabled",
            );
        }
        if kind == "persistent-ui-logs" && policy == "on-customer-s3only" {
            return refuse(
                "Invalid policy for log type 'persistent-ui-logs'. Supported values for persistent-ui-logs: \
                 emr-managed, disabled",
            );
        }
    }
    let is_disabled =
        |kind: &str| policies.get(kind).is_some_and(|policy| policy.python_text() == "disabled");
    let needs_place = !(is_disabled("system-logs") && is_disabled("application-logs"));
    let has_place = log_uri.is_some_and(|uri| !uri.trim().is_empty());
    match (needs_place, has_place) {
        (true, false) => refuse(
            "A valid S3 location (LogUri) is required for the current S3LoggingConfiguration. Please specify an S3 \
             bucket and try again.",
        ),
        (false, true) => refuse(
            "LogUri must not be specified when system-logs and application-logs policies are both disabled in \
             S3LoggingConfiguration",
        ),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(policies: &[(&str, &str)], log_uri: Option<&str>) -> String {
        let policies = policies.iter().map(|(kind, policy)| ((*kind).to_owned(), Given::from(*policy)));
        let policies = Given::from([("LogTypeUploadPolicy", Given::Map(policies.collect()))]);
        let configuration = Given::from([("S3LoggingConfiguration", policies)]);
        check(&configuration, log_uri).err().map(|error| error.message).unwrap_or_default()
    }

    #[test]
    fn logs_that_are_kept_need_a_place_and_others_must_have_none() {
        let none_kept = [("system-logs", "disabled"), ("application-logs", "disabled")];
        assert_eq!(said(&[], None), "");
        assert_eq!(said(&none_kept, None), "");
        assert_eq!(said(&none_kept[..1], Some("s3://b")), "");
        assert!(said(&none_kept[..1], Some(" ")).starts_with("A valid S3 location"));
        assert!(said(&none_kept, Some("s3://b")).starts_with("LogUri must not"));
        assert!(said(&[("x", "disabled")], None).starts_with("Invalid log type"));
        assert!(said(&[("system-logs", "x")], None).starts_with("Invalid policy specified"));
        let only_by_customer = [("persistent-ui-logs", "on-customer-s3only")];
        assert!(said(&only_by_customer, None).starts_with("Invalid policy for log type"));
    }
}
