//! The address: takes connections, looks at requests, passes the right ones on to the keeper.

use std::convert::Infallible;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use awsx_core::Secret;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, HOST};
use http::{Method, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use subtle::ConstantTimeEq;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc, oneshot};

use super::PATH;
use super::answer::{self, Answer};
use super::keeper::Question;

/// How long a connection may take to send a request, and stay without one.
const HEADER_LIMIT: Duration = Duration::from_secs(10);
/// Connections at once; few enough for the system's file limit.
const CONNECTIONS: usize = 512;
/// Random bytes of the token.
const TOKEN_BYTES: usize = 32;

/// A bound address and what a request must bring.
pub(super) struct Listener {
    socket: TcpListener,
    /// Address and port.
    pub(super) host: String,
    pub(super) token: Secret<String>,
}

/// What a request must have to be answered.
struct Admission {
    host: String,
    token: Secret<String>,
    ask: mpsc::Sender<Question>,
}

impl Listener {
    pub(super) async fn bind() -> io::Result<Self> {
        let mut random = [0; TOKEN_BYTES];
        getrandom::fill(&mut random).map_err(io::Error::other)?;
        let token = BASE64_URL_SAFE_NO_PAD.encode(random).into();
        let socket = TcpListener::bind(("127.0.0.1", 0)).await?;
        let host = socket.local_addr()?.to_string();
        Ok(Self { socket, host, token })
    }

    /// Takes connections for ever.
    pub(super) async fn accept(self, ask: mpsc::Sender<Question>) {
        let admission = Arc::new(Admission { host: self.host, token: self.token, ask });
        let places = Arc::new(Semaphore::new(CONNECTIONS));
        loop {
            let place = places.clone().acquire_owned().await.expect("the semaphore is never closed");
            match self.socket.accept().await {
                Ok((connection, _)) => {
                    let admission = admission.clone();
                    tokio::spawn(async move {
                        serve(connection, admission).await;
                        drop(place);
                    });
                }
                // Out of file handles, mostly: they come back as connections end.
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
    }
}

async fn serve(connection: TcpStream, admission: Arc<Admission>) {
    let service = service_fn(move |request: Request<Incoming>| {
        let admission = admission.clone();
        async move {
            let answer = match admission.refusal(&request) {
                Some(refusal) => refusal,
                None => admission.ask().await,
            };
            Ok::<_, Infallible>(respond(&answer))
        }
    });
    // A program that hangs up is no concern of ours.
    let _ = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_LIMIT)
        .max_buf_size(16 * 1024)
        .serve_connection(TokioIo::new(connection), service)
        .await;
}

impl Admission {
    /// Why the request is not answered. Who does not bring the token learns nothing else.
    fn refusal<T>(&self, request: &Request<T>) -> Option<Answer> {
        let header = |name| request.headers().get(name).map_or(&b""[..], http::HeaderValue::as_bytes);
        let refuse = |status, message| Some(answer::error(status, "Refused", message));
        // Another host's name that leads here is a web page's trick.
        if header(HOST) != self.host.as_bytes() {
            return refuse(StatusCode::BAD_REQUEST, "this is not the host that was asked for");
        }
        if !bool::from(header(AUTHORIZATION).ct_eq(self.token.expose().as_bytes())) {
            return refuse(StatusCode::UNAUTHORIZED, "the authorization token is missing or wrong");
        }
        if request.uri().path() != PATH || request.uri().query().is_some() {
            return refuse(StatusCode::NOT_FOUND, "there is nothing at this path");
        }
        if request.method() != Method::GET {
            return refuse(StatusCode::METHOD_NOT_ALLOWED, "credentials can only be read");
        }
        None
    }

    async fn ask(&self) -> Answer {
        let gone = || answer::failure("the server has ended");
        let (question, reply) = oneshot::channel();
        if self.ask.send(question).await.is_err() {
            return gone();
        }
        reply.await.unwrap_or_else(|_| gone())
    }
}

fn respond(answer: &Answer) -> Response<Full<Bytes>> {
    Response::builder()
        .status(answer.status)
        .header(CONTENT_TYPE, "application/json")
        .header(CACHE_CONTROL, "no-store")
        .body(Full::new(Bytes::from(answer.body.expose().clone())))
        .expect("every header is valid")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(method: &str, target: &str, headers: &[(&str, &str)]) -> u16 {
        let (ask, _) = mpsc::channel(1);
        let admission = Admission { host: "127.0.0.1:4000".into(), token: "right-token".into(), ask };
        let mut request = Request::builder().method(method).uri(target);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let refusal = admission.refusal(&request.body(()).unwrap());
        refusal.map_or(200, |answer| answer.status.as_u16())
    }

    #[test]
    fn only_the_exact_request_with_the_token_is_answered() {
        let (host, token) = (("host", "127.0.0.1:4000"), ("authorization", "right-token"));
        assert_eq!(status("GET", PATH, &[host, token]), 200);
        for (expected, method, target, headers) in [
            (400, "GET", PATH, &[token][..]),
            (400, "GET", PATH, &[("host", "evil.example:4000"), token]),
            (401, "GET", PATH, &[host]),
            (401, "GET", PATH, &[host, ("authorization", "right-toke")]),
            (401, "GET", PATH, &[host, ("authorization", "right-tokenx")]),
            (401, "GET", PATH, &[host, ("authorization", "Bearer right-token")]),
            (401, "GET", "/nothing", &[host]),
            (404, "GET", "/", &[host, token]),
            (404, "GET", "/credentials/", &[host, token]),
            (404, "GET", "/credentials?x", &[host, token]),
            (405, "POST", PATH, &[host, token]),
        ] {
            assert_eq!(status(method, target, headers), expected, "{method} {target} {headers:?}");
        }
    }
}
