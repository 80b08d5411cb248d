//! The credential chain: first a plan, which is data, then its execution, which may talk to AWS.
//!
//! The order and the rules are AWS CLI's, not the SDK's: a profile with both a role and keys takes the role, the
//! credentials file's keys beat the config file's, `--profile` (but not `AWS_PROFILE`) beats keys in the environment.

mod cached;
mod error;
mod execute;
mod explain;
mod facts;
mod link;
mod narrow;
mod plan;
mod static_keys;

pub use error::ChainError;
pub use execute::resolve;
pub use explain::{CacheState, Explanation, Hop, State, Step, explain, kept_until};
pub use facts::{Fact, From};
pub use link::{CacheFile, Link, StaticKeys};
pub use narrow::{LONGEST_CHAINED, Wish};
pub use plan::{ORDER, long_term_keys, plan, plan_profile};
