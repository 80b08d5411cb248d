//! The credential chain: first a plan, which is data, then its execution, which may talk to AWS.
//!
//! The order and the rules are AWS CLI's, not the SDK's: a profile with both a role and keys takes the role, the
//! credentials file's keys beat the config file's, `--profile` (but not `AWS_PROFILE`) beats keys in the environment.

mod error;
mod execute;
mod narrow;
mod plan;

pub use error::ChainError;
pub use execute::resolve;
pub use narrow::Wish;
pub use plan::{Link, StaticKeys, plan, plan_profile};
