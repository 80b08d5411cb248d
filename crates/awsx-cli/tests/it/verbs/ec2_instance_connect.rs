//! `ec2-instance-connect ssh` and `open-tunnel`.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;

use aws_smithy_types::base64;
use awsx_core::store::hash::sha1_hex;

use super::{asking, with_keys};
use crate::support::{Route, Scripted, TestEnv};

fn instance(addresses: &str) -> Route {
    Route::action(
        "DescribeInstances",
        &format!(
            "<DescribeInstancesResponse><reservationSet><item><instancesSet><item>{addresses}<vpcId>vpc-1</vpcId>\
             <subnetId>subnet-2</subnetId></item></instancesSet></item></reservationSet></DescribeInstancesResponse>"
        ),
    )
}

fn endpoints() -> Route {
    let endpoint = |number: u8| {
        format!(
            "<item><instanceConnectEndpointId>eice-{number}</instanceConnectEndpointId><dnsName>e{number}.example\
             </dnsName><subnetId>subnet-{number}</subnetId></item>"
        )
    };
    Route::action(
        "DescribeInstanceConnectEndpoints",
        &format!(
            "<DescribeInstanceConnectEndpointsResponse><instanceConnectEndpointSet>{}{}</instanceConnectEndpointSet>\
             </DescribeInstanceConnectEndpointsResponse>",
            endpoint(1),
            endpoint(2)
        ),
    )
}

fn key_taken() -> Route {
    Route::operation(
        "AWSEC2InstanceConnectService.SendSSHPublicKey",
        r#"{"RequestId": "1", "Success": true}"#,
    )
}

/// Somebody whose ssh shows its words and the first line of its key, and ends with 7.
fn with_ssh(routes: Vec<Route>) -> (TestEnv, Scripted) {
    let (env, service) = asking(routes);
    let ssh = "#!/bin/sh\nfor word; do\n  if [ \"$before\" = -i ] && [ -r \"$word\" ]; then read line < \"$word\"; echo \
               \"key $line\"; else echo \"$word\"; fi\n  before=$word\ndone\nexit 7\n";
    env.write("bin/ssh", ssh);
    std::fs::set_permissions(env.path("bin/ssh"), std::fs::Permissions::from_mode(0o755)).unwrap();
    let folder = env.path("bin").display().to_string();
    (env.var("PATH", &folder), service)
}

#[test]
fn a_public_instance_is_reached_straight_with_a_key_of_its_own() {
    let public = instance("<ipAddress>203.0.113.5</ipAddress><privateIpAddress>10.0.0.5</privateIpAddress>");
    let (env, service) = with_ssh(vec![public, key_taken()]);
    let run = env
        .run("ec2-instance-connect ssh --instance-id i-1234567890 --os-user ubuntu --local-forwarding 1:h:2");
    assert_eq!(run.code, 7, "{run}");
    assert_eq!(
        run.stdout,
        "-o\nServerAliveInterval=5\n-p\n22\n-i\nkey -----BEGIN OPENSSH PRIVATE \
         KEY-----\n-L\n1:h:2\nubuntu@203.0.113.5\n"
    );
    let sent: serde_json::Value = serde_json::from_str(&service.bodies()[1]).unwrap();
    assert_eq!((&sent["InstanceId"], &sent["InstanceOSUser"]), (&"i-1234567890".into(), &"ubuntu".into()));
    assert!(sent["SSHPublicKey"].as_str().unwrap().starts_with("ssh-ed25519 AAAA"), "{sent}");
}

#[test]
fn a_private_instance_is_reached_through_the_endpoint_in_its_subnet() {
    let private = instance("<privateIpAddress>10.0.0.5</privateIpAddress>");
    let (env, _service) = with_ssh(vec![private, endpoints()]);
    let run = env.run(
        "ec2-instance-connect ssh --instance-id i-1 --private-key-file mine --eice-options maxTunnelDuration=60",
    );
    assert_eq!(run.code, 7, "{run}");
    let proxy = run.stdout.lines().find(|line| line.starts_with("ProxyCommand=")).unwrap();
    assert!(
        proxy.ends_with(
            " ec2-instance-connect open-tunnel --instance-id i-1 --private-ip-address 10.0.0.5 --remote-port 22 \
             --instance-connect-endpoint-id eice-2 --instance-connect-endpoint-dns-name e2.example \
             --max-tunnel-duration 60"
        ),
        "{proxy}"
    );
    assert!(run.stdout.contains("-i\nmine\n") && run.stdout.ends_with("\nec2-user@10.0.0.5\n"), "{run}");
}

