//! A service on loopback that answers from a script: a container's credentials, EC2's instance metadata.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use serde::Deserialize;

/// One answer of the script.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Route {
    /// Method and path, such as `PUT /latest/api/token`.
    pub(crate) request: String,
    /// Headers the request must have, names in lower case; without them the answer is 401.
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default = "ok")]
    status: u16,
    #[serde(default)]
    pub(crate) body: String,
    /// How long the answer takes.
    #[serde(default)]
    delay_ms: u64,
}

fn ok() -> u16 {
    200
}

/// The running service. Its thread ends with the test's process.
pub(crate) struct Scripted {
    pub(crate) url: String,
    seen: Arc<Mutex<Vec<String>>>,
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
        self.seen.lock().unwrap().clone()
    }
}

fn answer(mut stream: TcpStream, routes: &[Route], log: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    let request = first.rsplit_once(' ').map(|(request, _)| request.to_owned()).unwrap_or_default();
    let mut headers = BTreeMap::new();
    for line in lines {
        let line = line?;
        let Some((name, value)) = line.split_once(':') else { break };
        headers.insert(name.to_lowercase(), value.trim().to_owned());
    }
    log.lock().unwrap().push(request.clone());
    let route = routes.iter().find(|route| route.request == request);
    let (status, body) = match route {
        None => (404, ""),
        Some(route) => {
            thread::sleep(Duration::from_millis(route.delay_ms));
            let allowed = route.headers.iter().all(|(name, value)| headers.get(name) == Some(value));
            if allowed { (route.status, route.body.as_str()) } else { (401, "") }
        }
    };
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 {status} Scripted\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
}
