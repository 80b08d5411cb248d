//! A proxy between an S3 client and a server, on which things go wrong: at a rate, and by a seed the same things each time.
//!
//! Each connection carries one request. Whether that is hit is decided by what it asks for and how often that was asked
//! for before, so neither the order nor the number of connections changes anything. It knows just enough of HTTP to tell
//! head and body apart.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use clap::ValueEnum;

/// A stalled answer is let go after this.
const STALL: Duration = Duration::from_secs(30);

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, ValueEnum)]
pub enum Break {
    /// The connection ends, and the server has seen nothing
    CutBefore,
    /// The server does what is asked, and the connection ends without an answer
    CutAnswer,
    /// The connection ends in the middle of what is sent
    CutUp,
    /// The connection ends in the middle of the answer's body
    CutDown,
    /// The answer is 500 `InternalError`
    Error,
    /// The answer is 503 `SlowDown`
    SlowDown,
    /// A byte of what is sent is another
    CorruptUp,
    /// A byte of an object's body is another
    CorruptDown,
    /// The server does what is asked, and the answer does not come
    Stall,
}

/// What the proxy does.
#[derive(Clone, Debug)]
pub struct Breakage {
    /// The server, as in `127.0.0.1:8333`
    pub server: String,
    /// What goes wrong; of several, the seed decides which
    pub breaks: Vec<Break>,
    /// Requests hit, of a thousand
    pub per_thousand: u64,
    /// Other numbers hit other requests
    pub seed: u64,
}

/// The proxy, until it is dropped: then it takes no new connections.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    breakage: Breakage,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    is_over: bool,
    /// How often each request was made.
    made: HashMap<String, u64>,
    hits: u64,
}

impl Proxy {
    /// Starts one on a free port.
    pub fn start(breakage: Breakage) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared { breakage, state: Mutex::default() });
        let serving = shared.clone();
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                if serving.state.lock().expect("no holder panics").is_over {
                    return;
                }
                let shared = serving.clone();
                // A connection that breaks is what this is for.
                thread::spawn(move || drop(shared.serve(&client)));
            }
        });
        Ok(Self { address, shared })
    }

    /// Where it listens, as a URL.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How many requests were hit.
    pub fn hits(&self) -> u64 {
        self.shared.state.lock().expect("no holder panics").hits
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.shared.state.lock().expect("no holder panics").is_over = true;
        // So that the listener looks.
        let _ = TcpStream::connect(self.address);
    }
}

impl Shared {
    fn serve(&self, client: &TcpStream) -> io::Result<()> {
        let mut reader = BufReader::new(client);
        let head = Head::read(&mut reader)?;
        let length = head.content_length();
        let hit = self.choose(&head, length);
        match hit {
            Some(Break::CutBefore) => return client.shutdown(Shutdown::Both),
            Some(Break::Error) => return refuse(client, reader, length, "500", "InternalError"),
            Some(Break::SlowDown) => return refuse(client, reader, length, "503", "SlowDown"),
            _ => {}
        }
        let server = TcpStream::connect(&self.breakage.server)?;
        (&server).write_all(&head.for_one_request())?;
        let sent = match hit {
            Some(Break::CutUp) => length / 2,
            _ => length,
        };
        let corrupt_up = (hit == Some(Break::CorruptUp)).then_some(length / 2);
        copy(&mut reader.by_ref().take(sent), &mut &server, corrupt_up)?;
        if hit == Some(Break::CutUp) {
            let _ = server.shutdown(Shutdown::Both);
            return client.shutdown(Shutdown::Both);
        }
        let mut answer = BufReader::new(&server);
        let answered = Head::read(&mut answer)?;
        match hit {
            Some(Break::CutAnswer) => return client.shutdown(Shutdown::Both),
            Some(Break::Stall) => {
                thread::sleep(STALL);
                return client.shutdown(Shutdown::Both);
            }
            _ => {}
        }
        (&*client).write_all(&answered.bytes)?;
        let whole = answered.content_length();
        let is_object = answered.first.contains(" 20");
        match hit {
            Some(Break::CutDown) if whole > 1 => {
                copy(&mut answer.take(whole / 2), &mut &*client, None)?;
            }
            Some(Break::CorruptDown) if is_object && whole > 0 => {
                copy(&mut answer, &mut &*client, Some(whole / 2))?;
            }
            _ => copy(&mut answer, &mut &*client, None)?,
        }
        client.shutdown(Shutdown::Both)
    }

