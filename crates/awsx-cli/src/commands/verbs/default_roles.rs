//! IAM roles with policies of AWS's, which the verbs `create-default-roles` make.

use awsx_output::Value;

use super::values::{members, text_at};
use crate::commands::operation::ServiceClient;
use crate::error::{CommandError, CommandResult};

/// Makes roles, and instance profiles of their names.
pub(super) struct Maker<'c> {
    pub(super) iam: ServiceClient<'c>,
}

impl Maker<'_> {
    /// Makes a role with this policy, unless there is one of this name. What was made, for the verb to show. `trusted`
    /// tells the services that may act in it.
    pub(super) async fn role(
        &self,
        name: &str,
        policy_arn: &str,
        trusted: impl FnOnce() -> CommandResult<Trusted>,
    ) -> CommandResult<Option<Value>> {
        if self.has("GetRole", "RoleName", name).await? {
            return Ok(None);
        }
        let trust = trusted()?.policy();
        let asked = members([("RoleName", name.into()), ("AssumeRolePolicyDocument", trust.into())]);
        let made = self.iam.call("CreateRole", asked).await?;
        let policy = || ("PolicyArn", policy_arn.into());
        self.iam.call("AttachRolePolicy", members([policy(), ("RoleName", name.into())])).await?;
        let found = self.iam.call("GetPolicy", members([policy()])).await?;
        let version =
            found.get("Policy").map(|policy| text_at(policy, "DefaultVersionId")).unwrap_or_default();
        let found =
            self.iam.call("GetPolicyVersion", members([policy(), ("VersionId", version.into())])).await?;
        let document = found.get("PolicyVersion").and_then(|version| version.get("Document"));
        Ok(made.get("Role").map(|role| {
            Value::map([("Role", role.clone()), ("RolePolicy", document.cloned().unwrap_or_default())])
        }))
    }

    /// Makes an instance profile with the role of the same name, unless there is one.
    pub(super) async fn instance_profile(&self, name: &str) -> CommandResult {
        if self.has("GetInstanceProfile", "InstanceProfileName", name).await? {
            return Ok(());
        }
        let profile = || ("InstanceProfileName", name.into());
        self.iam.call("CreateInstanceProfile", members([profile()])).await?;
        let both = members([profile(), ("RoleName", name.into())]);
        self.iam.call("AddRoleToInstanceProfile", both).await?;
        Ok(())
    }

    async fn has(&self, operation: &str, member: &str, name: &str) -> CommandResult<bool> {
        match self.iam.call(operation, members([(member, name.into())])).await {
            Err(error) if is_missing(&error) => Ok(false),
            answer => answer.map(|_| true),
        }
    }
}

fn is_missing(error: &CommandError) -> bool {
    error.service_code() == Some("NoSuchEntity")
}

/// Services that may act in a role.
pub(super) enum Trusted {
    One(String),
    Several(Vec<String>),
}

impl Trusted {
    /// The policy, in the lines that AWS CLI writes.
    fn policy(&self) -> String {
        let services = match self {
            Self::One(service) => format!("\"{service}\""),
            Self::Several(services) => {
                let lines: Vec<String> =
                    services.iter().map(|service| format!("          \"{service}\"")).collect();
                format!("[\n{}\n        ]", lines.join(",\n"))
            }
        };
        format!(
            "{{\n  \"Version\": \"2008-10-17\",\n  \"Statement\": [\n    {{\n      \"Sid\": \"\",\n      \"Effect\": \
             \"Allow\",\n      \"Principal\": {{\n        \"Service\": {services}\n      }},\n      \"Action\": \
             \"sts:AssumeRole\"\n    }}\n  ]\n}}"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_of_trust_names_the_services() {
        let one = Trusted::One("a.amazonaws.com".to_owned()).policy();
        assert!(one.contains("\n        \"Service\": \"a.amazonaws.com\"\n"), "{one}");
        let several = Trusted::Several(vec!["a.amazonaws.com".to_owned(), "b.amazonaws.com".to_owned()]);
        insta::assert_snapshot!(several.policy(), @r#"
        {
          "Version": "2008-10-17",
          "Statement": [
            {
              "Sid": "",
              "Effect": "Allow",
              "Principal": {
                "Service": [
                  "a.amazonaws.com",
                  "b.amazonaws.com"
                ]
              },
              "Action": "sts:AssumeRole"
            }
          ]
        }
        "#);
    }
}
