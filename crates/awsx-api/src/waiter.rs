//! Waiters: asks an operation until its answers say that something is so.
//!
//! The acceptors are tried in the model's order on each answer, errors of the service included; the first that fits decides.
//! An error that none of them expects ends the wait.

use std::time::Duration;

use awsx_model::{Acceptor, Expected, Input, Matcher, Operation, Outcome, Waiter};
use awsx_output::{Query, QueryError, Value};

use crate::{Ask, CallError, ServiceError};

/// Why what was waited for did not come.
#[derive(Debug, thiserror::Error)]
pub enum WaitError {
    /// It will not come, or not in time.
    #[error("Waiter {waiter} failed: {reason}")]
    Failed {
        /// The waiter, as in `UserExists`.
        waiter: &'static str,
        /// Why.
        reason: String,
        /// The last answer; none where that was an error.
        last: Option<Box<Value>>,
    },
    /// A call failed without an answer.
    #[error(transparent)]
    Call(#[from] CallError),
    /// The model of the waiter does not fit the answers.
    #[error(transparent)]
    Model(#[from] QueryError),
    /// The model of the waiter asks what the service does not have.
    #[error("the waiter {waiter} asks the unknown operation `{operation}`")]
    UnknownOperation {
        /// The waiter.
        waiter: &'static str,
        /// The operation.
        operation: &'static str,
    },
}

/// How often a waiter asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// Seconds between two requests.
    pub delay: u32,
    /// How many requests are made.
    pub max_attempts: u32,
}

/// Asks, with the waiter's pauses, until the answers say that it is so.
pub async fn wait(source: &impl Ask, waiter: &Waiter, input: Input) -> Result<(), WaitError> {
    let pace = Pace { delay: waiter.delay, max_attempts: waiter.max_attempts };
    wait_at(pace, source, waiter, input).await
}

/// The same at another pace.
pub async fn wait_at(pace: Pace, source: &impl Ask, waiter: &Waiter, input: Input) -> Result<(), WaitError> {
    let unknown = WaitError::UnknownOperation { waiter: waiter.name, operation: waiter.operation };
    let operation = source.service().operation(waiter.operation).ok_or(unknown)?;
    Wait::new(waiter, pace)?.run(source, operation, &input).await
}

/// A waiter at work.
struct Wait {
    name: &'static str,
    pace: Pace,
    acceptors: Vec<Test>,
}

/// An acceptor, its expression parsed.
struct Test {
    acceptor: Acceptor,
    query: Option<Query>,
}

/// What a service answered, one way or the other.
enum Heard {
    Answer { value: Value, status: u16 },
    Error(Box<ServiceError>),
}

impl Wait {
    fn new(waiter: &Waiter, pace: Pace) -> Result<Self, QueryError> {
        let acceptors = waiter.acceptors.iter().map(Test::new).collect::<Result<_, _>>()?;
        Ok(Self { name: waiter.name, pace, acceptors })
    }

    async fn run(
        &self,
        source: &impl Ask,
        operation: &'static Operation,
        input: &Input,
    ) -> Result<(), WaitError> {
        let mut attempts = 0;
        // What the latest acceptor that fitted said. It stays when a later answer fits none.
        let mut outcome = None;
        loop {
            let heard = match source.ask(operation, input.clone()).await {
                Ok(response) => Heard::Answer { value: response.value, status: response.status },
                Err(CallError::Service(error)) => Heard::Error(error),
                Err(other) => return Err(other.into()),
            };
            attempts += 1;
            let fitting = self.first_that_fits(&heard)?;
            match (fitting, &heard) {
                (Some(test), _) => outcome = Some(test.acceptor.outcome),
                (None, Heard::Error(error)) => {
                    let reason = format!("An error occurred ({}): {}", error.code, error.message);
                    return Err(self.failed(reason, heard));
                }
                (None, Heard::Answer { .. }) => {}
            }
            // botocore explains an acceptor that did not fit where none did: the last it tried.
            let explained = fitting.or(self.acceptors.last()).map(Test::explanation).unwrap_or_default();
            match outcome {
                Some(Outcome::Success) => return Ok(()),
                Some(Outcome::Failure) => {
                    let reason = format!("Waiter encountered a terminal failure state: {explained}");
                    return Err(self.failed(reason, heard));
                }
                Some(Outcome::Retry) if attempts >= self.pace.max_attempts => {
                    let reason = format!("Max attempts exceeded. Previously accepted state: {explained}");
                    return Err(self.failed(reason, heard));
                }
                None if attempts >= self.pace.max_attempts => {
                    return Err(self.failed("Max attempts exceeded".to_owned(), heard));
                }
                Some(Outcome::Retry) | None => {
                    tokio::time::sleep(Duration::from_secs(self.pace.delay.into())).await;
                }
            }
        }
    }

