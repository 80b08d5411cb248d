//! `emr create-default-roles`: the roles that clusters take with `--use-default-roles`.

use awsx_core::ini::{Change, SectionName};
use awsx_output::Value;

use super::settings::Block;
use super::{EC2_ROLE, SERVICE_ROLE};
use crate::commands::configure::write_config;
use crate::commands::operation::{Instead, ServiceClient};
use crate::commands::verbs::default_roles::{Maker, Trusted};
use crate::context::Context;
use crate::error::{CommandError, CommandResult};
use crate::output::Output;

/// Make the IAM roles that create-cluster takes with --use-default-roles
///
/// Roles that are there stay as they are. The profile gets them as `emr.service_role` and `emr.instance_profile`, unless it
/// has one of the two.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  awsx emr create-default-roles")]
pub(crate) struct CreateDefaultRolesArgs {
    /// Where IAM is asked
    #[arg(long, value_name = "URL")]
    iam_endpoint: Option<String>,
}

const AUTO_SCALING_ROLE: &str = "EMR_AutoScaling_DefaultRole";

pub(crate) fn run(context: &Context, args: &CreateDefaultRolesArgs) -> CommandResult {
    let output = Output::of(context)?;
    let region = context.region()?;
    let made = context.block_on(async {
        let emr = ServiceClient::connect(context, "emr").await?;
        let endpoint = emr.endpoint_url("ListClusters").await?;
        // `--endpoint-url` means EMR's.
        let instead = Instead {
            ignores_endpoint_option: true,
            endpoint_url: args.iam_endpoint.clone().filter(|url| !url.is_empty()),
            ..Instead::default()
        };
        let maker = Maker { iam: ServiceClient::connect_as(context, "iam", instead).await? };
        let policy = |name: &str| policy_arn(&region, name);
        let of_instances = Trusted::One("ec2.amazonaws.com".to_owned());
        let mut made = Vec::new();
        made.extend(
            maker.role(EC2_ROLE, &policy("AmazonElasticMapReduceforEC2Role"), || Ok(of_instances)).await?,
        );
        maker.instance_profile(EC2_ROLE).await?;
        let of_service = || Ok(Trusted::One(Suffix::of(&endpoint)?.principal("elasticmapreduce")));
        made.extend(maker.role(SERVICE_ROLE, &policy("AmazonElasticMapReduceRole"), of_service).await?);
        let of_scaling = || {
            let suffix = Suffix::of(&endpoint)?;
            Ok(Trusted::Several(vec![suffix.principal("elasticmapreduce"), suffix.scaling_principal()]))
        };
        let scaling = policy("AmazonElasticMapReduceforAutoScalingRole");
        made.extend(maker.role(AUTO_SCALING_ROLE, &scaling, of_scaling).await?);
        CommandResult::Ok(made)
    })?;
    keep_roles(context)?;
    output.show(context, "create_role", &Value::List(made))
}

/// A policy that AWS keeps.
fn policy_arn(region: &str, name: &str) -> String {
    let partition = match region.to_lowercase() {
        region if region.starts_with("cn-") => "aws-cn",
        region if region.starts_with("us-gov") => "aws-us-gov",
        _ => "aws",
    };
    format!("arn:{partition}:iam::aws:policy/service-role/{name}")
}

/// The profile's roles, unless it has some.
fn keep_roles(context: &Context) -> CommandResult {
    let block = Block::of(context)?;
    if block.text("instance_profile").is_some() || block.text("service_role").is_some() {
        return Ok(());
    }
    let set = |sub_key: &str, value: &str| Change::SetNested {
        key: "emr".to_owned(),
        sub_key: sub_key.to_owned(),
        value: value.to_owned(),
    };
    let changes = vec![set("service_role", SERVICE_ROLE), set("instance_profile", EC2_ROLE)];
    write_config(context, &[(SectionName::Profile(context.settings.profile_name()), changes)])
}

/// Where EMR is: services are known to roles by names with the same end.
struct Suffix<'u> {
    region: &'u str,
    domain: &'u str,
}

impl<'u> Suffix<'u> {
    /// Reads `REGION.elasticmapreduce.DOMAIN` or `elasticmapreduce.REGION.DOMAIN`.
    fn of(url: &'u str) -> CommandResult<Self> {
        let host = url.split_once("://").map_or(url, |(_, rest)| rest);
        let host = host.split('/').next().unwrap_or_default();
        let read = || match host.split_once('.')? {
            ("elasticmapreduce", rest) => rest.split_once('.'),
            (region, rest) => Some((region, rest.strip_prefix("elasticmapreduce.")?)),
        };
        read().map(|(region, domain)| Self { region, domain }).ok_or_else(|| {
            CommandError::general("Could not resolve the service principal from the region or the endpoint.")
        })
    }

    fn principal(&self, service: &str) -> String {
        format!("{service}.{}", self.domain)
    }

    /// Only in China the service that scales has another name.
    fn scaling_principal(&self) -> String {
        let service = "application-autoscaling";
        if self.region.starts_with("cn-") {
            self.principal(service)
        } else {
            format!("{service}.amazonaws.com")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_are_named_after_emr_s_host() {
        let principals = |url: &str| {
            let suffix = Suffix::of(url).ok()?;
            Some((suffix.principal("elasticmapreduce"), suffix.scaling_principal()))
        };
        let both = |domain: &str, of_scaling: &str| {
            Some((format!("elasticmapreduce.{domain}"), format!("application-autoscaling.{of_scaling}")))
        };
        let usual = both("amazonaws.com", "amazonaws.com");
        assert_eq!(principals("https://elasticmapreduce.eu-west-1.amazonaws.com"), usual);
        assert_eq!(principals("https://eu-west-1.elasticmapreduce.amazonaws.com/x"), usual);
        let chinese = both("amazonaws.com.cn", "amazonaws.com.cn");
        assert_eq!(principals("https://elasticmapreduce.cn-north-1.amazonaws.com.cn"), chinese);
        assert_eq!(principals("http://127.0.0.1:9"), None);
    }

    #[test]
    fn policies_lie_in_the_region_s_partition() {
        for (region, arn) in [
            ("eu-west-1", "arn:aws:iam::aws:policy/service-role/P"),
            ("cn-north-1", "arn:aws-cn:iam::aws:policy/service-role/P"),
            ("us-gov-west-1", "arn:aws-us-gov:iam::aws:policy/service-role/P"),
        ] {
            assert_eq!(policy_arn(region, "P"), arn);
        }
    }
}
