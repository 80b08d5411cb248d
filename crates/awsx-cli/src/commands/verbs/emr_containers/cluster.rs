//! What EKS tells of a cluster.

use awsx_output::Value;

use crate::commands::operation::{Instead, ServiceClient};
use crate::commands::verbs::values::{members, text_at};
use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// A cluster, and EKS to ask for more.
pub(super) struct Cluster<'c> {
    pub(super) eks: ServiceClient<'c>,
    description: Value,
}

impl<'c> Cluster<'c> {
    pub(super) async fn describe(context: &'c Context, name: &str) -> CommandResult<Self> {
        // AWS CLI does not give `--endpoint-url` to EKS.
        let instead = Instead { ignores_endpoint_option: true, ..Instead::default() };
        let eks = ServiceClient::connect_as(context, "eks", instead).await?;
        let answer = eks.call("DescribeCluster", members([("name", name.into())])).await?;
        Ok(Self { eks, description: answer.get("cluster").cloned().unwrap_or_default() })
    }

    /// The account that it is in.
    pub(super) fn account(&self) -> CommandResult<&str> {
        text_at(&self.description, "arn").split(':').nth(4).ok_or_else(out_of_range)
    }

    /// The provider of identities for its service accounts: a URL without its scheme.
    pub(super) fn identity_provider(&self) -> CommandResult<&str> {
        let oidc = self.description.get("identity").and_then(|identity| identity.get("oidc"));
        let issuer = oidc.map(|oidc| text_at(oidc, "issuer")).unwrap_or_default();
        issuer.split("https://").nth(1).ok_or_else(out_of_range)
    }
}

/// Python's error, which AWS CLI passes on where EKS tells no such thing.
fn out_of_range() -> CommandError {
    CommandError::general("list index out of range")
}
