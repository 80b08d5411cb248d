//! What a command may need, made when it first asks: settings, HTTP, credentials, a runtime.
//!
//! `--help` and `configure list-profiles` touch neither network nor TLS because nobody asks for them.

use std::cell::OnceCell;
use std::future::Future;

use awsx_auth::chain::{self, ChainError, Link};
use awsx_auth::metadata::{InstanceEndpoint, fetch_region};
use awsx_auth::mfa_code::MfaPrompt;
use awsx_auth::{Clients, Credentials};
use awsx_core::settings::{Settings, table};
use awsx_core::{Env, Secret};
use awsx_http::{HttpClient, Options};
use time::Duration;
use tokio::runtime::{Builder, Runtime};

use crate::cli::{Command, GlobalArgs};
use crate::commands::wish::WishArgs;
use crate::error::{CommandError, CommandResult, Kind};
use crate::ui::Ui;

pub(crate) struct Context {
    pub(crate) settings: Settings,
    pub(crate) globals: GlobalArgs,
    pub(crate) ui: Ui,
    http: OnceCell<HttpClient>,
    runtime: OnceCell<Runtime>,
    instance_region: OnceCell<Option<String>>,
}

impl Context {
    pub(crate) fn new(env: Env, ui: Ui, globals: GlobalArgs, command: &Command) -> Self {
        let settings = Settings::new(env, globals.as_flags());
        let settings = if command.makes_profiles() { settings.for_new_profile() } else { settings };
        Self::of(settings, ui, globals)
    }

    /// The context of another command line than the process's own.
    pub(crate) fn of_words(env: Env, ui: Ui, globals: GlobalArgs) -> Self {
        Self::of(Settings::new(env, globals.as_flags()), ui, globals)
    }

    fn of(settings: Settings, ui: Ui, globals: GlobalArgs) -> Self {
        Self {
            settings,
            globals,
            ui,
            http: OnceCell::new(),
            runtime: OnceCell::new(),
            instance_region: OnceCell::new(),
        }
    }

    pub(crate) fn env(&self) -> &Env {
        self.settings.env()
    }

