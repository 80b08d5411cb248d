//! Runs the sandbox until it is interrupted, and says how to use it.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

use awsx_sandbox::{Break, Breakage, Config, Proxy, Request, Sandbox, browser, seed};
use clap::{Parser, Subcommand};

/// AWS on loopback: Identity Center, console login, IAM, STS, sign-in federation and S3, without an account
#[derive(Parser, Debug)]
#[command(version, args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,

    /// Port on 127.0.0.1 (0: any free port)
    #[arg(long, default_value_t = 4566)]
    port: u16,

    /// Sign everybody in at once instead of asking on a page
    #[arg(long)]
    auto_approve: bool,

    /// How long an access token lasts (default: 8 hours)
    #[arg(long, value_name = "SECONDS")]
    token_lifetime: Option<u64>,

    /// How long credentials of Identity Center's roles last (default: 1 hour)
    #[arg(long, value_name = "SECONDS")]
    role_lifetime: Option<u64>,

    /// How long new keys, roles and policies are not known outside of IAM, as with AWS
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    propagation: u64,

    /// When it stops, write the newest requests to a new file, one JSON object a line
    #[arg(long, value_name = "FILE")]
    requests: Option<PathBuf>,

    /// Also write an AWS config file with profiles for this sandbox; an existing file is kept
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Open a sign-in page and approve it, as an unattended browser: BROWSER="awsx-sandbox browse %s"
    Browse {
        /// Address of the page
        url: String,

        /// Deny it instead
        #[arg(long)]
        deny: bool,
    },
    /// Stand between an S3 client and a server and break things, until standard input ends; prints its URL
    Proxy {
        /// The server, as in 127.0.0.1:8333
        server: String,

        /// What goes wrong
        #[arg(long = "break", value_name = "KIND", required = true)]
        breaks: Vec<Break>,

        /// Requests hit, of a thousand
        #[arg(long, default_value_t = 100)]
        per_thousand: u64,

        /// Other numbers hit other requests
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
}

fn main() -> io::Result<()> {
    let arguments = Arguments::parse();
    match &arguments.command {
        Some(Command::Proxy { server, breaks, per_thousand, seed }) => {
            let (server, breaks) = (server.clone(), breaks.clone());
            let proxy = Proxy::start(Breakage { server, breaks, per_thousand: *per_thousand, seed: *seed })?;
            writeln!(io::stdout(), "{}", proxy.url())?;
            io::copy(&mut io::stdin(), &mut io::sink()).map(|_| ())
        }
        Some(Command::Browse { url, deny: false }) => browser::open_and_approve(url),
        Some(Command::Browse { url, deny: true }) => browser::open_and_deny(url),
        None => serve(&arguments),
    }
}

fn serve(arguments: &Arguments) -> io::Result<()> {
    let mut config = Config {
        port: arguments.port,
        auto_approve: arguments.auto_approve,
        propagation: Duration::from_secs(arguments.propagation),
        ..Config::default()
    };
    if let Some(seconds) = arguments.token_lifetime {
        config.token_lifetime = Duration::from_secs(seconds);
    }
    if let Some(seconds) = arguments.role_lifetime {
        config.role_lifetime = Duration::from_secs(seconds);
    }
    let description = describe_seed(&config);
    let sandbox = Sandbox::start(config)?;
    if let Some(file) = &arguments.config {
        write_config(file, sandbox.url())?;
    }

    let (interrupted, interruption) = mpsc::channel();
    ctrlc::set_handler(move || {
        // Sent once; later signals find nobody waiting.
        let _ = interrupted.send(());
    })
    .map_err(io::Error::other)?;

    let mut out = io::stdout().lock();
    for (name, value) in sandbox.environment() {
        writeln!(out, "export {name}={value}")?;
    }
    if let Some(file) = &arguments.config {
        writeln!(out, "export AWS_CONFIG_FILE='{}'", file.display().to_string().replace('\'', "'\\''"))?;
    }
    writeln!(out, "{description}")?;
    out.flush()?;
    drop(out);

    interruption.recv().map_err(io::Error::other)?;
    match &arguments.requests {
        Some(file) => write_requests(file, &sandbox.requests()),
        None => Ok(()),
    }
}

