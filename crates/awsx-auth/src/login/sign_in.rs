//! Signing in, step by step: the page to open, the code that comes back, the session that it is worth.
//!
//! Showing the page and asking for a typed code lie between the steps, with whoever calls.

use aws_config::SdkConfig;
use aws_sdk_signin::config::endpoint::{DefaultResolver, Params, ResolveEndpoint};
use aws_sdk_signin::types::{CreateOAuth2TokenRequestBody, OAuth2ErrorCode};
use awsx_core::settings::table;
use awsx_core::{Env, Secret};
use awsx_http::CallError;
use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::Map;
use subtle::ConstantTimeEq;
use url::Url;
use uuid::Uuid;

use super::LoginError;
use super::dpop::DpopKey;
use super::identity::Identity;
use super::session::{SessionFile, file_name, session_cache};
use super::token::{CreateTokenError, create_token};
use crate::authorization::{Callback, Verifier};
use crate::locked::lock;
use crate::{AuthError, Clients};

/// Where the browser is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// On this machine: it brings the code by itself.
    SameDevice,
    /// Elsewhere: the person brings the code.
    CrossDevice,
}

/// A sign-in that has begun.
pub struct SignIn {
    config: SdkConfig,
    env: Env,
    client_id: &'static str,
    key: DpopKey,
    verifier: Verifier,
    state: String,
    redirect_uri: String,
    /// None where the person brings the code.
    callback: Option<Callback>,
    /// The page where the person signs in.
    pub page: Url,
}

/// A session that was signed in to, not yet stored.
pub struct SignedIn {
    /// The session's ARN, which a profile's `login_session` is set to.
    pub session: String,
    env: Env,
    file: SessionFile,
}

impl SignIn {
    /// Makes the key and the page's URL; on the same device also opens the address the browser will come to.
    pub async fn begin(
        clients: &Clients<'_>,
        region: &str,
        endpoint_url: Option<String>,
        way: Way,
    ) -> Result<Self, AuthError> {
        let base = base_url(clients, region, endpoint_url.as_deref()).await?;
        let (client_id, callback) = match way {
            Way::SameDevice => {
                let callback = Callback::bind().await.map_err(LoginError::CallbackUnavailable)?;
                ("arn:aws:signin:::devtools/same-device", Some(callback))
            }
            Way::CrossDevice => ("arn:aws:signin:::devtools/cross-device", None),
        };
        let redirect_uri = match &callback {
            Some(callback) => callback.redirect_uri(),
            None => format!("{base}/v1/sessions/confirmation"),
        };
        let (verifier, state) = (Verifier::random(), Uuid::new_v4().to_string());
        let mut page = parse(&format!("{base}/v1/authorize"))?;
        page.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", client_id)
            .append_pair("state", &state)
            // The service's own name for what RFC 7636 calls S256.
            .append_pair("code_challenge_method", "SHA-256")
            .append_pair("scope", "openid")
            .append_pair("redirect_uri", &redirect_uri)
            .append_pair("code_challenge", &verifier.challenge());
        Ok(Self {
            config: clients.sdk_config(region, endpoint_url, None)?,
            env: clients.env().clone(),
            client_id,
            key: DpopKey::random(),
            verifier,
            state,
            redirect_uri,
            callback,
            page,
        })
    }

    /// Waits for the browser on this machine to bring the code.
    ///
    /// # Panics
    ///
    /// When the sign-in has begun for another device, or was waited for already.
    pub async fn wait_for_code(&mut self) -> Result<Secret<String>, AuthError> {
        let callback = self.callback.take().expect("the callback of the same device is waited for once");
        Ok(callback.wait(&self.state).await.map_err(LoginError::from)?)
    }

