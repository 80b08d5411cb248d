//! What a service answered: a value, and what still comes of the body.

use aws_smithy_types::body::SdkBody;
use awsx_output::Value;
use bytes::Bytes;

use crate::checksum::Expected;
use crate::{CallError, Events, send};

/// What a service answered.
#[derive(Debug)]
pub struct Response {
    /// The members that came, in the order AWS CLI prints them. Empty for operations without output.
    pub value: Value,
    /// The bytes of the member that is a stream, if the operation has one.
    pub body: Option<ResponseBody>,
    /// The events of the member that is a stream of them, if the operation has one.
    pub events: Option<Events>,
    /// The id by which AWS finds the request.
    pub request_id: Option<String>,
    /// The HTTP status.
    pub status: u16,
}

impl Response {
    /// Whether nothing came that can be shown.
    pub fn is_empty(&self) -> bool {
        self.value.is_empty_result()
    }
}

/// The bytes of an answer, as they come.
#[derive(Debug)]
pub struct ResponseBody {
    /// The member of the output that these are.
    pub member: &'static str,
    pub(crate) body: SdkBody,
    pub(crate) url: String,
    pub(crate) expected: Option<Expected>,
}

impl ResponseBody {
    /// The next bytes; none after the last ones. The checksum, where the service sent one, is compared then.
    pub async fn next(&mut self) -> Result<Option<Bytes>, CallError> {
        let data = send::next_bytes(&mut self.body, &self.url).await?;
        match (&data, &mut self.expected) {
            (Some(data), Some(expected)) => expected.update(data),
            (None, expected) => expected.take().map_or(Ok(()), Expected::compare)?,
            (Some(_), None) => {}
        }
        Ok(data)
    }
}
