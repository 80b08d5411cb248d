//! Sends calls: finds the place, signs, sends, reads errors, tries again.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, RwLock};
use std::time::SystemTime;

use aws_smithy_runtime_api::client::identity::Identity as SignerIdentity;
use aws_smithy_types::body::SdkBody;
use awsx_api::wire::{
    Attempts, Limits, Reason, Scheme, Sessions, SignedBody, Signing, Target, bucket_target, other_region,
    sign_request,
};
use awsx_api::{CallError, ClientConfig, Identity, region_unless_set};
use awsx_http::{HttpClient, RequestError};
use bytes::Bytes;
use http::header::{CONTENT_LENGTH, USER_AGENT};
use http::{HeaderMap, HeaderValue, Method, Request, Response};
use http_body_util::BodyExt;

use super::error::{hidden_error, reason_to_repeat, service_error};
use super::express;
use super::payload::Digests;
use super::{Call, Keys, NoKeys, Payload, check_bucket};
use crate::Time;
use crate::checksum::Algorithm;
use crate::pace::Pace;

const SHA256_OF_NOTHING: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
/// Seconds of the first wait at most: a transfer is long and can wait out what passes by.
const FIRST_WAIT: f64 = 1.0;
/// Errors are short; what is longer is none.
const LONGEST_ERROR: usize = 256 * 1024;

/// How often a request is made that S3 asks to come slower, unless the user has said how often.
pub const PATIENT_ATTEMPTS: u32 = 8;

/// S3 for one set of keys. Clones share places, sessions and connections.
#[derive(Clone)]
pub struct S3 {
    http: HttpClient,
    shared: Arc<Shared>,
}

struct Shared {
    config: ClientConfig,
    region: String,
    user_agent: Option<HeaderValue>,
    targets: RwLock<HashMap<String, Arc<Target>>>,
    sessions: Sessions,
    limits: Limits,
    pace: Pace,
}

/// A whole answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) headers: HeaderMap,
    body: Bytes,
    /// Whether it was asked for more than once.
    pub(crate) is_repeated: bool,
}

impl Answer {
    pub(crate) fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.body)
    }
}

impl S3 {
    /// S3 as these settings have it, in us-east-1 where they name no region: there every bucket can be found.
    pub fn new(config: ClientConfig) -> Self {
        let region = config.region.as_deref().or(region_unless_set("s3")).unwrap_or_default().to_owned();
        let user_agent = HeaderValue::try_from(config.user_agent.as_str()).ok();
        Self {
            http: config.http.clone(),
            shared: Arc::new(Shared {
                config,
                region,
                user_agent,
                targets: RwLock::default(),
                sessions: Sessions::default(),
                limits: Limits::default(),
                pace: Pace::default(),
            }),
        }
    }

    /// The same with connections of its own, for a runtime of its own.
    #[must_use]
    pub fn with_own_connections(&self) -> Self {
        Self { http: self.http.with_own_pool(), shared: self.shared.clone() }
    }

    /// The settings.
    pub fn config(&self) -> &ClientConfig {
        &self.shared.config
    }

    /// The region that is asked first.
    pub(crate) fn region(&self) -> &str {
        &self.shared.region
    }

    /// Keys to sign with; requests are not signed without.
    fn keys(&self) -> Option<&Keys> {
        match &self.shared.config.identity {
            Identity::Keys(keys) | Identity::Token { keys: Some(keys), .. } => Some(keys),
            Identity::Missing | Identity::Anonymous | Identity::Token { keys: None, .. } => None,
        }
    }

    /// Why there are no keys any longer, if that is so.
    pub(crate) fn missing_keys(&self) -> Option<NoKeys> {
        self.keys()?.missing()
    }

    /// How fast S3 lets us go.
    pub(crate) fn pace(&self) -> &Pace {
        &self.shared.pace
    }

    fn own_time(&self) -> SystemTime {
        self.shared.config.clock.now()
    }

    /// Seconds since 1970 by this computer's clock.
    pub(crate) fn unix_time(&self) -> i64 {
        Time::from(self.own_time()).seconds
    }

