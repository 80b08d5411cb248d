//! The client: one operation at a time, from the input to the answer.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_smithy_types::body::SdkBody;
use awsx_http::percent;
use awsx_model::{Input, Operation, Service};
use awsx_output::Value;
use bytes::Bytes;

use crate::checksum::{self, Expected};
use crate::compression;
use crate::events::Incoming;
use crate::handlers::{self, Changes};
use crate::protocol::{self, Answer, EventReader, WireRequest};
use crate::request::Place;
use crate::send::{self, Sent};
use crate::signing::{self, Signer};
use crate::target::{self, Question};
use crate::wire::{Limits, Scheme, Sessions};
use crate::{Body, CallError, ClientConfig, EndpointDiscovery, Events, Request, Response, ResponseBody};

/// Asks one service.
#[derive(Debug, Clone)]
pub struct Client {
    service: &'static Service,
    config: ClientConfig,
    limits: Arc<Limits>,
    sessions: Sessions,
}

impl Client {
    /// A client of this service.
    pub fn new(service: &'static Service, config: ClientConfig) -> Self {
        Self { service, config, limits: Arc::default(), sessions: Sessions::default() }
    }

    /// The service that is asked.
    pub fn service(&self) -> &'static Service {
        self.service
    }

    /// The time by the service's clock.
    fn now(&self) -> SystemTime {
        self.limits.skew.correct(self.config.clock.now())
    }

    /// Asks the service.
    pub async fn call(&self, operation: &'static Operation, input: Input) -> Result<Response, CallError> {
        let (request, signer, changes, input) = self.prepare(operation, input).await?;
        let account_id = signer.account_id().map(str::to_owned);
        let in_region = |region: &str| {
            let config = ClientConfig { region: Some(region.to_owned()), ..self.config.clone() };
            self.question(operation, &input, account_id.as_deref()).with(&config).target()
        };
        let sent =
            send::send(self.service, operation, &self.config, &self.limits, request, signer, &in_region)
                .await?;
        self.read(operation, sent, &changes).await
    }

    /// Makes the request of a call without sending it.
    pub async fn request(&self, operation: &'static Operation, input: Input) -> Result<Request, CallError> {
        Ok(self.prepare(operation, input).await?.0)
    }

    /// A URL that makes the call for whoever has it, for so long.
    pub async fn presign(
        &self,
        operation: &'static Operation,
        input: Input,
        expires: Duration,
    ) -> Result<String, CallError> {
        let (wire, input, _) = self.write(operation, input)?;
        let (request, signer) = self.aim(operation, &input, wire).await?;
        signing::presign(&request, &signer, self.now(), expires)
    }

    async fn prepare(
        &self,
        operation: &'static Operation,
        input: Input,
    ) -> Result<(Request, Signer, Changes, Input), CallError> {
        let input = self.with_presigned_url(operation, input).await?;
        let (wire, input, changes) = self.write(operation, input)?;
        let (mut request, signer) = self.aim(operation, &input, wire).await?;
        compression::pack(&mut request, operation, &self.config);
        checksum::add(&mut request, self.service, operation, &input, &self.config)?;
        Ok((request, signer, changes, input))
    }

    fn write(
        &self,
        operation: &'static Operation,
        mut input: Input,
    ) -> Result<(WireRequest, Input, Changes), CallError> {
        let changes = handlers::before_writing(self.service, operation, &mut input, &self.config)?;
        let mut wire = protocol::write(self.service, operation, &input)?;
        handlers::before_sending(self.service, operation, &input, &mut wire);
        Ok((wire, input, changes))
    }

    /// Finds host and signature.
    async fn aim(
        &self,
        operation: &'static Operation,
        input: &Input,
        wire: WireRequest,
    ) -> Result<(Request, Signer), CallError> {
        let scheme = target::scheme(self.service, operation, &self.config);
        let mut signer = Signer::resolve(scheme, &self.config.identity, self.now()).await?;
        let mut target = self.question(operation, input, signer.account_id()).target()?;
        let discovered = self.discovered_url(operation).await?;
        if let Some(url) = &discovered {
            target.url.clone_from(url);
        }
        if let Some(url) = handlers::endpoint_in_input(self.service, operation, input) {
            target.url = url;
        }
        if target.signing.scheme == Scheme::S3Express
            && let Some(keys) = self.session_keys(operation, input).await?
        {
            signer = keys;
        }
        let host_prefix = wire.host_prefix.filter(|_| !self.config.disable_host_prefix);
        let mut request = Request {
            method: wire.method,
            url: String::new(),
            headers: wire.headers,
            body: wire.body,
            signing: target.signing.clone(),
            payload_signing: operation.payload_signing,
            trailer: None,
            place: Place { host_prefix, path: wire.path, query: encode_query(&wire.query) },
        };
        request.aim_at(target);
        if let Some(url) = discovered.filter(|url| request.url == format!("{url}/")) {
            // AWS CLI shows such a URL as it came.
            request.url = url;
        }
        request.set_header("User-Agent", self.config.user_agent.as_str());
        Ok((request, signer))
    }

    fn question<'a>(
        &'a self,
        operation: &'a Operation,
        input: &'a Input,
        account_id: Option<&'a str>,
    ) -> Question<'a> {
        Question { service: self.service, operation, input, config: &self.config, account_id }
    }

    /// Some services tell themselves where they are asked.
    async fn discovered_url(&self, operation: &Operation) -> Result<Option<String>, CallError> {
        const REFUSED: &str = "Endpoint Discovery is not enabled but this operation requires it.";
        let Some(discovery) = operation.endpoint_discovery else { return Ok(None) };
        match (self.config.endpoint_discovery, discovery.required) {
            (EndpointDiscovery::Off, _)
            | (EndpointDiscovery::Refused | EndpointDiscovery::WhereRequired, false) => return Ok(None),
            (EndpointDiscovery::Refused, true) => return Err(CallError::Endpoint(REFUSED.to_owned())),
            (EndpointDiscovery::WhereRequired, true) | (EndpointDiscovery::WherePossible, _) => {}
        }
        let Some(lists) = self.service.operations.iter().find(|operation| operation.lists_endpoints) else {
            return Ok(None);
        };
        let listed = match Box::pin(self.call(lists, Input::empty())).await {
            Ok(listed) => listed.value,
            Err(_) if !discovery.required => return Ok(None),
            Err(error) => return Err(error),
        };
        let first = listed.get("Endpoints").and_then(Value::as_list).and_then(<[Value]>::first);
        let address = first.and_then(|endpoint| endpoint.get("Address")).and_then(Value::as_str);
        let missing =
            || CallError::Endpoint("Endpoint Discovery failed to refresh the required endpoints.".to_owned());
        address.map(|address| Some(format!("https://{address}"))).ok_or_else(missing)
    }

    /// S3's directory buckets are asked with keys of their own, good for some minutes.
    async fn session_keys(&self, operation: &Operation, input: &Input) -> Result<Option<Signer>, CallError> {
        const CREATE: &str = "CreateSession";
        let (Some(create), Some(bucket)) = (self.service.operation(CREATE), input.get("Bucket")) else {
            return Ok(None);
        };
        if operation.name == CREATE {
            return Ok(None);
        }
        let asked = Input::Map([("Bucket".to_owned(), bucket.clone())].into_iter().collect());
        // The future of a call would hold itself, since a call may open a session.
        let open = Box::pin(async { Ok(session_credentials(&self.call(create, asked).await?.value)) });
        let name = bucket.as_text().unwrap_or_default();
        let keys = self.sessions.identity(name, self.now(), open);
        keys.await.map(|identity| Some(Signer::Keys { identity, source: None }))
    }

    /// Some operations copy from another region and carry the request to it inside of them.
    async fn with_presigned_url(
        &self,
        operation: &'static Operation,
        mut input: Input,
    ) -> Result<Input, CallError> {
        let Some(copy) = handlers::CrossRegionCopy::of(self.service, operation, &input) else {
            return Ok(input);
        };
        let destination = self.config.region.clone().ok_or(CallError::NoRegion)?;
        let config = ClientConfig { region: Some(copy.source_region.clone()), ..self.config.clone() };
        let elsewhere = Self { config, ..self.clone() };
        let inner = copy.inner_input(&input, &destination);
        let mut wire = protocol::write(self.service, operation, &inner)?;
        "GET".clone_into(&mut wire.method);
        wire.headers.clear();
        wire.query = query_of_form(&wire.body);
        wire.body = Body::empty();
        let (mut request, signer) = elsewhere.aim(operation, &inner, wire).await?;
        request.headers.clear();
        let url = signing::presign(&request, &signer, self.config.clock.now(), Duration::from_hours(1))?;
        copy.complete(&mut input, &destination, url);
        Ok(input)
    }

    async fn read(
        &self,
        operation: &'static Operation,
        sent: Sent,
        changes: &Changes,
    ) -> Result<Response, CallError> {
        let Sent { status, headers, mut body, url } = sent;
        let request_id = send::request_id(&headers);
        let timestamps = &self.config.timestamps;
        let streamed = handlers::streamed_member(self.service, operation);
        let mut expected = Expected::of(operation, changes.validates_answer, &headers);
        let mut events = None;
        let whole = if let Some(reader) = EventReader::of(self.service, operation) {
            let bytes = Incoming::new(std::mem::replace(&mut body, SdkBody::taken()), url.clone());
            let stream = Events::new(operation, reader, bytes, timestamps.clone(), request_id.clone());
            events.insert(stream).members().await?
        } else if streamed.is_some() {
            Bytes::new()
        } else {
            let whole = send::collect(&mut body, &url).await?;
            if let Some(mut expected) = expected.take() {
                expected.update(&whole);
                expected.compare()?;
            }
            whole
        };
        let answer = Answer { status, headers: &headers, body: &whole };
        let mut read = protocol::read(self.service, operation, &answer, timestamps)?;
        handlers::after_reading(self.service, operation, &answer, *changes, &mut read, timestamps);
        let body = streamed.map(|member| ResponseBody { member, body, url, expected });
        Ok(Response { value: Value::Map(read), body, events, request_id, status })
    }
}

/// What `CreateSession` gave.
fn session_credentials(session: &Value) -> Credentials {
    let keys = session.get("Credentials").cloned().unwrap_or_default();
    let text = |name: &str| keys.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let ends: Option<jiff::Timestamp> = text("Expiration").parse().ok();
    let (id, secret, token) = (text("AccessKeyId"), text("SecretAccessKey"), text("SessionToken"));
    Credentials::new(id, secret, Some(token), ends.map(SystemTime::from), "S3 Express")
}

pub(crate) fn encode_query(query: &[(String, Option<String>)]) -> String {
    let pairs = query.iter().map(|(name, value)| match value {
        Some(value) => format!("{}={}", percent::encode(name), percent::encode(value)),
        None => percent::encode(name),
    });
    pairs.collect::<Vec<_>>().join("&")
}

/// The fields of a form, to stand in a URL instead.
fn query_of_form(body: &Body) -> Vec<(String, Option<String>)> {
    let form = String::from_utf8_lossy(body.bytes().unwrap_or_default()).into_owned();
    let decode = |text: &str| {
        let spaced = text.replace('+', " ");
        percent_encoding::percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
    };
    let pairs = form.split('&').filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| (decode(name), Some(decode(value)))).collect()
}
