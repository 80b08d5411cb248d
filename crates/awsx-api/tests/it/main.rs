//! Calls from the input to the answer, against scripted servers on loopback.

mod answers;
mod attempts;
#[cfg(test)]
mod events;
mod requests;
mod s3;
#[cfg(test)]
mod server;
