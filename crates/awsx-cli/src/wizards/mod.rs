//! Questions in their order. A wizard asks, and says what was answered; what is then done stands in its command.

pub(crate) mod configure;
pub(crate) mod login;
pub(crate) mod mfa;
pub(crate) mod sso;
