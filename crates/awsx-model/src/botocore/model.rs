//! What botocore's files may say, as far as awsx wants to know. Anything else in them is passed over: documentation, examples,
//! traits of other programs.

use serde::Deserialize;
use serde_json::{Number, Value};

use super::ordered::Ordered;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Model {
    pub(crate) metadata: Metadata,
    /// Read one by one, so that an error can name the operation.
    #[serde(default)]
    pub(crate) operations: Ordered<Value>,
    /// Read one by one, so that an error can name the shape.
    #[serde(default)]
    pub(crate) shapes: Ordered<Value>,
    #[serde(default)]
    pub(crate) client_context_params: Ordered<ClientContextParam>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Metadata {
    pub(crate) api_version: String,
    pub(crate) endpoint_prefix: String,
    pub(crate) service_id: Option<String>,
    pub(crate) service_full_name: Option<String>,
    pub(crate) uid: Option<String>,
    pub(crate) protocol: Option<String>,
    #[serde(default)]
    pub(crate) protocols: Vec<String>,
    pub(crate) json_version: Option<String>,
    pub(crate) target_prefix: Option<String>,
    pub(crate) signing_name: Option<String>,
    pub(crate) signature_version: Option<String>,
    #[serde(default)]
    pub(crate) auth: Vec<String>,
    pub(crate) xml_namespace: Option<XmlNamespace>,
    pub(crate) aws_query_compatible: Option<Value>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct ClientContextParam {
    #[serde(rename = "type")]
    pub(crate) kind: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, clippy::struct_field_names, reason = "the fields are the file's")]
pub(crate) struct Operation {
    pub(crate) name: Option<String>,
    #[serde(default)]
    pub(crate) http: Http,
    pub(crate) input: Option<Reference>,
    pub(crate) output: Option<Reference>,
    #[serde(default)]
    pub(crate) errors: Vec<Reference>,
    #[serde(default)]
    pub(crate) endpoint: Endpoint,
    pub(crate) authtype: Option<String>,
    #[serde(default)]
    pub(crate) auth: Vec<String>,
    #[serde(default)]
    pub(crate) unsigned_payload: bool,
    pub(crate) http_checksum: Option<HttpChecksum>,
    #[serde(default)]
    pub(crate) http_checksum_required: bool,
    pub(crate) requestcompression: Option<RequestCompression>,
    #[serde(default)]
    pub(crate) static_context_params: Ordered<StaticContextParam>,
    #[serde(default)]
    pub(crate) operation_context_params: Ordered<OperationContextParam>,
    pub(crate) endpointdiscovery: Option<EndpointDiscovery>,
    #[serde(default)]
    pub(crate) endpointoperation: bool,
    #[serde(default)]
    pub(crate) readonly: bool,
    #[serde(default)]
    pub(crate) deprecated: bool,
}

#[derive(Debug, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Http {
    pub(crate) method: String,
    pub(crate) request_uri: String,
}

impl Default for Http {
    fn default() -> Self {
        Self { method: "POST".to_owned(), request_uri: "/".to_owned() }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Endpoint {
    pub(crate) host_prefix: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct HttpChecksum {
    #[serde(default)]
    pub(crate) request_checksum_required: bool,
    pub(crate) request_algorithm_member: Option<String>,
    pub(crate) request_validation_mode_member: Option<String>,
    #[serde(default)]
    pub(crate) response_algorithms: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct RequestCompression {
    pub(crate) encodings: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct StaticContextParam {
    pub(crate) value: ContextValue,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum ContextValue {
    Boolean(bool),
    Text(String),
    List(Vec<String>),
}

#[derive(Debug, Deserialize)]
pub(crate) struct OperationContextParam {
    pub(crate) path: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct EndpointDiscovery {
    #[serde(default)]
    pub(crate) required: bool,
}

/// A shape by name, with traits that lie over the shape's own.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Reference {
    pub(crate) shape: String,
    #[serde(flatten)]
    pub(crate) traits: Traits,
}

/// A type of the service.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "the fields are the file's")]
pub(crate) struct Shape {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    #[serde(default)]
    pub(crate) members: Ordered<Reference>,
    #[serde(default)]
    pub(crate) required: Vec<String>,
    pub(crate) member: Option<Reference>,
    pub(crate) key: Option<Reference>,
    pub(crate) value: Option<Reference>,
    pub(crate) payload: Option<String>,
    #[serde(default)]
    pub(crate) union: bool,
    #[serde(default)]
    pub(crate) document: bool,
    #[serde(default)]
    pub(crate) eventstream: bool,
    #[serde(default)]
    pub(crate) event: bool,
    #[serde(default)]
    pub(crate) exception: bool,
    pub(crate) error: Option<ErrorTrait>,
    pub(crate) retryable: Option<Retryable>,
    #[serde(default)]
    pub(crate) sparse: bool,
    #[serde(default)]
    pub(crate) requires_length: bool,
    #[serde(flatten)]
    pub(crate) traits: Traits,
}

/// What both a shape and a reference to it may say.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Traits {
    pub(crate) location: Option<String>,
    pub(crate) location_name: Option<String>,
    pub(crate) query_name: Option<String>,
    pub(crate) result_wrapper: Option<String>,
    pub(crate) xml_namespace: Option<XmlNamespace>,
    pub(crate) xml_attribute: Option<bool>,
    pub(crate) flattened: Option<bool>,
    pub(crate) streaming: Option<bool>,
    pub(crate) idempotency_token: Option<bool>,
    pub(crate) jsonvalue: Option<bool>,
    pub(crate) host_label: Option<bool>,
    pub(crate) context_param: Option<ContextParam>,
    pub(crate) timestamp_format: Option<String>,
    pub(crate) eventheader: Option<bool>,
    pub(crate) eventpayload: Option<bool>,
    pub(crate) deprecated: Option<bool>,
    #[serde(rename = "enum")]
    pub(crate) values: Option<Vec<String>>,
    pub(crate) min: Option<Number>,
    pub(crate) max: Option<Number>,
    pub(crate) sensitive: Option<bool>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct ContextParam {
    pub(crate) name: Option<String>,
}

/// In a service's metadata the name alone.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
pub(crate) enum XmlNamespace {
    Uri(String),
    Bound { prefix: Option<String>, uri: String },
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ErrorTrait {
    pub(crate) code: Option<String>,
    pub(crate) http_status_code: Option<u16>,
    #[serde(default)]
    pub(crate) sender_fault: bool,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Retryable {
    #[serde(default)]
    pub(crate) throttling: bool,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Paginators {
    pub(crate) pagination: Ordered<Paginator>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Paginator {
    pub(crate) input_token: OneOrMore,
    pub(crate) output_token: OneOrMore,
    pub(crate) more_results: Option<String>,
    pub(crate) limit_key: Option<String>,
    pub(crate) result_key: Option<OneOrMore>,
    #[serde(default)]
    pub(crate) non_aggregate_keys: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum OneOrMore {
    One(String),
    More(Vec<String>),
}

#[derive(Debug, Deserialize)]
pub(crate) struct Waiters {
    pub(crate) waiters: Ordered<Waiter>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Waiter {
    pub(crate) operation: String,
    pub(crate) delay: u32,
    pub(crate) max_attempts: u32,
    pub(crate) acceptors: Vec<Acceptor>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Acceptor {
    pub(crate) state: String,
    pub(crate) matcher: String,
    pub(crate) argument: Option<String>,
    pub(crate) expected: Expected,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Expected {
    Boolean(bool),
    Integer(i64),
    Text(String),
}
