//! Tokens that are signed URLs: whoever holds one may do one thing for some minutes. Nothing is sent to make them.
//!
//! ```text
//! presigned    a URL, signed
//! kubernetes   for a cluster of EKS: STS's GetCallerIdentity, bound to the cluster
//! database     for a database of RDS or Aurora DSQL
//! git          for a repository of CodeCommit
//! ```

mod database;
mod git;
mod kubernetes;
mod presigned;

pub use database::{DsqlRole, dsql_token, rds_token};
pub use git::git_password;
pub use kubernetes::{KubernetesToken, kubernetes_token};
pub use presigned::TokenError;