    /// The time by the server's clock.
    pub(super) fn now(&self) -> SystemTime {
        self.shared.limits.skew.correct(self.own_time())
    }

    /// Where a bucket is asked.
    pub(super) fn target(&self, bucket: &str) -> Result<Arc<Target>, CallError> {
        if let Some(target) = self.shared.targets.read().expect("no holder panics").get(bucket) {
            return Ok(target.clone());
        }
        self.target_in(&self.shared.region, bucket)
    }

    fn target_in(&self, region: &str, bucket: &str) -> Result<Arc<Target>, CallError> {
        if !bucket.is_empty() {
            check_bucket(bucket)?;
        }
        let target = Arc::new(bucket_target(&self.shared.config, region, bucket)?);
        self.shared.targets.write().expect("no holder panics").insert(bucket.to_owned(), target.clone());
        Ok(target)
    }

    /// Whose keys sign a request; none where it is not signed.
    pub(super) async fn identity(
        &self,
        signing: &Signing,
        bucket: &str,
    ) -> Result<Option<SignerIdentity>, CallError> {
        match (self.keys(), signing.scheme) {
            (None, _) => Ok(None),
            (Some(_), Scheme::S3Express) => {
                let open = express::open(self, bucket);
                Ok(Some(self.shared.sessions.identity(bucket, self.now(), open).await?))
            }
            (Some(keys), _) => keys.identity(self.now()).await.map(Some),
        }
    }

    /// Makes a request and gives its answer, the body still to come.
    pub async fn send(&self, call: Call<'_>) -> Result<Response<SdkBody>, CallError> {
        let digests = self.digest(&call, None)?;
        self.send_digested(&call, &digests).await
    }

    /// Makes a request and collects its answer. An error in an answer that began well counts as one.
    pub(crate) async fn fetch(&self, call: Call<'_>) -> Result<Answer, CallError> {
        let digests = self.digest(&call, None)?;
        self.fetch_digested(&call, &digests).await
    }

    /// Reads the payload for what must be known before it is sent.
    pub(crate) fn digest(&self, call: &Call<'_>, algorithm: Option<Algorithm>) -> Result<Digests, CallError> {
        if call.payload.is_empty() && algorithm.is_none() {
            return Ok(Digests { sha256: Some(SHA256_OF_NOTHING.to_owned()), checksum: None });
        }
        let signed = self.signs_payload(call)?;
        call.payload.digest(signed, algorithm).map_err(CallError::Body)
    }

    fn signs_payload(&self, call: &Call<'_>) -> Result<bool, CallError> {
        if self.keys().is_none() {
            return Ok(false);
        }
        if self.shared.config.s3.sign_payloads
            || !matches!(call.payload, Payload::File(_) | Payload::Bytes(_))
        {
            return Ok(true);
        }
        // Over a plain connection the signature is all that keeps the payload from being changed.
        Ok(!self.target(call.bucket)?.url.starts_with("https:"))
    }

    /// [`Self::send`] with what is known of the payload.
    pub(crate) async fn send_digested(
        &self,
        call: &Call<'_>,
        digests: &Digests,
    ) -> Result<Response<SdkBody>, CallError> {
        let mut attempts = self.attempts();
        loop {
            match self.attempt(call, digests, &mut attempts).await {
                Ok(answer) => {
                    attempts.succeeded();
                    return Ok(answer);
                }
                Err(error) => self.prepare_another(call, &mut attempts, error).await?,
            }
        }
    }

    /// [`Self::fetch`] with what is known of the payload.
    pub(crate) async fn fetch_digested(
        &self,
        call: &Call<'_>,
        digests: &Digests,
    ) -> Result<Answer, CallError> {
        let mut attempts = self.attempts();
        let mut is_repeated = false;
        loop {
            match self.attempt_whole(call, digests, &mut attempts).await {
                Ok(answer) => {
                    attempts.succeeded();
                    return Ok(Answer { is_repeated, ..answer });
                }
                Err(error) => self.prepare_another(call, &mut attempts, error).await?,
            }
            is_repeated = true;
        }
    }

