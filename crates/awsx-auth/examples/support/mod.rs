//! What both examples need: clients, the caller's credentials, and a Ctrl-C that cleans up.

use std::error::Error;
use std::io::{BufRead, Write};

use awsx_auth::chain;
use awsx_auth::mfa_code::MfaPrompt;
use awsx_auth::{Clients, Credentials};
use awsx_core::settings::{Settings, table};
use awsx_core::{Env, Secret};
use awsx_http::{HttpClient, Options};
use tokio::sync::{mpsc, oneshot};

pub(crate) type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// Settings and connections, which clients borrow.
pub(crate) struct Surroundings {
    pub(crate) settings: Settings,
    http: HttpClient,
    pub(crate) region: String,
}

impl Surroundings {
    /// From the environment and the files under `~/.aws`, as every awsx command takes them.
    pub(crate) fn of_process() -> Outcome<Self> {
        let settings = Settings::new(Env::of_process(), []);
        let http = HttpClient::new(Options::resolve(&settings)?);
        let region = settings.text(&table::REGION)?.unwrap_or_else(|| "us-east-1".to_owned());
        Ok(Self { settings, http, region })
    }

    pub(crate) fn clients(&self) -> Clients<'_> {
        Clients::new(&self.settings, &self.http)
    }

    /// The credentials in use.
    pub(crate) async fn credentials(&self) -> Outcome<Credentials> {
        let link = chain::plan(&self.settings)?.ok_or("no credentials are configured")?;
        Ok(chain::resolve(&self.clients(), &link, &Asking).await?)
    }
}

/// Asks for the MFA code of a profile that needs one.
struct Asking;

impl MfaPrompt for Asking {
    fn code(&self, serial: &str) -> Option<Secret<String>> {
        say(&format!("MFA code for {serial}: "));
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line).ok()?;
        Some(Secret::new(line.trim().to_owned()))
    }
}

/// Comes when somebody presses Ctrl-C; a second Ctrl-C ends the program at once.
pub(crate) fn interrupt() -> Outcome<oneshot::Receiver<()>> {
    let (tell, told) = oneshot::channel();
    let mut tell = Some(tell);
    ctrlc::set_handler(move || match tell.take() {
        Some(tell) => drop(tell.send(())),
        #[expect(
            clippy::disallowed_methods,
            reason = "whoever insists does not want to wait for the cleaning up"
        )]
        None => std::process::exit(130),
    })?;
    Ok(told)
}

/// The lines of standard input, read on a thread of its own so that waiting for one can be interrupted.
pub(crate) struct Lines(mpsc::UnboundedReceiver<String>);

impl Lines {
    pub(crate) fn of_stdin() -> Self {
        let (tell, told) = mpsc::unbounded_channel();
        std::thread::spawn(move || {
            for line in std::io::stdin().lock().lines().map_while(Result::ok) {
                if tell.send(line).is_err() {
                    return;
                }
            }
        });
        Self(told)
    }

    /// Asks and waits for a line; none at the end of input.
    pub(crate) async fn ask(&mut self, question: &str) -> Option<String> {
        say(question);
        Some(self.0.recv().await?.trim().to_owned())
    }
}

/// Says something to the person, beside the data.
pub(crate) fn say(text: &str) {
    // Without a reader there is nobody to tell.
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

/// A name that nobody else has chosen.
pub(crate) fn unique_name() -> String {
    let id = uuid::Uuid::new_v4().simple().to_string();
    format!("awsx-example-{}", &id[..8])
}
