//! The options of every command that signs in.

use crate::context::Context;
use crate::ui::{SignInUi, SignInUiOptions};

#[derive(clap::Args, Clone, Copy, Debug)]
pub(crate) struct SignInArgs {
    /// Show the URL without opening a browser
    #[arg(long)]
    pub(crate) no_browser: bool,
    /// Sign in with a code that can be entered on any device
    #[arg(long)]
    pub(crate) use_device_code: bool,
    /// Draw the URL of the code as a QR code for a phone
    #[arg(long)]
    pub(crate) qr: bool,
}

impl SignInArgs {
    /// What shows the sign-in to the person.
    pub(crate) fn prompt(self, context: &Context) -> SignInUi {
        let env = context.env();
        let over_ssh = ["SSH_CONNECTION", "SSH_TTY"].iter().any(|name| env.var_filled(name).is_some());
        let browser = env.var_filled("BROWSER").map(str::to_owned);
        // A browser that the person named for this session is a browser that works here.
        let remote = over_ssh && browser.is_none();
        let options = SignInUiOptions { no_browser: self.no_browser, qr: self.qr, browser, remote };
        SignInUi { ui: context.ui, options }
    }
}
