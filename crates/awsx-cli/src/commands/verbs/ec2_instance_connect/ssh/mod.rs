//! `ec2-instance-connect ssh`: a shell on an instance, with a key that is good for a minute.

mod eice_options;

use std::io;
use std::process::Command;

use awsx_auth::ssh_key::SshKey;
use awsx_model::Input;
use clap::ValueEnum;
use tempfile::TempDir;

use self::eice_options::EiceOptions;
use super::endpoint::Endpoint;
use super::instance::{Instance, no_address};
use crate::commands::exec;
use crate::commands::operation::ServiceClient;
use crate::context::Context;
use crate::error::{CommandError, CommandResult, Kind};
use crate::shell::posix_word;
use crate::usage::number;

/// Log in to an instance with ssh
///
/// A key pair is made up, its public half given to the instance for a minute, and ssh started. In a private network the
/// connection goes through an EC2 Instance Connect Endpoint. Ends with ssh's exit code.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx ec2-instance-connect ssh --instance-id i-1234567890abcdef0
  awsx ec2-instance-connect ssh --instance-id i-1234567890abcdef0 --os-user ubuntu --connection-type eice
  awsx ec2-instance-connect ssh --instance-id i-1234567890abcdef0 --local-forwarding 3336:db.internal:3306")]
pub(crate) struct SshArgs {
    /// The instance
    #[arg(long, value_name = "ID")]
    instance_id: String,
    /// Its address, where it has several
    #[arg(long, value_name = "ADDRESS")]
    instance_ip: Option<String>,
    /// A key that the instance knows already
    #[arg(long, value_name = "FILE")]
    private_key_file: Option<String>,
    /// The user on the instance
    #[arg(long, value_name = "NAME", default_value = "ec2-user")]
    os_user: String,
    /// The port of ssh
    #[arg(long, value_name = "PORT", default_value_t = 22, value_parser = number::<u16>)]
    ssh_port: u16,
    /// What ssh's -L is given
    #[arg(long, value_name = "SPEC")]
    local_forwarding: Option<String>,
    /// Straight, or through an endpoint
    #[arg(long, value_enum, default_value = "auto")]
    connection_type: ConnectionType,
    /// Of the endpoint: maxTunnelDuration=SECONDS,endpointId=ID,dnsName=NAME, or the same in JSON
    #[arg(long, value_name = "OPTIONS", value_parser = EiceOptions::parse)]
    eice_options: Option<EiceOptions>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ConnectionType {
    /// Straight to a public address, else through an endpoint
    Auto,
    /// Straight
    Direct,
    /// Through an EC2 Instance Connect Endpoint
    Eice,
}

pub(crate) fn run(context: &Context, args: &SshArgs) -> CommandResult {
    args.check()?;
    let (route, key) = context.block_on(async {
        let route = Route::find(context, args).await?;
        let key = match args.private_key_file {
            Some(_) => None,
            None => Some(send_key(context, args).await?),
        };
        Ok::<_, CommandError>((route, key))
    })?;
    // The key's folder is gone when ssh has ended.
    let folder;
    let key_file = match (&args.private_key_file, key) {
        (Some(file), _) => file.clone(),
        (None, key) => {
            folder = keep(&key.expect("one was made"))?;
            folder.path().join("private-key").display().to_string()
        }
    };
    let mut command = Command::new("ssh");
    command.args(["-o", "ServerAliveInterval=5", "-p", &args.ssh_port.to_string(), "-i", &key_file]);
    if let Some(forwarding) = &args.local_forwarding {
        command.args(["-L", forwarding]);
    }
    if context.globals.debug {
        command.arg("-v");
    }
    if let Some(endpoint) = &route.endpoint {
        let proxy = proxy_command(context, args, &route.address, endpoint)?;
        command.args(["-o", &format!("ProxyCommand={proxy}")]);
    }
    command.arg(format!("{}@{}", args.os_user, route.address));
    context.ui.leave_interrupts_to_child();
    let status = exec::wait_for(&mut command).map_err(|error| not_started(&error))?;
    match status.code() {
        Some(0) => Ok(()),
        Some(code) => Err(CommandError::said(u8::try_from(code).unwrap_or(u8::MAX))),
        None => Err(CommandError::said(u8::MAX)),
    }
}

fn not_started(error: &io::Error) -> CommandError {
    match error.kind() {
        io::ErrorKind::NotFound => CommandError::new(
            Kind::Configuration,
            "SSH not available. Please refer to the documentation at \
             https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Connect-using-EC2-Instance-Connect-Endpoint.html.",
        ),
        _ => CommandError::general("could not start `ssh`").caused_by(error),
    }
}

impl SshArgs {
    fn check(&self) -> CommandResult {
        let refuse = |message: &str| Err(CommandError::usage(message));
        let is_id = |text: &str, prefix: &str, also: &str| {
            text.strip_prefix(prefix).is_some_and(|rest| {
                !rest.is_empty() && rest.chars().all(|c| c.is_ascii_alphanumeric() || also.contains(c))
            })
        };
        if !is_id(&self.instance_id, "i-", "") {
            return refuse(
                "The specified instance ID is invalid. Provide the full instance ID in the form i-xxxxxxxxxxxxxxxxx.",
            );
        }
        if let Some(options) = &self.eice_options {
            if self.connection_type == ConnectionType::Direct {
                return refuse("eice-options can't be specified when connection type is direct.");
            }
            if options.dns_name.is_some() && options.endpoint_id.is_none() {
                return refuse("When specifying dnsName, you must specify endpointId.");
            }
            if options.max_tunnel_duration.is_some_and(|seconds| !(1..=3600).contains(&seconds)) {
                return refuse(
                    "Invalid value specified for maxTunnelDuration. Value must be greater than 1 and less than 3600.",
                );
            }
            if options.endpoint_id.as_ref().is_some_and(|id| !is_id(id, "eice-", "_")) {
                return refuse(
                    "The specified endpointId is invalid. Provide the full EC2 Instance Connect Endpoint ID in the \
                     form eice-xxxxxxxxxxxxxxxxx.",
                );
            }
            if options.dns_name.as_ref().is_some_and(|name| !is_id(name, "", ".-")) {
                return refuse("The specified dnsName is invalid.");
            }
        }
        if self.instance_ip.is_some() && self.connection_type == ConnectionType::Auto {
            return refuse("When specifying instance-ip, you must specify connection-type.");
        }
        Ok(())
    }
}

/// How the instance is reached.
struct Route {
    address: String,
    endpoint: Option<Endpoint>,
}

impl Route {
    async fn find(context: &Context, args: &SshArgs) -> CommandResult<Self> {
        let ec2 = ServiceClient::connect(context, "ec2").await?;
        let instance = Instance::fetch(&ec2, &args.instance_id).await?;
        let (address, by_endpoint) = address(args, &instance);
        let address = address.ok_or_else(no_address)?;
        if !by_endpoint {
            return Ok(Self { address, endpoint: None });
        }
        let options = args.eice_options.clone().unwrap_or_default();
        let endpoint = match options.dns_name {
            Some(dns_name) => Endpoint { id: options.endpoint_id.unwrap_or_default(), dns_name },
            None => Endpoint::find(context, &ec2, options.endpoint_id.as_deref(), &instance.network).await?,
        };
        Ok(Self { address, endpoint: Some(endpoint) })
    }
}

/// Where to, and whether through an endpoint.
fn address(args: &SshArgs, instance: &Instance) -> (Option<String>, bool) {
    let Instance { public_address: public, private_address: private, ipv6_address: ipv6, .. } = instance;
    let first = |addresses: &[&Option<String>]| addresses.iter().find_map(|address| (*address).clone());
    if args.instance_ip.is_some() {
        return (args.instance_ip.clone(), args.connection_type == ConnectionType::Eice);
    }
    if args.eice_options.is_some() || args.connection_type == ConnectionType::Eice {
        return (first(&[private, ipv6]), true);
    }
    if args.connection_type == ConnectionType::Direct {
        return (first(&[public, ipv6, private]), false);
    }
    (first(&[public, private, ipv6]), public.is_none() && private.is_some())
}

/// Makes up a key, and has the instance take it.
async fn send_key(context: &Context, args: &SshArgs) -> CommandResult<SshKey> {
    let key = SshKey::generate().map_err(|error| CommandError::general(error.to_string()))?;
    let service = ServiceClient::connect(context, "ec2-instance-connect").await?;
    let asked = Input::map([
        ("InstanceId", args.instance_id.as_str().into()),
        ("InstanceOSUser", args.os_user.as_str().into()),
        ("SSHPublicKey", key.public.as_str().into()),
    ]);
    service.call("SendSSHPublicKey", asked).await?;
    Ok(key)
}

/// A folder of this user's alone with the key in it.
fn keep(key: &SshKey) -> CommandResult<TempDir> {
    let folder = TempDir::new()
        .map_err(|error| CommandError::general("could not keep the key for ssh").caused_by(&error))?;
    awsx_core::store::write_atomic(&folder.path().join("private-key"), key.private.expose().as_bytes())?;
    Ok(folder)
}

/// What ssh starts to reach the instance: this program, as it was started.
fn proxy_command(
    context: &Context,
    args: &SshArgs,
    address: &str,
    endpoint: &Endpoint,
) -> CommandResult<String> {
    let program = std::env::current_exe()
        .map_err(|error| CommandError::general("this program has no path").caused_by(&error))?;
    let port = args.ssh_port.to_string();
    let mut words = vec![program.display().to_string()];
    let mut put = |option: &str, value: Option<&str>| {
        if let Some(value) = value {
            words.extend([option.to_owned(), value.to_owned()]);
        }
    };
    put("ec2-instance-connect", Some("open-tunnel"));
    put("--instance-id", Some(&args.instance_id));
    put("--private-ip-address", Some(address));
    put("--remote-port", Some(&port));
    put("--region", context.globals.region.as_deref());
    put("--profile", context.globals.profile.as_deref());
    put("--instance-connect-endpoint-id", Some(&endpoint.id).filter(|id| !id.is_empty()).map(String::as_str));
    put("--instance-connect-endpoint-dns-name", Some(&endpoint.dns_name));
    let seconds = args.eice_options.as_ref().and_then(|options| options.max_tunnel_duration);
    put("--max-tunnel-duration", seconds.map(|seconds| seconds.to_string()).as_deref());
    let command = words.iter().map(|word| posix_word(word)).collect::<Vec<_>>().join(" ");
    // ssh reads `%h` and its like as its own.
    Ok(command.replace('%', "%%"))
}
