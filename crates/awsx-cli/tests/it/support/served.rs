//! A service on loopback whose answers a test writes by hand: bytes that come slowly, end early or are no answer at all.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// The running service. Its thread ends with the test's process.
pub(crate) struct Served {
    pub(crate) url: String,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Served {
    /// Answers each request by writing to its connection, which is closed then.
    pub(crate) fn start(
        answer: impl Fn(&str, &mut TcpStream) -> io::Result<()> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (answer, log) = (Arc::new(answer), Arc::clone(&seen));
        thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let (answer, log) = (Arc::clone(&answer), Arc::clone(&log));
                thread::spawn(move || -> io::Result<()> {
                    let request = read_request(&stream)?;
                    log.lock().unwrap().push(request.clone());
                    // A client that hangs up is no concern of ours.
                    answer(&request, &mut stream)
                });
            }
        });
        Self { url, seen }
    }

    /// Answers every request alike.
    pub(crate) fn always(status: u16, body: &'static str) -> Self {
        Self::start(move |_, stream| write_answer(stream, status, &[], body))
    }

    /// The requests so far: first line, headers with names in lower case, an empty line, the body.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }

    /// The only request so far.
    #[track_caller]
    pub(crate) fn request(&self) -> String {
        let requests = self.requests();
        assert_eq!(requests.len(), 1, "{requests:?}");
        requests.into_iter().next().unwrap()
    }
}

/// A whole answer, with these headers and the length.
pub(crate) fn write_answer(
    stream: &mut TcpStream,
    status: u16,
    headers: &[(&str, &str)],
    body: &str,
) -> io::Result<()> {
    write!(stream, "HTTP/1.1 {status} Served\r\n")?;
    for (name, value) in headers {
        write!(stream, "{name}: {value}\r\n")?;
    }
    write!(stream, "Content-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
}

fn read_request(stream: &TcpStream) -> io::Result<String> {
    let mut reader = BufReader::new(stream);
    let (mut head, mut length) = (Vec::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        match line.trim_end().split_once(": ") {
            Some((name, value)) => {
                let name = name.to_lowercase();
                if name == "content-length" {
                    length = value.parse().unwrap();
                }
                head.push(format!("{name}: {value}\n"));
            }
            None if line.trim_end().is_empty() => break,
            None => head.push(format!("{}\n", line.trim_end())),
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok(format!("{}\n{}", head.concat(), String::from_utf8_lossy(&body)))
}
