//! Both examples as programs, against the sandbox.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics; helpers are tests too")]

use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Once;
use std::time::Duration;

use awsx_sandbox::{Config, Sandbox, seed};

/// The example as it is now: a run of this test alone would not have built it.
fn example(name: &str) -> PathBuf {
    static BUILT: Once = Once::new();
    let test = std::env::current_exe().unwrap();
    let profile = test.parent().unwrap().parent().unwrap();
    BUILT.call_once(|| {
        let mut build = Command::new(env!("CARGO"));
        // With the whole workspace's features, as its tests have built all that lies under it.
        build.args(["build", "--quiet", "--offline", "--workspace", "--examples"]);
        if profile.ends_with("release") {
            build.arg("--release");
        }
        assert!(build.status().unwrap().success());
    });
    profile.join("examples").join(name).with_extension(std::env::consts::EXE_EXTENSION)
}

fn start(sandbox: &Sandbox, home: &tempfile::TempDir, name: &str) -> Child {
    let mut command = Command::new(example(name));
    command.env_clear().envs(sandbox.environment()).env("HOME", home.path());
    command
        .env("AWS_ACCESS_KEY_ID", seed::ACCESS_KEY_ID)
        .env("AWS_SECRET_ACCESS_KEY", seed::SECRET_ACCESS_KEY);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Reads until `text` has come; gives everything so far.
fn read_until(stream: &mut impl Read, text: &str) -> String {
    let (mut seen, mut buffer) = (Vec::new(), [0]);
    loop {
        let so_far = String::from_utf8_lossy(&seen).into_owned();
        if so_far.ends_with(text) {
            return so_far;
        }
        assert_eq!(stream.read(&mut buffer).unwrap(), 1, "waited in vain for `{text}`:\n{so_far}");
        seen.push(buffer[0]);
    }
}

fn finish(mut child: Child) -> (bool, String, String) {
    let (mut stdout, mut stderr) = (String::new(), String::new());
    drop(child.stdin.take());
    child.stdout.take().unwrap().read_to_string(&mut stdout).unwrap();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    (child.wait().unwrap().success(), stdout, stderr)
}

fn actions(sandbox: &Sandbox, action: &str) -> usize {
    let asks =
        |form: &std::collections::BTreeMap<String, String>| form.get("Action").is_some_and(|it| it == action);
    sandbox.requests().iter().filter(|request| asks(&request.form)).count()
}

#[test]
fn a_role_that_is_not_known_at_once_opens_the_console_and_is_removed() {
    let sandbox =
        Sandbox::start(Config { propagation: Duration::from_millis(1500), ..Config::default() }).unwrap();
    let home = tempfile::tempdir().unwrap();
    let mut child = start(&sandbox, &home, "federated_console_url");
    let mut url = String::new();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    stdout.read_line(&mut url).unwrap();
    assert!(url.starts_with(&format!("{}/federation?Action=login&Destination=", sandbox.url())), "{url}");
    assert!(actions(&sandbox, "AssumeRole") > 1, "the first attempts come too early");
    child.stdout = Some(stdout.into_inner());
    child.stdin.as_mut().unwrap().write_all(b"\n").unwrap();
    let (done, _, stderr) = finish(child);
    assert!(done, "{stderr}");
    assert!(stderr.contains("which arn:aws:iam::111122223333:user/alice may assume."), "{stderr}");
    assert_eq!((actions(&sandbox, "DetachRolePolicy"), actions(&sandbox, "DeleteRole")), (1, 1));
}

#[test]
fn buckets_are_listed_with_a_code_only_and_everything_is_removed() {
    let sandbox = Sandbox::start(Config::default()).unwrap();
    let home = tempfile::tempdir().unwrap();
    let mut child = start(&sandbox, &home, "mfa_session_token");
    let mut stderr = child.stderr.take().unwrap();
    let mut seen = read_until(&mut stderr, "First MFA code (or Enter): ");
    let serial = seen.split("Created ").find(|part| part.starts_with("arn:")).unwrap();
    let serial = serial.split(". Scan").next().unwrap().to_owned();
    let mut stdin = child.stdin.take().unwrap();
    let [first, second, third] = sandbox.mfa_codes(&serial).unwrap();
    stdin.write_all(format!("{first}\n{second}\n{third}\n").as_bytes()).unwrap();
    drop(stdin);
    stderr.read_to_string(&mut seen).unwrap();
    child.stderr = Some(stderr);
    let (done, stdout, _) = finish(child);
    assert!(done, "{seen}");
    assert_eq!(stdout.lines().collect::<Vec<_>>(), seed::BUCKETS);
    assert!(
        seen.contains("Without MFA: An error occurred (AccessDenied) when calling the ListBuckets operation"),
        "{seen}"
    );
    assert!(seen.contains("With MFA: 3 buckets."), "{seen}");
    for action in ["DeleteAccessKey", "DeleteVirtualMFADevice", "DeleteUserPolicy", "DeleteUser"] {
        assert_eq!(actions(&sandbox, action), 1, "{action}");
    }
    assert!(sandbox.mfa_codes(&serial).is_none());
}

#[cfg(unix)]
#[test]
fn an_interrupted_example_removes_what_it_has_made() {
    for (name, waits_for, removed) in [
        ("federated_console_url", "Press Enter to remove the role.\n", "DeleteRole"),
        ("mfa_session_token", "First MFA code (or Enter): ", "DeleteUser"),
    ] {
        let sandbox = Sandbox::start(Config::default()).unwrap();
        let home = tempfile::tempdir().unwrap();
        let mut child = start(&sandbox, &home, name);
        let mut stderr = child.stderr.take().unwrap();
        read_until(&mut stderr, waits_for);
        let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
        assert!(killed.success());
        child.stderr = Some(stderr);
        // Standard input stays open: it is the signal that ends the program.
        let stdin = child.stdin.take();
        let (done, _, said) = finish(child);
        drop(stdin);
        assert!(!done && said.contains("interrupted"), "{said}");
        assert_eq!(actions(&sandbox, removed), 1, "{name}");
    }
}
