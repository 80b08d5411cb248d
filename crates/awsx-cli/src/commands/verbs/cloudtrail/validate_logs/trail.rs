//! A trail: where its digests lie and what they are called.

use awsx_model::{Input, Moment};
use awsx_output::Value;

use super::ValidateLogsArgs;
use crate::commands::operation::ServiceClient;
use crate::commands::verbs::cloudtrail::times;
use crate::commands::verbs::values::{list_at, text_at};
use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// What is known of a trail.
pub(super) struct Trail {
    pub(super) bucket: String,
    /// The region of its ARN, which signs.
    pub(super) home_region: String,
    name: String,
    prefix: Option<String>,
    /// Whose logs are looked at: in an organization's trail one of its accounts.
    account: String,
    organization: Option<String>,
    /// The region whose logs are looked at.
    source_region: String,
}

impl Trail {
    /// The trail of the arguments. CloudTrail is asked where they name no bucket.
    pub(super) async fn find(
        context: &Context,
        args: &ValidateLogsArgs,
        cloudtrail: &ServiceClient<'_>,
        organizations: &ServiceClient<'_>,
    ) -> CommandResult<Self> {
        let arn = args.trail_arn.as_str();
        if !is_arn(arn) {
            return Err(CommandError::general(format!("Invalid trail ARN provided: {arn}")));
        }
        let account = args.account_id.clone().filter(|account| !account.is_empty());
        let (mut bucket, mut prefix, mut organization) =
            (args.s3_bucket.clone(), args.s3_prefix.clone(), None);
        if bucket.is_none() {
            let answer = cloudtrail.call("DescribeTrails", Input::empty()).await?;
            let trail = list_at(&answer, "trailList").iter().find(|trail| text_at(trail, "TrailARN") == arn);
            let trail = trail
                .ok_or_else(|| CommandError::general(format!("A trail could not be found for {arn}")))?;
            bucket = Some(text_at(trail, "S3BucketName").to_owned());
            prefix = trail.get("S3KeyPrefix").and_then(Value::as_str).map(str::to_owned);
            if trail.get("IsOrganizationTrail") == Some(&Value::Bool(true)) {
                if account.is_none() {
                    return Err(CommandError::general(
                        "Missing required parameter for organization trail: '--account-id'",
                    ));
                }
                let answer = organizations.call("DescribeOrganization", Input::empty()).await?;
                let described = answer.get("Organization").unwrap_or(&Value::Null);
                organization = Some(text_at(described, "Id").to_owned());
            }
        }
        let part = |at: usize| arn.split(':').nth(at).unwrap_or_default().to_owned();
        Ok(Self {
            bucket: bucket.unwrap_or_default(),
            name: arn.rsplit('/').next().unwrap_or_default().to_owned(),
            prefix: prefix.filter(|prefix| !prefix.is_empty()),
            account: account.unwrap_or_else(|| part(4)),
            organization,
            // AWS CLI looks at the option alone, not at the configured region.
            source_region: context.globals.region.clone().unwrap_or_else(|| part(3)),
            home_region: part(3),
        })
    }

    /// What the keys of all its digests begin with.
    pub(super) fn listing_prefix(&self) -> String {
        format!("{}/CloudTrail-Digest/{}", self.logs(), self.source_region)
    }

    /// The key that a digest of this time would have, and a minute earlier, so that the listing begins with it.
    pub(super) fn key_before(&self, start: Moment) -> String {
        let time = times::later(start, -times::MINUTE);
        format!(
            "{}/{}/{}{}.json.gz",
            self.listing_prefix(),
            times::folders(time),
            self.file_start(),
            times::in_keys(time)
        )
    }

