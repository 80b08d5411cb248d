//! Operations: what a service can be asked.

use crate::{AuthScheme, Paginator, ShapeId, Text, XmlNamespace};

/// What a service can be asked.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a trait of the model")]
pub struct Operation {
    /// The name users know, for instance `ListUsers`.
    pub name: Text,
    /// The name on the wire. It differs where the model has a version in it (`ListDistributions2020_05_31`).
    pub wire_name: Text,
    /// The HTTP method.
    pub method: Text,
    /// The path with `{Labels}` and perhaps a query, as the model has it.
    pub request_uri: Text,
    /// What goes in.
    pub input: Option<InputUse>,
    /// What comes out.
    pub output: Option<OutputUse>,
    /// The errors the model names.
    pub errors: Vec<ShapeId>,
    /// What is put before the host, with `{Labels}`.
    pub host_prefix: Option<Text>,
    /// How its requests may be signed, where that differs from its service. [`AuthScheme::None`] where they are not.
    pub auth: Vec<AuthScheme>,
    /// What the signature covers.
    pub payload_signing: PayloadSigning,
    /// Checksums of request and response.
    pub http_checksum: Option<HttpChecksum>,
    /// The request must carry a checksum, MD5 unless [`Operation::http_checksum`] says otherwise.
    pub checksum_required: bool,
    /// How large request bodies are packed.
    pub compression: Option<Compression>,
    /// Endpoint parameters with a fixed value.
    pub static_context: Vec<(Text, ContextValue)>,
    /// Endpoint parameters read from the input by a JMESPath expression.
    pub operation_context: Vec<(Text, Text)>,
    /// Its requests may go, or must go, to endpoints that the service lists itself.
    pub endpoint_discovery: Option<EndpointDiscovery>,
    /// It lists these endpoints.
    pub lists_endpoints: bool,
    /// How its results are read page by page.
    pub paginator: Option<Paginator>,
    /// It changes nothing.
    pub read_only: bool,
    /// AWS advises against it.
    pub deprecated: bool,
}

/// What goes into an operation.
#[derive(Debug, Clone, Copy)]
pub struct InputUse {
    /// The structure.
    pub shape: ShapeId,
    /// The name of the XML element around it.
    pub location_name: Option<Text>,
    /// The namespace of that element.
    pub xml_namespace: Option<XmlNamespace>,
}

/// What comes out of an operation.
#[derive(Debug, Clone, Copy)]
pub struct OutputUse {
    /// The structure.
    pub shape: ShapeId,
    /// The XML element around the result, for instance `ListUsersResult`.
    pub result_wrapper: Option<Text>,
}

/// What a signature covers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PayloadSigning {
    /// Headers and body.
    #[default]
    Signed,
    /// Headers alone.
    Unsigned,
}

/// Checksums of request and response.
#[derive(Debug, Clone)]
pub struct HttpChecksum {
    /// A request without one is refused.
    pub request_required: bool,
    /// The member that names the algorithm of the request.
    pub request_algorithm_member: Option<Text>,
    /// The member that asks for the response to be checked.
    pub request_validation_mode_member: Option<Text>,
    /// The algorithms the response may use, best first.
    pub response_algorithms: Vec<Text>,
}

/// How large request bodies may be packed.
#[derive(Debug, Clone)]
pub struct Compression {
    /// The encodings, best first.
    pub encodings: Vec<Text>,
}

/// A value of an endpoint parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ContextValue {
    /// A switch.
    Boolean(bool),
    /// A text.
    Text(Text),
    /// Texts.
    List(Vec<Text>),
}

/// Endpoints that a service lists itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EndpointDiscovery {
    /// Requests anywhere else are refused.
    pub required: bool,
}
