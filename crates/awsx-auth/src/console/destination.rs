//! The console's pages: what people call a service, and where its page is.

use crate::partition::Partition;

/// Services whose page is not at `/NAME/home`, and other names for those whose page is: name and path.
///
/// Paths as the console's own menus link to them.
const PAGES: &[(&str, &str)] = &[
    ("accessanalyzer", "access-analyzer/home"),
    ("amp", "prometheus/home"),
    ("apigw", "apigateway/main/apis"),
    ("apigateway", "apigateway/main/apis"),
    ("appconfig", "systems-manager/appconfig"),
    ("asg", "ec2/home#AutoScalingGroups:"),
    ("beanstalk", "elasticbeanstalk/home"),
    ("bill", "billing/home"),
    ("cfn", "cloudformation/home"),
    ("cloudfront", "cloudfront/v4/home"),
    ("cloudtrail", "cloudtrailv2/home"),
    ("cloudwatch/alarms", "cloudwatch/home#alarmsV2:"),
    ("cloudwatch/dashboards", "cloudwatch/home#dashboards:"),
    ("cloudwatch/insights", "cloudwatch/home#logsV2:logs-insights"),
    ("cloudwatch/logs", "cloudwatch/home#logsV2:log-groups"),
    ("cloudwatch/metrics", "cloudwatch/home#metricsV2:"),
    ("codeartifact", "codesuite/codeartifact/home"),
    ("codebuild", "codesuite/codebuild/home"),
    ("codecommit", "codesuite/codecommit/home"),
    ("codedeploy", "codesuite/codedeploy/home"),
    ("codepipeline", "codesuite/codepipeline/home"),
    ("cognito", "cognito/v2/home"),
    ("cost", "cost-management/home"),
    ("costexplorer", "cost-management/home#/cost-explorer"),
    ("ce", "cost-management/home#/cost-explorer"),
    ("cw", "cloudwatch/home"),
    ("ddb", "dynamodbv2/home"),
    ("dms", "dms/v2/home"),
    ("dynamodb", "dynamodbv2/home"),
    ("eb", "events/home"),
    ("ebs", "ec2/home#Volumes:"),
    ("ec2/instances", "ec2/home#Instances:"),
    ("ecr", "ecr/repositories"),
    ("ecs", "ecs/v2/home"),
    ("elb", "ec2/home#LoadBalancers:"),
    ("eventbridge", "events/home"),
    ("firehose", "firehose/home"),
    ("gd", "guardduty/home"),
    ("identitycenter", "singlesignon/home"),
    ("imagebuilder", "imagebuilder/home"),
    ("l", "lambda/home"),
    ("logs", "cloudwatch/home#logsV2:log-groups"),
    ("mq", "amazon-mq/home"),
    ("opensearch", "aos/home"),
    ("org", "organizations/v2/home"),
    ("organizations", "organizations/v2/home"),
    ("parameters", "systems-manager/parameters"),
    ("quotas", "servicequotas/home"),
    ("r53", "route53/v2/home"),
    ("ram", "ram/home"),
    ("redshift", "redshiftv2/home"),
    ("route53", "route53/v2/home"),
    ("s3/buckets", "s3/buckets"),
    ("scheduler", "scheduler/home"),
    ("secrets", "secretsmanager/listsecrets"),
    ("secretsmanager", "secretsmanager/listsecrets"),
    ("service-quotas", "servicequotas/home"),
    ("ses", "ses/home"),
    ("sfn", "states/home"),
    ("sm", "secretsmanager/listsecrets"),
    ("sns", "sns/v3/home"),
    ("sqs", "sqs/v3/home"),
    ("ssm", "systems-manager/home"),
    ("ssm/sessions", "systems-manager/session-manager/sessions"),
    ("sso", "singlesignon/home"),
    ("states", "states/home"),
    ("stepfunctions", "states/home"),
    ("tags", "resource-groups/tag-editor"),
    ("ta", "trustedadvisor/home"),
    ("vpc", "vpcconsole/home"),
    ("waf", "wafv2/homev2"),
];

/// The console page that `text` means: a URL as it is, a service's name, or a path; the home page without one.
pub fn resolve_destination(partition: &Partition, region: &str, text: Option<&str>) -> String {
    let host = partition.console_host;
    match text {
        Some(url) if url.contains("://") => url.to_owned(),
        None | Some("") => format!("https://{host}/console/home?region={region}"),
        Some(text) => {
            let path = path_of(text);
            let (path, fragment) = match path.split_once('#') {
                Some((path, fragment)) => (path, format!("#{fragment}")),
                None => (path.as_str(), String::new()),
            };
            let separator = if path.contains('?') { '&' } else { '?' };
            format!("https://{host}/{path}{separator}region={region}{fragment}")
        }
    }
}

/// The page of a service, or the path as it is.
fn path_of(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    if let Some((_, path)) = PAGES.iter().find(|(name, _)| *name == lower) {
        return (*path).to_owned();
    }
    let path = text.trim_start_matches('/');
    // A bare word is a service; `vpc/home#subnets:` is a path already.
    if path.contains('/') { path.to_owned() } else { format!("{}/home", path.to_ascii_lowercase()) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn destinations_may_be_urls_services_paths_or_nothing() {
        let resolve = |text| resolve_destination(Partition::of_region("eu-west-1"), "eu-west-1", text);
        assert_eq!(resolve(Some("https://example.com/x")), "https://example.com/x");
        assert_eq!(resolve(None), "https://console.aws.amazon.com/console/home?region=eu-west-1");
        assert_eq!(resolve(Some("s3")), "https://console.aws.amazon.com/s3/home?region=eu-west-1");
        assert_eq!(resolve(Some("IAM")), "https://console.aws.amazon.com/iam/home?region=eu-west-1");
        assert_eq!(
            resolve(Some("cloudwatch/logs")),
            "https://console.aws.amazon.com/cloudwatch/home?region=eu-west-1#logsV2:log-groups"
        );
        assert_eq!(
            resolve(Some("/vpc/home#subnets:")),
            "https://console.aws.amazon.com/vpc/home?region=eu-west-1#subnets:"
        );
        assert_eq!(
            resolve(Some("ec2/home?x=1")),
            "https://console.aws.amazon.com/ec2/home?x=1&region=eu-west-1"
        );
    }

    #[test]
    fn every_partition_has_its_own_console() {
        for (region, host) in [
            ("cn-north-1", "console.amazonaws.cn"),
            ("us-gov-west-1", "console.amazonaws-us-gov.com"),
            ("us-isob-east-1", "console.sc2shome.sgov.gov"),
            ("eusc-de-east-1", "console.amazonaws-eusc.eu"),
        ] {
            let url = resolve_destination(Partition::of_region(region), region, Some("ec2"));
            assert_eq!(url, format!("https://{host}/ec2/home?region={region}"));
        }
    }

    #[test]
    fn a_name_means_one_page_and_each_page_is_a_path() {
        let names: BTreeSet<_> = PAGES.iter().map(|(name, _)| name).collect();
        assert_eq!(names.len(), PAGES.len());
        for (name, path) in PAGES {
            assert!(path.contains('/') && !path.starts_with('/') && !path.contains('?'), "{name}: {path}");
            assert_eq!(*name, name.to_ascii_lowercase());
        }
    }
}
