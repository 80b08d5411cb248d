//! What a bucket may be called, and where S3 is asked for it.

use super::{Scheme, Signing, Target};
use crate::endpoint::{self, Params};
use crate::target::BuiltIns;
use crate::{CallError, ClientConfig};

/// Refuses what is neither a bucket's name nor an access point's ARN, as botocore does and in its words.
///
/// # Errors
///
/// [`CallError::Input`], with the name and what it must look like.
pub fn check_bucket_name(bucket: &str) -> Result<(), CallError> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    let is_name = (1..=255).contains(&bucket.len()) && bucket.bytes().all(plain);
    if is_name || is_arn_of_bucket(bucket) {
        return Ok(());
    }
    Err(CallError::Input(format!(
        "Parameter validation failed:\nInvalid bucket name \"{bucket}\": Bucket name must match the regex \
         \"^[a-zA-Z0-9.\\-_]{{1,255}}$\" or be an ARN matching the regex \
         \"^arn:(aws).*:(s3|s3-object-lambda):[a-z\\-0-9]*:[0-9]{{12}}:accesspoint[/:][a-zA-Z0-9\\-.]{{1,63}}$|\
         ^arn:(aws).*:s3-outposts:[a-z\\-0-9]+:[0-9]{{12}}:outpost[/:][a-zA-Z0-9\\-]{{1,63}}[/:]accesspoint[/:]\
         [a-zA-Z0-9\\-]{{1,63}}$\""
    )))
}

/// An access point's ARN, of S3, Object Lambda or Outposts.
fn is_arn_of_bucket(text: &str) -> bool {
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let [arn, partition, service, region, account, resource] = parts[..] else { return false };
    let in_region =
        region.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    let of_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    if arn != "arn" || !partition.starts_with("aws") || !in_region || !of_account {
        return false;
    }
    let resource: Vec<&str> = resource.split(['/', ':']).collect();
    let name = |name: &str, dots: bool| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || (dots && byte == b'.');
        (1..=63).contains(&name.len()) && name.bytes().all(plain)
    };
    match (service, &resource[..]) {
        ("s3" | "s3-object-lambda", ["accesspoint", point]) => name(point, true),
        ("s3-outposts", ["outpost", outpost, "accesspoint", point]) => {
            !region.is_empty() && name(outpost, false) && name(point, false)
        }
        _ => false,
    }
}

/// Where S3 is asked for a bucket, which may be an access point's ARN, or for the service itself where it is empty. The
/// URL has no slash at its end.
///
/// # Errors
///
/// The rules may refuse what the settings say, and need a region.
pub fn bucket_target(config: &ClientConfig, region: &str, bucket: &str) -> Result<Target, CallError> {
    let refused = |error: &dyn std::fmt::Display| CallError::Endpoint(error.to_string());
    let rules = match config.endpoint_rules {
        Some(rules) => Some(rules),
        None => awsx_model::rules("s3").map_err(|error| refused(&error))?,
    };
    let rules = rules.ok_or_else(|| refused(&"there are no endpoint rules of S3"))?;
    let bucket = Some(bucket).filter(|bucket| !bucket.is_empty());
    let built_ins = BuiltIns { config, region, account_id: None, bucket, in_path: false };
    let mut params = Params::new();
    for parameter in &rules.parameters {
        let value =
            if parameter.name == "Bucket" { bucket.map(Into::into) } else { built_ins.value_of(parameter) };
        if let Some(value) = value {
            params.set(parameter.name, value);
        }
    }
    let endpoint = endpoint::resolve(rules, &params).map_err(|error| refused(&error))?;
    let signing = Signing { scheme: Scheme::V4, name: "s3".to_owned(), region: region.to_owned(), s3: true };
    let signing = signing.at(endpoint.auth_schemes(), config);
    let headers = endpoint.headers();
    let url = endpoint.url.trim_end_matches('/').to_owned();
    Ok(Target { url, headers, signing })
}

#[cfg(test)]
mod tests {
    use awsx_http::{HttpClient, Options};

    use super::*;
    use crate::{Addressing, S3Settings};

    fn config(endpoint_url: Option<&str>, addressing: Addressing) -> ClientConfig {
        ClientConfig {
            endpoint_url: endpoint_url.map(str::to_owned),
            s3: S3Settings { addressing, ..S3Settings::default() },
            ..ClientConfig::new(HttpClient::new(Options::default()))
        }
    }

    fn target(config: &ClientConfig, bucket: &str) -> Target {
        bucket_target(config, "us-east-1", bucket).unwrap()
    }

    #[test]
    fn a_bucket_is_part_of_the_host_at_aws_and_of_the_path_elsewhere() {
        let aws = config(None, Addressing::Auto);
        assert_eq!(target(&aws, "bkt").url, "https://bkt.s3.us-east-1.amazonaws.com");
        assert_eq!(target(&aws, "").url, "https://s3.us-east-1.amazonaws.com");
        assert_eq!(target(&aws, "b.k.t").url, "https://s3.us-east-1.amazonaws.com/b.k.t");
        let own = config(Some("http://127.0.0.1:9/"), Addressing::Auto);
        assert_eq!(target(&own, "bkt").url, "http://127.0.0.1:9/bkt");
        assert_eq!(target(&own, "").url, "http://127.0.0.1:9");
        let by_path = config(None, Addressing::Path);
        assert_eq!(target(&by_path, "bkt").url, "https://s3.us-east-1.amazonaws.com/bkt");
    }

    #[test]
    fn access_points_and_directory_buckets_have_signatures_of_their_own() {
        let aws = config(None, Addressing::Auto);
        let point = target(&aws, "arn:aws:s3:eu-west-1:111122223333:accesspoint/mine");
        assert_eq!(point.url, "https://mine-111122223333.s3-accesspoint.eu-west-1.amazonaws.com");
        assert_eq!((point.signing.scheme, point.signing.region.as_str()), (Scheme::V4, "eu-west-1"));
        let many = target(&aws, "arn:aws:s3::111122223333:accesspoint/mfzwi23gnjvgw.mrap");
        assert_eq!((many.signing.scheme, many.signing.region.as_str()), (Scheme::V4a, "*"));
        let express = target(&aws, "mine--use1-az4--x-s3");
        assert_eq!((express.signing.scheme, express.signing.name.as_str()), (Scheme::S3Express, "s3express"));
    }
}
