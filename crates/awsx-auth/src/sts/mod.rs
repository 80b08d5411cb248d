//! Security Token Service: taking roles, proving MFA.

mod assume_role;
mod scope;
mod session_token;

pub use assume_role::{AssumeRole, AssumedRole};
pub use scope::SessionScope;
pub use session_token::SessionToken;