    /// The code in what the person copied from the confirmation page: `state` and `code`, as a query in Base64.
    pub fn parse_verification_code(&self, typed: &str) -> Result<Secret<String>, LoginError> {
        let (code, state) = parse_verification_code(typed)?;
        if bool::from(state.as_bytes().ct_eq(self.state.as_bytes())) {
            return Ok(code);
        }
        Err(LoginError::StateMismatch { given: state, expected: self.state.clone() })
    }

    /// Exchanges the code for a session.
    pub async fn redeem(self, code: &Secret<String>) -> Result<SignedIn, AuthError> {
        let body = CreateOAuth2TokenRequestBody::builder()
            .client_id(self.client_id)
            .grant_type("authorization_code")
            .code(code.expose())
            .code_verifier(self.verifier.secret().expose())
            .redirect_uri(self.redirect_uri);
        let redeemed = create_token(&self.config, &self.env, &self.key, body).await;
        let tokens = redeemed.map_err(|CreateTokenError { denied, error }| match denied {
            Some(OAuth2ErrorCode::AuthcodeExpired) => LoginError::CodeExpired.into(),
            Some(OAuth2ErrorCode::InsufficientPermissions) => LoginError::InsufficientPermissions.into(),
            _ => AuthError::from(error),
        })?;
        let id_token = tokens.id_token.as_ref().ok_or(LoginError::IdentityUnknown)?;
        let identity = Identity::parse_id_token(id_token.expose()).ok_or(LoginError::IdentityUnknown)?;
        let file = SessionFile {
            access_token: Some(tokens.access_token(Some(identity.account_id))),
            token_type: Some(tokens.token_type),
            client_id: Some(self.client_id.to_owned()),
            refresh_token: Some(tokens.refresh_token),
            id_token: tokens.id_token,
            dpop_key: Some(self.key.to_pem()),
            others: Map::new(),
        };
        Ok(SignedIn { session: identity.arn, env: self.env, file })
    }
}

impl SignedIn {
    /// Stores the session where every tool looks for it.
    pub async fn store(&self) -> Result<(), AuthError> {
        let (cache, name) = (session_cache(&self.env), file_name(&self.session));
        let _lock = lock(&cache, &name).await?;
        Ok(cache.write(&name, &self.file)?)
    }
}

/// The service's address without a slash at its end: the configured one, else the SDK knows it.
async fn base_url(
    clients: &Clients<'_>,
    region: &str,
    configured: Option<&str>,
) -> Result<String, AuthError> {
    if let Some(url) = configured {
        parse(url)?;
        return Ok(url.trim_end_matches('/').to_owned());
    }
    let settings = clients.settings();
    let params = Params::builder()
        .region(region)
        .use_fips(settings.is_true(&table::USE_FIPS)?)
        .use_dual_stack(settings.is_true(&table::USE_DUALSTACK)?)
        .is_control_plane(false)
        .build()
        .map_err(|error| CallError::Other(error.to_string()))?;
    let resolved = DefaultResolver::new().resolve_endpoint(&params).await;
    let endpoint = resolved.map_err(|error| CallError::Other(error.to_string()))?;
    Ok(endpoint.url().trim_end_matches('/').to_owned())
}

fn parse(url: &str) -> Result<Url, CallError> {
    Url::parse(url).map_err(|error| CallError::Other(format!("{url}: {error}")))
}

/// People copy blanks along, and leave the padding behind.
fn parse_verification_code(typed: &str) -> Result<(Secret<String>, String), LoginError> {
    const BASE64: GeneralPurpose = GeneralPurpose::new(
        &STANDARD,
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
    );
    let compact: String = typed.split_whitespace().collect();
    let query = BASE64.decode(compact).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let query = query.filter(|query| !query.is_empty()).ok_or(LoginError::CodeUnreadable)?;
    let field = |name: &str| {
        let mut fields = url::form_urlencoded::parse(query.as_bytes());
        fields.find(|(key, value)| key == name && !value.is_empty()).map(|(_, value)| value.into_owned())
    };
    match (field("code"), field("state")) {
        (Some(code), Some(state)) => Ok((code.into(), state)),
        _ => Err(LoginError::CodeIncomplete),
    }
}

