//! Where a request goes and how it is signed there.

use awsx_model::AuthScheme;

use crate::ClientConfig;
use crate::endpoint::EndpointAuth;

/// Where a request goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Scheme, host, and perhaps a path.
    pub url: String,
    /// Headers of requests to it.
    pub headers: Vec<(String, String)>,
    /// How requests to it are signed.
    pub signing: Signing,
}

/// How a request is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signing {
    /// In which way.
    pub scheme: Scheme,
    /// The service's name in the signature.
    pub name: String,
    /// The region in the signature, or the set of regions.
    pub region: String,
    /// S3's rules: paths as they are, the body's hash in a header.
    pub s3: bool,
}

/// The ways to sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// For one region.
    V4,
    /// For several regions at once.
    V4a,
    /// As [`Scheme::V4`], with keys that S3 gives for one bucket and some minutes.
    S3Express,
    /// With a token.
    Bearer,
    /// Not at all.
    None,
}

impl Signing {
    /// Of the ways of an endpoint that are known here the one the user prefers, else the first, with what the endpoint says
    /// of it. `self` is what goes without saying; what is not signed by keys stays as it is.
    #[must_use]
    pub(crate) fn at(mut self, schemes: Vec<EndpointAuth>, config: &ClientConfig) -> Self {
        let known = schemes.into_iter().filter_map(|auth| Some((Scheme::named(&auth.name)?, auth)));
        let rank = |scheme: Scheme| {
            let preferred = &config.preferred_auth;
            preferred.iter().position(|auth| Scheme::from(*auth) == scheme).unwrap_or(preferred.len())
        };
        if let Some((scheme, auth)) = known.min_by_key(|(scheme, _)| rank(*scheme))
            && !matches!(self.scheme, Scheme::None | Scheme::Bearer)
        {
            self.scheme = scheme;
            self.name = auth.signing_name.unwrap_or(self.name);
            if let Some(region) = auth.signing_region {
                self.region = region;
            } else if !auth.signing_region_set.is_empty() {
                self.region = auth.signing_region_set.join(",");
            }
            let is_s3 = matches!(self.name.as_str(), "s3" | "s3-outposts" | "s3-object-lambda" | "s3express");
            self.s3 |= auth.disable_double_encoding || is_s3;
        }
        if let (Scheme::V4a, Some(regions)) = (self.scheme, &config.sigv4a_regions) {
            self.region.clone_from(regions);
        }
        self
    }
}

impl From<AuthScheme> for Scheme {
    fn from(auth: AuthScheme) -> Self {
        match auth {
            AuthScheme::SigV4 => Self::V4,
            AuthScheme::SigV4a => Self::V4a,
            AuthScheme::Bearer => Self::Bearer,
            AuthScheme::None => Self::None,
        }
    }
}

impl Scheme {
    /// The one that endpoint rules name so.
    fn named(name: &str) -> Option<Self> {
        match name {
            "sigv4" => Some(Self::V4),
            "sigv4a" => Some(Self::V4a),
            "sigv4-s3express" => Some(Self::S3Express),
            _ => None,
        }
    }
}
