//! Console-credential login: the page where a person signs in, and keys for the code or refresh token that proves it.
//!
//! Every request for keys carries a signed proof (DPoP, RFC 9449), and a refresh token serves only with the key that
//! it was given to.

mod pages;
mod proof;
mod token;

pub(crate) use pages::{authorize, confirm};
pub(crate) use token::create_token;

/// The two clients there are: a browser on the same device brings the code itself, on another a person does.
const SAME_DEVICE: &str = "arn:aws:signin:::devtools/same-device";
const CROSS_DEVICE: &str = "arn:aws:signin:::devtools/cross-device";
