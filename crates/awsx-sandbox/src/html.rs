//! The frame around every page a person sees. Pages load nothing from elsewhere and run no script.

use axum::response::{Html, IntoResponse, Response};
use http::{StatusCode, header};

const STYLE: &str = "\
    :root{color-scheme:light dark}\
    body{font:1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:10vh auto;padding:0 1rem}\
    h1{font-size:1.4rem}\
    dt{font-weight:600}dd{margin:0 0 .6rem;overflow-wrap:anywhere}\
    input,button{font:inherit;padding:.5rem .9rem}\
    label{display:block;margin-bottom:.3rem}\
    input{width:14rem;max-width:100%;text-transform:uppercase;letter-spacing:.1em}\
    .buttons{margin-top:1.2rem;display:flex;gap:.8rem}\
    [role=alert]{border-left:.3rem solid #b3261e;padding-left:.7rem}";

// No `form-action`: browsers would apply it to the redirect that follows the form, which goes to another port.
const CONTENT_POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";

/// Renders a page. `title` is text, `body` is HTML.
pub(crate) fn page(status: StatusCode, title: &str, body: &str) -> Response {
    let title = escape(title);
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n{body}\n</main>\n</body>\n</html>\n"
    );
    let headers = [
        (header::CONTENT_SECURITY_POLICY, CONTENT_POLICY),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    (status, headers, Html(html)).into_response()
}

/// Escapes text for HTML and XML, in element content and in quoted attributes.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}
