//! The connector against real sockets: trust, proxies, timeouts.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics; helpers are tests too")]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use aws_smithy_types::body::SdkBody;
use awsx_http::{Failure, HttpClient, Options, RequestError};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};

/// Serves each connection on a thread of its own for the rest of the test.
fn serve(handle: impl Fn(TcpStream) + Send + Sync + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let handle = Arc::new(handle);
    thread::spawn(move || {
        for connection in listener.incoming().flatten() {
            let handle = handle.clone();
            thread::spawn(move || handle(connection));
        }
    });
    address
}

/// Reads a request's head.
fn read_head(stream: &mut impl Read) -> String {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|read| read == 1) {
        head.push(byte[0]);
    }
    String::from_utf8(head).unwrap()
}

fn answer(stream: &mut impl Write) {
    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok").unwrap();
}

fn get(url: &str, options: Options) -> Result<Vec<u8>, RequestError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let client = HttpClient::new(options);
    let request = http::Request::get(url).body(SdkBody::empty()).unwrap();
    runtime.block_on(client.send_whole(request, 1024)).map(http::Response::into_body)
}

/// A server for `localhost` whose certificate nobody has signed, and that certificate in PEM.
fn tls_server() -> (SocketAddr, String) {
    let own = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivatePkcs8KeyDer::from(own.signing_key.serialize_der());
    let chain = vec![CertificateDer::from(own.cert.der().to_vec())];
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key.into())
        .unwrap();
    let config = Arc::new(config);
    let address = serve(move |tcp| {
        let session = rustls::ServerConnection::new(config.clone()).unwrap();
        let mut tls = rustls::StreamOwned::new(session, tcp);
        if !read_head(&mut tls).is_empty() {
            answer(&mut tls);
            tls.conn.send_close_notify();
            let _ = tls.flush();
        }
    });
    (address, own.cert.pem())
}

#[test]
fn a_certificate_counts_only_if_somebody_trusted_signed_it() {
    let (address, pem) = tls_server();
    let url = format!("https://localhost:{}/", address.port());
    let refused = get(&url, Options::default()).unwrap_err();
    assert_eq!(refused.failure, Failure::Tls, "{refused:?}");
    assert_eq!(refused.to_string(), format!("SSL validation failed for {url}"));

    let bundle = tempfile::NamedTempFile::new().unwrap();
    bundle.as_file().write_all(pem.as_bytes()).unwrap();
    let trusting = Options { ca_bundle: Some(bundle.path().to_owned()), ..Options::default() };
    assert_eq!(get(&url, trusting.clone()).unwrap(), b"ok");
    // The name counts too.
    let elsewhere = format!("https://127.0.0.1:{}/", address.port());
    assert_eq!(get(&elsewhere, trusting).unwrap_err().failure, Failure::Tls);

    let careless = Options { skip_verification: true, ..Options::default() };
    assert_eq!(get(&url, careless).unwrap(), b"ok");
}

#[test]
fn a_bundle_without_certificates_is_named() {
    let bundle = tempfile::NamedTempFile::new().unwrap();
    let options = Options { ca_bundle: Some(bundle.path().to_owned()), ..Options::default() };
    let error = get("https://localhost:1/", options).unwrap_err();
    assert!(error.cause.contains("holds no certificate"), "{error:?}");
}

#[test]
fn a_plain_request_goes_to_the_proxy_whole_and_with_its_password() {
    let (send, heads) = mpsc::channel();
    let proxy = serve(move |mut stream| {
        send.send(read_head(&mut stream)).unwrap();
        answer(&mut stream);
    });
    let options = Options { http_proxy: Some(format!("http://me:pw@{proxy}")), ..Options::default() };
    assert_eq!(get("http://service.invalid/path?a=b", options).unwrap(), b"ok");
    let head = heads.recv().unwrap().to_ascii_lowercase();
    assert!(head.starts_with("get http://service.invalid/path?a=b http/1.1\r\n"), "{head}");
    assert!(head.contains("\r\nproxy-authorization: basic bwu6chc=\r\n"), "{head}");
}

#[test]
fn a_tls_request_goes_through_the_proxy_s_tunnel() {
    let (server, pem) = tls_server();
    let (send, heads) = mpsc::channel();
    let proxy = serve(move |mut client| {
        send.send(read_head(&mut client)).unwrap();
        client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").unwrap();
        let mut upstream = TcpStream::connect(server).unwrap();
        let (mut client_in, mut upstream_out) = (client.try_clone().unwrap(), upstream.try_clone().unwrap());
        thread::spawn(move || std::io::copy(&mut client_in, &mut upstream_out));
        let _ = std::io::copy(&mut upstream, &mut client);
    });
    let bundle = tempfile::NamedTempFile::new().unwrap();
    bundle.as_file().write_all(pem.as_bytes()).unwrap();
    let options = Options {
        https_proxy: Some(format!("http://{proxy}")),
        ca_bundle: Some(bundle.path().to_owned()),
        ..Options::default()
    };
    assert_eq!(get(&format!("https://localhost:{}/x", server.port()), options).unwrap(), b"ok");
    assert!(heads.recv().unwrap().starts_with(&format!("CONNECT localhost:{} HTTP/1.1\r\n", server.port())));
}

#[test]
fn hosts_in_no_proxy_are_asked_directly() {
    let direct = serve(|mut stream| {
        read_head(&mut stream);
        answer(&mut stream);
    });
    let options = Options {
        http_proxy: Some("http://127.0.0.1:9".to_owned()),
        no_proxy: Some("example.com,127.0.0.1".to_owned()),
        ..Options::default()
    };
    assert_eq!(get(&format!("http://{direct}/"), options).unwrap(), b"ok");
}

#[test]
fn a_silent_server_is_given_up_after_the_read_timeout() {
    let silent = serve(|mut stream| {
        read_head(&mut stream);
        thread::sleep(Duration::from_secs(30));
    });
    let options = Options { read_timeout: Some(Duration::from_millis(200)), ..Options::default() };
    let begun = Instant::now();
    let error = get(&format!("http://{silent}/"), options).unwrap_err();
    assert_eq!(error.failure, Failure::ReadTimeout, "{error:?}");
    assert_eq!(error.to_string(), format!("Read timeout on endpoint URL: \"http://{silent}/\""));
    assert!(begun.elapsed() < Duration::from_secs(10));
}

#[test]
fn refused_and_cut_connections_are_told_apart() {
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let refused = get(&format!("http://{nobody}/"), Options::default()).unwrap_err();
    assert_eq!(refused.failure, Failure::Connect, "{refused:?}");
    let cutting = serve(|mut stream| drop(read_head(&mut stream)));
    let cut = get(&format!("http://{cutting}/"), Options::default()).unwrap_err();
    assert_eq!(cut.failure, Failure::Closed, "{cut:?}");
}
