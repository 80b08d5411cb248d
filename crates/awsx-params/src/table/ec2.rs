//! EC2's options beside the model: AWS CLI makes its structures simpler to give.

use super::custom::{first_of, text_of};
use super::{Apply, Argument, Role, Table};
use crate::words::Takes;
use crate::{Given, Parameters, ParamsError, python};
use awsx_model::Kind;

/// Adds EC2's options.
pub(super) fn apply(table: &mut Table) {
    wrap_switches(table);
    match table.word.as_str() {
        "run-instances" => run_instances(table),
        "authorize-security-group-ingress"
        | "authorize-security-group-egress"
        | "revoke-security-group-ingress"
        | "revoke-security-group-egress" => security_group_rules(table),
        "create-network-acl-entry" | "replace-network-acl-entry" => table.amend.push(number_protocol),
        _ => {}
    }
}

/// Structures whose only member is a truth called `Value` become `--x` and `--no-x`.
fn wrap_switches(table: &mut Table) {
    let service = table.service;
    let wrapped: Vec<_> = table
        .arguments
        .iter()
        .filter_map(|(name, argument)| {
            let Role::Member(member) = argument.role else { return None };
            let Kind::Structure(structure) = &service.shape(member.shape).kind else { return None };
            let [only] = structure.members.as_slice() else { return None };
            let truth = only.name == "Value" && matches!(service.shape(only.shape).kind, Kind::Boolean);
            truth.then(|| (name.clone(), member))
        })
        .collect();
    for (name, member) in wrapped {
        let negative = format!("no-{name}");
        table.arguments.insert(name, Argument::of(Role::WrappedSwitch { member, on: true }));
        table.arguments.insert(negative, Argument::of(Role::WrappedSwitch { member, on: false }));
    }
}

fn run_instances(table: &mut Table) {
    table.add("count", "How many instances: a number, or `min:max`", Takes::One, Apply::Try(count));
    table.arguments.shift_remove("min-count");
    table.arguments.shift_remove("max-count");
    let about = "Further private addresses of the network interface";
    table.add("secondary-private-ip-addresses", about, Takes::Any, Apply::With(secondary_addresses));
    let about = "How many further private addresses AWS picks";
    table.add("secondary-private-ip-address-count", about, Takes::One, Apply::Try(secondary_address_count));
    let about = "Give the instance a public address";
    table.add("associate-public-ip-address", about, Takes::Nothing, Apply::With(public_address));
    let about = "Give the instance no public address";
    table.add("no-associate-public-ip-address", about, Takes::Nothing, Apply::With(no_public_address));
    table.amend.push(into_network_interface);
    table.amend.push(|parameters| {
        for name in ["MaxCount", "MinCount"] {
            parameters.entry(name.to_owned()).or_insert(Given::Integer(1));
        }
    });
}

fn count(value: &Given, parameters: &mut Parameters) -> Result<(), ParamsError> {
    let text = text_of(value);
    let bounds: Vec<&str> = text.split(':').collect();
    let (least, most) = match bounds.as_slice() {
        [one] => (*one, *one),
        [least, most] => (*least, *most),
        _ => ("", ""),
    };
    let (Ok(least), Ok(most)) = (python::int(least), python::int(most)) else {
        let message = "count parameter should be of form min[:max] (e.g. 1 or 1:10)";
        return Err(ParamsError::Value(message.to_owned()));
    };
    parameters.insert("MinCount".to_owned(), least.into());
    parameters.insert("MaxCount".to_owned(), most.into());
    Ok(())
}

/// The interface that the simple options describe.
fn interface(parameters: &mut Parameters) -> &mut Parameters {
    let interface = first_of(parameters, "NetworkInterfaces");
    interface.entry("DeviceIndex".to_owned()).or_insert(Given::Integer(0));
    interface
}

fn secondary_addresses(value: &Given, parameters: &mut Parameters) {
    let Given::List(addresses) = value else { return };
    let addresses = addresses.iter().map(|address| {
        Given::from([("PrivateIpAddress", address.clone()), ("Primary", Given::Boolean(false))])
    });
    let addresses = Given::List(addresses.collect());
    interface(parameters).insert("PrivateIpAddresses".to_owned(), addresses);
}

fn secondary_address_count(value: &Given, parameters: &mut Parameters) -> Result<(), ParamsError> {
    let count = python::int(&text_of(value)).map_err(|_| {
        let value = python::quoted(&text_of(value));
        ParamsError::Words(format!(
            "argument --secondary-private-ip-address-count: invalid int value: {value}"
        ))
    })?;
    if count != 0 {
        interface(parameters).insert("SecondaryPrivateIpAddressCount".to_owned(), count.into());
    }
    Ok(())
}

fn public_address(_: &Given, parameters: &mut Parameters) {
    interface(parameters).insert("AssociatePublicIpAddress".to_owned(), true.into());
}

