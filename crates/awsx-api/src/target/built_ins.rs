//! What settings say of the parameters that endpoint rules have of themselves.

use awsx_model::{BuiltIn, Parameter};

use crate::endpoint::Value;
use crate::{AccountIdEndpoints, Addressing, ClientConfig};

/// What fills the built-in parameters.
#[derive(Clone, Copy)]
pub(crate) struct BuiltIns<'a> {
    pub(crate) config: &'a ClientConfig,
    pub(crate) region: &'a str,
    /// Of whose credentials the request is signed with, where they say so.
    pub(crate) account_id: Option<&'a str>,
    /// The bucket that is asked for.
    pub(crate) bucket: Option<&'a str>,
    /// The operation wants the bucket in the path.
    pub(crate) in_path: bool,
}

impl BuiltIns<'_> {
    /// What a parameter is set to, if settings say so.
    pub(crate) fn value_of(self, parameter: &Parameter) -> Option<Value> {
        // A setting that has no number among the built-in ones.
        if parameter.name == "DisableS3ExpressSessionAuth" {
            return Some(self.config.s3.disable_express_sessions.into());
        }
        self.value(parameter.built_in?)
    }

    fn value(self, built_in: BuiltIn) -> Option<Value> {
        let Self { config, region, .. } = self;
        // A URL that the user gives is taken as it is.
        let own_url = config.endpoint_url.is_some();
        match built_in {
            BuiltIn::Region => Some(region.into()),
            BuiltIn::UseFips => Some((config.use_fips && !own_url).into()),
            BuiltIn::UseDualStack => Some((config.use_dualstack && !own_url).into()),
            BuiltIn::Endpoint => config.endpoint_url.as_deref().map(Value::from),
            BuiltIn::AccountId => self.account_id.map(Value::from),
            BuiltIn::AccountIdEndpointMode => Some(match config.account_id_endpoints {
                AccountIdEndpoints::Preferred => "preferred".into(),
                AccountIdEndpoints::Disabled => "disabled".into(),
                AccountIdEndpoints::Required => "required".into(),
            }),
            BuiltIn::S3Accelerate => Some(config.s3.accelerate.into()),
            BuiltIn::S3ForcePathStyle => Some(self.forces_path_style().into()),
            BuiltIn::S3UseArnRegion => Some(config.s3.use_arn_region.into()),
            BuiltIn::S3ControlUseArnRegion => Some(config.s3.use_arn_region_of_control.into()),
            BuiltIn::S3DisableMultiRegionAccessPoints => {
                Some(config.s3.disable_multiregion_access_points.into())
            }
            BuiltIn::S3UseGlobalEndpoint => {
                Some((config.s3.legacy_us_east_1 && region == "us-east-1").into())
            }
            BuiltIn::StsUseGlobalEndpoint => Some(false.into()),
            BuiltIn::Unknown => None,
        }
    }

    /// Whether the bucket must stand in the path, where AWS CLI puts it unless told otherwise.
    fn forces_path_style(self) -> bool {
        let s3 = &self.config.s3;
        if self.in_path {
            return true;
        }
        if self.bucket.is_some_and(|name| name.starts_with("arn:")) || s3.accelerate {
            return false;
        }
        match &self.config.endpoint_url {
            Some(url) if !url.contains("s3-accelerate") => s3.addressing != Addressing::Virtual,
            _ => s3.addressing == Addressing::Path,
        }
    }
}
