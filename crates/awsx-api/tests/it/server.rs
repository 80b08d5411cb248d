//! A server that gives scripted answers and keeps what it was asked.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::JoinHandle;

use aws_credential_types::Credentials;
use awsx_api::{CallError, Client, ClientConfig, Identity, Response};
use awsx_http::{HttpClient, Options};
use awsx_model::{Input, Operation};

/// A server that gives scripted answers, one connection each.
pub(crate) struct Server {
    pub(crate) url: String,
    thread: JoinHandle<Vec<String>>,
}

impl Server {
    /// Answers are status line, headers and body as they are sent, but for the length, which is added.
    pub(crate) fn new(answers: &[&str]) -> Self {
        let answers: Vec<String> = answers.iter().map(|&answer| answer.to_owned()).collect();
        let (count, mut answers) = (answers.len(), answers.into_iter());
        Self::answering(count, move |stream| {
            let answer = answers.next().expect("there is one for each connection");
            let (start, rest) = answer.split_once("\n\n").unwrap_or((&answer, ""));
            let start = start.replace('\n', "\r\n");
            let length = rest.len();
            write!(stream, "HTTP/1.1 {start}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{rest}")
                .unwrap();
        })
    }

    /// So many connections are answered by writing to them.
    pub(crate) fn answering(count: usize, mut answer: impl FnMut(&mut TcpStream) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let thread = std::thread::spawn(move || {
            let mut exchange = || {
                let mut stream = listener.accept().unwrap().0;
                let asked = read_request(&stream);
                answer(&mut stream);
                asked
            };
            (0..count).map(|_| exchange()).collect()
        });
        Self { url, thread }
    }

    /// What was asked, heads with lower-case names and bodies, once all answers are given.
    pub(crate) fn requests(self) -> Vec<String> {
        self.thread.join().unwrap()
    }
}

fn read_request(stream: &TcpStream) -> String {
    let mut reader = BufReader::new(stream);
    let (mut head, mut length, mut chunked) = (String::new(), 0, false);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(": ") {
            let name = name.to_ascii_lowercase();
            if name == "content-length" {
                length = value.parse().unwrap();
            }
            chunked |= name == "transfer-encoding";
            head = format!("{head}{name}: {value}\n");
        } else {
            head = format!("{head}{line}\n");
        }
    }
    assert!(!chunked, "bodies of scripted tests have a length");
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    format!("{head}\n{}", String::from_utf8_lossy(&body))
}

/// Settings for a server, with keys and a region.
pub(crate) fn config(server: &Server) -> ClientConfig {
    let keys = Credentials::new("AKIDEXAMPLE", "secret", Some("token".to_owned()), None, "test");
    let mut config = ClientConfig::new(HttpClient::new(Options::default()));
    config.region = Some("eu-west-1".to_owned());
    config.endpoint_url = Some(server.url.clone());
    config.identity = Identity::Keys(keys.into());
    config
}

/// Makes one call, with the input as pairs of texts.
pub(crate) fn call(
    config: ClientConfig,
    service: &str,
    operation: &str,
    input: &[(&str, &str)],
) -> Result<Response, CallError> {
    let (client, operation) = client(config, service, operation);
    block_on(client.call(operation, self::input(input)))
}

pub(crate) fn client(config: ClientConfig, service: &str, operation: &str) -> (Client, &'static Operation) {
    let service = awsx_model::service(service).unwrap().expect("a service");
    (Client::new(service, config), service.operation(operation).expect("an operation"))
}

pub(crate) fn input(pairs: &[(&str, &str)]) -> Input {
    Input::Map(pairs.iter().map(|&(name, value)| (name.to_owned(), Input::Text(value.to_owned()))).collect())
}

pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}
