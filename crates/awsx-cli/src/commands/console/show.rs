//! The URL on its way to the person: printed, drawn, opened.

use crate::context::Context;
use crate::error::{CommandError, CommandResult};
use crate::ui::{Browser, open_browser, render_qr};

/// What `--container` means without a name: the account's.
const ACCOUNT: &str = "";

/// How the page is shown.
#[derive(clap::Args, Debug)]
pub(super) struct ShowArgs {
    /// Browser to open it in [default: `$BROWSER`, else the system's]
    #[arg(long, value_enum)]
    browser: Option<Browser>,
    /// Keep accounts apart: a Firefox container, or a profile of Chrome and its kin, of this name [default: the account]
    // Firefox needs the extension "Open external links in a container".
    #[arg(long, value_name = "NAME", num_args = 0..=1, require_equals = true, requires = "browser", default_missing_value = ACCOUNT)]
    container: Option<String>,
    /// Draw the URL as a QR code too
    #[arg(long)]
    qr: bool,
}

impl ShowArgs {
    /// What cannot be is said before anybody is asked for credentials.
    pub(super) fn check(&self, open: bool) -> CommandResult {
        match self.browser {
            Some(_) if !open => Err(CommandError::usage("`--browser` needs `--open`")),
            Some(browser) if self.container.is_some() && !browser.keeps_apart() => {
                Err(CommandError::usage(format!("{} keeps no accounts apart", browser.name())))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn show(&self, context: &Context, url: &str, account: &str, open: bool) -> CommandResult {
        if self.qr {
            match render_qr(url) {
                Some(code) => context.ui.err(format_args!("\n{code}\n")),
                None => context.ui.err(format_args!("The URL is too long for a QR code.\n")),
            }
        }
        if !open {
            return context.ui.out(format_args!("{url}\n"));
        }
        let container = self.container.as_deref().map(|name| if name == ACCOUNT { account } else { name });
        let opened = match self.browser {
            Some(browser) => browser.open(context.env(), url, container),
            None => open_browser(url, context.env().var_filled("BROWSER")),
        };
        if opened {
            context.ui.err(format_args!("Opening the AWS console in your browser.\n"));
            return Ok(());
        }
        let name = self.browser.map_or("a browser", Browser::name);
        Err(CommandError::general(format!("{name} could not be started"))
            .with_hint("`awsx console-url` prints the URL, to be opened elsewhere"))
    }
}