    /// Whether a request is hit, and by what.
    fn choose(&self, head: &Head, length: u64) -> Option<Break> {
        let what = head.what();
        let mut state = self.state.lock().expect("no holder panics");
        let made = state.made.entry(what.clone()).or_default();
        *made += 1;
        let mut hasher = DefaultHasher::new();
        (self.breakage.seed, what, *made).hash(&mut hasher);
        let number = hasher.finish();
        if number % 1000 >= self.breakage.per_thousand {
            return None;
        }
        let breaks = &self.breakage.breaks;
        let chosen = breaks[usize::try_from(number / 1000 % breaks.len() as u64).ok()?];
        let can_be = match chosen {
            Break::CutUp | Break::CorruptUp => length > 0,
            // A listing has no checksum that would tell.
            Break::CorruptDown => head.is_for_object(),
            _ => true,
        };
        state.hits += u64::from(can_be);
        can_be.then_some(chosen)
    }
}

/// The first line and the headers of a message, as they came.
struct Head {
    bytes: Vec<u8>,
    first: String,
    headers: Vec<(String, String)>,
}

impl Head {
    fn read(reader: &mut impl BufRead) -> io::Result<Self> {
        let mut head = Self { bytes: Vec::new(), first: String::new(), headers: Vec::new() };
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line)? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            head.bytes.extend_from_slice(line.as_bytes());
            let line = line.trim_end();
            if line.is_empty() {
                return Ok(head);
            }
            match line.split_once(':') {
                Some((name, value)) if !head.first.is_empty() => {
                    head.headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
                }
                _ => line.clone_into(&mut head.first),
            }
        }
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn content_length(&self) -> u64 {
        self.header("content-length").and_then(|length| length.parse().ok()).unwrap_or_default()
    }

    /// What is asked for, without what differs from run to run.
    fn what(&self) -> String {
        let (path, query) = self.target();
        let lasting =
            query.split('&').filter(|pair| !pair.starts_with("uploadId=")).collect::<Vec<_>>().join("&");
        let method = self.first.split(' ').next().unwrap_or_default();
        format!("{method} {path}?{lasting} {}", self.header("range").unwrap_or_default())
    }

    fn is_for_object(&self) -> bool {
        let (path, query) = self.target();
        let is_plain = query.is_empty() || query.starts_with("x-id=");
        self.first.starts_with("GET ") && is_plain && path.trim_matches('/').contains('/')
    }

    fn target(&self) -> (&str, &str) {
        let target = self.first.split(' ').nth(1).unwrap_or_default();
        target.split_once('?').unwrap_or((target, ""))
    }

    /// The same, asking the server to end the connection after its answer.
    fn for_one_request(&self) -> Vec<u8> {
        let mut text = format!("{}\r\n", self.first);
        for (name, value) in self.headers.iter().filter(|(name, _)| name != "connection") {
            text.push_str(name);
            text.push_str(": ");
            text.push_str(value);
            text.push_str("\r\n");
        }
        text.push_str("connection: close\r\n\r\n");
        text.into_bytes()
    }
}

/// Answers in the server's place, once all has been read: a client that still sends would not see the answer.
fn refuse(
    client: &TcpStream,
    reader: BufReader<&TcpStream>,
    length: u64,
    status: &str,
    code: &str,
) -> io::Result<()> {
    copy(&mut reader.take(length), &mut io::sink(), None)?;
    let body = format!("<Error><Code>{code}</Code><Message>As configured</Message></Error>");
    let mut client = client;
    write!(
        client,
        "HTTP/1.1 {status} {code}\r\ncontent-type: application/xml\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )?;
    client.shutdown(Shutdown::Both)
}

/// Copies to the end; the byte at `corrupt` becomes another.
fn copy(from: &mut impl Read, to: &mut impl Write, corrupt: Option<u64>) -> io::Result<()> {
    let mut buffer = vec![0; 64 * 1024];
    let mut done = 0;
    loop {
        let read = match from.read(&mut buffer) {
            Ok(0) => return to.flush(),
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let place = corrupt.and_then(|place| usize::try_from(place.checked_sub(done)?).ok());
        if let Some(byte) = place.and_then(|place| buffer[..read].get_mut(place)) {
            *byte ^= 1;
        }
        to.write_all(&buffer[..read])?;
        done += read as u64;
    }
}