fn no_public_address(_: &Given, parameters: &mut Parameters) {
    interface(parameters).insert("AssociatePublicIpAddress".to_owned(), false.into());
}

/// Where an interface is described, EC2 wants there what may else stand beside it.
fn into_network_interface(parameters: &mut Parameters) {
    let described = |interface: &Given| {
        let described = ["PrivateIpAddresses", "SecondaryPrivateIpAddressCount", "AssociatePublicIpAddress"];
        described.iter().any(|name| interface.get(name).is_some())
    };
    match parameters.get("NetworkInterfaces") {
        Some(Given::List(interfaces)) if interfaces.first().is_some_and(described) => {}
        _ => return,
    }
    let moves = [
        ("SubnetId", "SubnetId"),
        ("SecurityGroupIds", "Groups"),
        ("Ipv6AddressCount", "Ipv6AddressCount"),
        ("Ipv6Addresses", "Ipv6Addresses"),
        ("EnablePrimaryIpv6", "PrimaryIpv6"),
    ];
    for (from, to) in moves {
        if let Some(value) = parameters.shift_remove(from) {
            first_of(parameters, "NetworkInterfaces").insert(to.to_owned(), value);
        }
    }
    if let Some(address) = parameters.shift_remove("PrivateIpAddress") {
        let address = Given::from([("PrivateIpAddress", address), ("Primary", Given::Boolean(true))]);
        let interface = first_of(parameters, "NetworkInterfaces");
        interface.insert("PrivateIpAddresses".to_owned(), Given::List(vec![address]));
    }
}

fn security_group_rules(table: &mut Table) {
    let hidden = [
        "ip-protocol",
        "from-port",
        "to-port",
        "cidr-ip",
        "source-security-group-name",
        "source-security-group-owner-id",
    ];
    for name in hidden {
        if let Some(argument) = table.arguments.get_mut(name) {
            argument.hidden = true;
        }
    }
    table.add("protocol", "`tcp`, `udp`, `icmp`, `all` or a number", Takes::One, Apply::Try(protocol));
    table.add("port", "A port, or a range: `22-25`", Takes::One, Apply::Try(port));
    table.add("cidr", "A range of addresses", Takes::One, Apply::With(cidr));
    table.add("source-group", "The name or id of a security group", Takes::One, Apply::With(source_group));
    table.add("group-owner", "The account of that security group", Takes::One, Apply::With(group_owner));
}

fn rule(parameters: &mut Parameters) -> &mut Parameters {
    first_of(parameters, "IpPermissions")
}

fn protocol(value: &Given, parameters: &mut Parameters) -> Result<(), ParamsError> {
    let text = text_of(value);
    let known = match python::int(&text) {
        Ok(number) => (-1..=255).contains(&number),
        Err(_) => matches!(text.as_str(), "tcp" | "udp" | "icmp" | "all"),
    };
    if !known {
        let message = "protocol parameter should be one of: tcp|udp|icmp|all or any valid protocol number.";
        return Err(ParamsError::Value(message.to_owned()));
    }
    let text = if text == "all" { "-1".to_owned() } else { text };
    rule(parameters).insert("IpProtocol".to_owned(), text.into());
    Ok(())
}

fn port(value: &Given, parameters: &mut Parameters) -> Result<(), ParamsError> {
    let text = text_of(value);
    let (from, to) = match text.as_str() {
        "-1" | "all" => ("-1", "-1"),
        range => range.split_once('-').unwrap_or((range, range)),
    };
    let (Ok(from), Ok(to)) = (python::int(from), python::int(to)) else {
        let message = "port parameter should be of the form <from[-to]> (e.g. 22 or 22-25)";
        return Err(ParamsError::Value(message.to_owned()));
    };
    rule(parameters).insert("FromPort".to_owned(), from.into());
    rule(parameters).insert("ToPort".to_owned(), to.into());
    Ok(())
}

fn cidr(value: &Given, parameters: &mut Parameters) {
    let ranges = Given::List(vec![Given::from([("CidrIp", value.clone())])]);
    rule(parameters).insert("IpRanges".to_owned(), ranges);
}

fn source_group(value: &Given, parameters: &mut Parameters) {
    let member = if text_of(value).starts_with("sg-") { "GroupId" } else { "GroupName" };
    first_of(rule(parameters), "UserIdGroupPairs").insert(member.to_owned(), value.clone());
}

fn group_owner(value: &Given, parameters: &mut Parameters) {
    first_of(rule(parameters), "UserIdGroupPairs").insert("UserId".to_owned(), value.clone());
}

/// The API takes protocols of network ACLs by number alone.
fn number_protocol(parameters: &mut Parameters) {
    if let Some(Given::Text(protocol)) = parameters.get_mut("Protocol") {
        let number = match protocol.as_str() {
            "tcp" => "6",
            "udp" => "17",
            "icmp" => "1",
            "all" => "-1",
            _ => return,
        };
        number.clone_into(protocol);
    }
}
