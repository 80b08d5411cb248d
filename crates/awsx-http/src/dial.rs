//! Makes a connection for a URL: straight or through a proxy, with TLS where the URL asks for it.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::Duration;

use aws_smithy_runtime_api::box_error::BoxError;
use http::{HeaderValue, Uri};
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::legacy::connect::{Connected, Connection, HttpConnector};
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use rustls::ClientConfig;
use tower_service::Service;

use crate::Options;
use crate::error::ConnectTimedOut;
use crate::idle::Idle;
use crate::tls;

/// Makes connections; cheap to clone.
#[derive(Clone)]
pub(crate) struct Dialer(Arc<Shared>);

struct Shared {
    options: Options,
    tcp: HttpConnector,
    proxies: Matcher,
    tls: OnceLock<Arc<ClientConfig>>,
}

impl Dialer {
    pub(crate) fn new(options: Options) -> Self {
        let mut tcp = HttpConnector::new();
        // The URL's scheme is looked at here, not there.
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        let text = |proxy: &Option<String>| proxy.clone().unwrap_or_default();
        let proxies = Matcher::builder()
            .http(text(&options.http_proxy))
            .https(text(&options.https_proxy))
            .no(text(&options.no_proxy))
            .build();
        Self(Arc::new(Shared { options, tcp, proxies, tls: OnceLock::new() }))
    }

    /// The `Proxy-Authorization` that a plain `http` request needs: it is not tunnelled, so the proxy reads it.
    pub(crate) fn proxy_authorization(&self, uri: &Uri) -> Option<HeaderValue> {
        if uri.scheme_str() != Some("http") {
            return None;
        }
        self.0.proxies.intercept(uri)?.basic_auth().cloned()
    }
}

impl Shared {
    fn tls(&self) -> Result<Arc<ClientConfig>, BoxError> {
        if let Some(config) = self.tls.get() {
            return Ok(config.clone());
        }
        let config = tls::config(&self.options)?;
        Ok(self.tls.get_or_init(|| config).clone())
    }

    async fn dial(&self, uri: Uri) -> Result<Stream, BoxError> {
        let proxy = self.proxies.intercept(&uri);
        match (uri.scheme_str() == Some("https"), proxy) {
            (false, None) => Ok(self.stream(self.tcp.clone().call(uri).await?, false)),
            (false, Some(proxy)) => {
                let connection = self.towards(&proxy)?.call(proxy.uri().clone()).await?;
                Ok(self.stream(connection, true))
            }
            (true, None) => {
                let connection = HttpsConnector::from((self.tcp.clone(), self.tls()?)).call(uri).await?;
                Ok(self.stream(connection, false))
            }
            (true, Some(proxy)) => {
                let mut tunnel = Tunnel::new(proxy.uri().clone(), self.towards(&proxy)?);
                if let Some(authorization) = proxy.basic_auth() {
                    tunnel = tunnel.with_auth(authorization.clone());
                }
                let connection = HttpsConnector::from((tunnel, self.tls()?)).call(uri).await?;
                Ok(self.stream(connection, false))
            }
        }
    }

    /// A connector to the proxy itself, which may be an `https` one.
    fn towards(&self, proxy: &Intercept) -> Result<HttpsConnector<HttpConnector>, BoxError> {
        match proxy.uri().scheme_str() {
            Some("http" | "https") => Ok(HttpsConnector::from((self.tcp.clone(), self.tls()?))),
            scheme => {
                let scheme = scheme.unwrap_or_default();
                Err(format!("proxies of the kind `{scheme}://` are not supported").into())
            }
        }
    }

    fn stream(&self, io: impl Io + 'static, to_proxy: bool) -> Stream {
        // A day stands for "no limit": the timer needs some deadline.
        const NO_LIMIT: Duration = Duration::from_hours(24);
        let limit = self.options.read_timeout.unwrap_or(NO_LIMIT);
        Stream { io: Idle::new(Box::new(io), limit), to_proxy }
    }
}

impl Service<Uri> for Dialer {
    type Response = Stream;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Stream, BoxError>> + Send>>;

    fn poll_ready(&mut self, _cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let shared = self.0.clone();
        Box::pin(async move {
            match shared.options.connect_timeout {
                None => shared.dial(uri).await,
                Some(limit) => {
                    let dialled = tokio::time::timeout(limit, shared.dial(uri)).await;
                    dialled.unwrap_or_else(|_| Err(ConnectTimedOut.into()))
                }
            }
        })
    }
}

trait Io: Read + Write + Unpin + Send {}
impl<T: Read + Write + Unpin + Send> Io for T {}

/// One connection.
pub(crate) struct Stream {
    io: Idle<Box<dyn Io>>,
    to_proxy: bool,
}

impl Connection for Stream {
    fn connected(&self) -> Connected {
        Connected::new().proxy(self.to_proxy)
    }
}

impl Read for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.io).poll_read(cx, buffer)
    }
}

impl Write for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.io).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[std::io::IoSlice<'_>],
    ) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.io).poll_write_vectored(cx, slices)
    }
}
