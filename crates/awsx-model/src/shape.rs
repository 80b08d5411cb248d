//! Shapes: the types of what goes in and comes out of operations, with the traits that say how they look on the wire.

/// A text of a model. Models live until the process ends.
pub type Text = &'static str;

/// Where a shape stands in [`Service::shapes`](crate::Service::shapes).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ShapeId(pub u32);

/// A type of a service's model.
#[derive(Debug, Clone)]
pub struct Shape {
    /// The name in the model, for instance `PolicyDocumentType`.
    pub name: Text,
    /// What it is.
    pub kind: Kind,
    /// Length of a text, blob, list or map, or the value of a number.
    pub range: Range,
    /// Whether its content must not be logged.
    pub sensitive: bool,
}

/// What a shape is.
#[derive(Debug, Clone)]
pub enum Kind {
    /// Named members, each of its own type.
    Structure(Structure),
    /// Any number of elements of one type.
    List(List),
    /// Keys and values. Keys are texts.
    Map(Map),
    /// A text; with the values that the model lists, if it lists any.
    String {
        /// The allowed values, in the model's order. The service may know more than its model.
        values: Vec<Text>,
    },
    /// Bytes.
    Blob(Blob),
    /// `true` or `false`.
    Boolean,
    /// A whole number of 32 bits.
    Integer,
    /// A whole number of 64 bits.
    Long,
    /// A number of 32 bits with a fraction.
    Float,
    /// A number of 64 bits with a fraction.
    Double,
    /// A moment; with its format on the wire where the model sets one.
    Timestamp(Option<TimestampFormat>),
}

impl Kind {
    /// The types of Python that botocore takes for it, as its messages name them.
    pub fn python_types(&self) -> &'static str {
        match self {
            Self::Structure(_) | Self::Map(_) => "<class 'dict'>",
            Self::List(_) => "<class 'list'>, <class 'tuple'>",
            Self::String { .. } => "<class 'str'>",
            Self::Blob(_) => "<class 'bytes'>, <class 'bytearray'>, file-like object",
            Self::Boolean => "<class 'bool'>",
            Self::Integer | Self::Long => "<class 'int'>",
            Self::Float | Self::Double => "<class 'float'>, <class 'decimal.Decimal'>, <class 'int'>",
            Self::Timestamp(_) => "<class 'datetime.datetime'>, timestamp-string",
        }
    }
}

/// Named members.
#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a trait of the model")]
pub struct Structure {
    /// In the model's order.
    pub members: Vec<Member>,
    /// The indexes of the required members in the order they are asked for, where that is not the members' own.
    pub required_order: Vec<u32>,
    /// The index of the member that is the whole body, if one is.
    pub payload: Option<u32>,
    /// Exactly one member may be set.
    pub union: bool,
    /// Any JSON value at all (`document` types); it has no members.
    pub document: bool,
    /// An alternation of events that come one by one.
    pub event_stream: bool,
    /// One event of an event stream.
    pub event: bool,
    /// Set where the structure is an error.
    pub error: Option<ErrorTrait>,
    /// The name of its XML element.
    pub location_name: Option<Text>,
    /// The namespace of its XML element.
    pub xml_namespace: Option<XmlNamespace>,
}

impl Structure {
    /// The member of this name.
    pub fn member(&self, name: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.name == name)
    }

    /// The member that is the whole body, if one is.
    pub fn payload(&self) -> Option<&Member> {
        self.members.get(self.payload? as usize)
    }

    /// The required members, in the order they are asked for.
    pub fn required(&self) -> impl Iterator<Item = &Member> {
        let listed = self.required_order.iter().filter_map(|at| self.members.get(*at as usize));
        let in_place = self.members.iter().filter(|member| self.required_order.is_empty() && member.required);
        listed.chain(in_place)
    }
}

/// What the model says of an error.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ErrorTrait {
    /// The code on the wire, where it differs from the shape's name.
    pub code: Option<Text>,
    /// The status of the answer.
    pub status: Option<u16>,
    /// Whether the caller is at fault, rather than the service.
    pub sender_fault: bool,
    /// Set where the same request may succeed later.
    pub retryable: Option<Retryable>,
}

/// What the model says of errors after which a request may be made again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Retryable {
    /// The service asks for fewer requests.
    pub throttling: bool,
}

