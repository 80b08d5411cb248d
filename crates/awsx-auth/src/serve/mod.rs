//! Credentials for other programs over the protocol that containers on ECS get theirs by: an address on this machine
//! and a token, in two variables that every SDK knows.
//!
//! It listens on 127.0.0.1 only, on a port the system picks. A request has to bring the token, compared in constant
//! time, and to ask for the exact path at the exact host; whatever else comes is answered 4xx and told nothing.
//! Where the credentials come from is not known here: a [`Source`] is asked when those at hand are about to end, once
//! however many programs wait for them.

mod answer;
mod keeper;
mod listener;

use std::io;

use awsx_core::Secret;
use tokio::sync::mpsc;

pub use keeper::Source;
use listener::Listener;

use crate::Credentials;

/// The path of the credentials.
const PATH: &str = "/credentials";

/// Programs that may wait for an answer at once, beyond which connections wait.
const WAITING: usize = 64;

/// A bound address, not yet answering.
pub struct CredentialServer {
    listener: Listener,
}

impl CredentialServer {
    /// Takes a free port of 127.0.0.1 and makes up a token.
    pub async fn bind() -> io::Result<Self> {
        Ok(Self { listener: Listener::bind().await? })
    }

    /// The variables that lead an SDK here.
    pub fn variables(&self) -> [(&'static str, Secret<String>); 2] {
        [
            ("AWS_CONTAINER_CREDENTIALS_FULL_URI", format!("http://{}{PATH}", self.listener.host).into()),
            ("AWS_CONTAINER_AUTHORIZATION_TOKEN", self.listener.token.clone()),
        ]
    }

    /// Answers until it is dropped, with the credentials at hand, later with the source's.
    pub async fn serve(self, at_hand: Credentials, source: &impl Source) {
        let (ask, asked) = mpsc::channel(WAITING);
        tokio::select! {
            () = self.listener.accept(ask) => {}
            () = keeper::answer(Some(at_hand), source, asked) => {}
        }
    }
}
