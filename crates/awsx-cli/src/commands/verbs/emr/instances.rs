//! `--instance-groups` and `--instance-fleets`: from AWS CLI's members to the model's.

use awsx_params::{Given, Parameters};

use super::steps::text_of;

/// The groups that were asked for.
pub(super) fn groups(asked: &[Given]) -> Given {
    Given::List(asked.iter().map(group).collect())
}

fn group(asked: &Given) -> Given {
    let kind = text_of(asked, "InstanceGroupType").unwrap_or_default();
    let mut members = Parameters::new();
    let mut put = |name: &str, value: Given| members.insert(name.to_owned(), value);
    put("Name", text_of(asked, "Name").unwrap_or(kind).into());
    for name in ["InstanceType", "InstanceCount"] {
        if let Some(value) = asked.get(name) {
            put(name, value.clone());
        }
    }
    put("InstanceRole", kind.to_uppercase().into());
    let price = text_of(asked, "BidPrice");
    // The price on demand is what is bid unless another one is named.
    if let Some(price) = price.filter(|price| *price != "OnDemandPrice") {
        put("BidPrice", price.into());
    }
    put("Market", if price.is_some() { "SPOT" } else { "ON_DEMAND" }.into());
    for name in ["EbsConfiguration", "AutoScalingPolicy", "Configurations", "CustomAmiId"] {
        if let Some(value) = asked.get(name) {
            put(name, value.clone());
        }
    }
    Given::Map(members)
}

/// One master of this type, and the others of so many instances beside it.
pub(super) fn groups_of_type(instance_type: &str, count: i128) -> Given {
    let group = |role: &str, count: i128| {
        Given::from([
            ("InstanceType", instance_type.into()),
            ("InstanceCount", count.into()),
            ("InstanceRole", role.into()),
            ("Name", role.into()),
            ("Market", "ON_DEMAND".into()),
        ])
    };
    let mut groups = vec![group("MASTER", 1)];
    if count > 1 {
        groups.push(group("CORE", count - 1));
    }
    groups.into()
}

/// The fleets that were asked for.
pub(super) fn fleets(asked: &[Given]) -> Given {
    let fleet = |asked: &Given| {
        let Given::Map(asked) = asked else { return asked.clone() };
        let mut fleet = asked.clone();
        if !fleet.contains_key("Name") {
            fleet.extend(asked.get("InstanceFleetType").map(|kind| ("Name".to_owned(), kind.clone())));
        }
        Given::Map(fleet)
    };
    Given::List(asked.iter().map(fleet).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bid_makes_a_group_spot_and_the_price_on_demand_is_not_named() {
        let asked = |price: &str| {
            Given::from([
                ("InstanceGroupType", "core".into()),
                ("InstanceType", "m".into()),
                ("InstanceCount", 2.into()),
                ("BidPrice", price.into()),
            ])
        };
        let Given::List(groups) = groups(&[asked("0.5"), asked("OnDemandPrice")]) else { panic!("a list") };
        for (group, price) in groups.iter().zip([Some("0.5"), None]) {
            assert_eq!(text_of(group, "BidPrice"), price);
            assert_eq!(text_of(group, "Market"), Some("SPOT"));
            assert_eq!(
                (text_of(group, "Name"), text_of(group, "InstanceRole")),
                (Some("core"), Some("CORE"))
            );
        }
    }
}
