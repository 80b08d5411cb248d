//! Opens a page in the person's browser: `$BROWSER` or the platform's, by arguments, never through a shell.

/// Tries to open a page; says whether a browser was started.
pub(crate) fn open(url: &str) -> bool {
    let opened = webbrowser::open(url);
    if let Err(error) = &opened {
        tracing::debug!(target: "awsx::browser", %error, "no browser");
    }
    opened.is_ok()
}
