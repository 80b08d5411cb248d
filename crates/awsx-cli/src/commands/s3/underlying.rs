//! The buckets behind names that stand for others: access points, multi-region access points, aliases of them.

use awsx_model::Input;
use awsx_output::Value;
use awsx_s3::S3Uri;

use crate::commands::operation::{Instead, ServiceClient};
use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// A name that stands for a bucket it does not name.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Hidden<'a> {
    /// An access point, by its account and its name, or its ARN where it is on an Outpost.
    AccessPoint { account: &'a str, name: &'a str },
    /// A multi-region access point, by its account and alias.
    MultiRegion { account: &'a str, alias: &'a str },
    /// The alias of an access point.
    Alias(&'a str),
    /// The alias of an access point on an Outpost.
    OutpostAlias,
}

/// Whether a bucket's name stands for another bucket.
pub(super) fn hides_bucket(bucket: &str) -> bool {
    Hidden::parse(bucket).is_some()
}

/// The paths that a path may mean, each with a bucket's own name.
pub(super) async fn resolve(
    context: &Context,
    path: &str,
    region: Option<&str>,
) -> CommandResult<Vec<String>> {
    let uri = S3Uri::parse(path);
    let Some(hidden) = Hidden::parse(&uri.bucket) else { return Ok(vec![path.to_owned()]) };
    let buckets = match hidden {
        Hidden::AccessPoint { account, name } => vec![bucket_of(context, region, account, name).await?],
        Hidden::Alias(alias) => {
            let sts = ServiceClient::connect_as(context, "sts", behind(None)).await?;
            let identity = sts.call("GetCallerIdentity", Input::empty()).await?;
            let account = text(&identity, "Account").unwrap_or_default();
            vec![bucket_of(context, region, account, alias).await?]
        }
        Hidden::MultiRegion { account, alias } => buckets_of(context, region, account, alias).await?,
        Hidden::OutpostAlias => {
            return Err(CommandError::usage(
                "Can't resolve underlying bucket name of s3 outposts access point alias. Use arn instead to resolve the \
                 bucket name and validate the mv command.",
            ));
        }
    };
    Ok(buckets.into_iter().map(|bucket| format!("s3://{bucket}/{}", uri.key)).collect())
}

async fn bucket_of(
    context: &Context,
    region: Option<&str>,
    account: &str,
    name: &str,
) -> CommandResult<String> {
    let control = ServiceClient::connect_as(context, "s3control", behind(region)).await?;
    let input =
        [("AccountId", account), ("Name", name)].map(|(key, value)| (key, Input::Text(value.to_owned())));
    let answer = control.call("GetAccessPoint", Input::map(input)).await?;
    let bucket = text(&answer, "Bucket");
    bucket
        .map(str::to_owned)
        .ok_or_else(|| CommandError::general(format!("S3 names no bucket behind {name}")))
}

/// The buckets behind a multi-region access point, one in each of its regions.
async fn buckets_of(
    context: &Context,
    region: Option<&str>,
    account: &str,
    alias: &str,
) -> CommandResult<Vec<String>> {
    let control = ServiceClient::connect_as(context, "s3control", behind(region)).await?;
    let input = Input::map([("AccountId", Input::Text(account.to_owned()))]);
    let answer = control.call_for_all("ListMultiRegionAccessPoints", input).await?;
    let list = |value: &Value, name: &str| value.get(name).and_then(Value::as_list).map(<[Value]>::to_vec);
    let points = list(&answer, "AccessPoints").unwrap_or_default();
    let point = points.iter().find(|point| text(point, "Alias") == Some(alias)).ok_or_else(|| {
        CommandError::usage(format!(
            "Couldn't find multi-region access point with alias {alias} in account {account}"
        ))
    })?;
    let regions = list(point, "Regions").unwrap_or_default();
    Ok(regions.iter().filter_map(|region| text(region, "Bucket")).map(str::to_owned).collect())
}

fn behind(region: Option<&str>) -> Instead {
    Instead { region: region.map(str::to_owned), ignores_endpoint_option: true, ..Instead::default() }
}

fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name).and_then(Value::as_str)
}

impl<'a> Hidden<'a> {
    fn parse(bucket: &'a str) -> Option<Self> {
        if bucket.ends_with("-s3alias") {
            return Some(Self::Alias(bucket));
        }
        if bucket.ends_with("--op-s3") {
            return Some(Self::OutpostAlias);
        }
        let mut fields = bucket.splitn(6, ':');
        let (arn, partition) = (fields.next()?, fields.next()?);
        let (service, region) = (fields.next()?, fields.next()?);
        let (account, resource) = (fields.next()?, fields.next()?);
        let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
        if arn != "arn" || !partition.starts_with("aws") || !is_account {
            return None;
        }
        let after = |text: &'a str, kind: &str| text.strip_prefix(kind)?.strip_prefix([':', '/']);
        match service {
            "s3" if region.is_empty() => {
                let alias = after(resource, "accesspoint")?;
                let is_alias = alias.strip_suffix(".mrap").is_some_and(is_alphanumeric);
                (is_alias && partition == "aws").then_some(Self::MultiRegion { account, alias })
            }
            "s3" => {
                let name = after(resource, "accesspoint")?;
                is_access_point(name).then_some(Self::AccessPoint { account, name })
            }
            "s3-outposts" => {
                let (outpost, point) = resource.strip_prefix("outpost/op-")?.split_once('/')?;
                let is_one =
                    is_alphanumeric(outpost) && after(point, "accesspoint").is_some_and(is_access_point);
                is_one.then_some(Self::AccessPoint { account, name: bucket })
            }
            _ => None,
        }
    }
}

fn is_access_point(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (3..=50).contains(&name.len()) && name.bytes().all(fits)
}

fn is_alphanumeric(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_stand_for_buckets_are_known() {
        let account = "111122223333";
        let point = "arn:aws:s3:us-west-2:111122223333:accesspoint/my-point";
        assert_eq!(Hidden::parse(point), Some(Hidden::AccessPoint { account, name: "my-point" }));
        let outpost = "arn:aws:s3-outposts:us-west-2:111122223333:outpost/op-01ac/accesspoint/my-point";
        assert_eq!(Hidden::parse(outpost), Some(Hidden::AccessPoint { account, name: outpost }));
        let several = "arn:aws:s3::111122223333:accesspoint/mfzwi23gnjvgw.mrap";
        assert_eq!(
            Hidden::parse(several),
            Some(Hidden::MultiRegion { account, alias: "mfzwi23gnjvgw.mrap" })
        );
        assert_eq!(Hidden::parse("p-abc-s3alias"), Some(Hidden::Alias("p-abc-s3alias")));
        assert_eq!(Hidden::parse("p-abc--op-s3"), Some(Hidden::OutpostAlias));
        for other in ["bucket", "arn:aws:s3:us-west-2:1:accesspoint/my-point", "arn:aws:s3:::bucket"] {
            assert_eq!(Hidden::parse(other), None, "{other}");
        }
    }
}