    fn first_that_fits(&self, heard: &Heard) -> Result<Option<&Test>, QueryError> {
        for test in &self.acceptors {
            if test.fits(heard)? {
                return Ok(Some(test));
            }
        }
        Ok(None)
    }

    fn failed(&self, reason: String, last: Heard) -> WaitError {
        let last = match last {
            Heard::Answer { value, .. } => Some(Box::new(value)),
            Heard::Error(_) => None,
        };
        WaitError::Failed { waiter: self.name, reason, last }
    }
}

impl Test {
    fn new(acceptor: &Acceptor) -> Result<Self, QueryError> {
        let query = match acceptor.matcher {
            Matcher::Path(path) | Matcher::PathAll(path) | Matcher::PathAny(path) => {
                Some(Query::parse(path)?)
            }
            Matcher::Status | Matcher::Error => None,
        };
        Ok(Self { acceptor: acceptor.clone(), query })
    }

    fn fits(&self, heard: &Heard) -> Result<bool, QueryError> {
        let expected = self.acceptor.expected;
        Ok(match (self.acceptor.matcher, heard) {
            (Matcher::Path(_), Heard::Answer { value, .. }) => is_expected(&self.search(value)?, expected),
            // An empty list is no answer to either question.
            (Matcher::PathAll(_), Heard::Answer { value, .. }) => match self.search(value)? {
                Value::List(found) => {
                    !found.is_empty() && found.iter().all(|value| is_expected(value, expected))
                }
                _ => false,
            },
            (Matcher::PathAny(_), Heard::Answer { value, .. }) => match self.search(value)? {
                Value::List(found) => found.iter().any(|value| is_expected(value, expected)),
                _ => false,
            },
            (Matcher::Path(_) | Matcher::PathAll(_) | Matcher::PathAny(_), Heard::Error(_)) => false,
            (Matcher::Status, Heard::Answer { status, .. }) => {
                expected == Expected::Integer((*status).into())
            }
            (Matcher::Status, Heard::Error(error)) => expected == Expected::Integer(error.status.into()),
            (Matcher::Error, Heard::Answer { .. }) => expected == Expected::Boolean(false),
            (Matcher::Error, Heard::Error(error)) => match expected {
                Expected::Boolean(any) => any,
                Expected::Text(code) => error.code == code,
                Expected::Integer(_) => false,
            },
        })
    }

    fn search(&self, value: &Value) -> Result<Value, QueryError> {
        self.query.as_ref().map_or(Ok(Value::Null), |query| query.search(value))
    }

    fn explanation(&self) -> String {
        let expected = match self.acceptor.expected {
            Expected::Text(text) => text.to_owned(),
            Expected::Integer(number) => number.to_string(),
            Expected::Boolean(true) => "True".to_owned(),
            Expected::Boolean(false) => "False".to_owned(),
        };
        match self.acceptor.matcher {
            Matcher::Path(path) => {
                format!("For expression \"{path}\" we matched expected path: \"{expected}\"")
            }
            Matcher::PathAll(path) => {
                format!("For expression \"{path}\" all members matched expected path: \"{expected}\"")
            }
            Matcher::PathAny(path) => {
                format!("For expression \"{path}\" we matched expected path: \"{expected}\" at least once")
            }
            Matcher::Status => format!("Matched expected HTTP status code: {expected}"),
            Matcher::Error => format!("Matched expected service error code: {expected}"),
        }
    }
}

fn is_expected(found: &Value, expected: Expected) -> bool {
    match expected {
        Expected::Text(text) => found.as_str() == Some(text),
        Expected::Integer(number) => *found == Value::from(number),
        Expected::Boolean(truth) => *found == Value::Bool(truth),
    }
}
