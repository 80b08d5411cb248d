//! Sign-in through the browser on this machine: authorization code with PKCE (RFC 7636, method S256).

use aws_sdk_ssooidc::config::endpoint::{DefaultResolver, Params, ResolveEndpoint};
use awsx_core::settings::table;
use awsx_http::CallError;
use url::Url;
use uuid::Uuid;

use super::registration::{self, Purpose};
use super::token::TokenFile;
use super::{SignInPrompt, SsoConfig, SsoError, oidc_error, token_cache};
use crate::authorization::{Callback, Verifier};
use crate::{AuthError, Clients};

pub(super) async fn sign_in(
    clients: &Clients<'_>,
    sso: &SsoConfig,
    issuer_url: &str,
    prompt: &dyn SignInPrompt,
) -> Result<TokenFile, AuthError> {
    let env = clients.env();
    let callback = Callback::bind().await.map_err(SsoError::CallbackUnavailable)?;
    let client = clients.oidc(&sso.region)?;
    let purpose = Purpose::AuthorizationCode { issuer_url };
    let registration = registration::resolve(env, &token_cache(env), &client, sso, purpose).await?;

    let verifier = Verifier::random();
    let state = Uuid::new_v4().to_string();
    let scopes = registration.scopes.clone().unwrap_or_default().join(" ");
    let mut url = authorize_endpoint(clients, &sso.region).await?;
    url.query_pairs_mut()
        .append_pair("response_type", "code")
        .append_pair("client_id", &registration.client_id)
        .append_pair("redirect_uri", &callback.redirect_uri())
        .append_pair("state", &state)
        .append_pair("code_challenge_method", "S256")
        .append_pair("scopes", &scopes)
        .append_pair("code_challenge", &verifier.challenge());
    // Between scopes, where a form would have `+`.
    let query = url.query().unwrap_or_default().replace('+', "%20");
    url.set_query(Some(&query));
    prompt.authorize(&url);

    let redirect_uri = callback.redirect_uri();
    let code = callback.wait(&state).await.map_err(SsoError::from)?;
    let answer = client
        .create_token()
        .grant_type("authorization_code")
        .client_id(&registration.client_id)
        .client_secret(registration.client_secret.expose())
        .redirect_uri(redirect_uri)
        .code_verifier(verifier.secret().expose())
        .code(code.expose())
        .send()
        .await
        .map_err(|error| oidc_error("CreateToken", error))?;
    Ok(TokenFile::of(sso, &registration, answer, env.now()))
}

/// The page lies at the API's own address, which is the SDK's to know.
async fn authorize_endpoint(clients: &Clients<'_>, region: &str) -> Result<Url, AuthError> {
    let settings = clients.settings();
    let base = if let Some(configured) = settings.configured_endpoint_url("SSO OIDC")? {
        configured.value
    } else {
        let params = Params::builder()
            .region(region)
            .use_fips(settings.is_true(&table::USE_FIPS)?)
            .use_dual_stack(settings.is_true(&table::USE_DUALSTACK)?)
            .build()
            .map_err(|error| CallError::Other(error.to_string()))?;
        let resolved = DefaultResolver::new().resolve_endpoint(&params).await;
        resolved.map_err(|error| CallError::Other(error.to_string()))?.url().to_owned()
    };
    let mut url = Url::parse(&base).map_err(|error| CallError::Other(format!("{base}: {error}")))?;
    url.set_path("/authorize");
    url.set_query(None);
    Ok(url)
}

#[cfg(test)]
mod tests {
    use awsx_core::Env;
    use awsx_core::settings::Settings;
    use awsx_http::{HttpClient, Options};

    use super::*;

    #[test]
    fn the_page_to_approve_at_lies_at_the_service_s_own_address() {
        let endpoint = |region: &str, variables: &[(&str, &str)]| {
            let env = Env::of([("HOME", "/nowhere")].into_iter().chain(variables.iter().copied()));
            let (settings, http) = (Settings::new(env, []), HttpClient::new(Options::default()));
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let url = runtime.block_on(authorize_endpoint(&Clients::new(&settings, &http), region));
            url.unwrap().to_string()
        };
        assert_eq!(endpoint("eu-west-1", &[]), "https://oidc.eu-west-1.amazonaws.com/authorize");
        assert_eq!(endpoint("cn-north-1", &[]), "https://oidc.cn-north-1.amazonaws.com.cn/authorize");
        assert_eq!(
            endpoint("us-gov-west-1", &[("AWS_USE_FIPS_ENDPOINT", "true")]),
            "https://oidc.us-gov-west-1.amazonaws.com/authorize"
        );
        let own = [("AWS_ENDPOINT_URL_SSO_OIDC", "http://127.0.0.1:1/base?x=y")];
        assert_eq!(endpoint("eu-west-1", &own), "http://127.0.0.1:1/authorize");
    }
}
