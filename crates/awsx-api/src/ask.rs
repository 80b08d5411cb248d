//! Whoever can be asked an operation: a [`Client`], or a scripted service in a test.

use awsx_model::{Input, Operation, Service};

use crate::{CallError, Client, Response};

/// Whoever can be asked an operation. Pages and waiters ask again and again.
pub trait Ask {
    /// The service that is asked.
    fn service(&self) -> &'static Service;

    /// Asks.
    fn ask(
        &self,
        operation: &'static Operation,
        input: Input,
    ) -> impl Future<Output = Result<Response, CallError>>;
}

impl Ask for Client {
    fn service(&self) -> &'static Service {
        Client::service(self)
    }

    fn ask(
        &self,
        operation: &'static Operation,
        input: Input,
    ) -> impl Future<Output = Result<Response, CallError>> {
        self.call(operation, input)
    }
}
