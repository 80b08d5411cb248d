//! `codecommit credential-helper`.

use super::with_keys;

/// What git is told when it asks in these lines.
fn told(words: &str, question: &str) -> crate::support::Run {
    let env = with_keys();
    let mut running = env.start(words).revealing();
    running.type_in(question);
    running.finish()
}

#[test]
fn git_gets_a_user_and_a_signature() {
    let question = "protocol=https\nhost=git-codecommit.us-east-1.amazonaws.com\npath=v1/repos/shop\n";
    let run = told("codecommit credential-helper get", question);
    assert_eq!(run.code, 0, "{run}");
    let lines: Vec<&str> = run.stdout.lines().collect();
    let [user, password] = lines.as_slice() else { panic!("{run}") };
    assert_eq!(*user, "username=AKIAEXAMPLE");
    let (time, signature) = password.strip_prefix("password=").unwrap().split_once('Z').unwrap();
    assert_eq!((time.len(), signature.len()), ("20260102T030405".len(), 64), "{run}");
}

#[test]
fn other_hosts_are_left_to_other_helpers() {
    let question = "protocol=https\nhost=git.example.com\npath=shop\n";
    assert_eq!(told("codecommit credential-helper get", question).ok(), "");
    let run = told("codecommit credential-helper get --ignore-host-check", question);
    assert!(run.code == 0 && run.stdout.contains("password="), "{run}");
    assert_eq!(told("codecommit credential-helper store", question).ok(), "");
    assert_eq!(told("codecommit credential-helper erase", question).ok(), "");
}

#[test]
fn what_git_leaves_out_is_named() {
    let run = told("codecommit credential-helper get", "protocol=https\n");
    assert!(run.code == 255 && run.stderr.contains("awsx: [ERROR]: 'host'\n"), "{run}");
}
