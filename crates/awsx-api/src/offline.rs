//! Reading an answer that came by other means than a [`Client`](crate::Client).

use awsx_model::{Operation, Service};
use awsx_output::Map;
use http::HeaderMap;
use jiff::tz::TimeZone;

use crate::Timestamps;
use crate::protocol::{self, Answer};

/// Reads the body of an answer without headers, or of an error where `status` is 300 or more. An `Err` is the reason why
/// it cannot be read.
pub fn read_answer(
    service: &Service,
    operation: &Operation,
    status: u16,
    body: &[u8],
) -> Result<Map, String> {
    let answer = Answer { status, headers: &HeaderMap::new(), body };
    let timestamps = Timestamps::Iso8601(TimeZone::UTC);
    if status >= 300 {
        return Ok(protocol::parse_error(service, &answer, &timestamps).fields);
    }
    protocol::read(service, operation, &answer, &timestamps).map_err(|error| error.to_string())
}
