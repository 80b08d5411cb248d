//! Sends calls: finds the place, signs, sends, reads errors, tries again.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, RwLock};
use std::time::{Duration, SystemTime};

use aws_smithy_runtime_api::client::identity::Identity;
use aws_smithy_types::DateTime;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::date_time::Format;
use awsx_core::Env;
use awsx_http::{CallError, HttpClient, RequestError, ServiceError};
use bytes::Bytes;
use http::header::{CONTENT_LENGTH, DATE, USER_AGENT};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::BodyExt;

use super::endpoint::{self, Place, Scheme};
use super::error::{parse, service_error};
use super::express::Sessions;
use super::identity::{Keys, NoKeys};
use super::payload::Digests;
use super::retry::{self, Policy, Reason};
use super::sign;
use super::{Call, Payload};
use crate::checksum::Algorithm;
use crate::pace::Pace;

const BUCKET_REGION: HeaderName = HeaderName::from_static("x-amz-bucket-region");
const SHA256_OF_NOTHING: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
/// Errors are short; what is longer is none.
const LONGEST_ERROR: usize = 256 * 1024;

/// Whom to ask, and as whom.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a choice of the user's")]
pub struct Config {
    /// The region of requests and signatures.
    pub region: String,
    /// A server of one's own.
    pub endpoint_url: Option<String>,
    /// Keys to sign with; requests are not signed without.
    pub keys: Option<Keys>,
    /// FIPS endpoints.
    pub fips: bool,
    /// Endpoints that answer over IPv6 too.
    pub dual_stack: bool,
    /// S3 Transfer Acceleration.
    pub accelerate: bool,
    /// Where the bucket stands in URLs.
    pub addressing: Addressing,
    /// Whether an access point's own region counts.
    pub use_arn_region: bool,
    /// Whether payloads are signed; none signs where the connection is not encrypted.
    pub sign_payload: Option<bool>,
    /// How often a request is made at most, and whether the user has set that.
    pub attempts: (u32, bool),
    /// The `User-Agent`.
    pub user_agent: String,
    /// The clock.
    pub env: Env,
}

/// Where the bucket stands in URLs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Addressing {
    /// In the host at AWS, in the path elsewhere.
    #[default]
    Auto,
    /// In the host.
    Virtual,
    /// In the path.
    Path,
}

/// S3 for one set of keys. Clones share places, sessions and connections.
#[derive(Clone)]
pub struct S3 {
    http: HttpClient,
    shared: Arc<Shared>,
}

struct Shared {
    config: Config,
    user_agent: Option<HeaderValue>,
    places: RwLock<HashMap<String, Arc<Place>>>,
    sessions: Sessions,
    /// Seconds that the server's clock is ahead.
    skew: AtomicI64,
    pace: Pace,
}

/// A whole answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) headers: HeaderMap,
    body: Bytes,
}

impl Answer {
    pub(crate) fn text(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(&self.body)
    }
}

impl S3 {
    /// S3 over these connections.
    pub fn new(http: HttpClient, config: Config) -> Self {
        let user_agent = HeaderValue::try_from(config.user_agent.as_str()).ok();
        Self {
            http,
            shared: Arc::new(Shared {
                config,
                user_agent,
                places: RwLock::default(),
                sessions: Sessions::default(),
                skew: AtomicI64::new(0),
                pace: Pace::default(),
            }),
        }
    }

    /// The same with connections of its own, for a runtime of its own.
    #[must_use]
    pub fn with_own_connections(&self) -> Self {
        Self { http: self.http.with_own_pool(), shared: self.shared.clone() }
    }

    /// The configuration.
    pub fn config(&self) -> &Config {
        &self.shared.config
    }

    /// Why there are no keys any longer, if that is so.
    pub(crate) fn missing_keys(&self) -> Option<NoKeys> {
        self.shared.config.keys.as_ref()?.missing()
    }

    /// How fast S3 lets us go.
    pub(crate) fn pace(&self) -> &Pace {
        &self.shared.pace
    }

    /// The time by the server's clock.
    pub(super) fn now(&self) -> SystemTime {
        let now = SystemTime::from(self.shared.config.env.now());
        let skew = self.shared.skew.load(Ordering::Relaxed);
        let seconds = Duration::from_secs(skew.unsigned_abs());
        if skew < 0 { now - seconds } else { now + seconds }
    }

    /// Where a bucket is asked.
    pub(super) async fn place(&self, bucket: &str) -> Result<Arc<Place>, CallError> {
        if let Some(place) = self.shared.places.read().expect("no holder panics").get(bucket) {
            return Ok(place.clone());
        }
        self.place_in(&self.shared.config.region, bucket).await
    }

    async fn place_in(&self, region: &str, bucket: &str) -> Result<Arc<Place>, CallError> {
        let place = Arc::new(endpoint::resolve(&self.shared.config, region, bucket).await?);
        self.shared.places.write().expect("no holder panics").insert(bucket.to_owned(), place.clone());
        Ok(place)
    }