/// A member of a structure.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a trait of the model")]
pub struct Member {
    /// The name in the model.
    pub name: Text,
    /// Its type.
    pub shape: ShapeId,
    /// Whether a request without it is refused.
    pub required: bool,
    /// Where it travels; in the body where there is none.
    pub location: Option<Location>,
    /// Its name on the wire, where that differs. Set where the member or its shape says so.
    pub location_name: Option<Text>,
    /// Its name in requests of the EC2 protocol, where that differs.
    pub query_name: Option<Text>,
    /// The namespace of its XML element. Set where the member or its shape says so.
    pub xml_namespace: Option<XmlNamespace>,
    /// It is an attribute of the XML element, not a child.
    pub xml_attribute: bool,
    /// Its list or map has no element around all entries. Set where the member or its shape says so.
    pub flattened: bool,
    /// Its bytes are sent or received as a stream. Set where the member or its shape says so.
    pub streaming: bool,
    /// A fresh UUID is sent where the user gives none.
    pub idempotency_token: bool,
    /// JSON inside a text (in a header: as base64).
    pub json_value: bool,
    /// It fills a `{Label}` of the operation's host prefix.
    pub host_label: bool,
    /// It sets this parameter of the endpoint rules.
    pub context_param: Option<Text>,
    /// The format of a timestamp, where the member or its shape sets one.
    pub timestamp_format: Option<TimestampFormat>,
    /// What it is in an event of a stream.
    pub event: Option<EventRole>,
    /// AWS advises against it.
    pub deprecated: bool,
}

impl Member {
    /// A member of which nothing more is said.
    pub fn new(name: Text, shape: ShapeId) -> Self {
        Self {
            name,
            shape,
            required: false,
            location: None,
            location_name: None,
            query_name: None,
            xml_namespace: None,
            xml_attribute: false,
            flattened: false,
            streaming: false,
            idempotency_token: false,
            json_value: false,
            host_label: false,
            context_param: None,
            timestamp_format: None,
            event: None,
            deprecated: false,
        }
    }
}

/// What a member is in an event of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventRole {
    /// A header of the event's message.
    Header,
    /// The whole payload of the event's message.
    Payload,
}

/// Where a member travels, if not in the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Location {
    /// One header.
    Header,
    /// All headers with a prefix; the member is a map.
    Headers,
    /// The query string. A map gives names as well as values.
    QueryString,
    /// The status code of the answer.
    StatusCode,
    /// A label of the path.
    Uri,
}

/// Any number of elements of one type.
#[derive(Debug, Clone)]
pub struct List {
    /// The elements.
    pub element: Element,
    /// No element around all entries.
    pub flattened: bool,
    /// Entries may be null.
    pub sparse: bool,
}

/// Keys and values.
#[derive(Debug, Clone)]
pub struct Map {
    /// The keys.
    pub key: Element,
    /// The values.
    pub value: Element,
    /// No element around all entries.
    pub flattened: bool,
    /// Values may be null.
    pub sparse: bool,
}

/// What a list or map is made of.
#[derive(Debug, Clone, Copy)]
pub struct Element {
    /// Its type.
    pub shape: ShapeId,
    /// Its name in XML and queries, where that is not `member`, `key` or `value`.
    pub location_name: Option<Text>,
    /// The namespace of its XML element. Set where the element or its shape says so.
    pub xml_namespace: Option<XmlNamespace>,
    /// JSON inside a text.
    pub json_value: bool,
}

impl Element {
    /// An element of which nothing more is said.
    pub fn new(shape: ShapeId) -> Self {
        Self { shape, location_name: None, xml_namespace: None, json_value: false }
    }
}

/// Bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Blob {
    /// They are sent or received as a stream.
    pub streaming: bool,
    /// Their length must be known before they are sent.
    pub requires_length: bool,
}

/// How a moment is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimestampFormat {
    /// `2026-11-22T04:56:35Z`.
    Iso8601,
    /// `Sun, 22 Nov 2026 04:56:35 GMT`.
    Rfc822,
    /// Seconds since 1970.
    UnixTimestamp,
}

/// An XML namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct XmlNamespace {
    /// What it is bound to, if not the default.
    pub prefix: Option<Text>,
    /// Its name.
    pub uri: Text,
}

/// The bounds of a length or value. AWS CLI checks only the lower one.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Range {
    /// The least that is allowed.
    pub min: Option<Number>,
    /// The most that is allowed.
    pub max: Option<Number>,
}

/// A number as the model writes it, since it is shown in messages that way.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Number {
    /// A whole number.
    Integer(i64),
    /// One with a fraction.
    Float(f64),
}
