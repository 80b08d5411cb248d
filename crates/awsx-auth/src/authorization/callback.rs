//! The address on this machine where the browser brings the authorization code.
//!
//! It listens on 127.0.0.1 only and answers only its exact path with the right `state`, compared first and in
//! constant time. Everything else that comes (other pages' requests, scanners, prefetching browsers, idle
//! connections) is answered 400 and forgotten; the wait goes on.

use std::convert::Infallible;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use awsx_core::Secret;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use http::{Method, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use subtle::ConstantTimeEq;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};

const PATH: &str = "/oauth/callback";
/// How long a person may take.
const SIGN_IN_LIMIT: Duration = Duration::from_mins(10);
/// How long a connection may take to send its request; browsers open some that never do.
const HEADER_LIMIT: Duration = Duration::from_secs(5);
/// How long an answer may take to be read before the sign-in goes on without.
const ANSWER_LIMIT: Duration = Duration::from_secs(2);
/// Connections served at once; far more than a browser opens, few enough for the system's file limit.
const CONNECTIONS: usize = 512;

const PAGE: &str = include_str!("callback_page.html");
const JUNK_TEXT: &str = "This address takes only the answer of a sign-in that awsx began.\n";

/// Why no code came.
#[derive(Debug)]
pub(crate) enum CallbackError {
    /// The person, or the service, refused in the browser.
    Refused {
        /// What the service gave as the reason.
        reason: String,
    },
    /// Ten minutes are over.
    Expired,
}

type Outcome = Result<Secret<String>, CallbackError>;

/// A bound address, not yet waited at.
pub(crate) struct Callback {
    listener: TcpListener,
    port: u16,
}

/// What a request must have to be the awaited one.
struct Awaited {
    host: String,
    state: String,
}

impl Callback {
    pub(crate) async fn bind() -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let port = listener.local_addr()?.port();
        Ok(Self { listener, port })
    }

    pub(crate) fn redirect_uri(&self) -> String {
        format!("http://127.0.0.1:{}{PATH}", self.port)
    }

    /// Serves until the browser brings the code for `state`, brings a refusal, or ten minutes are over.
    pub(crate) async fn wait(self, state: &str) -> Outcome {
        let awaited = Arc::new(Awaited { host: format!("127.0.0.1:{}", self.port), state: state.to_owned() });
        let (report, mut reports) = mpsc::channel(1);
        let serving = self.serve(awaited, report);
        tokio::select! {
            outcome = reports.recv() => outcome.expect("the server holds a sender"),
            () = serving => unreachable!("the server never ends by itself"),
            () = tokio::time::sleep(SIGN_IN_LIMIT) => Err(CallbackError::Expired),
        }
    }

    async fn serve(self, awaited: Arc<Awaited>, report: mpsc::Sender<Outcome>) {
        let places = Arc::new(Semaphore::new(CONNECTIONS));
        loop {
            let place = places.clone().acquire_owned().await.expect("the semaphore is never closed");
            match self.listener.accept().await {
                Ok((connection, _)) => {
                    let (awaited, report) = (awaited.clone(), report.clone());
                    tokio::spawn(async move {
                        if let Some(outcome) = answer_one(connection, awaited).await {
                            // A second answer finds the wait over.
                            let _ = report.send(outcome).await;
                        }
                        drop(place);
                    });
                }
                // Out of file handles, mostly: they come back as connections end.
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
    }
}

/// Answers one request; gives the outcome if it was the awaited one, once the browser has its page.
async fn answer_one(connection: TcpStream, awaited: Arc<Awaited>) -> Option<Outcome> {
    let (keep, mut kept) = mpsc::channel(1);
    let service = service_fn(move |request: Request<Incoming>| {
        let outcome = awaited.judge(&request);
        let response = respond(outcome.as_ref());
        if let Some(outcome) = outcome {
            let _ = keep.try_send(outcome);
        }
        async move { Ok::<_, Infallible>(response) }
    });
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_LIMIT)
        .keep_alive(false)
        .max_buf_size(16 * 1024)
        .serve_connection(TokioIo::new(connection), service);
    let _ = tokio::time::timeout(HEADER_LIMIT + ANSWER_LIMIT, served).await;
    kept.try_recv().ok()
}

impl Awaited {
    /// The outcome that the request brings; none if it is not the awaited one.
    fn judge(&self, request: &Request<Incoming>) -> Option<Outcome> {
        let uri = request.uri();
        let host = request.headers().get(HOST).map(http::HeaderValue::as_bytes);
        if request.method() != Method::GET || uri.path() != PATH || host != Some(self.host.as_bytes()) {
            return None;
        }
        let answer = judge_query(uri.query().unwrap_or_default(), &self.state)?;
        Some(answer.map_err(|reason| CallbackError::Refused { reason }))
    }
}

/// The code or the reason of a refusal; none if the query is not an answer to this sign-in.
fn judge_query(query: &str, state: &str) -> Option<Result<Secret<String>, String>> {
    let only = |name: &str| {
        let mut values = url::form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| key == name);
        match (values.next(), values.next()) {
            (Some((_, value)), None) if !value.is_empty() => Some(value.into_owned()),
            _ => None,
        }
    };
    let given = only("state")?;
    if !bool::from(given.as_bytes().ct_eq(state.as_bytes())) {
        return None;
    }
    match only("error") {
        Some(reason) => Some(Err(reason)),
        None => Some(Ok(Secret::new(only("code")?))),
    }
}

fn respond(outcome: Option<&Outcome>) -> Response<Full<Bytes>> {
    let (status, kind, body) = match outcome {
        None => (StatusCode::BAD_REQUEST, "text/plain; charset=utf-8", JUNK_TEXT.to_owned()),
        Some(Ok(_)) => {
            let text = "awsx has what it needs. You can close this window and return to your terminal.";
            (StatusCode::OK, "text/html; charset=utf-8", page("Sign-in complete", text, "#1a7f4b"))
        }
        Some(Err(_)) => {
            let text =
                "The request was not approved. You can close this window; the terminal says what to do next.";
            (StatusCode::OK, "text/html; charset=utf-8", page("Sign-in refused", text, "#b3261e"))
        }
    };
    Response::builder()
        .status(status)
        .header(CONTENT_TYPE, kind)
        .header(CACHE_CONTROL, "no-store")
        .header(
            CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
        )
        .header(REFERRER_POLICY, "no-referrer")
        .header(X_CONTENT_TYPE_OPTIONS, "nosniff")
        .body(Full::new(Bytes::from(body)))
        .expect("every header is valid")
}

fn page(title: &str, text: &str, color: &str) -> String {
    PAGE.replace("{title}", title).replace("{text}", text).replace("{color}", color)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_state_counts_and_it_is_looked_at_first() {
        let judge = |query| judge_query(query, "s1").map(|outcome| outcome.map(|code| code.expose().clone()));
        assert_eq!(judge("code=c&state=s1"), Some(Ok("c".into())));
        assert_eq!(judge("state=s1&error=access_denied"), Some(Err("access_denied".into())));
        for junk in [
            "",
            "code=c",
            "state=s1",
            "code=c&state=s2",
            "error=x&state=s2",
            "error=x",
            "code=&state=s1",
            "code=c&state=s1&state=s1",
            "code=c&state=s1x",
            "code=c&state=",
        ] {
            assert_eq!(judge(junk), None, "{junk}");
        }
    }
}
