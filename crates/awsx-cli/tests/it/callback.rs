//! The address where the browser brings the code: what it takes, and what it does not.

use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::time::Duration;

use awsx_sandbox::{Config, browser};
use url::Url;

use crate::support::{CORP, Running, TestEnv, approving, authorize_url, http};

/// A sign-in that waits for the browser.
struct Pending<'env> {
    login: Running<'env>,
    authorize: String,
    port: u16,
    state: String,
}

impl<'env> Pending<'env> {
    fn start(env: &'env TestEnv) -> Self {
        let login = env.start("sso login --sso-session corp --no-browser");
        let authorize = login.wait_for_stdout(authorize_url);
        let url: Url = authorize.parse().unwrap();
        let query = |name: &str| url.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned();
        let redirect: Url = query("redirect_uri").parse().unwrap();
        assert_eq!((redirect.host_str(), redirect.path()), (Some("127.0.0.1"), "/oauth/callback"));
        Self { login, port: redirect.port().unwrap(), state: query("state"), authorize }
    }
}

fn request(method: &str, target: &str, headers: &str) -> Vec<u8> {
    format!("{method} {target} HTTP/1.1\r\n{headers}\r\n").into_bytes()
}

/// Requests that are not the awaited one, though some know its state.
fn junk(port: u16, state: &str) -> Vec<(&'static str, Vec<u8>)> {
    let host = format!("Host: 127.0.0.1:{port}\r\n");
    let get = |target: &str| request("GET", target, &host);
    let right = format!("/oauth/callback?code=stolen&state={state}");
    vec![
        ("another path", get("/favicon.ico")),
        ("the path with more behind it", get(&format!("/oauth/callback/?code=stolen&state={state}"))),
        ("no query", get("/oauth/callback")),
        ("another state", get("/oauth/callback?code=stolen&state=00000000-0000-0000-0000-000000000000")),
        ("a piece of the state", get(&format!("/oauth/callback?code=stolen&state={}", &state[..8]))),
        ("an error with another state", get("/oauth/callback?error=access_denied&state=wrong")),
        ("an error without a state", get("/oauth/callback?error=access_denied")),
        ("the state twice", get(&format!("{right}&state={state}"))),
        ("the state without a code", get(&format!("/oauth/callback?state={state}"))),
        ("two codes", get(&format!("{right}&code=another"))),
        ("POST", request("POST", &right, &format!("{host}Content-Length: 0\r\n"))),
        ("HEAD", request("HEAD", &right, &host)),
        ("another host", request("GET", &right, "Host: attacker.example\r\n")),
        ("the host by name", request("GET", &right, &format!("Host: localhost:{port}\r\n"))),
        ("no host", request("GET", &right, "")),
    ]
}

/// What is not HTTP, or too much of it.
fn garbage(port: u16, state: &str) -> Vec<Vec<u8>> {
    let huge = format!("Host: 127.0.0.1:{port}\r\nCookie: {}\r\n", "x".repeat(64 * 1024));
    vec![
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".repeat(20),
        b"\0".repeat(100),
        b"hello\r\n\r\n".to_vec(),
        b"\r\n\r\n\r\n\r\n".to_vec(),
        request("GET", &format!("/oauth/callback?code=stolen&state={state}"), &huge),
    ]
}

#[test]
fn five_hundred_strangers_and_a_hundred_idlers_change_nothing() {
    let env = TestEnv::with_sandbox(Config::default()).config(CORP);
    let Pending { mut login, authorize, port, state } = Pending::start(&env);
    let idle: Vec<_> = (0..100).map(|_| TcpStream::connect(("127.0.0.1", port)).unwrap()).collect();

    let mut sent = 0;
    while sent < 500 {
        for (what, request) in junk(port, &state) {
            let answer = http::send(port, &request).unwrap_or_else(|error| panic!("{what}: {error}"));
            let answer = http::parse(&answer).unwrap_or_else(|| panic!("{what}: {answer:?}"));
            assert_eq!(answer.status, 400, "{what}");
            assert!(!answer.body.contains("complete"), "{what}: {}", answer.body);
            sent += 1;
        }
        for bytes in garbage(port, &state) {
            // Closed or refused, as it comes.
            let answer = http::send_and_hang_up(port, &bytes).ok().and_then(|answer| http::parse(&answer));
            assert!(answer.is_none_or(|answer| (400..500).contains(&answer.status)));
            sent += 1;
        }
    }
    assert!(login.is_running());
    assert_eq!(env.count_grants("authorization_code"), 0);

    browser::open_and_approve(&authorize).unwrap();
    let run = login.finish();
    assert_eq!(run.code, 0, "{run}");
    assert_eq!(env.count_grants("authorization_code"), 1);
    drop(idle);
}

#[test]
fn a_request_in_pieces_is_waited_for_while_others_are_served() {
    use std::io::{Read, Write};
    let env = TestEnv::with_sandbox(approving()).config(CORP);
    let Pending { login, authorize, port, .. } = Pending::start(&env);
    let mut slow = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let answer = http::get(&authorize.parse().unwrap());
    let callback: Url = answer.header("location").unwrap().parse().unwrap();
    let target = &callback[url::Position::BeforePath..];
    slow.write_all(format!("GET {target} HTTP/1.1\r\nHo").as_bytes()).unwrap();
    assert_eq!(
        http::send(port, b"GET / HTTP/1.0\r\n\r\n").ok().and_then(|it| http::parse(&it)).unwrap().status,
        400
    );
    slow.write_all(format!("st: 127.0.0.1:{port}\r\n\r\n").as_bytes()).unwrap();
    let mut page = String::new();
    slow.read_to_string(&mut page).unwrap();
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    assert_eq!(login.finish().code, 0);
}

#[test]
fn only_this_machine_can_reach_it() {
    let env = TestEnv::with_sandbox(Config::default()).config(CORP);
    let Pending { login, authorize, port, .. } = Pending::start(&env);
    let reaches = |address: SocketAddr| TcpStream::connect_timeout(&address, Duration::from_secs(2)).is_ok();
    assert!(reaches(([127, 0, 0, 1], port).into()));
    assert!(!reaches(([127, 0, 0, 2], port).into()));
    assert!(!reaches((std::net::Ipv6Addr::LOCALHOST, port).into()));
    // Connecting a datagram socket sends nothing; it tells the address this machine would use.
    let outward = UdpSocket::bind("0.0.0.0:0").and_then(|socket| {
        socket.connect("192.0.2.1:9")?;
        socket.local_addr()
    });
    if let Ok(address) = outward
        && !address.ip().is_loopback()
    {
        assert!(!reaches((address.ip(), port).into()), "{address}");
    }
    browser::open_and_approve(&authorize).unwrap();
    assert_eq!(login.finish().code, 0);
}

#[test]
fn the_page_stands_alone_and_is_not_kept() {
    let env = TestEnv::with_sandbox(approving()).config(CORP);
    let Pending { login, authorize, .. } = Pending::start(&env);
    let redirect = http::get(&authorize.parse().unwrap());
    let page = http::get(&redirect.header("location").unwrap().parse().unwrap());
    assert_eq!(page.status, 200);
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(page.header("cache-control"), Some("no-store"));
    assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
    assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
    assert!(page.body.contains("<h1>Sign-in complete</h1>"), "{}", page.body);
    for elsewhere in ["http:", "https:", "//", "<script", "<img", "<link", "@import", "url(", "src=", "href="]
    {
        assert!(!page.body.contains(elsewhere), "{elsewhere}: {}", page.body);
    }
    assert_eq!(login.finish().code, 0);
}
