//! The running sandbox: one port, one thread, and the decision which service a request is for.

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use http::{HeaderValue, StatusCode};
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use s3s::service::S3Service;
use serde_json::json;
use tempfile::TempDir;
use tokio::sync::{Semaphore, oneshot};
use tower::ServiceExt;

use crate::config::{Config, Fault, Outcome};
use crate::log::Request;
use crate::refusal::Refusal;
use crate::state::{World, now, unix_now};
use crate::{absent, console_login, federation, oidc, pages, portal, query, s3, seed, sigv4, spoil, sts};

const MOST_CONNECTIONS: usize = 512;
const LONGEST_BODY: usize = 64 * 1024;
const LONGEST_HEAD: usize = 128 * 1024;
const IDLE: Duration = Duration::from_mins(5);

/// A running sandbox. It stops, and forgets everything, when dropped.
pub struct Sandbox {
    world: Arc<World>,
    stop: Option<oneshot::Sender<Infallible>>,
    thread: Option<JoinHandle<()>>,
    _folder: TempDir,
}

impl Sandbox {
    /// Starts a sandbox; when this returns, it listens.
    pub fn start(config: Config) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, config.port))?;
        listener.set_nonblocking(true)?;
        let url = format!("http://{}", listener.local_addr()?);
        let folder = tempfile::Builder::new().prefix("awsx-sandbox-").tempdir()?;
        let world = Arc::new(World::new(config, url));
        let services = Services {
            s3: s3::service(Arc::clone(&world), folder.path())?,
            router: router(Arc::clone(&world)),
            world: Arc::clone(&world),
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::Builder::new().name("awsx-sandbox".to_owned()).spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    () = accept(listener, services) => {}
                    _ = stopped => {}
                }
            });
            runtime.shutdown_background();
        })?;
        Ok(Self { world, stop: Some(stop), thread: Some(thread), _folder: folder })
    }

    /// Where it listens, such as `http://127.0.0.1:4566`, without a final slash.
    pub fn url(&self) -> &str {
        &self.world.url
    }

    /// The variables that turn an AWS client to this sandbox.
    pub fn environment(&self) -> Vec<(String, String)> {
        [
            ("AWS_ENDPOINT_URL", self.url().to_owned()),
            ("AWS_REGION", seed::REGION.to_owned()),
            ("AWS_DEFAULT_REGION", seed::REGION.to_owned()),
            ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
            ("AWSX_SIGNIN_ENDPOINT", format!("{}/federation", self.url())),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into()
    }

    /// The newest requests in the order they came, of S3's without their bodies.
    pub fn requests(&self) -> Vec<Request> {
        self.world.state().log.requests()
    }

    /// Forgets the requests so far.
    pub fn clear_requests(&self) {
        self.world.state().log.clear();
    }

    /// Lets something go wrong from now on.
    pub fn add_fault(&self, fault: Fault) {
        self.world.state().faults.push(fault);
    }

    /// Ends every access token now; refresh tokens stay good.
    pub fn expire_tokens(&self) {
        let now = now();
        self.world.state().access_tokens.values_mut().for_each(|(_, token)| token.expires_at = now);
    }

    /// Withdraws every refresh token, those of console logins too.
    pub fn revoke_refresh_tokens(&self) {
        let mut state = self.world.state();
        state.refresh_tokens.keep(|_| false);
        state.login_sessions.keep(|_| false);
    }

    /// Ends every client registration now.
    pub fn expire_registrations(&self) {
        let now = now();
        self.world.state().clients.values_mut().for_each(|(_, client)| client.expires_at = now);
    }

    /// Ends every device code now.
    pub fn expire_device_codes(&self) {
        let now = now();
        self.world.state().devices.values_mut().for_each(|(_, device)| device.expires_at = now);
    }

    /// Ends all temporary credentials now.
    pub fn expire_credentials(&self) {
        let now = now();
        for (_, key) in self.world.state().keys.values_mut() {
            if let Some((_, expires_at)) = &mut key.session {
                *expires_at = now;
            }
        }
    }

    /// A code of the seeded MFA device that has not been spent. Within half a minute there are two.
    pub fn mfa_code(&self) -> String {
        self.world
            .state()
            .directory
            .device_with_serial(seed::MFA_SERIAL)
            .map_or_else(String::new, |device| device.totp.fresh_code(unix_now()))
    }

    /// Codes of an MFA device: two to enable it with, and one that is good afterwards; none if there is no such device.
    pub fn mfa_codes(&self, serial: &str) -> Option<[String; 3]> {
        let state = self.world.state();
        Some(state.directory.device_with_serial(serial)?.totp.codes_to_enable(unix_now()))
    }

    /// A web identity token for [`seed::DEPLOYER_ARN`], good for an hour.
    pub fn web_identity_token(&self) -> String {
        let claims = json!({
            "iss": "https://identity.sandbox.example",
            "aud": "sts.amazonaws.com",
            "sub": "system:serviceaccount:default:deployer",
            "exp": now().unix_timestamp() + 3600,
        });
        let part = |json: serde_json::Value| BASE64_URL_SAFE_NO_PAD.encode(json.to_string());
        format!("{}.{}.sandbox", part(json!({ "alg": "none", "typ": "JWT" })), part(claims))
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic in there was reported by its own thread.
            let _ = thread.join();
        }
    }
}