    /// Runs what talks to the network, on one thread.
    pub(crate) fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        self.ui.restore_terminal_on_interrupt();
        self.block_on_as_is(future)
    }

    /// The same with signals as the process was given them: one that is ignored stays so, for a child to inherit.
    pub(crate) fn block_on_as_is<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.get_or_init(runtime).block_on(future)
    }

    pub(crate) fn clients(&self) -> CommandResult<Clients<'_>> {
        let http = if let Some(http) = self.http.get() {
            http
        } else {
            let options = Options::resolve(&self.settings)?;
            self.http.get_or_init(|| HttpClient::new(options))
        };
        Ok(Clients::new(&self.settings, http))
    }

    /// The region in use.
    pub(crate) fn region(&self) -> CommandResult<String> {
        let Some(region) = self.region_if_any()? else {
            return Err(CommandError::new(
                Kind::NoRegion,
                "You must specify a region. You can also configure your region by running \"awsx configure\".",
            )
            .with_hint(REGION_HINT));
        };
        check_region(region)
    }

    /// The configured region, else the one that an EC2 instance is in.
    pub(crate) fn region_if_any(&self) -> CommandResult<Option<String>> {
        match self.settings.text(&table::REGION)? {
            Some(region) => Ok(Some(region)),
            None => self.instance_region(),
        }
    }

    /// The region that EC2's metadata service tells; none on another machine. Asked once, and on a thread of its own,
    /// since the question comes up inside asynchronous work too.
    pub(crate) fn instance_region(&self) -> CommandResult<Option<String>> {
        if let Some(region) = self.instance_region.get() {
            return Ok(region.clone());
        }
        let region = match InstanceEndpoint::resolve(&self.settings)? {
            None => None,
            Some(endpoint) => std::thread::scope(|scope| {
                let ask = || runtime().block_on(fetch_region(&endpoint));
                scope.spawn(ask).join().expect("asking for the region does not panic")
            })?,
        };
        Ok(self.instance_region.get_or_init(|| region).clone())
    }

    /// The region to ask IAM and STS in where the command names none: any region leads to the right partition.
    pub(crate) fn iam_region(&self) -> CommandResult<String> {
        match self.settings.text(&table::REGION)? {
            Some(_) => self.region(),
            None => Ok("us-east-1".to_owned()),
        }
    }

    /// The credentials in use; none if none are configured.
    pub(crate) async fn credentials(&self) -> CommandResult<Option<Credentials>> {
        match chain::plan(&self.settings)? {
            None => Ok(None),
            Some(link) => match self.resolve(&link).await {
                Err(error) if error.kind == Kind::NoCredentials => Ok(None),
                resolved => resolved.map(Some),
            },
        }
    }

    /// The credentials in use.
    pub(crate) async fn required_credentials(&self) -> CommandResult<Credentials> {
        self.credentials().await?.ok_or_else(no_credentials)
    }

    /// The link that gives what is wished for.
    pub(crate) fn required_link(&self, wish: &WishArgs, duration: Option<Duration>) -> CommandResult<Link> {
        wish.plan(self, duration)?.ok_or_else(no_credentials)
    }

    /// The keys that a link gives.
    pub(crate) async fn resolve(&self, link: &Link) -> CommandResult<Credentials> {
        Ok(chain::resolve(&self.clients()?, link, self).await?)
    }

    /// How S3 is asked: region, endpoint, credentials. AWS CLI asks it in us-east-1 where no region is set: there every
    /// bucket can be found.
    pub(crate) async fn s3_access(&self) -> CommandResult<S3Access> {
        let signature = self.plan_signature()?;
        let region = match self.region_if_any()? {
            Some(_) => self.region()?,
            None => "us-east-1".to_owned(),
        };
        let endpoint_url = self.endpoint_url("S3")?;
        let credentials = match signature {
            Signature::None => None,
            Signature::By(None) => return Err(no_credentials()),
            Signature::By(Some(link)) => Some(self.resolve(&link).await?),
        };
        Ok(S3Access { region, endpoint_url, credentials })
    }

    /// Whose keys are to sign. A broken profile is told here.
    pub(crate) fn plan_signature(&self) -> CommandResult<Signature> {
        if self.globals.no_sign_request {
            // The profile counts all the same: region and endpoint come from it.
            self.settings.scoped()?;
            return Ok(Signature::None);
        }
        Ok(Signature::By(chain::plan(&self.settings)?.map(Box::new)))
    }

    /// The URL set for a service, `--endpoint-url` included.
    pub(crate) fn endpoint_url(&self, service_id: &str) -> CommandResult<Option<String>> {
        if let Some(url) = &self.globals.endpoint_url
            && !url.contains("://")
        {
            return Err(CommandError::usage(format!(
                "Bad value for --endpoint-url \"{url}\": scheme is missing.  Must be of the form \
                 http://<hostname>/ or https://<hostname>/"
            )));
        }
        let url = self.settings.endpoint_url(service_id)?.map(|resolved| resolved.value);
        url.as_deref().map(check_endpoint).transpose()?;
        Ok(url)
    }
}

