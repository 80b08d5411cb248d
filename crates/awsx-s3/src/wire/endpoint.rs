//! Where a bucket is asked and how requests to it are signed, by AWS's own endpoint rules.

use aws_sdk_s3::config::endpoint::{DefaultResolver, Params, ResolveEndpoint};
use aws_smithy_types::Document;
use aws_smithy_types::endpoint::Endpoint;
use awsx_http::CallError;

use super::client::{Addressing, Config};

/// Where and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// URL without a final slash; a bucket that is not part of the host is its path.
    pub(super) base: String,
    pub(super) scheme: Scheme,
}

/// How requests are signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Scheme {
    /// For one region.
    V4 { region: String, name: String },
    /// For several regions at once, as multi-region access points want it.
    V4a { regions: String, name: String },
    /// With the keys of a session of a directory bucket.
    Express { region: String, name: String },
}

/// Applies the rules for `bucket`, which may be an ARN, or for the service itself where it is empty.
pub(super) async fn resolve(config: &Config, region: &str, bucket: &str) -> Result<Place, CallError> {
    let other = |error: &dyn std::fmt::Display| CallError::Other(error.to_string());
    let params = Params::builder()
        .region(region)
        .use_fips(config.fips)
        .use_dual_stack(config.dual_stack)
        .accelerate(config.accelerate)
        .use_global_endpoint(false)
        .use_arn_region(config.use_arn_region)
        .disable_multi_region_access_points(false)
        .set_endpoint(config.endpoint_url.clone())
        .force_path_style(config.path_style())
        .set_bucket((!bucket.is_empty()).then(|| bucket.to_owned()))
        .build()
        .map_err(|error| other(&error))?;
    let endpoint = DefaultResolver::new().resolve_endpoint(&params).await.map_err(|error| other(&error))?;
    Ok(Place { base: endpoint.url().trim_end_matches('/').to_owned(), scheme: scheme(&endpoint, region) })
}

impl Config {
    /// A server of one's own rarely has a host name for each bucket, so AWS CLI names the bucket in the path there.
    fn path_style(&self) -> bool {
        match self.addressing {
            Addressing::Path => true,
            Addressing::Virtual => false,
            Addressing::Auto => self.endpoint_url.as_ref().is_some_and(|url| !url.contains("amazonaws.")),
        }
    }
}

fn scheme(endpoint: &Endpoint, region: &str) -> Scheme {
    let list = match endpoint.properties().get("authSchemes") {
        Some(Document::Array(list)) => list.as_slice(),
        _ => &[],
    };
    let documents = list.iter().filter_map(Document::as_object);
    let from_documents = documents.map(|object| {
        let text = |key: &str| object.get(key).and_then(Document::as_string).map(str::to_owned);
        let regions = object
            .get("signingRegionSet")
            .and_then(Document::as_array)
            .map(|regions| regions.iter().filter_map(Document::as_string).collect::<Vec<_>>().join(","));
        (text("name"), text("signingName"), text("signingRegion"), regions)
    });
    let typed = endpoint.auth_schemes().iter().map(|scheme| {
        let text = |key: &str| scheme.get(key).and_then(Document::as_string).map(str::to_owned);
        let regions = scheme
            .get("signingRegionSet")
            .and_then(Document::as_array)
            .map(|regions| regions.iter().filter_map(Document::as_string).collect::<Vec<_>>().join(","));
        (Some(scheme.name().to_owned()), text("signingName"), text("signingRegion"), regions)
    });
    for (kind, name, signing_region, regions) in typed.chain(from_documents) {
        let name = name.unwrap_or_else(|| "s3".to_owned());
        let region = signing_region.unwrap_or_else(|| region.to_owned());
        match kind.as_deref() {
            Some("sigv4") => return Scheme::V4 { region, name },
            Some("sigv4a") => {
                return Scheme::V4a { regions: regions.unwrap_or_else(|| "*".to_owned()), name };
            }
            Some("sigv4-s3express") => return Scheme::Express { region, name },
            _ => {}
        }
    }
    Scheme::V4 { region: region.to_owned(), name: "s3".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::client::tests::config;

    fn place(config: &Config, bucket: &str) -> Place {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(resolve(config, &config.region, bucket)).unwrap()
    }

    #[test]
    fn a_bucket_is_part_of_the_host_at_aws_and_of_the_path_elsewhere() {
        let aws = Config { endpoint_url: None, ..config("http://unused") };
        assert_eq!(place(&aws, "bkt").base, "https://bkt.s3.us-east-1.amazonaws.com");
        assert_eq!(place(&aws, "").base, "https://s3.us-east-1.amazonaws.com");
        assert_eq!(place(&config("http://127.0.0.1:9/"), "bkt").base, "http://127.0.0.1:9/bkt");
        let by_path = Config { addressing: Addressing::Path, ..aws };
        assert_eq!(place(&by_path, "bkt").base, "https://s3.us-east-1.amazonaws.com/bkt");
    }

    #[test]
    fn access_points_and_directory_buckets_have_signatures_of_their_own() {
        let aws = Config { endpoint_url: None, use_arn_region: true, ..config("http://unused") };
        let point = place(&aws, "arn:aws:s3:eu-west-1:111122223333:accesspoint/mine");
        assert_eq!(point.base, "https://mine-111122223333.s3-accesspoint.eu-west-1.amazonaws.com");
        assert_eq!(point.scheme, Scheme::V4 { region: "eu-west-1".into(), name: "s3".into() });
        let many = place(&aws, "arn:aws:s3::111122223333:accesspoint/mfzwi23gnjvgw.mrap");
        assert_eq!(many.scheme, Scheme::V4a { regions: "*".into(), name: "s3".into() });
        let express = place(&aws, "mine--use1-az4--x-s3");
        assert!(matches!(express.scheme, Scheme::Express { .. }), "{express:?}");
    }
}