    /// Whose keys sign a request; none where it is not signed.
    pub(super) async fn identity(&self, place: &Place, bucket: &str) -> Result<Option<Identity>, CallError> {
        match (&self.shared.config.keys, &place.scheme) {
            (None, _) => Ok(None),
            (Some(_), Scheme::Express { .. }) => Ok(Some(self.shared.sessions.identity(self, bucket).await?)),
            (Some(keys), _) => Ok(Some(keys.identity(self.now()).await?)),
        }
    }

    /// Makes a request and gives its answer, the body still to come.
    pub async fn send(&self, call: Call<'_>) -> Result<Response<SdkBody>, CallError> {
        let digests = self.digest(&call, None).await?;
        self.send_digested(&call, &digests).await
    }

    /// Makes a request and collects its answer. An error in an answer that began well counts as one.
    pub(crate) async fn fetch(&self, call: Call<'_>) -> Result<Answer, CallError> {
        let digests = self.digest(&call, None).await?;
        self.fetch_digested(&call, &digests).await
    }

    /// Reads the payload for what must be known before it is sent.
    pub(crate) async fn digest(
        &self,
        call: &Call<'_>,
        algorithm: Option<Algorithm>,
    ) -> Result<Digests, CallError> {
        if call.payload.is_empty() && algorithm.is_none() {
            return Ok(Digests { sha256: Some(SHA256_OF_NOTHING.to_owned()), checksum: None });
        }
        let signed = self.signs_payload(call).await?;
        call.payload.digest(signed, algorithm).map_err(|error| CallError::Other(error.to_string()))
    }

    async fn signs_payload(&self, call: &Call<'_>) -> Result<bool, CallError> {
        if self.shared.config.keys.is_none() {
            return Ok(false);
        }
        match self.shared.config.sign_payload {
            Some(true) => Ok(true),
            // Over a plain connection the signature is all that keeps the payload from being changed.
            _ if !matches!(call.payload, Payload::File(_) | Payload::Bytes(_)) => Ok(true),
            _ => Ok(!self.place(call.bucket).await?.base.starts_with("https:")),
        }
    }

    /// [`Self::send`] with what is known of the payload.
    pub(crate) async fn send_digested(
        &self,
        call: &Call<'_>,
        digests: &Digests,
    ) -> Result<Response<SdkBody>, CallError> {
        let mut made = 0;
        loop {
            match self.attempt(call, digests).await {
                Ok(answer) => return Ok(answer),
                Err(error) => self.prepare_another(call, &mut made, error).await?,
            }
        }
    }

    /// [`Self::fetch`] with what is known of the payload.
    pub(crate) async fn fetch_digested(
        &self,
        call: &Call<'_>,
        digests: &Digests,
    ) -> Result<Answer, CallError> {
        let mut made = 0;
        loop {
            match self.attempt_whole(call, digests).await {
                Ok(answer) => return Ok(answer),
                Err(error) => self.prepare_another(call, &mut made, error).await?,
            }
        }
    }

    async fn attempt_whole(&self, call: &Call<'_>, digests: &Digests) -> Result<Answer, CallError> {
        let (parts, body) = self.attempt(call, digests).await?.into_parts();
        let body = collect(body).await?;
        // Copying and completing answer 200 before they know.
        if let Some(text) = body.get(..512.min(body.len())).and_then(|head| std::str::from_utf8(head).ok())
            && let Some((code, message)) = parse(text)
        {
            let operation = call.operation;
            let error =
                ServiceError { operation, code, message, details: Vec::new(), status: 200, retries: None };
            return Err(error.into());
        }
        Ok(Answer { headers: parts.headers, body })
    }

    /// Waits until a request may be made again after it failed, or gives the error back.
    async fn prepare_another(
        &self,
        call: &Call<'_>,
        made: &mut u32,
        mut error: CallError,
    ) -> Result<(), CallError> {
        *made += 1;
        let (attempts, is_set) = self.shared.config.attempts;
        let Some(reason) = retry::reason(&error) else { return Err(error) };
        if reason == Reason::Throttled {
            self.shared.pace.slow_down();
        }
        if *made >= (Policy { attempts, is_set }).attempts_for(reason) {
            if let CallError::Service(error) = &mut error {
                error.retries = (*made > 1).then(|| *made - 1);
            }
            return Err(error);
        }
        let pause = retry::pause(*made, reason, retry::random());
        tracing::debug!(target: "awsx::s3", operation = call.operation, made, ?pause, "trying again");
        tokio::time::sleep(pause).await;
        call.payload.begin_again();
        Ok(())
    }