    fn attempts(&self) -> Attempts<'_> {
        Attempts::new(self.shared.config.retry, &self.shared.limits).scaled(FIRST_WAIT)
    }

    /// Waits until a request may be made again after it failed, or gives the error back.
    async fn prepare_another(
        &self,
        call: &Call<'_>,
        attempts: &mut Attempts<'_>,
        mut error: CallError,
    ) -> Result<(), CallError> {
        let reason = reason_to_repeat(&error);
        if reason == Some(Reason::Throttled) {
            self.shared.pace.slow_down();
        }
        let Some(pause) = attempts.wait_after(reason, None) else {
            if let CallError::Service(error) = &mut error {
                error.retries = attempts.exhausted_after(reason);
            }
            return Err(error);
        };
        tracing::debug!(target: "awsx::s3", operation = call.operation, ?reason, ?pause, "trying again");
        tokio::time::sleep(pause).await;
        call.payload.begin_again();
        Ok(())
    }

    async fn attempt_whole(
        &self,
        call: &Call<'_>,
        digests: &Digests,
        attempts: &mut Attempts<'_>,
    ) -> Result<Answer, CallError> {
        let (parts, body) = self.attempt(call, digests, attempts).await?.into_parts();
        let body = collect(body).await?;
        match hidden_error(call.operation, &body) {
            Some(error) => Err(error.into()),
            None => Ok(Answer { headers: parts.headers, body, is_repeated: false }),
        }
    }

    /// One attempt; a bucket that lies elsewhere, a clock that is wrong and keys that have ended do not count.
    async fn attempt(
        &self,
        call: &Call<'_>,
        digests: &Digests,
        attempts: &mut Attempts<'_>,
    ) -> Result<Response<SdkBody>, CallError> {
        attempts.begin().await;
        let mut target = self.target(call.bucket)?;
        loop {
            let keys = self.keys().map(|keys| (keys, keys.generation()));
            let signed_at = self.now();
            let request = self.request(call, digests, &target, signed_at).await?;
            let sent = self.http.send(request).await?;
            let status = sent.status();
            if status.is_success() {
                return Ok(sent);
            }
            let (parts, body) = sent.into_parts();
            let body = collect(http_body_util::Limited::new(body, LONGEST_ERROR)).await.unwrap_or_default();
            let error = service_error(call.operation, status, &body);
            let refusal = (error.status, error.code.as_str());
            let asked = &target.signing;
            let is_cured = if asked.scheme == Scheme::V4
                && let Some(region) =
                    other_region(refusal, &parts.headers, &body, &call.method, &asked.region)
            {
                target = self.target_in(&region, call.bucket)?;
                true
            } else if let Some((keys, generation)) = keys
                && keys.are_refused(&error.code, self.now())
            {
                keys.replace(generation, self.now()).await
            } else {
                self.shared.limits.skew.learn(&error.code, &parts.headers, signed_at, self.own_time())
            };
            if !is_cured || !attempts.may_cure() {
                return Err(error.into());
            }
            call.payload.begin_again();
        }
    }

    async fn request(
        &self,
        call: &Call<'_>,
        digests: &Digests,
        target: &Target,
        signed_at: SystemTime,
    ) -> Result<Request<SdkBody>, CallError> {
        let mut request = Request::builder()
            .method(&call.method)
            .uri(call.url(&target.url))
            .body(SdkBody::empty())
            .map_err(|error| CallError::Endpoint(error.to_string()))?;
        request.headers_mut().clone_from(&call.headers);
        // What opens a session cannot be signed with it.
        let opens_session =
            target.signing.scheme == Scheme::S3Express && call.operation == express::OPERATION;
        let signing = if opens_session {
            Cow::Owned(Signing { scheme: Scheme::V4, ..target.signing.clone() })
        } else {
            Cow::Borrowed(&target.signing)
        };
        if let Some(identity) = self.identity(&signing, call.bucket).await? {
            let body = digests.sha256.as_deref().map_or(SignedBody::Nothing, SignedBody::Hash);
            sign_request(&mut request, &signing, &identity, body, signed_at)?;
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
}

impl fmt::Debug for S3 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("S3").field("region", &self.shared.region).finish_non_exhaustive()
    }
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
                None => Err(CallError::Answer(error.to_string())),
            }
        }
    }
}
