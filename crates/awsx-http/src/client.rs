//! The client: a pool of connections behind the SDK's connector trait and a plain `send`.

use std::fmt;

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::http::{
    HttpClient as SdkHttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use http::header::PROXY_AUTHORIZATION;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};

use crate::call::Attempt;
use crate::dial::Dialer;
use crate::{Options, RequestError};

/// Sends requests over pooled connections; cheap to clone.
#[derive(Clone)]
pub struct HttpClient {
    dialer: Dialer,
    pool: Client<Dialer, SdkBody>,
}

impl HttpClient {
    /// A client with these options. Nothing is read or connected until the first request.
    pub fn new(options: Options) -> Self {
        let dialer = Dialer::new(options);
        let pool = Client::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).build(dialer.clone());
        Self { dialer, pool }
    }

    /// The same options and certificates with a pool of its own, for another runtime: connections belong to the
    /// runtime that made them.
    #[must_use]
    pub fn with_own_pool(&self) -> Self {
        let dialer = self.dialer.clone();
        let pool = Client::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).build(dialer.clone());
        Self { dialer, pool }
    }

    /// Sends one request and gives its answer, the body still streaming.
    pub async fn send(
        &self,
        request: http::Request<SdkBody>,
    ) -> Result<http::Response<SdkBody>, RequestError> {
        let uri = request.uri().clone();
        let response = self.upgrade(request).await?;
        Ok(response.map(|body| {
            SdkBody::from_body_1_x(body.map_err(move |error| RequestError::new(&uri, error.into())))
        }))
    }

    /// The same, for a connection that may go on in another protocol.
    pub(crate) async fn upgrade(
        &self,
        mut request: http::Request<SdkBody>,
    ) -> Result<http::Response<Incoming>, RequestError> {
        let uri = request.uri().clone();
        let method = request.method().clone();
        if let Some(authorization) = self.dialer.proxy_authorization(&uri) {
            request.headers_mut().insert(PROXY_AUTHORIZATION, authorization);
        }
        tracing::debug!(target: "awsx::http", %method, host = uri.authority().map(http::uri::Authority::as_str), path = uri.path(), "request");
        match self.pool.request(request).await {
            Ok(response) => {
                tracing::debug!(target: "awsx::http", status = response.status().as_u16(), "answer");
                Ok(response)
            }
            Err(error) => {
                tracing::debug!(target: "awsx::http", %error, "no answer");
                Err(RequestError::new(&uri, error.into()))
            }
        }
    }

    /// Sends one request and collects the answer's body, `limit` bytes at most.
    pub async fn send_whole(
        &self,
        request: http::Request<SdkBody>,
        limit: usize,
    ) -> Result<http::Response<Vec<u8>>, RequestError> {
        let uri = request.uri().clone();
        let (parts, body) = self.send(request).await?.into_parts();
        let collected = http_body_util::Limited::new(body, limit).collect().await;
        let bytes = collected.map_err(|error| RequestError::new(&uri, error))?.to_bytes();
        Ok(http::Response::from_parts(parts, bytes.into()))
    }
}

impl fmt::Debug for HttpClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HttpClient")
    }
}

impl SdkHttpClient for HttpClient {
    /// The SDK's own timeout settings are left aside: the options hold the user's.
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for HttpClient {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let client = self.clone();
        HttpConnectorFuture::new(async move {
            let user = |error: BoxError| ConnectorError::user(error);
            let attempt = Attempt::of(&request);
            let request = request.try_into_http1x().map_err(|error| user(error.into()))?;
            let response = client.send(request).await?;
            let mut response = HttpResponse::try_from(response).map_err(|error| user(error.into()))?;
            if let Some(attempt) = attempt {
                response.add_extension(attempt);
            }
            Ok(response)
        })
    }
}
