//! A service on loopback that answers from a script: a container's credentials, EC2's instance metadata, any AWS API.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use serde::Deserialize;

/// One answer of the script.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Route {
    /// Method and path, such as `PUT /latest/api/token`. A star at the end stands for anything.
    pub(crate) request: String,
    /// A part of the body of the requests that are meant.
    #[serde(default)]
    part: String,
    /// Headers the request must have, names in lower case; where no route's are met, the answer is 401.
    #[serde(default)]
    headers: BTreeMap<String, String>,
    /// A header of the answer.
    #[serde(default)]
    header: Option<(String, String)>,
    #[serde(default = "ok")]
    status: u16,
    #[serde(default)]
    pub(crate) body: String,
    /// Instead of the body, where that is no text.
    #[serde(skip)]
    bytes: Option<Vec<u8>>,
    /// Headers of the answer beside the first.
    #[serde(skip)]
    further_headers: Vec<(String, String)>,
    /// How long the answer takes.
    #[serde(default)]
    delay_ms: u64,
}

fn ok() -> u16 {
    200
}

impl Route {
    /// An answer to a request by method and path.
    pub(crate) fn new(request: &str, body: &str) -> Self {
        Self {
            request: request.to_owned(),
            part: String::new(),
            headers: BTreeMap::new(),
            header: None,
            status: ok(),
            body: body.to_owned(),
            bytes: None,
            further_headers: Vec::new(),
            delay_ms: 0,
        }
    }

    /// An answer of bytes that are no text.
    pub(crate) fn of_bytes(request: &str, bytes: Vec<u8>) -> Self {
        Self { bytes: Some(bytes), ..Self::new(request, "") }
    }

    /// An answer to an operation of a service that is asked in JSON, by its `X-Amz-Target`.
    pub(crate) fn operation(target: &str, body: &str) -> Self {
        let headers = BTreeMap::from([("x-amz-target".to_owned(), target.to_owned())]);
        Self { headers, ..Self::new("POST /", body) }
    }

    /// An answer to an operation of a service that is asked in forms, by its `Action`.
    pub(crate) fn action(name: &str, body: &str) -> Self {
        Self::new("POST /", body).containing(&format!("Action={name}&"))
    }

    /// The same answer to requests alone whose body has this part.
    pub(crate) fn containing(self, part: &str) -> Self {
        Self { part: part.to_owned(), ..self }
    }

    /// The same answer with a header.
    pub(crate) fn with_header(mut self, name: &str, value: &str) -> Self {
        let header = (name.to_owned(), value.to_owned());
        match &self.header {
            None => self.header = Some(header),
            Some(_) => self.further_headers.push(header),
        }
        self
    }

    fn is_meant(&self, request: &str, body: &str) -> bool {
        let is_request = match self.request.strip_suffix('*') {
            Some(start) => request.starts_with(start),
            None => request == self.request,
        };
        is_request && body.contains(&self.part)
    }

    /// The same answer as an error.
    pub(crate) fn failing(self, status: u16) -> Self {
        Self { status, ..self }
    }
}

/// The running service. Its thread ends with the test's process.
pub(crate) struct Scripted {
    pub(crate) url: String,
    seen: Arc<Mutex<Vec<Asked>>>,
}

/// A request that came.
#[derive(Clone, Debug)]
struct Asked {
    /// Method and path.
    request: String,
    body: String,
}

impl Scripted {
    pub(crate) fn start(routes: Vec<Route>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (routes, log) = (Arc::new(routes), Arc::clone(&seen));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (routes, log) = (Arc::clone(&routes), Arc::clone(&log));
                // A client that hangs up is no concern of ours.
                thread::spawn(move || answer(stream, &routes, &log).ok());
            }
        });
        Self { url, seen }
    }

    /// Method and path of each request so far.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.seen.lock().unwrap().iter().map(|asked| asked.request.clone()).collect()
    }

    /// The body of each request so far.
    pub(crate) fn bodies(&self) -> Vec<String> {
        self.seen.lock().unwrap().iter().map(|asked| asked.body.clone()).collect()
    }
}

fn answer(mut stream: TcpStream, routes: &[Route], log: &Mutex<Vec<Asked>>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut lines = reader.by_ref().lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    let request = first.rsplit_once(' ').map(|(request, _)| request.to_owned()).unwrap_or_default();
    let mut headers = BTreeMap::new();
    for line in lines {
        let line = line?;
        let Some((name, value)) = line.split_once(':') else { break };
        headers.insert(name.to_lowercase(), value.trim().to_owned());
    }
    let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let body = String::from_utf8_lossy(&body).into_owned();
    let meant: Vec<&Route> = routes.iter().filter(|route| route.is_meant(&request, &body)).collect();
    log.lock().unwrap().push(Asked { request, body });
    let is_met = |route: &&&Route| route.headers.iter().all(|(name, value)| headers.get(name) == Some(value));
    let found = meant.iter().find(is_met);
    let headers = found.into_iter().flat_map(|route| route.header.iter().chain(&route.further_headers));
    let header = headers.map(|(name, value)| format!("{name}: {value}\r\n")).collect::<Vec<_>>().concat();
    let (status, body) = match (meant.first(), found) {
        (None, _) => (404, &[][..]),
        (Some(first), None) => {
            thread::sleep(Duration::from_millis(first.delay_ms));
            (401, &[][..])
        }
        (_, Some(route)) => {
            thread::sleep(Duration::from_millis(route.delay_ms));
            (route.status, route.bytes.as_deref().unwrap_or(route.body.as_bytes()))
        }
    };
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 {status} Scripted\r\n{header}Content-Length: {length}\r\nConnection: close\r\n\r\n"
    )?;
    stream.write_all(body)
}
