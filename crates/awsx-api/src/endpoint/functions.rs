//! What endpoint rules call. What cannot be done to a value leaves it unset, which is how the rules ask whether it can be.

use awsx_http::percent::encode;
use awsx_model::{Function, Partition, partition_of};

use super::{EndpointError, Value, url};

/// A function's value.
pub(crate) fn call(
    function: Function,
    arguments: &[Value],
    partitions: &[Partition],
) -> Result<Value, EndpointError> {
    let first = arguments.first().unwrap_or(&Value::Unset);
    let text = first.as_text();
    let unset_unless = |value: Option<Value>| value.unwrap_or(Value::Unset);
    Ok(match (function, arguments) {
        (Function::IsSet, _) => (*first != Value::Unset).into(),
        (Function::Not, _) => (!first.holds()).into(),
        (Function::BooleanEquals, [Value::Boolean(one), Value::Boolean(other)]) => (one == other).into(),
        (Function::BooleanEquals, _) => {
            return Err(EndpointError::Broken("a switch is compared with another type"));
        }
        (Function::StringEquals, [Value::Text(one), Value::Text(other)]) => (one == other).into(),
        (Function::StringEquals, _) => {
            return Err(EndpointError::Broken("a text is compared with another type"));
        }
        (Function::Substring, [Value::Text(text), Value::Integer(start), Value::Integer(stop), reverse]) => {
            unset_unless(substring(text, *start, *stop, *reverse == Value::Boolean(true)).map(Value::from))
        }
        (Function::Substring, _) => return Err(EndpointError::Broken("a part is taken of what is no text")),
        (Function::Split, [Value::Text(text), Value::Text(delimiter), Value::Integer(limit)]) => {
            split(text, delimiter, *limit).into()
        }
        (Function::Split, _) => return Err(EndpointError::Broken("what is no text is split")),
        (Function::Coalesce, _) => {
            unset_unless(arguments.iter().find(|value| **value != Value::Unset).cloned())
        }
        (Function::IfThenElse, [condition, value, otherwise]) => {
            if condition.holds() {
                value.clone()
            } else {
                otherwise.clone()
            }
        }
        (Function::IfThenElse, _) => Value::Unset,
        (Function::UriEncode, _) => unset_unless(text.map(|text| encode(text).into())),
        (Function::ParseUrl, _) => unset_unless(text.and_then(url::parse)),
        (Function::IsValidHostLabel, _) => {
            text.is_some_and(|text| is_valid_host_label(text, allows_dots(arguments))).into()
        }
        (Function::IsVirtualHostableS3Bucket, _) => {
            text.is_some_and(|text| is_virtual_hostable_bucket(text, allows_dots(arguments))).into()
        }
        (Function::Partition, _) => {
            // Whatever is no region belongs to the first partition.
            unset_unless(partition_of(partitions, text.unwrap_or_default()).map(partition))
        }
        (Function::ParseArn, _) => unset_unless(text.and_then(parse_arn)),
    })
}

fn allows_dots(arguments: &[Value]) -> bool {
    arguments.get(1) == Some(&Value::Boolean(true))
}

/// From `start` up to `stop`, counted from the end if `reverse`. Texts outside of ASCII have no parts.
fn substring(text: &str, start: i64, stop: i64, reverse: bool) -> Option<&str> {
    let (start, stop) = (usize::try_from(start).ok()?, usize::try_from(stop).ok()?);
    if start >= stop || stop > text.len() || !text.is_ascii() {
        return None;
    }
    let range = if reverse { text.len() - stop..text.len() - start } else { start..stop };
    text.get(range)
}

/// At most `limit` parts, the last with the rest in it; all parts if `limit` is 0.
fn split(text: &str, delimiter: &str, limit: i64) -> Vec<String> {
    match usize::try_from(limit) {
        Ok(limit) if limit > 0 => text.splitn(limit, delimiter).map(str::to_owned).collect(),
        _ => text.split(delimiter).map(str::to_owned).collect(),
    }
}

