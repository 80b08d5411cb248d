//! Security Token Service: taking roles, proving MFA.

mod assume_role;
mod session_token;

pub use assume_role::{AssumeRole, AssumedRole};
pub use session_token::SessionToken;
