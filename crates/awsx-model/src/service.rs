//! A service: where it is, how it is spoken to, and what it can be asked.

use crate::{Kind, Operation, Shape, ShapeId, Shapes, Structure, Text, Waiter, XmlNamespace};

/// A service's model.
#[derive(Debug, Clone)]
pub struct Service {
    /// botocore's name for it, for instance `s3` or `cognito-idp`.
    pub name: Text,
    /// The name AWS gives it, for instance `Cognito Identity Provider`. It makes the keys of configured endpoints.
    pub service_id: Text,
    /// The name people read, for instance `AWS Identity and Access Management`.
    pub full_name: Text,
    /// The version, for instance `2010-05-08`.
    pub api_version: Text,
    /// AWS's key for it in documentation pages, for instance `iam-2010-05-08`.
    pub uid: Option<Text>,
    /// The protocol that AWS CLI speaks of those the service has.
    pub protocol: Protocol,
    /// `1.0` or `1.1` for the JSON protocols.
    pub json_version: Option<Text>,
    /// What stands before the operation's name in `X-Amz-Target`.
    pub target_prefix: Option<Text>,
    /// The first label of its hosts.
    pub endpoint_prefix: Text,
    /// The name in signatures, where it is not the endpoint prefix.
    pub signing_name: Option<Text>,
    /// How requests are signed where [`Service::auth`] is empty.
    pub signature: Signature,
    /// The ways its requests may be signed, in the service's order of preference.
    pub auth: Vec<AuthScheme>,
    /// The default namespace of its XML.
    pub xml_namespace: Option<XmlNamespace>,
    /// Answers carry the old query protocol's error codes in a header.
    pub aws_query_compatible: bool,
    /// Endpoint parameters that users set as S3 settings.
    pub client_context: Vec<ContextParam>,
    /// Sorted by name.
    pub operations: Vec<Operation>,
    /// All types; members refer to them by [`ShapeId`].
    pub shapes: Shapes,
    /// Sorted by name.
    pub waiters: Vec<Waiter>,
}

impl Service {
    /// Types alone, without a service to ask: values can be held against them.
    pub fn of_types(shapes: Vec<Shape>) -> Self {
        Self {
            name: "",
            service_id: "",
            full_name: "",
            api_version: "",
            uid: None,
            protocol: Protocol::Json,
            json_version: None,
            target_prefix: None,
            endpoint_prefix: "",
            signing_name: None,
            signature: Signature::V4,
            auth: Vec::new(),
            xml_namespace: None,
            aws_query_compatible: false,
            client_context: Vec::new(),
            operations: Vec::new(),
            shapes: shapes.into(),
            waiters: Vec::new(),
        }
    }

    /// The operation with this name in the model, for instance `ListUsers`.
    pub fn operation(&self, name: &str) -> Option<&Operation> {
        self.operations
            .binary_search_by(|operation| operation.name.cmp(name))
            .ok()
            .map(|at| &self.operations[at])
    }

    /// The structure of this id; none for other types.
    pub fn structure(&self, id: ShapeId) -> Option<&Structure> {
        match &self.shape(id).kind {
            Kind::Structure(structure) => Some(structure),
            _ => None,
        }
    }

    /// What an operation is given; none if that is nothing.
    pub fn input(&self, operation: &Operation) -> Option<&Structure> {
        self.structure(operation.input?.shape)
    }

    /// What an operation gives; none if that is nothing.
    pub fn output(&self, operation: &Operation) -> Option<&Structure> {
        self.structure(operation.output?.shape)
    }

    /// The waiter with this name in the model, for instance `UserExists`.
    pub fn waiter(&self, name: &str) -> Option<&Waiter> {
        self.waiters.binary_search_by(|waiter| waiter.name.cmp(name)).ok().map(|at| &self.waiters[at])
    }

    /// The type that a member, list, map or operation refers to.
    ///
    /// # Panics
    ///
    /// Never for an id of this service: the loader refuses a model whose ids lead nowhere.
    pub fn shape(&self, id: ShapeId) -> &Shape {
        self.shapes.get(id)
    }

    /// The error that goes by this code on the wire.
    pub fn error(&self, code: &str) -> Option<&Shape> {
        // Where two share a code, the later one is meant.
        self.shapes.iter().rev().find(|shape| match &shape.kind {
            Kind::Structure(Structure { error: Some(error), .. }) => error.code.unwrap_or(shape.name) == code,
            _ => false,
        })
    }

    /// The name in signatures.
    pub fn signing_name(&self) -> Text {
        self.signing_name.unwrap_or(self.endpoint_prefix)
    }
}

/// How a service is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// JSON to one path, the operation in `X-Amz-Target`.
    Json,
    /// JSON to paths of their own.
    RestJson,
    /// XML to paths of their own.
    RestXml,
    /// A form in, XML out.
    Query,
    /// A form in, XML out, with EC2's own names.
    Ec2,
    /// Smithy's CBOR.
    Cbor,
}

/// How requests are signed, as older models say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signature {
    /// AWS Signature Version 2.
    V2,
    /// AWS Signature Version 4.
    V4,
    /// AWS Signature Version 4 with S3's rules for paths and bodies.
    S3V4,
    /// A token in the `Authorization` header.
    Bearer,
}

/// How requests are signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AuthScheme {
    /// AWS Signature Version 4.
    SigV4,
    /// AWS Signature Version 4 for several regions at once.
    SigV4a,
    /// A token in the `Authorization` header.
    Bearer,
    /// Not at all.
    None,
}

/// An endpoint parameter that users set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContextParam {
    /// Its name in the endpoint rules.
    pub name: Text,
    /// Its type.
    pub kind: ContextType,
}

/// The type of an endpoint parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContextType {
    /// A switch.
    Boolean,
    /// A text.
    Text,
}
