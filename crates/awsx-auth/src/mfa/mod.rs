//! A user's MFA devices: made, enabled, listed, removed.
//!
//! Codes for everyday use are [`mfa_code`](crate::mfa_code)'s, sessions [`mfa_session`](crate::mfa_session)'s. A device
//! that was made and not enabled is of no use and in the way of the next one, so whoever makes one enables or removes it.

mod devices;
mod seed;

pub use devices::{Devices, EnabledDevice, is_wrong_code};
pub use seed::{NewDevice, codes_of_seed};