#[test]
fn mistakes_are_told_as_aws_cli_tells_them() {
    let env = with_keys();
    for (words, said) in [
        ("ssh --instance-id x", "The specified instance ID is invalid."),
        ("ssh --instance-id i-1 --instance-ip 1.2.3.4", "When specifying instance-ip, you must specify"),
        (
            "ssh --instance-id i-1 --eice-options dnsName=x",
            "When specifying dnsName, you must specify endpointId.",
        ),
        ("open-tunnel --local-port 1", "Specify an instance id or private ip."),
        ("open-tunnel --private-ip-address 10.0.0.1", "Specify an instance connect endpoint id when"),
        (
            "open-tunnel --instance-id i-1 --max-tunnel-duration 0",
            "Invalid max connection timeout specified.",
        ),
    ] {
        let run = env.run(&format!("ec2-instance-connect {words}"));
        assert_eq!(run.code, 252, "{words}: {run}");
        assert!(run.stderr.contains(said), "{words}: {run}");
    }
}

/// Takes one WebSocket, and gives the first bytes back in upper case.
fn shouting_server() -> (String, std::thread::JoinHandle<String>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let seen = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let head: Vec<String> =
            reader.by_ref().lines().map(Result::unwrap).take_while(|line| !line.is_empty()).collect();
        let is_key = |line: &&String| line.to_lowercase().starts_with("sec-websocket-key:");
        let key = head.iter().find(is_key);
        let key = key.unwrap().split_once(": ").unwrap().1;
        let hash = sha1_hex(&format!("{key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11"));
        let bytes: Vec<u8> =
            (0..hash.len()).step_by(2).map(|at| u8::from_str_radix(&hash[at..at + 2], 16).unwrap()).collect();
        let accept = base64::encode(bytes);
        write!(
            stream,
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: \
             {accept}\r\n\r\n"
        )
        .unwrap();
        let mut start = [0; 6];
        reader.read_exact(&mut start).unwrap();
        let mut payload = vec![0; usize::from(start[1] & 0x7F)];
        reader.read_exact(&mut payload).unwrap();
        let loud: Vec<u8> = payload
            .iter()
            .enumerate()
            .map(|(at, byte)| (byte ^ start[2 + at % 4]).to_ascii_uppercase())
            .collect();
        let length = u8::try_from(loud.len()).unwrap();
        stream.write_all(&[&[0x82, length][..], &loud, &[0x88, 2, 0x03, 0xE8]].concat()).unwrap();
        head[0].clone()
    });
    (url, seen)
}

fn tunnel(url: &str) -> String {
    format!(
        "ec2-instance-connect open-tunnel --private-ip-address 10.0.0.1 --instance-connect-endpoint-id eice-1 \
         --instance-connect-endpoint-dns-name {url}"
    )
}

#[test]
fn bytes_go_through_standard_streams() {
    let (url, seen) = shouting_server();
    let env = with_keys();
    let mut running = env.start(&tunnel(&url));
    running.type_in("hello");
    running.wait_for_stdout(|seen| (seen == "HELLO").then_some(()));
    let run = running.finish();
    assert_eq!(run.code, 0, "{run}");
    let asked = seen.join().unwrap();
    assert!(
        asked.starts_with(
            "GET /openTunnel?instanceConnectEndpointId=eice-1&remotePort=22&privateIpAddress=10.0.0.1&X-Amz-Algorithm="
        ),
        "{asked}"
    );
}

#[test]
fn a_port_of_this_machine_leads_there_too() {
    let (url, _seen) = shouting_server();
    let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    let env = with_keys();
    let running = env.start(&format!("{} --local-port {port}", tunnel(&url)));
    running.wait_for_stdout(|seen| seen.contains("Listening for connections on port").then_some(()));
    let mut connection = TcpStream::connect(("127.0.0.1", port)).unwrap();
    connection.write_all(b"hello").unwrap();
    let mut answer = [0; 5];
    connection.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"HELLO");
    running.wait_for_stdout(|seen| seen.contains("[1] Closing tcp connection.\n").then_some(()));
    running.interrupt();
    assert_eq!(running.finish().code, 130);
}

#[test]
fn a_server_that_wants_no_tunnel_is_heard_without_the_signature_being_told() {
    let (env, _service) = asking(Vec::new());
    let refusing = Scripted::start(Vec::new());
    let run = env.run(&tunnel(&refusing.url));
    assert_eq!(run.code, 255);
    assert!(run.stderr.contains("the server refused the tunnel (404)"), "{run}");
    let run = env.run(&tunnel("http://127.0.0.1:9"));
    assert_eq!(run.code, 255);
    assert!(run.stderr.contains("http://127.0.0.1:9/openTunnel\""), "{run}");
    assert!(!run.stderr.contains("X-Amz"), "{run}");
}
