//! `emr-containers`: a role for the jobs that EMR runs in a cluster of EKS.
//!
//! ```text
//! update_role_trust_policy  the cluster's service accounts may take the role (IRSA)
//! associations              the cluster gives the role to service accounts (pod identities): made and deleted
//! accounts                  which service accounts there are
//! cluster                   what EKS tells of the cluster
//! base36                    how a role's name stands in those of its service accounts
//! ```

mod accounts;
mod associations;
mod base36;
mod cluster;
mod update_role_trust_policy;

use clap::Subcommand;

use crate::context::Context;
use crate::error::CommandResult;

/// EMR on EKS
#[derive(Subcommand, Debug)]
#[command(after_help = "Example:
  awsx emr-containers create-role-associations --cluster-name analytics --namespace spark --role-name jobs")]
pub(crate) enum Verb {
    UpdateRoleTrustPolicy(update_role_trust_policy::UpdateRoleTrustPolicyArgs),
    CreateRoleAssociations(associations::CreateRoleAssociationsArgs),
    DeleteRoleAssociations(associations::DeleteRoleAssociationsArgs),
}

pub(crate) fn run(context: &Context, verb: &Verb) -> CommandResult {
    match verb {
        Verb::UpdateRoleTrustPolicy(args) => update_role_trust_policy::run(context, args),
        Verb::CreateRoleAssociations(args) => associations::create(context, args),
        Verb::DeleteRoleAssociations(args) => associations::delete(context, args),
    }
}