fn write_requests(path: &Path, requests: &[Request]) -> io::Result<()> {
    let file = File::create_new(path)
        .map_err(|error| io::Error::new(error.kind(), format!("`{}`: {error}", path.display())))?;
    let mut file = io::BufWriter::new(file);
    for request in requests {
        let Request { method, path, query, headers, form, json } = request;
        let line = serde_json::json!({
            "method": method, "path": path, "query": query, "headers": headers, "form": form, "json": json,
        });
        writeln!(file, "{line}")?;
    }
    file.flush()
}

/// The seed in words, each line a shell comment, so that all of the output can be evaluated.
fn describe_seed(config: &Config) -> String {
    let mut lines = vec![
        format!("Region {}, start URL {}", seed::REGION, config.start_url),
        format!("User {} ({})", seed::USER_NAME, seed::USER_ARN),
        format!("  access key {} / {}", seed::ACCESS_KEY_ID, seed::SECRET_ACCESS_KEY),
        format!("  MFA device {}, seed {}", seed::MFA_SERIAL, seed::MFA_SEED),
    ];
    for account in &config.accounts {
        lines.push(format!(
            "Account {} \"{}\": SSO roles {}",
            account.id,
            account.name,
            account.roles.join(", ")
        ));
    }
    for role in &config.roles {
        let mut terms = Vec::new();
        if role.trusted_accounts.is_empty() && !role.web_identity {
            terms.push("trusts nobody".to_owned());
        }
        if role.web_identity {
            terms.push("for web identity tokens".to_owned());
        }
        if role.requires_mfa {
            terms.push("asks for MFA".to_owned());
        }
        if let Some(external_id) = &role.external_id {
            terms.push(format!("asks for external id {external_id}"));
        }
        terms.push(format!("at most {} h", role.max_session.as_secs() / 3600));
        lines.push(format!("Role {}: {}", role.arn(), terms.join(", ")));
    }
    lines.push(format!("Buckets {}", seed::BUCKETS.join(", ")));
    lines.push("Everything is forgotten on Ctrl-C.".to_owned());
    lines.iter().map(|line| format!("# {line}")).collect::<Vec<_>>().join("\n")
}

fn write_config(path: &Path, url: &str) -> io::Result<()> {
    let mut file = match File::create_new(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(()),
        Err(error) => return Err(io::Error::new(error.kind(), format!("`{}`: {error}", path.display()))),
    };
    write!(
        file,
        "[default]\nregion = {region}\nendpoint_url = {url}\n\n\
         [sso-session sandbox]\nsso_start_url = {start_url}\nsso_region = {region}\nsso_registration_scopes = {scope}\n\n\
         [profile developer]\nsso_session = sandbox\nsso_account_id = {development}\nsso_role_name = Developer\n\
         region = {region}\nendpoint_url = {url}\n\n\
         [profile admin]\nsso_session = sandbox\nsso_account_id = {production}\nsso_role_name = Administrator\n\
         region = {region}\nendpoint_url = {url}\n\n\
         [profile alice]\naws_access_key_id = {key}\naws_secret_access_key = {secret}\nmfa_serial = {mfa}\n\
         region = {region}\nendpoint_url = {url}\n\n\
         [profile reader]\nrole_arn = {reader}\nsource_profile = alice\nregion = {region}\nendpoint_url = {url}\n\n\
         [profile operator]\nrole_arn = {operator}\nsource_profile = alice\nmfa_serial = {mfa}\nregion = {region}\n\
         endpoint_url = {url}\n",
        region = seed::REGION,
        start_url = seed::START_URL,
        scope = seed::ACCOUNT_SCOPE,
        development = seed::DEVELOPMENT,
        production = seed::PRODUCTION,
        key = seed::ACCESS_KEY_ID,
        secret = seed::SECRET_ACCESS_KEY,
        mfa = seed::MFA_SERIAL,
        reader = seed::CONSOLE_READER_ARN,
        operator = seed::OPERATOR_ARN,
    )
}