fn is_valid_host_label(text: &str, allows_dots: bool) -> bool {
    if allows_dots {
        return text.split('.').all(|label| is_valid_host_label(label, false));
    }
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || c == '-';
    (1..=63).contains(&text.len())
        && text.chars().all(is_allowed)
        && !text.starts_with('-')
        && !text.ends_with('-')
}

fn is_virtual_hostable_bucket(bucket: &str, allows_dots: bool) -> bool {
    bucket.len() >= 3
        && !bucket.chars().any(char::is_uppercase)
        && !url::looks_like_ipv4(bucket)
        && is_valid_host_label(bucket, allows_dots)
}

fn partition(partition: &Partition) -> Value {
    Value::Record(vec![
        ("name", partition.name.into()),
        ("dnsSuffix", partition.dns_suffix.into()),
        ("dualStackDnsSuffix", partition.dual_stack_dns_suffix.into()),
        ("implicitGlobalRegion", partition.implicit_global_region.into()),
        ("supportsFIPS", partition.supports_fips.into()),
        ("supportsDualStack", partition.supports_dual_stack.into()),
    ])
}

/// `arn:partition:service:region:account:resource`; the resource in its parts.
fn parse_arn(text: &str) -> Option<Value> {
    let mut parts = text.strip_prefix("arn:")?.splitn(5, ':');
    let (partition, service, region) = (parts.next()?, parts.next()?, parts.next()?);
    let (account, resource) = (parts.next()?, parts.next()?);
    if partition.is_empty() || service.is_empty() || resource.is_empty() {
        return None;
    }
    let resource: Vec<String> = resource.split([':', '/']).map(str::to_owned).collect();
    Some(Value::Record(vec![
        ("partition", partition.into()),
        ("service", service.into()),
        ("region", region.into()),
        ("accountId", account.into()),
        ("resourceId", resource.into()),
    ]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_cut_from_both_ends() {
        assert_eq!(substring("parrots", 0, 3, false), Some("par"));
        assert_eq!(substring("parrots", 0, 3, true), Some("ots"));
        assert_eq!(substring("parrots", 3, 3, false), None);
        assert_eq!(substring("parrots", 0, 8, false), None);
        assert_eq!(substring("pärrots", 0, 3, false), None);
    }

    #[test]
    fn splitting_stops_at_the_limit() {
        assert_eq!(split("a--b--c", "--", 0), ["a", "b", "c"]);
        assert_eq!(split("a--b--c", "--", 2), ["a", "b--c"]);
    }

    #[test]
    fn host_labels_are_letters_digits_and_inner_hyphens() {
        for label in ["a", "a-b", "A1", &"x".repeat(63)] {
            assert!(is_valid_host_label(label, false), "{label}");
        }
        for label in ["", "-a", "a-", "a.b", "a_b", &"x".repeat(64)] {
            assert!(!is_valid_host_label(label, false), "{label}");
        }
        assert!(is_valid_host_label("a.b", true));
        assert!(!is_valid_host_label("a..b", true));
    }

    #[test]
    fn buckets_that_look_like_addresses_or_shout_stay_in_the_path() {
        assert!(is_virtual_hostable_bucket("parrots", false));
        for bucket in ["Parrots", "ab", "192.168.1.1", "999.1.1.1"] {
            assert!(!is_virtual_hostable_bucket(bucket, true), "{bucket}");
        }
    }

    #[test]
    fn arns_come_apart() {
        let arn = parse_arn("arn:aws:s3:us-east-1:123456789012:accesspoint/name:part").unwrap();
        assert_eq!(arn.attribute("accountId"), Some(&"123456789012".into()));
        let parts: Vec<_> =
            arn.attribute("resourceId").unwrap().elements().iter().map(Value::as_text).collect();
        assert_eq!(parts, [Some("accesspoint"), Some("name"), Some("part")]);
        for other in ["arn:aws:s3", "arn:aws:s3:::", "arn::s3:::x", "parrot", "arn:aws::::x"] {
            assert_eq!(parse_arn(other), None, "{other}");
        }
    }

    #[test]
    fn comparing_what_cannot_be_compared_is_an_error() {
        let unset = call(Function::StringEquals, &["a".into(), Value::Unset], &[]);
        assert!(matches!(unset, Err(EndpointError::Broken(_))));
    }
}
