//! `--ec2-attributes`: where instances run, and with what.

use awsx_params::{Given, Parameters};

use crate::commands::verbs::emr::mistakes::exclusive;
use crate::commands::verbs::emr::step::put;
use crate::error::{CommandError, CommandResult};

/// What is a member of the instances under this or another name.
const OF_INSTANCES: [(&str, &str); 8] = [
    ("KeyName", "Ec2KeyName"),
    ("SubnetId", "Ec2SubnetId"),
    ("SubnetIds", "Ec2SubnetIds"),
    ("EmrManagedMasterSecurityGroup", "EmrManagedMasterSecurityGroup"),
    ("EmrManagedSlaveSecurityGroup", "EmrManagedSlaveSecurityGroup"),
    ("ServiceAccessSecurityGroup", "ServiceAccessSecurityGroup"),
    ("AdditionalMasterSecurityGroups", "AdditionalMasterSecurityGroups"),
    ("AdditionalSlaveSecurityGroups", "AdditionalSlaveSecurityGroups"),
];

/// Puts the attributes where the model has them: the profile with the cluster, all else with its instances.
pub(super) fn apply(
    attributes: &Parameters,
    instances: &mut Parameters,
    cluster: &mut Parameters,
) -> CommandResult {
    let has = |name: &str| attributes.contains_key(name);
    for (one, several) in [("SubnetId", "SubnetIds"), ("AvailabilityZone", "AvailabilityZones")] {
        if has(one) && has(several) {
            return Err(exclusive(one, several));
        }
    }
    let has_zone = has("AvailabilityZone") || has("AvailabilityZones");
    if has_zone && (has("SubnetId") || has("SubnetIds")) {
        return Err(CommandError::usage(
            "You may not specify both a SubnetId and an AvailabilityZone (placement) because ec2SubnetId implies a \
             placement.",
        ));
    }
    for (name, member) in OF_INSTANCES {
        put(instances, member, attributes.get(name).cloned());
    }
    if has_zone {
        let mut placement = Parameters::new();
        for name in ["AvailabilityZone", "AvailabilityZones"] {
            put(&mut placement, name, attributes.get(name).cloned());
        }
        instances.insert("Placement".to_owned(), Given::Map(placement));
    }
    put(cluster, "JobFlowRole", attributes.get("InstanceProfile").cloned());
    Ok(())
}