    /// Whether the object is a digest of this trail.
    pub(super) fn is_digest(&self, key: &str) -> bool {
        let is_day = |rest: &str| {
            let mut parts = rest.splitn(4, '/');
            let is_number = |part: Option<&str>| {
                part.is_some_and(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
            };
            let is_dated = (0..3).all(|_| is_number(parts.next()));
            let file = parts.next().and_then(|file| file.strip_prefix(&self.file_start()));
            is_dated
                && file.and_then(|time| time.strip_suffix(".json.gz")).is_some_and(|time| !time.is_empty())
        };
        let rest = key.strip_prefix(&self.listing_prefix()).and_then(|rest| rest.strip_prefix('/'));
        rest.is_some_and(is_day)
    }

    fn logs(&self) -> String {
        let parts =
            [self.prefix.as_deref(), Some("AWSLogs"), self.organization.as_deref(), Some(&self.account)];
        parts.into_iter().flatten().collect::<Vec<_>>().join("/")
    }

    fn file_start(&self) -> String {
        let Self { account, source_region, name, home_region, .. } = self;
        format!("{account}_CloudTrail-Digest_{source_region}_{name}_{home_region}_")
    }
}

/// Whether a digest tells of logs that were delivered late.
pub(super) fn is_backfill(key: &str) -> bool {
    key.ends_with("_backfill.json.gz")
}

/// The part of a digest's key that tells when it was made.
pub(super) fn time_in(key: &str) -> String {
    let behind = if is_backfill(key) { "_backfill.json.gz".len() } else { ".json.gz".len() };
    let characters: Vec<char> = key.chars().collect();
    let end = characters.len().saturating_sub(behind);
    characters[end.saturating_sub(16)..end].iter().collect()
}

/// `arn:PARTITION:cloudtrail:REGION:ACCOUNT:trail/NAME`, of which AWS CLI looks at little.
fn is_arn(arn: &str) -> bool {
    // `arn:.+:cloudtrail:.+:\d{12}:trail/.+` from the start, each part as short as it may be.
    let Some(rest) = arn.strip_prefix("arn:") else { return false };
    rest.match_indices(":cloudtrail:").filter(|(at, _)| *at > 0).any(|(at, middle)| {
        let rest = &rest[at + middle.len()..];
        rest.match_indices(":trail/").any(|(at, end)| {
            let (region_and_account, name) = (&rest[..at], &rest[at + end.len()..]);
            let account = region_and_account.rsplit_once(':');
            let is_account =
                |account: &str| account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit());
            !name.is_empty()
                && account.is_some_and(|(region, account)| !region.is_empty() && is_account(account))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trail(prefix: Option<&str>, organization: Option<&str>) -> Trail {
        Trail {
            bucket: "logs".to_owned(),
            home_region: "eu-west-1".to_owned(),
            name: "all".to_owned(),
            prefix: prefix.map(str::to_owned),
            account: "111122223333".to_owned(),
            organization: organization.map(str::to_owned),
            source_region: "us-east-1".to_owned(),
        }
    }

    #[test]
    fn digests_are_known_by_their_keys() {
        let digest = "AWSLogs/111122223333/CloudTrail-Digest/us-east-1/2026/01/02/111122223333_CloudTrail-Digest_us-east-1_\
                      all_eu-west-1_20260102T030405Z.json.gz";
        let plain = trail(None, None);
        assert!(plain.is_digest(digest));
        assert!(plain.is_digest(&digest.replace(".json", "_backfill.json")));
        for other in [
            digest.replace("_all_", "_other_"),
            digest.replace("2026/01/02", "2026/01"),
            digest.replace("AWSLogs", "p/AWSLogs"),
            digest.replace("20260102T030405Z", ""),
            digest.replace(".gz", ""),
        ] {
            assert!(!plain.is_digest(&other), "{other}");
        }
        assert!(trail(Some("p"), None).is_digest(&format!("p/{digest}")));
        assert!(trail(None, Some("o-1")).is_digest(&digest.replace("AWSLogs/", "AWSLogs/o-1/")));
        let moment = times::parse("2026-01-02T03:05:05Z").unwrap();
        assert_eq!(plain.key_before(moment), digest);
    }

    #[test]
    fn a_key_tells_its_time() {
        assert_eq!(time_in("x_20260102T030405Z.json.gz"), "20260102T030405Z");
        assert_eq!(time_in("x_20260102T030405Z_backfill.json.gz"), "20260102T030405Z");
        assert_eq!(time_in("short"), "");
    }

    #[test]
    fn arns_of_trails_are_known() {
        assert!(is_arn("arn:aws:cloudtrail:us-east-1:123456789012:trail/foo"));
        for other in [
            "",
            "foo",
            "arn:aws:cloudtrail:us-east-1:123:trail/foo",
            "arn:aws:cloudtrail:us-east-1:123456789012:trail/",
            "arn:aws:s3:us-east-1:123456789012:trail/foo",
            "arn:aws:cloudtrail::123456789012:trail/foo",
        ] {
            assert!(!is_arn(other), "{other}");
        }
    }
}
