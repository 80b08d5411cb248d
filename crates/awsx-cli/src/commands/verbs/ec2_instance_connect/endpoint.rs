//! The endpoint through which a network is entered.

use awsx_core::settings::table;
use awsx_model::Input;
use awsx_output::Value;

use super::instance::Network;
use crate::commands::operation::ServiceClient;
use crate::context::Context;
use crate::error::{CommandError, CommandResult, Kind};

/// States in which an endpoint can be used.
const USABLE: [&str; 4] = ["create-complete", "update-in-progress", "update-failed", "update-complete"];

/// An endpoint.
#[derive(Clone)]
pub(super) struct Endpoint {
    pub(super) id: String,
    pub(super) dns_name: String,
}

impl Endpoint {
    /// The one of this id, else one in the same subnet, else any in the same VPC.
    pub(super) async fn find(
        context: &Context,
        ec2: &ServiceClient<'_>,
        id: Option<&str>,
        network: &Network,
    ) -> CommandResult<Self> {
        let mut filters = vec![filter("state", &USABLE)];
        if id.is_none() {
            filters.push(filter("vpc-id", &[&network.vpc_id]));
        }
        let mut asked = vec![("Filters".to_owned(), Input::List(filters))];
        if let Some(id) = id {
            asked.push(("InstanceConnectEndpointIds".to_owned(), Input::List(vec![id.into()])));
        }
        let asked = Input::Map(asked.into_iter().collect());
        let answer = ec2.call_for_all("DescribeInstanceConnectEndpoints", asked).await?;
        let found = answer.get("InstanceConnectEndpoints").and_then(Value::as_list).unwrap_or_default();
        let in_subnet =
            |found: &&Value| found.get("SubnetId").and_then(Value::as_str) == Some(&network.subnet_id);
        let best = found.iter().find(|found| id.is_none() && in_subnet(found)).or(found.first());
        let best = best.ok_or_else(|| {
            CommandError::usage(match id {
                Some(id) => format!("There are no available instance connect endpoints with {id}"),
                None => "There are no available instance connect endpoints.".to_owned(),
            })
        })?;
        Self::of(best, context.settings.is_true(&table::USE_FIPS)?)
    }

    fn of(found: &Value, use_fips: bool) -> CommandResult<Self> {
        let text = |name: &str| found.get(name).and_then(Value::as_str).map(str::to_owned);
        let dns_name = if use_fips {
            let name = text("FipsDnsName").filter(|name| !name.is_empty());
            name.ok_or_else(|| CommandError::new(Kind::Configuration, "Unable to find FIPS Endpoint"))?
        } else {
            text("DnsName").unwrap_or_default()
        };
        Ok(Self { id: text("InstanceConnectEndpointId").unwrap_or_default(), dns_name })
    }
}

fn filter(name: &str, values: &[&str]) -> Input {
    let values = values.iter().map(|value| Input::from(*value)).collect();
    Input::map([("Name", name.into()), ("Values", Input::List(values))])
}
