//! Sign-in through the browser on this machine: authorization code with PKCE (RFC 7636, method S256).

use aws_sdk_ssooidc::config::endpoint::{DefaultResolver, Params, ResolveEndpoint};
use awsx_core::Secret;
use awsx_core::settings::table;
use awsx_http::CallError;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use url::Url;
use uuid::Uuid;

use super::callback::Callback;
use super::registration::{self, Purpose};
use super::token::TokenFile;
use super::{SignInPrompt, SsoConfig, SsoError, oidc_error, token_cache};
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
    prompt.authorize(&url);

    let redirect_uri = callback.redirect_uri();
    let code = callback.wait(&state).await?;
    let answer = client
        .create_token()
        .grant_type("authorization_code")
        .client_id(&registration.client_id)
        .client_secret(registration.client_secret.expose())
        .redirect_uri(redirect_uri)
        .code_verifier(verifier.0.expose())
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

/// The secret that only this process knows until it redeems the code.
struct Verifier(Secret<String>);

impl Verifier {
    fn random() -> Self {
        const LENGTH: usize = 64;
        // 64 of RFC 7636's 66 unreserved characters, so that six random bits pick one without bias.
        const CHARACTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let mut random = [0u8; LENGTH];
        getrandom::fill(&mut random).expect("the system has random numbers");
        let text: String = random.iter().map(|byte| char::from(CHARACTERS[usize::from(byte & 63)])).collect();
        Self(Secret::new(text))
    }

    fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(self.0.expose()))
    }
}

#[cfg(test)]
mod tests {
    use awsx_core::Env;
    use awsx_core::settings::Settings;
    use awsx_http::{HttpClient, Options};

    use super::*;

    #[test]
    fn the_challenge_is_rfc_7636_s_example() {
        let verifier = Verifier(Secret::from("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));
        assert_eq!(verifier.challenge(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

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

    #[test]
    fn verifiers_are_long_unreserved_and_never_alike() {
        let (one, two) = (Verifier::random(), Verifier::random());
        assert_eq!(one.0.expose().len(), 64);
        assert!(one.0.expose().bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b)));
        assert_ne!(one.0, two.0);
    }
}
