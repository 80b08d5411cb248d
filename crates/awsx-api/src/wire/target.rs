//! Where a request goes and how it is signed there.

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
    /// The first way of an endpoint that is known here, with what the endpoint says of it. `self` is what goes without
    /// saying; what is not signed by keys stays as it is.
    #[must_use]
    pub(crate) fn at(mut self, schemes: Vec<crate::endpoint::EndpointAuth>) -> Self {
        let known = schemes.into_iter().find_map(|auth| Some((Scheme::named(&auth.name)?, auth)));
        if let Some((scheme, auth)) = known
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
        self
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