#[cfg(test)]
mod tests {
    use awsx_core::settings::Settings;
    use awsx_http::{HttpClient, Options};

    use super::*;

    fn page(region: &str, variables: &[(&str, &str)], url: Option<&str>, way: Way) -> Url {
        let env = Env::of([("HOME", "/nowhere")].into_iter().chain(variables.iter().copied()));
        let (settings, http) = (Settings::new(env, []), HttpClient::new(Options::default()));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let clients = Clients::new(&settings, &http);
        runtime.block_on(SignIn::begin(&clients, region, url.map(str::to_owned), way)).unwrap().page
    }

    #[test]
    fn the_page_asks_in_the_service_s_own_words() {
        let page = page("eu-west-1", &[], None, Way::CrossDevice);
        let secret = |name: &str| page.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned();
        assert_eq!(
            page.as_str(),
            format!(
                "https://eu-west-1.signin.aws.amazon.com/v1/authorize?response_type=code&\
                 client_id=arn%3Aaws%3Asignin%3A%3A%3Adevtools%2Fcross-device&state={}&\
                 code_challenge_method=SHA-256&scope=openid&\
                 redirect_uri=https%3A%2F%2Feu-west-1.signin.aws.amazon.com%2Fv1%2Fsessions%2Fconfirmation&\
                 code_challenge={}",
                secret("state"),
                secret("code_challenge"),
            )
        );
        assert_eq!(secret("code_challenge").len(), 43);
    }

    #[test]
    fn the_browser_on_this_machine_comes_back_to_this_machine() {
        let page = page("eu-west-1", &[], None, Way::SameDevice);
        let redirect = page.query_pairs().find(|(key, _)| key == "redirect_uri").unwrap().1.into_owned();
        assert!(
            redirect.starts_with("http://127.0.0.1:") && redirect.ends_with("/oauth/callback"),
            "{redirect}"
        );
        assert!(page.as_str().contains("devtools%2Fsame-device"));
    }

    #[test]
    fn the_page_lies_at_the_service_s_own_address() {
        let start = |region, variables: &[_], url| {
            let page = page(region, variables, url, Way::CrossDevice);
            page[..url::Position::AfterPath].to_owned()
        };
        assert_eq!(start("cn-north-1", &[], None), "https://cn-north-1.signin.amazonaws.cn/v1/authorize");
        let fips = [("AWS_USE_FIPS_ENDPOINT", "true")];
        assert_eq!(
            start("us-gov-west-1", &fips, None),
            "https://signin-fips.amazonaws-us-gov.com/v1/authorize"
        );
        assert_eq!(start("eu-west-1", &[], Some("http://127.0.0.1:1/")), "http://127.0.0.1:1/v1/authorize");
    }

    #[test]
    fn a_typed_code_may_be_sloppy_but_not_wrong() {
        let parse =
            |typed: &str| parse_verification_code(typed).map(|(code, state)| (code.expose().clone(), state));
        let typed = |query: &str| base64::engine::general_purpose::STANDARD.encode(query);
        let parts = ("c+1".to_owned(), "s".to_owned());
        assert_eq!(parse(&typed("state=s&code=c%2B1")).unwrap(), parts);
        let sloppy = format!("  {}\n", typed("state=s&code=c%2B1").trim_end_matches('='));
        assert_eq!(parse(&sloppy).unwrap(), parts);
        for unreadable in ["", "%%%", "/w=="] {
            assert!(matches!(parse(unreadable), Err(LoginError::CodeUnreadable)), "{unreadable}");
        }
        for incomplete in ["state=s", "code=c", "state=&code=c", "x"] {
            assert!(matches!(parse(&typed(incomplete)), Err(LoginError::CodeIncomplete)), "{incomplete}");
        }
    }
}
