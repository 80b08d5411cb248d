//! What of an operation's failures passes by, and how its service wants to be asked again.

use awsx_model::{Kind, Operation, Service};

use super::Failed;
use crate::wire::{Attempts, Limits, Reason};
use crate::{ClientConfig, RetryMode};

/// The attempts of one call.
pub(super) fn attempts<'a>(service: &Service, config: &ClientConfig, limits: &'a Limits) -> Attempts<'a> {
    let mut settings = config.retry;
    // DynamoDB's older rules repeat more often, its newer ones sooner.
    if settings.mode == RetryMode::Legacy && service.name == "dynamodb" && settings.max_attempts == 5 {
        settings.max_attempts = 10;
    }
    let attempts = Attempts::new(settings, limits);
    if service.name.starts_with("dynamodb") { attempts.scaled(0.025) } else { attempts }
}

/// Why the call may be made again, if so.
pub(super) fn reason(service: &Service, operation: &Operation, failed: &Failed) -> Option<Reason> {
    let code = match &failed.error {
        Err(error) => return Reason::of_no_answer(error.failure),
        Ok(error) => error.code.as_str(),
    };
    let found = Reason::of_error(code, failed.status);
    if found == Some(Reason::Throttled) {
        return found;
    }
    if let Some(throttling) = modelled_as_retryable(service, operation, code) {
        return Some(if throttling { Reason::Throttled } else { Reason::Transient });
    }
    let by_name = (service.name == "sts" && code == "IDPCommunicationError")
        || (service.name == "dynamodb" && code == "CRC32CheckFailed");
    found.or_else(|| by_name.then_some(Reason::Transient))
}

fn modelled_as_retryable(service: &Service, operation: &Operation, code: &str) -> Option<bool> {
    operation.errors.iter().find_map(|&id| {
        let shape = service.shape(id);
        let Kind::Structure(structure) = &shape.kind else { return None };
        let error = structure.error?;
        let retryable = error.retryable?;
        (error.code.unwrap_or(shape.name) == code).then_some(retryable.throttling)
    })
}
