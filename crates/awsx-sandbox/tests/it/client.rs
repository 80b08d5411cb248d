//! What the tests have in common: a plain HTTP client, signing, and a signed-in user.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use awsx_sandbox::{Config, Sandbox, seed};
use serde_json::{Value, json};

pub(crate) const REDIRECT: &str = "http://127.0.0.1:49152/oauth/callback";
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
pub(crate) const DEVICE_GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {self:?}"))
    }

    /// The text of an XML or HTML element.
    pub(crate) fn element(&self, name: &str) -> &str {
        let start = self.body.find(&format!("<{name}>")).unwrap_or_else(|| panic!("no {name} in {self:?}"));
        let text = &self.body[start + name.len() + 2..];
        &text[..text.find("</").unwrap()]
    }

    /// Status and error name of an OIDC answer, which its header has to agree with.
    pub(crate) fn oidc_error(&self) -> (u16, String) {
        let json = self.json();
        assert!(json["error_description"].is_string());
        let exception = self.headers["x-amzn-errortype"].trim_end_matches("Exception").to_lowercase();
        let error = json["error"].as_str().unwrap().to_owned();
        assert_eq!(error.replace('_', ""), exception);
        (self.status, error)
    }
}

/// Sends one request; `None` if the connection ends without an answer.
pub(crate) fn try_send(
    sandbox: &Sandbox,
    method: &str,
    target: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Option<Answer> {
    let host = sandbox.url().strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    let mut request =
        format!("{method} {target} HTTP/1.0\r\nhost: {host}\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in headers {
        request.extend([name, ": ", value, "\r\n"]);
    }
    stream.write_all((request + "\r\n" + body).as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers = lines
        .map(|line| line.split_once(": ").unwrap())
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    Some(Answer { status, headers, body: body.to_owned() })
}

pub(crate) fn send(
    sandbox: &Sandbox,
    method: &str,
    target: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Answer {
    try_send(sandbox, method, target, headers, body).expect("an answer")
}

pub(crate) fn get(sandbox: &Sandbox, target: &str) -> Answer {
    send(sandbox, "GET", target, &[], "")
}

pub(crate) fn post_json(sandbox: &Sandbox, path: &str, json: &Value) -> Answer {
    send(sandbox, "POST", path, &[("content-type", "application/json")], &json.to_string())
}

pub(crate) fn post_form(sandbox: &Sandbox, path: &str, fields: &[(&str, &str)]) -> Answer {
    send(sandbox, "POST", path, &[("content-type", "application/x-www-form-urlencoded")], &encode(fields))
}

pub(crate) fn encode(fields: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

/// Keys as a client holds them.
#[derive(Debug, Clone)]
pub(crate) struct Keys {
    pub(crate) id: String,
    pub(crate) secret: String,
    pub(crate) token: Option<String>,
}

impl Keys {
    pub(crate) fn alice() -> Self {
        Self { id: seed::ACCESS_KEY_ID.into(), secret: seed::SECRET_ACCESS_KEY.into(), token: None }
    }

    pub(crate) fn of_sts(answer: &Answer) -> Self {
        assert_eq!(answer.status, 200, "{answer:?}");
        Self {
            id: answer.element("AccessKeyId").into(),
            secret: answer.element("SecretAccessKey").into(),
            token: Some(answer.element("SessionToken").into()),
        }
    }
}

/// How a request is signed; the defaults are right for STS.
pub(crate) struct Signing<'a> {
    pub(crate) keys: &'a Keys,
    pub(crate) service: &'a str,
    pub(crate) region: &'a str,
    pub(crate) time: SystemTime,
}

impl<'a> Signing<'a> {
    pub(crate) fn new(keys: &'a Keys, service: &'a str) -> Self {
        Self { keys, service, region: seed::REGION, time: now() }
    }

    pub(crate) fn send(
        &self,
        sandbox: &Sandbox,
        method: &str,
        target: &str,
        content_type: &str,
        body: &str,
    ) -> Answer {
        let headers = self.headers(sandbox, method, target, content_type, body);
        let headers: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        send(sandbox, method, target, &headers, body)
    }

    pub(crate) fn headers(
        &self,
        sandbox: &Sandbox,
        method: &str,
        target: &str,
        content_type: &str,
        body: &str,
    ) -> Vec<(String, String)> {
        let Keys { id, secret, token } = self.keys.clone();
        let identity = Credentials::new(id, secret, token, None, "test").into();
        let mut settings = SigningSettings::default();
        if self.service == "s3" {
            settings.percent_encoding_mode = aws_sigv4::http_request::PercentEncodingMode::Single;
            settings.payload_checksum_kind = aws_sigv4::http_request::PayloadChecksumKind::XAmzSha256;
        }
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region(self.region)
            .name(self.service)
            .time(self.time)
            .settings(settings)
            .build()
            .unwrap()
            .into();
        let host = sandbox.url().strip_prefix("http://").unwrap();
        let headers = [("host", host), ("content-type", content_type)];
        let url = format!("{}{target}", sandbox.url());
        let request =
            SignableRequest::new(method, url, headers.into_iter(), SignableBody::Bytes(body.as_bytes()))
                .unwrap();
        let (instructions, _) = sign(request, &parameters).unwrap().into_parts();
        instructions
            .headers()
            .chain([("content-type", content_type)])
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    }
    /// The target of a presigned GET, good for an hour.
    pub(crate) fn presign(&self, sandbox: &Sandbox, target: &str) -> String {
        let mut url = url::Url::parse(&format!("{}{target}", sandbox.url())).unwrap();
        let Keys { id, secret, token } = self.keys.clone();
        let identity = Credentials::new(id, secret, token, None, "test").into();
        let mut settings = SigningSettings::default();
        settings.signature_location = aws_sigv4::http_request::SignatureLocation::QueryParams;
        settings.expires_in = Some(Duration::from_hours(1));
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region(self.region)
            .name(self.service)
            .time(self.time)
            .settings(settings)
            .build()
            .unwrap()
            .into();
        let request =
            SignableRequest::new("GET", url.as_str(), std::iter::empty(), SignableBody::Bytes(b"")).unwrap();
        let (instructions, _) = sign(request, &parameters).unwrap().into_parts();
        url.query_pairs_mut().extend_pairs(instructions.params());
        url[url::Position::BeforePath..].to_owned()
    }
}

#[expect(clippy::disallowed_methods, reason = "the tests are clients, and clients sign with the time of day")]
pub(crate) fn now() -> SystemTime {
    SystemTime::now()
}

/// Calls an STS action.
pub(crate) fn sts(sandbox: &Sandbox, keys: &Keys, action: &str, fields: &[(&str, &str)]) -> Answer {
    Signing::new(keys, "sts").send(
        sandbox,
        "POST",
        "/",
        "application/x-www-form-urlencoded",
        &sts_body(action, fields),
    )
}

pub(crate) fn sts_body(action: &str, fields: &[(&str, &str)]) -> String {
    encode(&[&[("Action", action), ("Version", "2011-06-15")], fields].concat())
}

/// Calls an IAM action.
pub(crate) fn iam(sandbox: &Sandbox, keys: &Keys, action: &str, fields: &[(&str, &str)]) -> Answer {
    let body = encode(&[&[("Action", action), ("Version", "2010-05-08")], fields].concat());
    Signing::new(keys, "iam").send(sandbox, "POST", "/", "application/x-www-form-urlencoded", &body)
}

/// A sandbox in which nobody waits and nobody is asked.
pub(crate) fn quick() -> Sandbox {
    Sandbox::start(Config {
        auto_approve: true,
        pending_polls: 0,
        device_interval: Duration::ZERO,
        ..Config::default()
    })
    .unwrap()
}

/// Registers a client for every grant; its id and secret.
pub(crate) fn register(sandbox: &Sandbox) -> (String, String) {
    let answer = post_json(
        sandbox,
        "/client/register",
        &json!({
            "clientName": "test",
            "clientType": "public",
            "scopes": [seed::ACCOUNT_SCOPE],
            "grantTypes": ["authorization_code", DEVICE_GRANT, "refresh_token"],
            "redirectUris": ["http://127.0.0.1/oauth/callback"],
            "issuerUrl": seed::START_URL,
        }),
    );
    assert_eq!(answer.status, 200, "{answer:?}");
    let text = |name: &str| answer.json()[name].as_str().unwrap().to_owned();
    (text("clientId"), text("clientSecret"))
}

pub(crate) fn start_device(sandbox: &Sandbox, client: &(String, String)) -> Value {
    let request = json!({ "clientId": client.0, "clientSecret": client.1, "startUrl": seed::START_URL });
    let answer = post_json(sandbox, "/device_authorization", &request);
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

pub(crate) fn poll(sandbox: &Sandbox, client: &(String, String), device: &Value) -> Answer {
    post_json(
        sandbox,
        "/token",
        &json!({
            "clientId": client.0,
            "clientSecret": client.1,
            "grantType": DEVICE_GRANT,
            "deviceCode": device["deviceCode"],
        }),
    )
}

/// Signs in by device code; needs a [`quick`] sandbox.
pub(crate) fn sign_in(sandbox: &Sandbox) -> String {
    let client = register(sandbox);
    let device = start_device(sandbox, &client);
    let answer = poll(sandbox, &client, &device);
    answer.json()["accessToken"].as_str().unwrap_or_else(|| panic!("{answer:?}")).to_owned()
}

pub(crate) fn portal(sandbox: &Sandbox, token: &str, target: &str) -> Answer {
    send(sandbox, "GET", target, &[("x-amz-sso_bearer_token", token)], "")
}

/// Credentials of an SSO role.
pub(crate) fn role_keys(sandbox: &Sandbox, account: &str, role: &str) -> Keys {
    let token = sign_in(sandbox);
    let target = format!("/federation/credentials?account_id={account}&role_name={role}");
    let json = portal(sandbox, &token, &target).json();
    let text = |name: &str| json["roleCredentials"][name].as_str().unwrap().to_owned();
    Keys { id: text("accessKeyId"), secret: text("secretAccessKey"), token: Some(text("sessionToken")) }
}