    /// One attempt; a bucket that lies elsewhere, a clock that is wrong and keys that have ended do not count.
    async fn attempt(&self, call: &Call<'_>, digests: &Digests) -> Result<Response<SdkBody>, CallError> {
        let mut place = self.place(call.bucket).await?;
        let mut moved = 0;
        loop {
            let keys = self.shared.config.keys.as_ref().map(|keys| (keys, keys.generation()));
            let request = self.request(call, digests, &place).await?;
            let sent = self.http.send(request).await?;
            let status = sent.status();
            if status.is_success() {
                return Ok(sent);
            }
            let (parts, body) = sent.into_parts();
            let body = collect(http_body_util::Limited::new(body, LONGEST_ERROR)).await.unwrap_or_default();
            let error = service_error(call.operation, status, &body);
            moved += 1;
            if moved <= 3 {
                if let Some(region) = region_of(status, &parts.headers, &place) {
                    place = self.place_in(&region, call.bucket).await?;
                    continue;
                }
                if error.code == "RequestTimeTooSkewed" && self.learn_skew(&parts.headers) {
                    continue;
                }
                if let Some((keys, generation)) = keys
                    && keys.are_refused(&error, self.now())
                    && keys.replace(generation, self.now()).await
                {
                    call.payload.begin_again();
                    continue;
                }
            }
            return Err(error.into());
        }
    }

    async fn request(
        &self,
        call: &Call<'_>,
        digests: &Digests,
        place: &Place,
    ) -> Result<Request<SdkBody>, CallError> {
        let mut request = Request::builder()
            .method(&call.method)
            .uri(call.url(&place.base))
            .body(SdkBody::empty())
            .map_err(sign::failed)?;
        request.headers_mut().clone_from(&call.headers);
        // What opens a session cannot be signed with it.
        let opens_session = call.operation == "CreateSession";
        let (identity, scheme) = match &place.scheme {
            Scheme::Express { region, name } if opens_session => {
                let scheme = Scheme::V4 { region: region.clone(), name: name.clone() };
                let identity = match &self.shared.config.keys {
                    Some(keys) => Some(keys.identity(self.now()).await?),
                    None => None,
                };
                (identity, std::borrow::Cow::Owned(scheme))
            }
            scheme => (self.identity(place, call.bucket).await?, std::borrow::Cow::Borrowed(scheme)),
        };
        if let Some(identity) = identity {
            sign::sign_request(&mut request, &scheme, &identity, digests.sha256.as_deref(), self.now())?;
        }
        if let Some(user_agent) = &self.shared.user_agent {
            request.headers_mut().insert(USER_AGENT, user_agent.clone());
        }
        if call.method == Method::PUT || call.method == Method::POST {
            request.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(call.payload.len()));
        }
        *request.body_mut() = call.payload.to_body();
        Ok(request)
    }

    /// Whether the server's clock tells another time than the one used so far.
    fn learn_skew(&self, headers: &HeaderMap) -> bool {
        let text = headers.get(DATE).and_then(|date| date.to_str().ok());
        let Some(server) = text.and_then(|text| DateTime::from_str(text, Format::HttpDate).ok()) else {
            return false;
        };
        let skew = server.secs() - self.shared.config.env.now().unix_timestamp();
        let before = self.shared.skew.swap(skew, Ordering::Relaxed);
        (skew - before).abs() > 60
    }
}

impl fmt::Debug for S3 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("S3").field("region", &self.shared.config.region).finish_non_exhaustive()
    }
}

/// Where S3 says the bucket is, when it refuses because it was asked for in the wrong region.
fn region_of(status: StatusCode, headers: &HeaderMap, place: &Place) -> Option<String> {
    let named = headers.get(BUCKET_REGION)?.to_str().ok()?;
    let Scheme::V4 { region: asked, .. } = &place.scheme else { return None };
    (matches!(status.as_u16(), 301 | 307 | 400) && named != asked).then(|| named.to_owned())
}

async fn collect<B>(body: B) -> Result<Bytes, CallError>
where
    B: http_body::Body<Data = Bytes>,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    match body.collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) => {
            let error = error.into();
            match RequestError::find(&*error) {
                Some(found) => Err(found.clone().into()),
                None => Err(CallError::Other(error.to_string())),
            }
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use aws_credential_types::Credentials;

    use super::*;

    pub(in crate::wire) fn config(url: &str) -> Config {
        Config {
            region: "us-east-1".to_owned(),
            endpoint_url: Some(url.to_owned()),
            keys: Some(Keys::fixed(Credentials::new("AKIA", "secret", None, None, "test"))),
            fips: false,
            dual_stack: false,
            accelerate: false,
            addressing: Addressing::Auto,
            use_arn_region: false,
            sign_payload: None,
            attempts: (3, false),
            user_agent: "awsx".to_owned(),
            env: Env::of([("HOME", "/h")]),
        }
    }

    #[test]
    fn another_region_is_tried_once_it_is_named() {
        let place = Place {
            base: String::new(),
            scheme: Scheme::V4 { region: "us-east-1".into(), name: "s3".into() },
        };
        let headers = HeaderMap::from_iter([(BUCKET_REGION, HeaderValue::from_static("eu-west-1"))]);
        let region = |status| region_of(status, &headers, &place);
        assert_eq!(region(StatusCode::MOVED_PERMANENTLY).as_deref(), Some("eu-west-1"));
        assert_eq!(region(StatusCode::FORBIDDEN), None);
    }
}
