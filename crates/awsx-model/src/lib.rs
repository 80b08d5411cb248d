//! What AWS's API looks like: services, operations, shapes, pages, waiters and endpoint rules, as data.
//!
//! The models are packed into the program, one blob for each service, and only the one that is asked for is opened.
//! A loaded model lives until the process ends, because one process runs one operation: so every text in it is a
//! `&'static str`, and a [`Service`] can be shared freely.
//!
//! This crate knows what a model says. It does not know how a request is made from it, what an option is called on a
//! command line, nor where a user's files lie.

mod input;
mod operation;
mod paginator;
mod service;
mod shape;
mod waiter;

pub use input::{Input, Moment};
pub use operation::{
    Compression, ContextValue, HttpChecksum, InputUse, Operation, OutputUse, PayloadSigning,
};
pub use paginator::Paginator;
pub use service::{AuthScheme, ContextParam, ContextType, Protocol, Service, Signature};
pub use shape::{
    Blob, Element, ErrorTrait, EventRole, Kind, List, Location, Map, Member, Number, Range, Shape, ShapeId,
    Structure, Text, TimestampFormat, XmlNamespace,
};
pub use waiter::{Acceptor, Expected, Matcher, Outcome, Waiter};
