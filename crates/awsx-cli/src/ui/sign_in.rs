//! What a person sees while signing in. The texts, and that they go to stdout, are AWS CLI's.

use awsx_auth::sso::{DeviceCode, SignInPrompt};
use url::Url;

use super::{Ui, open_browser, render_qr};

/// How the person wants to sign in.
#[derive(Clone, Debug)]
pub(crate) struct SignInUiOptions {
    /// Shows the URL without opening it.
    pub(crate) no_browser: bool,
    /// Draws the URL as a QR code too.
    pub(crate) qr: bool,
    /// The browser that the person named with `$BROWSER`.
    pub(crate) browser: Option<String>,
    /// Whether the session is a remote one, where a browser on this machine is of no use.
    pub(crate) remote: bool,
}

/// Shows the page or the code, and opens the browser.
pub(crate) struct SignInUi {
    pub(crate) ui: Ui,
    pub(crate) options: SignInUiOptions,
}

impl SignInUi {
    fn say(&self, text: std::fmt::Arguments<'_>) {
        // Without a reader the sign-in can still be approved in the browser.
        let _ = self.ui.out(text);
    }

    fn open(&self, url: &str) {
        if !self.options.no_browser {
            open_browser(url, self.options.browser.as_deref());
        }
    }

    fn draw(&self, url: &str) {
        if self.options.qr
            && let Some(code) = render_qr(url)
        {
            self.ui.err(format_args!("\n{code}\n"));
        }
    }
}

/// A page to sign in at.
pub(crate) struct BrowserPage<'a> {
    pub(crate) url: &'a Url,
    /// The command's option for whoever has the browser on another device.
    pub(crate) option: &'static str,
    /// Whether that option was given.
    pub(crate) is_elsewhere: bool,
}

impl SignInUi {
    /// Shows the page's URL, and opens it unless that is not wanted.
    pub(crate) fn show(&self, page: &BrowserPage<'_>) {
        let BrowserPage { url, option, is_elsewhere } = page;
        if self.options.no_browser {
            self.say(format_args!(
                "Browser will not be automatically opened.\nPlease visit the following URL:\n\n{url}\n"
            ));
        } else {
            self.say(format_args!(
                "Attempting to open your default browser. If the browser does not open, open the following URL.\n\
                 If you are unable to open the URL on this device, run this command again with the '{option}' \
                 option.\n\n{url}\n\n"
            ));
        }
        if self.options.remote && !is_elsewhere {
            self.ui.err(format_args!(
                "hint: this is a remote session; the browser must run on this same machine, else use `{option}`\n"
            ));
        }
        self.open(url.as_str());
    }
}

impl SignInPrompt for SignInUi {
    fn authorize(&self, url: &Url) {
        self.show(&BrowserPage { url, option: "--use-device-code", is_elsewhere: false });
    }

    fn device(&self, code: &DeviceCode) {
        let DeviceCode { verification_uri, verification_uri_complete, user_code } = code;
        if self.options.no_browser {
            self.say(format_args!(
                "Browser will not be automatically opened.\nPlease visit the following URL:\n\n{verification_uri}\n\
                 \nThen enter the code:\n\n{user_code}\n\nAlternatively, you may visit the following URL which will \
                 autofill the code upon loading:\n{verification_uri_complete}\n"
            ));
        } else {
            self.say(format_args!(
                "Attempting to open your default browser.\nIf the browser does not open or you wish to use a \
                 different device to authorize this request, open the following URL:\n\n{verification_uri}\n\
                 \nThen enter the code:\n\n{user_code}\n"
            ));
        }
        self.draw(verification_uri_complete);
        self.open(verification_uri_complete);
    }

    fn waiting(&self, name: &str) {
        self.ui.err(format_args!("Another process is signing in to {name}; waiting for it.\n"));
    }
}
