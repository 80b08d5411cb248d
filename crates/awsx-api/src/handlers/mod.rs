//! What AWS CLI's library changes in single operations: before an input is written, before a request is sent, after an
//! answer is read.
//!
//! The tables name service and operation (`*` for all of a service's); all rows that fit are applied in order. What is
//! not a matter of one operation (checksums, signatures, host prefixes) has its own module.

mod copies;
mod decode;
mod errors;
mod glacier;
mod input;
mod request;
mod s3;

use awsx_model::{Input, Kind, Member, Operation, Service, Structure};
use awsx_output::Map;

use crate::protocol::{Answer, EventReader, WireRequest};
use crate::{CallError, ChecksumUse, ClientConfig, Timestamps};

pub(crate) use copies::CrossRegionCopy;
pub(crate) use errors::{error_body, hides_an_error, may_hide_an_error};
pub(crate) use request::endpoint_in_input;
pub(crate) use s3::other_region;

/// What the handlers before a call mean for what comes after it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Changes {
    /// The user did not ask for an encoded listing, so it is decoded again.
    pub(crate) decodes_listing: bool,
    /// The answer's checksum is compared.
    pub(crate) validates_answer: bool,
}

/// One operation of a service.
#[derive(Clone, Copy)]
struct Call<'a> {
    service: &'a Service,
    operation: &'a Operation,
}

impl<'a> Call<'a> {
    /// What a table has for this operation, or for all of its service (`*`).
    fn fitting<T>(self, table: &'static [(&str, &str, T)]) -> impl Iterator<Item = &'static T> {
        let fits = move |service: &str, operation: &str| {
            service == self.service.name && (operation == "*" || operation == self.operation.name)
        };
        table.iter().filter(move |(service, operation, _)| fits(service, operation)).map(|(_, _, row)| row)
    }

    /// Whether the operation's input has this member.
    fn takes(self, member: &str) -> bool {
        self.input_members().any(|found| found.name == member)
    }

    fn input_members(self) -> impl Iterator<Item = &'a Member> {
        self.service.input(self.operation).into_iter().flat_map(|input| &input.members)
    }
}

type CheckInput = fn(&Input) -> Result<(), CallError>;

const CHECKS: &[(&str, &str, CheckInput)] = &[
    ("s3", "*", s3::check_bucket),
    ("s3", "CopyObject", s3::check_metadata),
    ("s3", "PutObject", s3::check_metadata),
    ("s3", "CreateMultipartUpload", s3::check_metadata),
];

type ChangeInput = fn(Call<'_>, &mut Input, &mut Changes);

const BEFORE_WRITING: &[(&str, &str, ChangeInput)] = &[
    ("s3", "ListObjects", s3::encode_listing),
    ("s3", "ListObjectsV2", s3::encode_listing),
    ("s3", "ListObjectVersions", s3::encode_listing),
    ("s3", "CopyObject", s3::quote_copy_source),
    ("s3", "UploadPartCopy", s3::quote_copy_source),
    ("s3", "*", s3::complete_customer_keys),
    ("ec2", "RunInstances", input::encode_user_data),
    ("autoscaling", "CreateLaunchConfiguration", input::encode_user_data),
    ("route53", "*", input::shorten_route53_ids),
    ("glacier", "*", glacier::fill_account),
];

type ChangeRequest = fn(Call<'_>, &Input, &mut WireRequest);

const BEFORE_SENDING: &[(&str, &str, ChangeRequest)] = &[
    ("s3", "*", s3::leave_bucket_to_endpoint),
    ("s3control", "*", request::leave_account_to_endpoint),
    ("glacier", "*", glacier::add_version),
    ("glacier", "UploadArchive", glacier::add_checksums),
    ("glacier", "UploadMultipartPart", glacier::add_checksums),
    ("apigateway", "*", request::accept_json),
    ("cloudsearchdomain", "Search", request::post_instead_of_get),
];

type ChangeAnswer = fn(Call<'_>, &Answer<'_>, Changes, &mut Map, &Timestamps);

const AFTER_READING: &[(&str, &str, ChangeAnswer)] = &[
    ("iam", "*", decode::policies),
    ("ec2", "GetConsoleOutput", decode::console_output),
    ("cloudformation", "GetTemplate", decode::template),
    ("s3", "GetBucketLocation", s3::read_location),
    ("s3", "*", s3::show_expires),
    ("s3", "ListObjects", s3::decode_listing),
    ("s3", "ListObjectsV2", s3::decode_listing),
    ("s3", "ListObjectVersions", s3::decode_listing),
];

/// Changes an input before it is written.
pub(crate) fn before_writing(
    service: &Service,
    operation: &Operation,
    input: &mut Input,
    config: &ClientConfig,
) -> Result<Changes, CallError> {
    let call = Call { service, operation };
    let mut changes = Changes::default();
    for check in call.fitting(CHECKS) {
        check(input)?;
    }
    input::fill_idempotency_tokens(call, input);
    changes.validates_answer = ask_for_checksums(operation, input, config);
    for change in call.fitting(BEFORE_WRITING) {
        change(call, input, &mut changes);
    }
    Ok(changes)
}

/// Has the service send checksums; tells whether they are compared.
fn ask_for_checksums(operation: &Operation, input: &mut Input, config: &ClientConfig) -> bool {
    let member =
        operation.http_checksum.as_ref().and_then(|checksum| checksum.request_validation_mode_member);
    let (Some(member), Input::Map(entries)) = (member, input) else { return false };
    if config.response_checksums == ChecksumUse::WhenSupported {
        entries.entry(member.to_owned()).or_insert_with(|| Input::Text("ENABLED".to_owned()));
    }
    entries.contains_key(member)
}

/// Changes a request before it gets a host.
pub(crate) fn before_sending(
    service: &Service,
    operation: &Operation,
    input: &Input,
    wire: &mut WireRequest,
) {
    let call = Call { service, operation };
    for change in call.fitting(BEFORE_SENDING) {
        change(call, input, wire);
    }
    if operation.lists_endpoints {
        wire.set_header("x-amz-api-version", service.api_version);
    }
}

/// Changes what was read.
pub(crate) fn after_reading(
    service: &Service,
    operation: &Operation,
    answer: &Answer<'_>,
    changes: Changes,
    read: &mut Map,
    timestamps: &Timestamps,
) {
    let call = Call { service, operation };
    for change in call.fitting(AFTER_READING) {
        change(call, answer, changes, read, timestamps);
    }
}

/// The member of the output whose bytes are a stream.
pub(crate) fn streamed_member(service: &Service, operation: &Operation) -> Option<&'static str> {
    streamed(service, service.output(operation)?).map(|member| member.name)
}

/// Whether the operation's answer is a stream, of bytes or of events.
pub(crate) fn streams_output(service: &Service, operation: &Operation) -> bool {
    streamed_member(service, operation).is_some() || EventReader::of(service, operation).is_some()
}

/// Whether the operation's body is a stream of bytes.
pub(crate) fn streams_input(service: &Service, operation: &Operation) -> bool {
    service.input(operation).is_some_and(|input| streamed(service, input).is_some())
}

/// The member that is the whole body, bytes that come or go in a stream.
fn streamed<'m>(service: &Service, structure: &'m Structure) -> Option<&'m Member> {
    let is_blob = |member: &&Member| matches!(service.shape(member.shape).kind, Kind::Blob(_));
    structure.payload().filter(|member| member.streaming).filter(is_blob)
}