#[derive(Clone)]
struct Services {
    world: Arc<World>,
    router: Router,
    s3: S3Service,
}

/// A fault that leaves the client without an answer.
#[derive(Debug)]
struct Cut;

impl std::fmt::Display for Cut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the connection is cut, as configured")
    }
}

impl std::error::Error for Cut {}

fn router(world: Arc<World>) -> Router {
    Router::new()
        .route("/client/register", post(oidc::register))
        .route("/device_authorization", post(oidc::authorize_device))
        .route("/token", post(oidc::create_token))
        .route("/authorize", get(pages::authorize))
        .route("/authorize/decision", post(pages::decide_authorize))
        .route("/device", get(pages::device))
        .route("/device/decision", post(pages::decide_device))
        .route("/assignment/accounts", get(portal::list_accounts))
        .route("/assignment/roles", get(portal::list_roles))
        .route("/federation/credentials", get(portal::role_credentials))
        .route("/logout", post(portal::logout))
        .route("/v1/authorize", get(console_login::authorize))
        .route("/v1/sessions/confirmation", get(console_login::confirm))
        .route("/v1/token", post(console_login::create_token))
        .route("/oauth", get(federation::oauth))
        .route("/federation", get(federation::federation).post(federation::federation))
        .route("/", get(query::respond).post(query::respond))
        .fallback(unknown_route)
        .with_state(world)
}

async fn accept(listener: TcpListener, services: Services) {
    let listener = tokio::net::TcpListener::from_std(listener).expect("the listener does not block");
    let connections = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    loop {
        let permit = Arc::clone(&connections).acquire_owned().await.expect("the semaphore is never closed");
        // Out of file handles, say: the next one may do.
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        // Small answers to keep-alive clients would wait for the client's delayed acknowledgement.
        let _ = stream.set_nodelay(true);
        let services = services.clone();
        tokio::spawn(async move {
            let service = service_fn(|request| respond(services.clone(), request));
            // A client that hangs up is no concern of ours.
            let _ = hyper::server::conn::http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(IDLE)
                .max_buf_size(LONGEST_HEAD)
                .serve_connection(TokioIo::new(stream), service)
                .await;
            drop(permit);
        });
    }
}

