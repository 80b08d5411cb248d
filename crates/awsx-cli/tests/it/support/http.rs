//! Requests by hand, well-formed or not, as a browser or a stranger would send them.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};

use url::Url;

use super::PATIENCE;

/// An answer to look at.
pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: String,
}

impl Answer {
    /// A header's value, its name in any case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.head.lines().skip(1).filter_map(|line| line.split_once(':'));
        headers.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }
}

/// Asks for a page; redirects are not followed.
pub(crate) fn get(url: &Url) -> Answer {
    let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
    let (host, port) = (url.host_str().unwrap(), url.port().unwrap());
    let request = format!("GET {target} HTTP/1.0\r\nHost: {host}:{port}\r\n\r\n");
    let answer = send(port, request.as_bytes()).unwrap();
    parse(&answer).unwrap_or_else(|| panic!("not an answer: {answer}"))
}

/// Sends bytes to a port of this machine and reads until the other side closes.
pub(crate) fn send(port: u16, request: &[u8]) -> io::Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(request)?;
    read(stream)
}

/// The same from somebody who says nothing more, so that nothing more is waited for.
pub(crate) fn send_and_hang_up(port: u16, bytes: &[u8]) -> io::Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(bytes)?;
    stream.shutdown(Shutdown::Write)?;
    read(stream)
}

fn read(mut stream: TcpStream) -> io::Result<String> {
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

pub(crate) fn parse(answer: &str) -> Option<Answer> {
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some(Answer { status, head: head.to_owned(), body: body.to_owned() })
}
