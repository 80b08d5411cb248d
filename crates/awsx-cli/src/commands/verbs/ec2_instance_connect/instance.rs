//! Where an instance is.

use awsx_model::Input;
use awsx_output::Value;

use crate::commands::operation::ServiceClient;
use crate::error::{CommandError, CommandResult};

/// What EC2 tells of an instance.
pub(super) struct Instance {
    pub(super) public_address: Option<String>,
    pub(super) private_address: Option<String>,
    pub(super) ipv6_address: Option<String>,
    pub(super) network: Network,
}

/// In which network something is; both are unknown where nobody was asked.
#[derive(Default)]
pub(super) struct Network {
    pub(super) vpc_id: String,
    pub(super) subnet_id: String,
}

impl Instance {
    /// Asks EC2.
    pub(super) async fn fetch(ec2: &ServiceClient<'_>, id: &str) -> CommandResult<Self> {
        let asked = Input::map([("InstanceIds", Input::List(vec![id.into()]))]);
        let answer = ec2.call("DescribeInstances", asked).await?;
        let first = |value: &Value, name: &str| value.get(name).and_then(Value::as_list)?.first().cloned();
        let found = first(&answer, "Reservations").and_then(|reservation| first(&reservation, "Instances"));
        let found = found.ok_or_else(|| CommandError::general(format!("EC2 knows no instance `{id}`")))?;
        let text = |name: &str| found.get(name).and_then(Value::as_str).map(str::to_owned);
        Ok(Self {
            public_address: text("PublicIpAddress"),
            private_address: text("PrivateIpAddress"),
            ipv6_address: text("Ipv6Address"),
            network: Network {
                vpc_id: text("VpcId").unwrap_or_default(),
                subnet_id: text("SubnetId").unwrap_or_default(),
            },
        })
    }

    /// The address inside its network.
    pub(super) fn inner_address(&self) -> CommandResult<String> {
        let address = self.private_address.clone().or_else(|| self.ipv6_address.clone());
        address.ok_or_else(no_address)
    }
}

pub(super) fn no_address() -> CommandError {
    CommandError::usage("Unable to find any IP address on the instance to connect to.")
}
