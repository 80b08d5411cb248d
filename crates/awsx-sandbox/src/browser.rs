//! An unattended browser: opens a sign-in page, presses Approve or Deny and follows where that leads.
//!
//! It understands the sandbox's own pages, talks plain HTTP to this machine only, and runs nothing.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

use url::Url;

const MOST_STEPS: usize = 10;
const TIMEOUT: Duration = Duration::from_secs(30);
const LONGEST_ANSWER: u64 = 1024 * 1024;

/// Opens `url`, presses Approve on the page it leads to, and follows the redirect to the client's callback.
pub fn open_and_approve(url: &str) -> io::Result<()> {
    open_and_press(url, "approve")
}

/// The same with Deny.
pub fn open_and_deny(url: &str) -> io::Result<()> {
    open_and_press(url, "deny")
}

fn open_and_press(url: &str, button: &str) -> io::Result<()> {
    let mut url = Url::parse(url).map_err(|error| invalid(format!("`{url}` is not a URL: {error}")))?;
    let mut form = None;
    for _ in 0..MOST_STEPS {
        let page = exchange(&url, form.take().as_deref())?;
        if let Some(location) = page.location {
            url = url
                .join(&location)
                .map_err(|error| invalid(format!("bad redirect to `{location}`: {error}")))?;
        } else if !(200..300).contains(&page.status) {
            return Err(invalid(format!("`{}` answered {}", url.path(), page.status)));
        } else if let Some((action, fields)) = press(&page.body, button) {
            url =
                url.join(&action).map_err(|error| invalid(format!("bad form action `{action}`: {error}")))?;
            form = Some(fields);
        } else {
            return Ok(());
        }
    }
    Err(invalid(format!("still no end after {MOST_STEPS} pages")))
}

struct Page {
    status: u16,
    location: Option<String>,
    body: String,
}

fn exchange(url: &Url, form: Option<&str>) -> io::Result<Page> {
    let ("http", Some(host @ ("127.0.0.1" | "localhost"))) = (url.scheme(), url.host_str()) else {
        let origin = url.origin().ascii_serialization();
        return Err(invalid(format!("only http://127.0.0.1 is opened, not `{origin}`")));
    };
    let port = url.port_or_known_default().expect("http has a default port");
    let mut stream = TcpStream::connect_timeout(&SocketAddr::from((Ipv4Addr::LOCALHOST, port)), TIMEOUT)?;
    stream.set_read_timeout(Some(TIMEOUT))?;

    let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
    // HTTP/1.0, so that the answer comes in one piece and ends with the connection.
    let request = match form {
        None => format!("GET {target} HTTP/1.0\r\nHost: {host}:{port}\r\nAccept: text/html\r\n\r\n"),
        Some(form) => format!(
            "POST {target} HTTP/1.0\r\nHost: {host}:{port}\r\nAccept: text/html\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            form.len(),
        ),
    };
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    stream.take(LONGEST_ANSWER).read_to_end(&mut answer)?;
    parse_answer(&String::from_utf8_lossy(&answer))
}

fn parse_answer(answer: &str) -> io::Result<Page> {
    let (head, body) =
        answer.split_once("\r\n\r\n").ok_or_else(|| invalid("the answer ends in its headers".into()))?;
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok());
    let location = lines.find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("location").then(|| value.trim().to_owned())
    });
    let status = status.ok_or_else(|| invalid("the answer has no status".into()))?;
    Ok(Page { status, location: location.filter(|_| (300..400).contains(&status)), body: body.to_owned() })
}

/// The page's form as if a button was pressed: where it goes and its encoded fields.
fn press(html: &str, button: &str) -> Option<(String, String)> {
    let form = &html[html.find("<form ")?..];
    let form = &form[..form.find("</form>")?];
    form.contains(&format!("id=\"{button}\"")).then_some(())?;
    let mut fields = url::form_urlencoded::Serializer::new(String::new());
    for input in form.split("<input ").skip(1) {
        let input = &input[..input.find('>')?];
        fields.append_pair(&attribute(input, "name")?, &attribute(input, "value").unwrap_or_default());
    }
    fields.append_pair("decision", button);
    Some((attribute(form, "action")?, fields.finish()))
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let value = tag.split_once(&format!(" {name}=\"")).or_else(|| tag.split_once(&format!("{name}=\"")))?.1;
    let value = &value[..value.find('"')?];
    // The ampersand last, so that an escaped entity stays what it was.
    Some(
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
            .iter()
            .fold(value.to_owned(), |text, (entity, letter)| text.replace(entity, letter)),
    )
}

fn invalid(message: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_filled_in_with_its_own_values() {
        let html = "<p>x</p><form method=\"post\" action=\"/go?a=1&amp;b=2\"><input type=\"text\" name=\"user_code\" \
                    value=\"A&amp;lt;B\"><input type=\"hidden\" name=\"ticket\" value=\"t\">\
                    <button id=\"approve\" name=\"decision\" value=\"approve\">Approve</button></form>";
        let (action, fields) = press(html, "approve").unwrap();
        assert_eq!(action, "/go?a=1&b=2");
        assert_eq!(fields, "user_code=A%26lt%3BB&ticket=t&decision=approve");
    }

    #[test]
    fn other_machines_are_not_opened() {
        assert!(open_and_approve("https://sandbox.awsapps.com/start").is_err());
        assert!(open_and_approve("http://192.0.2.1/authorize").is_err());
    }
}
