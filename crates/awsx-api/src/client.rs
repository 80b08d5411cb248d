//! The client: one operation at a time, from the input to the answer.

use std::time::Duration;

use aws_smithy_types::body::SdkBody;
use awsx_model::{Input, Operation, Service};
use awsx_output::{Map, Value};
use bytes::Bytes;
use http_body_util::BodyExt;

use crate::checksum::{self, Algorithm, Expected};
use crate::compression;
use crate::handlers::{self, Changes};
use crate::protocol::{self, Answer, WireRequest};
use crate::send::{self, Sent};
use crate::signing::{self, Signer};
use crate::target::{self, Signing};
use crate::{Body, CallError, ClientConfig};

/// Asks one service.
#[derive(Debug, Clone)]
pub struct Client {
    service: &'static Service,
    config: ClientConfig,
}

/// A request as it is sent, but for the signature in its headers.
#[derive(Debug, Clone)]
pub struct Request {
    /// The HTTP method.
    pub method: String,
    /// Whole, with the query.
    pub url: String,
    /// In the order they are written.
    pub headers: Vec<(String, String)>,
    /// What follows the headers.
    pub body: Body,
    pub(crate) signing: Signing,
    /// A checksum that is sent after the body.
    pub(crate) trailer: Option<Algorithm>,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    pub(crate) fn set_header(&mut self, name: &str, value: impl Into<String>) {
        match self.headers.iter_mut().find(|(key, _)| key.eq_ignore_ascii_case(name)) {
            Some(found) => found.1 = value.into(),
            None => self.headers.push((name.to_owned(), value.into())),
        }
    }
}

/// What a service answered.
#[derive(Debug)]
pub struct Response {
    /// The members that came, in the order AWS CLI prints them. Empty for operations without output.
    pub value: Value,
    /// The bytes of the member that is a stream, if the operation has one.
    pub body: Option<ResponseBody>,
    /// The id by which AWS finds the request.
    pub request_id: Option<String>,
    /// The HTTP status.
    pub status: u16,
}

/// The bytes of an answer, as they come.
#[derive(Debug)]
pub struct ResponseBody {
    /// The member of the output that these are.
    pub member: &'static str,
    body: SdkBody,
    url: String,
    expected: Option<Expected>,
}

impl ResponseBody {
    /// The next bytes; none after the last ones. The checksum, where the service sent one, is compared then.
    pub async fn next(&mut self) -> Result<Option<Bytes>, CallError> {
        while let Some(frame) = self.body.frame().await {
            let frame = frame.map_err(|error| send::broken_off(&self.url, &*error))?;
            if let Ok(data) = frame.into_data() {
                if let Some(expected) = &mut self.expected {
                    expected.update(&data);
                }
                return Ok(Some(data));
            }
        }
        self.expected.take().map_or(Ok(()), Expected::compare)?;
        Ok(None)
    }
}

impl Client {
    /// A client of this service.
    pub fn new(service: &'static Service, config: ClientConfig) -> Self {
        Self { service, config }
    }

    /// The service that is asked.
    pub fn service(&self) -> &'static Service {
        self.service
    }

    /// Asks the service.
    pub async fn call(&self, operation: &'static Operation, input: Input) -> Result<Response, CallError> {
        let (request, signer, changes) = self.prepare(operation, input).await?;
        let sent = send::send(self.service, operation, &self.config, request, &signer).await?;
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
        signing::presigned_url(&request, &signer, self.config.clock.now(), expires)
    }

    async fn prepare(
        &self,
        operation: &'static Operation,
        input: Input,
    ) -> Result<(Request, Signer, Changes), CallError> {
        let input = self.with_presigned_url(operation, input).await?;
        let (wire, input, changes) = self.write(operation, input)?;
        let (mut request, signer) = self.aim(operation, &input, wire).await?;
        compression::pack(&mut request, operation, &self.config);
        checksum::add(&mut request, self.service, operation, &input, &self.config)?;
        Ok((request, signer, changes))
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
        let scheme = target::scheme(self.service, operation, &self.config.identity);
        let signer = Signer::resolve(scheme, &self.config.identity).await?;
        let target = target::resolve(self.service, operation, input, &self.config)?;
        let prefix = wire.host_prefix.as_deref().filter(|_| !self.config.disable_host_prefix);
        let url = target::join(&target.url, prefix, &wire.path, &encode_query(&wire.query));
        let mut request = Request {
            method: wire.method,
            url,
            headers: wire.headers,
            body: wire.body,
            signing: target.signing,
            trailer: None,
        };
        for (name, value) in target.headers {
            request.set_header(&name, value);
        }
        request.set_header("User-Agent", self.config.user_agent.as_str());
        Ok((request, signer))
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
        let elsewhere = Self {
            service: self.service,
            config: ClientConfig { region: Some(copy.source_region.clone()), ..self.config.clone() },
        };
        let inner = copy.inner_input(&input, &destination);
        let mut wire = protocol::write(self.service, operation, &inner)?;
        "GET".clone_into(&mut wire.method);
        wire.headers.clear();
        wire.query = query_of_form(&wire.body);
        wire.body = Body::empty();
        let (mut request, signer) = elsewhere.aim(operation, &inner, wire).await?;
        request.headers.clear();
        let url =
            signing::presigned_url(&request, &signer, self.config.clock.now(), Duration::from_hours(1))?;
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
        let streamed = handlers::streamed_member(self.service, operation);
        let mut expected = Expected::of(operation, changes.validates_answer, &headers);
        let whole = if streamed.is_some() {
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
        let mut read = protocol::read(self.service, operation, &answer, &self.config.timestamps)?;
        handlers::after_reading(
            self.service,
            operation,
            &answer,
            *changes,
            &mut read,
            &self.config.timestamps,
        );
        let body = streamed.map(|member| ResponseBody { member, body, url, expected });
        Ok(Response { value: Value::Map(read), body, request_id, status })
    }
}

pub(crate) fn encode_query(query: &[(String, Option<String>)]) -> String {
    let pairs = query.iter().map(|(name, value)| match value {
        Some(value) => format!("{}={}", protocol::encode(name), protocol::encode(value)),
        None => protocol::encode(name),
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

/// The answer to an operation without output.
impl Response {
    /// Whether nothing came that can be shown.
    pub fn is_empty(&self) -> bool {
        self.value.as_map().is_some_and(Map::is_empty)
    }
}
