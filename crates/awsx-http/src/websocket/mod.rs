//! A WebSocket's client side (RFC 6455): bytes in binary frames both ways, over the connections of [`HttpClient`].

mod frame;

use std::io;
use std::time::Duration;

use aws_smithy_types::body::SdkBody;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use http::{HeaderValue, Request, StatusCode, Uri, header};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use sha1::{Digest, Sha1};
use tokio::io::{AsyncWriteExt, ReadHalf, WriteHalf};
use tokio::sync::{Mutex, mpsc};

use self::frame::{Frame, Kind, Reader};
use crate::{HttpClient, RequestError};

/// With what a server proves that it has understood the handshake.
const ACCEPTS: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
/// How long the other side has to say goodbye.
const GOODBYE: Duration = Duration::from_secs(5);
/// The code of an end that is no failure.
const NORMAL: u16 = 1000;

/// Why there is no WebSocket, or why it ended.
#[derive(Debug, thiserror::Error)]
pub enum WebSocketError {
    /// The server was not reached.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// The server wants no WebSocket.
    #[error("the server refused the tunnel ({status}): {message}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// What the server said.
        message: String,
    },
    /// What the server says is no WebSocket's.
    #[error("Received invalid data from server, closing websocket connection.")]
    Invalid,
    /// The server ended it.
    #[error("Websocket Closure Reason: {reason}")]
    Closed {
        /// In the server's words.
        reason: String,
    },
    /// The connection ended.
    #[error("the connection of the tunnel broke off")]
    BrokenOff(#[from] io::Error),
}

/// A WebSocket that is open.
#[derive(Debug)]
pub struct WebSocket {
    reader: Reader<ReadHalf<TokioIo<Upgraded>>>,
    writer: Mutex<WriteHalf<TokioIo<Upgraded>>>,
}

impl HttpClient {
    /// Opens a WebSocket at an `https` URL. The client's limit for reading must be none, else it ends a quiet WebSocket.
    pub async fn web_socket(&self, uri: Uri, user_agent: &str) -> Result<WebSocket, WebSocketError> {
        let mut nonce = [0; 16];
        getrandom::fill(&mut nonce).map_err(io::Error::other)?;
        let key = BASE64_STANDARD.encode(nonce);
        let request = handshake(uri, &key, user_agent).map_err(io::Error::other)?;
        let response = self.upgrade(request).await.map_err(without_query)?;
        if response.status() != StatusCode::SWITCHING_PROTOCOLS {
            return Err(refused(response).await);
        }
        let expected = BASE64_STANDARD.encode(Sha1::digest(format!("{key}{ACCEPTS}")));
        let accepted = response.headers().get(header::SEC_WEBSOCKET_ACCEPT).map(HeaderValue::as_bytes);
        if accepted != Some(expected.as_bytes()) {
            return Err(WebSocketError::Invalid);
        }
        let upgraded = hyper::upgrade::on(response).await.map_err(io::Error::other)?;
        let (reader, writer) = tokio::io::split(TokioIo::new(upgraded));
        Ok(WebSocket { reader: Reader::new(reader), writer: Mutex::new(writer) })
    }
}

impl WebSocket {
    /// Sends what comes in and gives what the server sends, until either side has no more.
    pub async fn tunnel(
        self,
        mut input: mpsc::Receiver<Bytes>,
        output: mpsc::Sender<Bytes>,
    ) -> Result<(), WebSocketError> {
        let Self { mut reader, writer } = self;
        let sending = async {
            while let Some(bytes) = input.recv().await {
                send(&writer, Kind::Binary, &bytes).await?;
            }
            send(&writer, Kind::Close, &NORMAL.to_be_bytes()).await
        };
        let receiving = receive(&mut reader, &writer, &output);
        let (mut sending, mut receiving) = (std::pin::pin!(sending), std::pin::pin!(receiving));
        tokio::select! {
            received = &mut receiving => received,
            sent = &mut sending => {
                sent?;
                tokio::time::timeout(GOODBYE, receiving).await.unwrap_or(Ok(()))
            }
        }
    }
}

async fn receive(
    reader: &mut Reader<ReadHalf<TokioIo<Upgraded>>>,
    writer: &Mutex<WriteHalf<TokioIo<Upgraded>>>,
    output: &mpsc::Sender<Bytes>,
) -> Result<(), WebSocketError> {
    loop {
        let Frame { kind, payload } = reader.next().await?;
        match kind {
            Kind::Binary | Kind::Continuation => {
                if output.send(payload.into()).await.is_err() {
                    // Nobody reads any more.
                    return Ok(());
                }
            }
            Kind::Ping => send(writer, Kind::Pong, &payload).await?,
            Kind::Pong => {}
            Kind::Text => return Err(WebSocketError::Invalid),
            Kind::Close => {
                // The other side may have gone already.
                let _ = send(writer, Kind::Close, &payload).await;
                return match payload.split_first_chunk::<2>() {
                    Some((code, reason)) if u16::from_be_bytes(*code) != NORMAL => {
                        Err(WebSocketError::Closed { reason: String::from_utf8_lossy(reason).into_owned() })
                    }
                    _ => Ok(()),
                };
            }
        }
    }
}

async fn send(
    writer: &Mutex<WriteHalf<TokioIo<Upgraded>>>,
    kind: Kind,
    payload: &[u8],
) -> Result<(), WebSocketError> {
    let mut mask = [0; 4];
    getrandom::fill(&mut mask).map_err(io::Error::other)?;
    let frame = frame::encode(kind, payload, mask);
    let mut writer = writer.lock().await;
    writer.write_all(&frame).await?;
    Ok(writer.flush().await?)
}

fn handshake(uri: Uri, key: &str, user_agent: &str) -> Result<Request<SdkBody>, http::Error> {
    Request::get(uri)
        .header(header::CONNECTION, "Upgrade")
        .header(header::UPGRADE, "websocket")
        .header(header::SEC_WEBSOCKET_VERSION, "13")
        .header(header::SEC_WEBSOCKET_KEY, key)
        .header(header::USER_AGENT, user_agent)
        .body(SdkBody::empty())
}

/// The query may hold a signature, which no error may tell.
fn without_query(mut error: RequestError) -> RequestError {
    if let Some(query) = error.url.find('?') {
        error.url.truncate(query);
    }
    error
}

async fn refused(response: http::Response<hyper::body::Incoming>) -> WebSocketError {
    use http_body_util::BodyExt;
    /// Longer ones are no messages.
    const LIMIT: usize = 64 << 10;
    let status = response.status().as_u16();
    let body = http_body_util::Limited::new(response.into_body(), LIMIT).collect().await;
    let bytes = body.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    WebSocketError::Refused { status, message: String::from_utf8_lossy(&bytes).trim().to_owned() }
}
