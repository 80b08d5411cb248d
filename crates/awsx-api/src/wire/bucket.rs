//! Where S3 is asked for a bucket.

use super::{Scheme, Signing, Target};
use crate::endpoint::{self, Params};
use crate::target::BuiltIns;
use crate::{CallError, ClientConfig};

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
        let value = match parameter.name {
            "Bucket" => bucket.map(Into::into),
            "DisableS3ExpressSessionAuth" => Some(config.s3.disable_express_sessions.into()),
            _ => parameter.built_in.and_then(|built_in| built_ins.value(built_in)),
        };
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
