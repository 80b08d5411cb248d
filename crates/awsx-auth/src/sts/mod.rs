//! Security Token Service: taking roles.

mod assume_role;

pub use assume_role::{AssumeRole, AssumedRole};
