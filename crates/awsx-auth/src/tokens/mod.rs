//! Tokens that are signed URLs: whoever holds one may do one thing for some minutes. Nothing is sent to make them.
//!
//! ```text
//! presigned    a URL, signed
//! kubernetes   for a cluster of EKS: STS's GetCallerIdentity, bound to the cluster
//! rsa_key      signatures with RSA and SHA-1, texts encrypted with RSA
//! database     for a database of RDS or Aurora DSQL
//! git          for a repository of CodeCommit
//! tunnel       for a tunnel through an EC2 Instance Connect Endpoint
//! cloudfront   for what a distribution keeps; signed with a key of its own
//! password     no URL: what EC2 encrypts for the key that a Windows instance was launched with
//! ```

mod cloudfront;
mod database;
mod git;
mod kubernetes;
mod password;
mod presigned;
mod rsa_key;
mod tunnel;

pub use cloudfront::CloudFrontUrl;
pub use database::{DsqlRole, dsql_token, rds_token};
pub use git::git_password;
pub use kubernetes::{KubernetesToken, kubernetes_token};
pub use password::decrypt_password;
pub use presigned::TokenError;
pub use tunnel::TunnelUrl;
