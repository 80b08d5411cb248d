//! The events of an answer, as they come.

use aws_smithy_types::body::SdkBody;
use aws_smithy_types::event_stream::Message;
use awsx_model::Operation;
use awsx_output::Value;
use bytes::Bytes;

use crate::protocol::{Event, EventReader, Frames, initial_response};
use crate::{CallError, ServiceError, Timestamps, send};

/// The events of an answer, as they come. No more than one event is held, whose size is limited.
#[derive(Debug)]
pub struct Events {
    /// The member of the output that these are.
    pub member: &'static str,
    operation: &'static Operation,
    reader: EventReader<'static>,
    timestamps: Timestamps,
    bytes: Incoming,
    request_id: Option<String>,
}

/// What comes over the network.
#[derive(Debug)]
pub(crate) struct Incoming {
    body: SdkBody,
    url: String,
    frames: Frames,
}

impl Events {
    pub(crate) fn new(
        operation: &'static Operation,
        reader: EventReader<'static>,
        bytes: Incoming,
        timestamps: Timestamps,
        request_id: Option<String>,
    ) -> Self {
        Self { member: reader.member, operation, reader, timestamps, bytes, request_id }
    }

    /// The bytes of the answer's other members, which some protocols send as the first event.
    pub(crate) async fn members(&mut self) -> Result<Bytes, CallError> {
        if !self.reader.begins_with_members() {
            return Ok(Bytes::new());
        }
        let first = self.bytes.next().await?;
        if let Some(first) = &first
            && let Event::Failure { code, message } = self.reader.read(first, &self.timestamps)?
        {
            return Err(self.failure(code, message));
        }
        Ok(Bytes::copy_from_slice(initial_response(first.as_ref())?))
    }

    /// The next event, a map with its type as the only key; none after the last one. An exception among the events is the
    /// service's error, and ends them.
    pub async fn next(&mut self) -> Result<Option<Value>, CallError> {
        while let Some(message) = self.bytes.next().await? {
            match self.reader.read(&message, &self.timestamps)? {
                Event::Known(event) => return Ok(Some(event)),
                Event::Unknown => {}
                Event::Failure { code, message } => return Err(self.failure(code, message)),
            }
        }
        Ok(None)
    }

    fn failure(&self, code: String, message: String) -> CallError {
        // botocore gives them this status.
        let error = ServiceError::new(self.operation.name, code, message, 400);
        ServiceError { request_id: self.request_id.clone(), ..error }.into()
    }
}

impl Incoming {
    pub(crate) fn new(body: SdkBody, url: String) -> Self {
        Self { body, url, frames: Frames::default() }
    }

    async fn next(&mut self) -> Result<Option<Message>, CallError> {
        loop {
            if let Some(message) = self.frames.next()? {
                return Ok(Some(message));
            }
            match send::next_bytes(&mut self.body, &self.url).await? {
                Some(piece) => self.frames.add(&piece),
                None if self.frames.is_empty() => return Ok(None),
                None => {
                    return Err(CallError::Answer("The stream ended in the middle of an event".to_owned()));
                }
            }
        }
    }
}
