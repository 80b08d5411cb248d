//! Opens a console address of the sandbox, as a browser would, and reads who was signed in.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::failure::{Attempting, Failure, Outcome};

const TIMEOUT: Duration = Duration::from_secs(10);

/// The ARN that the page greets. `output` is all that `console-url` said.
pub(super) fn open(output: &str) -> Outcome<String> {
    let url = output.lines().find(|line| line.starts_with("http://"));
    let url = url.ok_or_else(|| Failure::new(format!("`awsx console-url` shows no address:\n{output}")))?;
    let page = fetch(url).attempting("could not open the console address")?;
    let arn = between(&page, "id=\"arn\">", "<").filter(|arn| arn.contains(":assumed-role/ConsoleReader/"));
    match arn {
        Some(arn) if page.starts_with("HTTP/1.0 200") || page.starts_with("HTTP/1.1 200") => {
            Ok(format!("signed in as {arn}"))
        }
        _ => Err(Failure::new(format!("the console address signs nobody in:\n{page}"))),
    }
}

fn fetch(url: &str) -> std::io::Result<String> {
    let rest = url.strip_prefix("http://").unwrap_or(url);
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let mut stream = TcpStream::connect(host)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    // HTTP/1.0, so that the answer ends with the connection.
    write!(stream, "GET /{path} HTTP/1.0\r\nHost: {host}\r\nAccept: text/html\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(before)?;
    Some(rest.split_once(after)?.0)
}
