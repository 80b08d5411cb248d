//! What AWS's API looks like: services, operations, shapes, pages, waiters and endpoint rules, as data.
//!
//! The models are packed into the program, one blob for each service, and only the one that is asked for is opened.
//! A loaded model lives until the process ends, because one process runs one operation: so every text in it is a
//! `&'static str`, and a [`Service`] can be shared freely.
//!
//! This crate knows what a model says. It does not know how a request is made from it, what an option is called on a
//! command line, nor where a user's files lie.

mod botocore;
mod catalog;
mod error;
mod input;
mod operation;
pub mod pack;
mod paginator;
mod rules;
mod service;
mod shape;
mod shapes;
mod waiter;

pub use botocore::is_plain_name;
pub use catalog::Catalog;
pub use error::ModelError;
pub use input::{Input, Moment};
pub use operation::{
    Compression, ContextValue, EndpointDiscovery, HttpChecksum, InputUse, Operation, OutputUse,
    PayloadSigning,
};
pub use paginator::Paginator;
pub use rules::{
    BuiltIn, Condition, Consequence, EndpointRule, EndpointRules, Expression, Function, Parameter,
    ParameterKind, Partition, Property, Rule, RuleSet, Step, partition_of,
};
pub use service::{AuthScheme, ContextParam, ContextType, Protocol, Service, Signature};
pub use shape::{
    Blob, Element, ErrorTrait, EventRole, Kind, List, Location, Map, Member, Number, Range, Retryable, Shape,
    ShapeId, Structure, Text, TimestampFormat, XmlNamespace,
};
pub use shapes::Shapes;
pub use waiter::{Acceptor, Expected, Matcher, Outcome, Waiter};

/// The built-in model of a service by botocore's name for it (`s3`, `cognito-idp`).
pub fn service(name: &str) -> Result<Option<&'static Service>, ModelError> {
    pack::BUILT_IN.service(name)
}

/// The names of all built-in services, sorted.
pub fn names() -> Result<Vec<Text>, ModelError> {
    pack::BUILT_IN.names()
}

/// The built-in endpoint rules of a service.
pub fn rules(name: &str) -> Result<Option<&'static EndpointRules>, ModelError> {
    pack::BUILT_IN.rules(name)
}

/// AWS's partitions; the first is the one of unknown regions.
pub fn partitions() -> Result<&'static [Partition], ModelError> {
    pack::BUILT_IN.partitions()
}
