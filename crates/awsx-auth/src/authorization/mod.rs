//! What both sign-ins with a browser on this machine have in common: the way by which the authorization code comes
//! back, and the secret that redeems it. Neither knows which service gives the code.

mod callback;
mod verifier;

pub(crate) use callback::{Callback, CallbackError};
pub(crate) use verifier::Verifier;
