//! `ec2-instance-connect open-tunnel`: bytes to an instance's port, through an endpoint in its network.

mod ends;

use std::net::{Ipv4Addr, SocketAddr};

use awsx_auth::AuthError;
use awsx_auth::tokens::TunnelUrl;
use awsx_core::Secret;
use awsx_http::{HttpClient, Options, WebSocket, WebSocketError};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use self::ends::Ends;
use super::endpoint::Endpoint;
use super::instance::{Instance, Network};
use crate::commands::operation::ServiceClient;
use crate::context::Context;
use crate::error::{CommandError, CommandResult};
use crate::usage::number;

/// Reach a port of an instance in a private network, through an EC2 Instance Connect Endpoint
///
/// With --local-port each connection to that port of this machine has a tunnel of its own. Without it the tunnel is
/// between standard input and output, for the `ProxyCommand` of ssh.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx ec2-instance-connect open-tunnel --instance-id i-1234567890abcdef0 --remote-port 5432 --local-port 5432
  ssh -o ProxyCommand='awsx ec2-instance-connect open-tunnel --instance-id %h' ec2-user@i-1234567890abcdef0")]
pub(crate) struct OpenTunnelArgs {
    /// The instance
    #[arg(long, value_name = "ID")]
    instance_id: Option<String>,
    /// The endpoint (default: one in the instance's network)
    #[arg(long, value_name = "ID")]
    instance_connect_endpoint_id: Option<String>,
    /// The endpoint's name
    #[arg(long, value_name = "NAME")]
    instance_connect_endpoint_dns_name: Option<String>,
    /// The instance's private address, in place of its id
    #[arg(long, value_name = "ADDRESS")]
    private_ip_address: Option<String>,
    /// The port of the instance
    #[arg(long, value_name = "PORT", default_value_t = 22, value_parser = number::<u16>)]
    remote_port: u16,
    /// The port of this machine to listen on
    #[arg(long, value_name = "PORT", value_parser = number::<u16>)]
    local_port: Option<u16>,
    /// After how long the tunnel ends [default: 3600]
    #[arg(long, value_name = "SECONDS", value_parser = number::<u32>)]
    max_tunnel_duration: Option<u32>,
    /// How many tunnels may be open at once
    #[arg(long, value_name = "NUMBER", default_value_t = 10)]
    max_websocket_connections: usize,
}

impl OpenTunnelArgs {
    fn check(&self, context: &Context) -> CommandResult {
        let refuse = |message: &str| Err(CommandError::usage(message));
        let has_id = self.instance_connect_endpoint_id.is_some();
        if self.instance_id.is_none() && self.private_ip_address.is_none() {
            return refuse("Specify an instance id or private ip.");
        }
        if self.instance_connect_endpoint_dns_name.is_some() && !has_id {
            return refuse("Specify an instance connect endpoint id when providing a DNS name.");
        }
        if self.private_ip_address.is_some() && !has_id {
            return refuse("Specify an instance connect endpoint id when providing a private ip.");
        }
        if self.max_tunnel_duration.is_some_and(|seconds| !(1..=3600).contains(&seconds)) {
            return refuse(
                "Invalid max connection timeout specified. Value must be greater than 1 and less than 3600.",
            );
        }
        if self.local_port.is_none() && context.ui.stdin_is_terminal() {
            return refuse(
                "This command does not support interactive mode. You must use this command as a proxy or in listener \
                 mode. ",
            );
        }
        Ok(())
    }
}

pub(crate) fn run(context: &Context, args: &OpenTunnelArgs) -> CommandResult {
    args.check(context)?;
    let http = HttpClient::new(Options { read_timeout: None, ..Options::resolve(&context.settings)? });
    context.block_on(async {
        let tunnel = Tunnel { context, http, url: url(context, args).await? };
        match args.local_port.filter(|port| *port != 0) {
            None => Ok(Ends::of_process(tunnel.open().await?).join().await?),
            Some(port) => tunnel.listen(port, args.max_websocket_connections).await,
        }
    })
}

/// From where to where.
async fn url(context: &Context, args: &OpenTunnelArgs) -> CommandResult<TunnelUrl> {
    let ec2 = ServiceClient::connect(context, "ec2").await?;
    let (address, network) = match (&args.private_ip_address, &args.instance_id) {
        (Some(address), _) => (address.clone(), Network::default()),
        (None, id) => {
            let instance = Instance::fetch(&ec2, id.as_deref().unwrap_or_default()).await?;
            (instance.inner_address()?, instance.network)
        }
    };
    let id = args.instance_connect_endpoint_id.as_deref();
    let endpoint = match &args.instance_connect_endpoint_dns_name {
        Some(name) => Endpoint { id: id.unwrap_or_default().to_owned(), dns_name: name.clone() },
        None => Endpoint::find(context, &ec2, id, &network).await?,
    };
    Ok(TunnelUrl {
        base: base_of(&endpoint.dns_name),
        endpoint_id: endpoint.id,
        address,
        port: args.remote_port,
        max_seconds: args.max_tunnel_duration,
    })
}

/// An endpoint of AWS's speaks TLS; one that is named with its scheme may speak otherwise.
fn base_of(name: &str) -> String {
    if name.contains("://") { name.to_owned() } else { format!("https://{name}") }
}

/// Opens tunnels, each with a signature of its own.
struct Tunnel<'a> {
    context: &'a Context,
    http: HttpClient,
    url: TunnelUrl,
}

impl Tunnel<'_> {
    async fn signed_url(&self) -> CommandResult<Secret<String>> {
        let credentials = self.context.required_credentials().await?;
        let region = self.context.region()?;
        let signed = self.url.sign(&region, &credentials, self.context.env().now());
        Ok(signed.map_err(AuthError::from)?)
    }

    async fn open(&self) -> CommandResult<WebSocket> {
        Ok(open(&self.http, &self.signed_url().await?).await?)
    }

    /// A tunnel for each connection, until Ctrl-C.
    async fn listen(&self, port: u16, limit: usize) -> CommandResult {
        let ui = self.context.ui;
        let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await;
        let listener = listener.map_err(|error| {
            CommandError::general(format!("could not listen on port {port}")).caused_by(&error)
        })?;
        ui.out(format_args!("Listening for connections on port {port}.\n"))?;
        let mut running = JoinSet::new();
        for number in 1_u64.. {
            let (connection, _) = listener
                .accept()
                .await
                .map_err(|error| CommandError::general("could not accept a connection").caused_by(&error))?;
            while running.try_join_next().is_some() {}
            if running.len() >= limit {
                ui.out(format_args!(
                    "Max websocket connections {limit} have been reached, closing incoming connection.\n"
                ))?;
                continue;
            }
            ui.out(format_args!("[{number}] Accepted new tcp connection, opening websocket tunnel.\n"))?;
            let (http, url) = (self.http.clone(), self.signed_url().await?);
            running.spawn(async move {
                let ended = match open(&http, &url).await {
                    Ok(socket) => Ends::of_connection(socket, connection).join().await,
                    Err(error) => Err(error),
                };
                if let Err(error) = ended {
                    ui.err(format_args!("[{number}] Encountered error with websocket: {error}\n"));
                }
                // One who cannot be told any more is none to be told.
                let _ = ui.out(format_args!("[{number}] Closing tcp connection.\n"));
            });
        }
        Ok(())
    }
}

async fn open(http: &HttpClient, url: &Secret<String>) -> Result<WebSocket, WebSocketError> {
    let uri = url.expose().parse().map_err(|_| WebSocketError::Invalid)?;
    http.web_socket(uri, concat!("awsx/", env!("CARGO_PKG_VERSION"))).await
}
