//! What a cluster of EKS takes for a token: STS's `GetCallerIdentity`, signed for this cluster alone. The cluster sends
//! it, and so learns who made it.

use std::time::Duration as StdDuration;

use aws_sdk_sts::config::endpoint::{DefaultResolver, Params, ResolveEndpoint};
use awsx_core::Secret;
use awsx_core::settings::table;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use time::{Duration, OffsetDateTime};
use url::Url;

use super::TokenError;
use super::presigned::Presigned;
use crate::{AuthError, Clients, Credentials};

const PREFIX: &str = "k8s-aws-v1.";
/// The header that binds a token to its cluster.
const CLUSTER: &str = "x-k8s-aws-id";
/// EKS wants this to be told, and accepts tokens for 15 minutes all the same.
const URL_LIFETIME: StdDuration = StdDuration::from_mins(1);
/// A minute before the end, so that nobody comes with a token that has just ended.
const LIFETIME: Duration = Duration::minutes(14);

/// A token.
#[derive(Debug, Clone)]
pub struct KubernetesToken {
    /// What the cluster is shown.
    pub token: Secret<String>,
    /// When to get another one.
    pub expires_at: OffsetDateTime,
}

/// A token for the cluster with this name, or with this id if it runs on an Outpost.
pub async fn kubernetes_token(
    clients: &Clients<'_>,
    cluster: &str,
    region: &str,
    credentials: &Credentials,
) -> Result<KubernetesToken, AuthError> {
    let mut url = sts_url(clients, region).await?;
    url.set_query(Some("Action=GetCallerIdentity&Version=2011-06-15"));
    let now = clients.env().now();
    let presigned =
        Presigned { url, service: "sts", region, header: Some((CLUSTER, cluster)), lifetime: URL_LIFETIME };
    let url = presigned.sign(credentials, now)?;
    let token = format!("{PREFIX}{}", BASE64_URL_SAFE_NO_PAD.encode(url.expose()));
    Ok(KubernetesToken { token: Secret::new(token), expires_at: now + LIFETIME })
}

/// Where STS is: the cluster asks the URL it is shown, and takes only AWS's own unless told otherwise.
async fn sts_url(clients: &Clients<'_>, region: &str) -> Result<Url, AuthError> {
    let settings = clients.settings();
    let failed = |error: &dyn std::fmt::Display| TokenError::Endpoint(error.to_string());
    let set = settings.configured_endpoint_url("STS")?;
    let params = Params::builder()
        .region(region)
        .use_fips(settings.is_true(&table::USE_FIPS)?)
        .use_dual_stack(settings.is_true(&table::USE_DUALSTACK)?)
        .set_endpoint(set.map(|url| url.value))
        .build()
        .map_err(|error| failed(&error))?;
    let endpoint = DefaultResolver::new().resolve_endpoint(&params).await.map_err(|error| failed(&error))?;
    Ok(Url::parse(endpoint.url()).map_err(|error| failed(&error))?)
}

#[cfg(test)]
mod tests {
    use awsx_core::Env;
    use awsx_core::settings::Settings;
    use awsx_http::{HttpClient, Options};

    use super::super::presigned::tests::{NOW, credentials};
    use super::*;

    async fn url_of(env: Env, region: &str, session_token: Option<&str>) -> String {
        let settings = Settings::new(env.at(NOW), Vec::<(&'static str, String)>::new());
        let http = HttpClient::new(Options::resolve(&settings).unwrap());
        let clients = Clients::new(&settings, &http);
        let made =
            kubernetes_token(&clients, "my-cluster", region, &credentials(session_token)).await.unwrap();
        assert_eq!(made.expires_at, NOW + LIFETIME);
        let url = BASE64_URL_SAFE_NO_PAD.decode(made.token.expose().strip_prefix(PREFIX).unwrap()).unwrap();
        String::from_utf8(url).unwrap()
    }

    /// What botocore 1.43.55 makes of the same.
    #[tokio::test]
    async fn tokens_are_botocore_s_to_the_byte() {
        assert_eq!(
            url_of(Env::of([("HOME", "/nowhere")]), "eu-west-1", Some("session/token==")).await,
            "https://sts.eu-west-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20260102%2Feu-west-1%2Fsts%2Faws4_request&X-Amz-Date=20260102T030405Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host%3Bx-k8s-aws-id&X-Amz-Security-Token=session%2Ftoken%3D%3D&X-Amz-Signature=ed3a58fefaf52afd45cc5167496f202d159d73441052650dd90d10e574507b1f"
        );
    }

    #[tokio::test]
    async fn sts_is_where_settings_and_partition_have_it() {
        let nothing = Env::of([("HOME", "/nowhere")]);
        let url = url_of(nothing, "cn-north-1", None).await;
        assert!(url.starts_with("https://sts.cn-north-1.amazonaws.com.cn/?Action="), "{url}");
        let fips = Env::of([("HOME", "/nowhere"), ("AWS_USE_FIPS_ENDPOINT", "true")]);
        let url = url_of(fips, "us-east-2", None).await;
        assert!(url.starts_with("https://sts-fips.us-east-2.amazonaws.com/?Action="), "{url}");
        let set = Env::of([("HOME", "/nowhere"), ("AWS_ENDPOINT_URL_STS", "http://localhost:9/")]);
        let url = url_of(set, "us-east-2", None).await;
        assert!(url.starts_with("http://localhost:9/?Action="), "{url}");
    }
}