/// Refuses what no request can be sent to. Unlike AWS CLI it takes `_` in host names, which containers have.
fn check_endpoint(url: &str) -> CommandResult {
    let invalid = || CommandError::general(format!("Invalid endpoint: {url}"));
    let (scheme, rest) = url.split_once("://").ok_or_else(invalid)?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let authority = authority.rsplit('@').next().unwrap_or_default();
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let (address, port) = rest.split_once(']').ok_or_else(invalid)?;
            (Err(address), port.strip_prefix(':'))
        }
        None => match authority.split_once(':') {
            Some((host, port)) => (Ok(host), Some(port)),
            None => (Ok(authority), None),
        },
    };
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    let is_host = match host {
        Ok(name) => name.strip_suffix('.').unwrap_or(name).split('.').all(is_label),
        Err(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
    };
    if !is_host {
        return Err(invalid());
    }
    match port.unwrap_or_default() {
        "" => {}
        port if port.parse::<u16>().is_ok() => {}
        port if port.bytes().all(|byte| byte.is_ascii_digit()) => {
            return Err(CommandError::general("Port out of range 0-65535"));
        }
        port => {
            return Err(CommandError::general(format!(
                "Port could not be cast to integer value as '{port}'"
            )));
        }
    }
    if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
        return Err(CommandError::general(format!(
            "An HTTP Client raised an unhandled exception: Not supported URL scheme {}",
            scheme.to_ascii_lowercase()
        )));
    }
    Ok(())
}

/// Gives the region back if it can stand in the name of a host.
pub(crate) fn check_region(region: String) -> CommandResult<String> {
    let well_formed = region.len() <= 63
        && !region.starts_with('-')
        && !region.ends_with('-')
        && region.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !region.bytes().all(|byte| byte.is_ascii_digit());
    if well_formed {
        return Ok(region);
    }
    Err(CommandError::general(format!("Provided region_name '{region}' doesn't match a supported format.")))
}

pub(crate) fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().expect("the system gives a runtime")
}

/// Where S3 is asked, and as whom.
pub(crate) struct S3Access {
    pub(crate) region: String,
    pub(crate) endpoint_url: Option<String>,
    pub(crate) credentials: Option<Credentials>,
}

/// Whether requests are signed, and by which link's keys, if any is configured.
pub(crate) enum Signature {
    None,
    By(Option<Box<Link>>),
}

const REGION_HINT: &str =
    "pass `--region us-east-1`, say, or keep it with `awsx configure set region us-east-1`";

pub(crate) fn no_region() -> CommandError {
    CommandError::new(
        Kind::NoRegion,
        "You must specify a region. You can also configure your region by running \"aws configure\".",
    )
    .with_hint(REGION_HINT)
}

pub(crate) fn no_credentials() -> CommandError {
    ChainError::NoCredentials.into()
}

impl MfaPrompt for Context {
    fn code(&self, serial: &str) -> Option<Secret<String>> {
        self.ui.ask_mfa_code(serial)
    }

    fn given_code(&self) -> Option<Secret<String>> {
        self.globals.mfa_code.clone()
    }

    fn waiting_for_next_code(&self, serial: &str, seconds: u64) {
        self.ui.err(format_args!(
            "The current MFA code of {serial} was used already; waiting {seconds} s for the next one.\n"
        ));
    }

    fn code_was_used(&self, serial: &str) {
        self.ui.err(format_args!("That MFA code of {serial} was used already; enter the next one.\n"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_that_no_request_can_be_sent_to_are_refused_in_aws_cli_s_words() {
        for good in [
            "http://127.0.0.1:9",
            "https://x.y/z?q",
            "http://[::1]:9",
            "http://user@minio_1:9000/",
            "HTTP://x.",
        ] {
            assert!(check_endpoint(good).is_ok(), "{good}");
        }
        for (bad, text) in [
            ("foo", "Invalid endpoint: foo"),
            ("http://a b", "Invalid endpoint: http://a b"),
            ("http://-x.y", "Invalid endpoint: http://-x.y"),
            ("http://", "Invalid endpoint: http://"),
            ("http://x:99999", "Port out of range 0-65535"),
            ("http://x:abc", "Port could not be cast to integer value as 'abc'"),
            ("ftp://x", "An HTTP Client raised an unhandled exception: Not supported URL scheme ftp"),
        ] {
            assert_eq!(check_endpoint(bad).unwrap_err().message, text);
        }
    }
}