async fn respond(services: Services, request: http::Request<Incoming>) -> Result<Response, Cut> {
    let world = &services.world;
    if !world.config.delay.is_zero() {
        tokio::time::sleep(world.config.delay).await;
    }
    let (parts, body) = request.into_parts();
    let signature = sigv4::read(&parts);
    let signed_for_s3 = matches!(&signature, Some(Ok(signature)) if signature.service == "s3");

    let mut response = if signed_for_s3 {
        match record(world, &parts, &[]) {
            Some(Outcome::Cut) => return Err(Cut),
            Some(Outcome::Stall) => stall().await,
            Some(Outcome::Respond { status, code }) => fault(status, &code).into_s3_response(&parts.method),
            outcome => {
                let signature = signature.and_then(Result::ok);
                let response = s3::respond(world, &services.s3, parts, signature.as_ref(), body).await;
                match outcome {
                    Some(Outcome::ActAndStall) => stall().await,
                    Some(Outcome::CutBody) => response.map(spoil::cut),
                    Some(Outcome::Corrupt) => response.map(spoil::corrupt),
                    _ => response,
                }
            }
        }
    } else {
        let Ok(body) = Limited::new(body, LONGEST_BODY).collect().await else {
            return Ok(StatusCode::PAYLOAD_TOO_LARGE.into_response());
        };
        let body = body.to_bytes();
        match record(world, &parts, &body) {
            Some(Outcome::Cut) => return Err(Cut),
            Some(Outcome::Stall) => stall().await,
            Some(Outcome::Respond { status, code }) => refuse(parts.uri.path(), fault(status, &code)),
            outcome => {
                let absent = match &signature {
                    Some(Ok(signature)) => absent::refuse(&signature.service, &parts),
                    _ => None,
                };
                if let Some(refusal) = absent {
                    return Ok(refusal);
                }
                let request = http::Request::from_parts(parts, Body::from(body));
                let response = services.router.oneshot(request).await;
                if matches!(outcome, Some(Outcome::ActAndStall)) {
                    stall().await
                } else {
                    response.unwrap_or_else(|never: Infallible| match never {})
                }
            }
        }
    };
    let request_id = if signed_for_s3 { "x-amz-request-id" } else { "x-amzn-requestid" };
    response
        .headers_mut()
        .entry(request_id)
        .or_insert_with(|| HeaderValue::try_from(uuid::Uuid::new_v4().to_string()).expect("a UUID is ASCII"));
    Ok(response)
}

/// Waits until the client gives up.
async fn stall() -> Response {
    std::future::pending().await
}

/// Logs a request and finds the fault that hits it.
fn record(world: &World, parts: &http::request::Parts, body: &[u8]) -> Option<Outcome> {
    let request = Request::new(parts, body);
    let headers: usize = request.headers.iter().map(|(name, value)| name.len() + value.len()).sum();
    let size = parts.uri.to_string().len() + headers + body.len();
    let mut state = world.state();
    let outcome = state.faults.iter_mut().find(|fault| request.is_hit_by(fault)).map(|fault| {
        fault.times -= 1;
        fault.outcome.clone()
    });
    state.log.push(request, size);
    outcome
}

fn fault(status: u16, code: &str) -> Refusal {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    Refusal::new(status, code, format!("The sandbox was told to answer {code}"))
}

/// Puts an error into the format of the service that owns the path.
fn refuse(path: &str, refusal: Refusal) -> Response {
    match path {
        "/" => refusal.into_query_response(sts::SERVICE.namespace),
        "/client/register" | "/device_authorization" | "/token" => refusal.into_oidc_response(),
        "/v1/token" => refusal.into_signin_response(),
        _ => refusal.into_portal_response(),
    }
}

/// A path that no service has, or, unsigned, an object nobody may read anonymously.
async fn unknown_route(request: axum::extract::Request) -> Response {
    let (parts, _) = request.into_parts();
    match sigv4::read(&parts) {
        Some(Ok(signature)) => {
            let message = format!("The sandbox's `{}` has no path `{}`", signature.service, parts.uri.path());
            Refusal::new(StatusCode::NOT_FOUND, "UnknownOperationException", message).into_portal_response()
        }
        Some(Err(refusal)) => refusal.into_query_response(sts::SERVICE.namespace),
        None => Refusal::forbidden("AccessDenied", "Access Denied").into_s3_response(&parts.method),
    }
}
