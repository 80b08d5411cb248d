//! `mfa`: a device from nothing to a session, at a terminal and from a pipe, and undone when it comes to nothing.

use awsx_sandbox::{Config, Fault, Outcome, seed};

use crate::support::TestEnv;

const SERIAL: &str = "arn:aws:iam::111122223333:mfa/phone";

fn env() -> TestEnv {
    TestEnv::with_sandbox(Config::default()).alice().var("AWSX_KEYRING", "off")
}

fn codes(env: &TestEnv) -> [String; 3] {
    env.sandbox().mfa_codes(SERIAL).expect("the device is there")
}

fn devices(env: &TestEnv) -> String {
    env.run("mfa list").ok()
}

#[cfg(unix)]
mod terminal {
    use super::*;
    use crate::support::Terminal;

    const ENTER: &str = "\r";

    #[test]
    fn a_device_is_scanned_and_a_wrong_pair_is_asked_for_again() {
        let env = env();
        let mut terminal = Terminal::start(&env, "mfa enroll --device-name phone");
        terminal.wait_for("Scan this with an authenticator app:");
        terminal.wait_for("Or enter this key there: ");
        terminal.wait_for("First MFA code");
        let [first, second, third] = codes(&env);
        // The right codes the wrong way round.
        terminal.press(&format!("{second}{ENTER}"));
        terminal.wait_for("Next MFA code");
        terminal.press(&format!("{first}{ENTER}"));
        terminal.wait_for("AWS does not take these two codes.");
        terminal.wait_for("First MFA code");
        terminal.press(&format!("12345{ENTER}"));
        terminal.wait_for("an MFA code has six digits");
        // The answer is still there to be corrected.
        terminal.press(&format!("\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}{first}{ENTER}"));
        terminal.wait_for("Next MFA code");
        terminal.press(&format!("{second}{ENTER}"));
        terminal.wait_for(SERIAL);
        let (code, screen) = terminal.finish();
        assert_eq!(code, 0, "{screen}");
        assert!(devices(&env).contains(SERIAL));

        let login = env.run(&format!("mfa login --serial-number {SERIAL} --mfa-code {third}"));
        assert_eq!(login.code, 0, "{login}");
    }

    #[test]
    fn ctrl_c_and_the_end_of_input_delete_the_device() {
        for (key, expected) in [("\u{3}", 130), ("\u{4}", 130)] {
            let env = env();
            let mut terminal = Terminal::start(&env, "mfa enroll --device-name phone");
            terminal.wait_for("First MFA code");
            terminal.press(key);
            if key == "\u{4}" {
                // A terminal's end of input is a key like others to an editor of lines; then comes Ctrl-C.
                terminal.press("\u{3}");
            }
            terminal.wait_for("The device is not enabled; deleting it.");
            let (code, screen) = terminal.finish();
            assert_eq!(code, expected, "{screen}");
            assert!(env.sandbox().mfa_codes(SERIAL).is_none(), "the device is still there");
        }
    }
}

#[test]
fn codes_may_be_piped_and_their_end_deletes_the_device() {
    let env = env();
    let ended = env.run_with_input("mfa enroll --device-name phone", "123456\n");
    assert_eq!(ended.code, 255, "{ended}");
    assert!(ended.stderr.contains("The device is not enabled; deleting it."), "{ended}");
    assert!(ended.stderr.contains("cannot ask for `Next MFA code`: standard input has ended"), "{ended}");
    assert!(env.sandbox().mfa_codes(SERIAL).is_none());

    let mut enroll = env.start("mfa enroll --device-name phone");
    enroll.wait_for_stdout(|seen| seen.contains("First MFA code").then_some(()));
    let [first, second, _] = codes(&env);
    enroll.type_in(&format!("{first}\n{second}\n"));
    let enrolled = enroll.finish();
    assert!(enrolled.code == 0 && enrolled.stdout.ends_with(&format!("{SERIAL}\n")), "{enrolled}");
}

#[test]
fn a_device_is_made_now_and_enabled_later_without_a_question() {
    let env = env();
    let made = env.run(
        "mfa enroll --device-name phone --create-only --bootstrap-method Base32StringSeed --outfile seed.txt",
    );
    assert_eq!(made.ok(), format!("{SERIAL}\n"));
    assert_eq!(env.read("seed.txt").len(), 64);
    #[cfg(unix)]
    assert_eq!(crate::support::mode_of(&env.path("seed.txt")), 0o600);
    let again = env.run(
        "mfa enroll --device-name other --create-only --bootstrap-method Base32StringSeed --outfile seed.txt",
    );
    assert!(again.code == 255 && again.stderr.contains("`seed.txt` is there already"), "{again}");
    let taken = env.run_with_input("mfa enroll --device-name phone", "");
    assert!(
        taken.code == 254 && taken.stderr.contains(&format!("run `awsx mfa remove {SERIAL}`")),
        "{taken}"
    );

    let [first, second, _] = codes(&env);
    let enable = |first: &str, second: &str| {
        env.run(&format!(
            "mfa enroll --serial-number {SERIAL} --authentication-code1 {first} --authentication-code2 {second}"
        ))
    };
    assert_eq!(enable(&second, &first).code, 254);
    assert_eq!(enable(&first, &second).code, 0);
    let removed = env.run(&format!("mfa remove {SERIAL}"));
    assert_eq!(
        (removed.code, removed.stderr.as_str()),
        (0, "Removed arn:aws:iam::111122223333:mfa/phone.\n")
    );
    assert_eq!(env.run(&format!("mfa remove {SERIAL}")).code, 255);
}

#[test]
fn a_picture_is_written_for_its_owner_and_taken_away_with_a_device_that_failed() {
    let env = env();
    env.sandbox().add_fault(Fault {
        method: "POST".into(),
        path: "/".into(),
        action: Some("EnableMFADevice".into()),
        outcome: Outcome::Respond { status: 403, code: "AccessDenied".into() },
        times: 1,
    });
    let mut enroll =
        env.start("mfa enroll --device-name phone --bootstrap-method QRCodePNG --outfile qr.png");
    enroll.wait_for_stdout(|seen| seen.contains("First MFA code").then_some(()));
    let picture = std::fs::read(env.path("qr.png")).unwrap();
    assert!(picture.starts_with(b"\x89PNG\r\n"));
    enroll.type_in("123456\n654321\n");
    let failed = enroll.finish();
    assert_eq!(failed.code, 254, "{failed}");
    assert!(!env.path("qr.png").exists());
    assert!(env.sandbox().mfa_codes(SERIAL).is_none());
}

#[test]
fn without_a_keyring_there_is_no_device() {
    // There is no session bus in a test's environment, and so no secret service.
    if !cfg!(target_os = "linux") {
        return;
    }
    let env = env();
    let run = env.run("mfa enroll --device-name phone --keyring");
    assert_eq!(run.code, 255, "{run}");
    assert!(run.stderr.contains("awsx: [ERROR]: the system's keyring cannot be used\n"), "{run}");
    assert!(env.sandbox().mfa_codes(SERIAL).is_none());
}

#[test]
fn one_login_serves_every_profile_with_the_device_until_logout() {
    let serial = seed::MFA_SERIAL;
    let config = format!(
        "[default]\nmfa_serial = {serial}\n[profile work]\nmfa_serial = {serial}\nmfa_session = auto\n"
    );
    let keys = format!(
        "[default]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\n\
         [work]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\n",
        id = seed::ACCESS_KEY_ID,
        secret = seed::SECRET_ACCESS_KEY,
    );
    let env = env().config(&config).credentials(&keys);
    assert_eq!(env.run("mfa status").stderr, "There is no MFA session; `awsx mfa login` opens one.\n");
    let code = env.sandbox().mfa_code();
    let login = env.run(&format!("mfa login --mfa-code {code} --duration-seconds 3600"));
    assert_eq!((login.code, login.stdout.as_str()), (0, ""), "{login}");
    assert!(login.stderr.starts_with(&format!("Signed in with {serial} until ")), "{login}");
    // A second login finds the session, and needs no code.
    assert_eq!(env.run("mfa login --profile work").code, 0);
    let exported = env.run("configure export-credentials --profile work");
    assert!(exported.stdout.contains("SessionToken"), "{exported}");
    let status = env.run("mfa status").ok();
    assert!(status.contains("signed in") && status.contains("default, work"), "{status}");

    assert_eq!(env.run("mfa logout").stderr, format!("Forgot the session of {serial}.\n"));
    assert_eq!(env.run("mfa status").code, 0);
    let asks = env.run("configure export-credentials --profile work");
    assert!(asks.code != 0 && asks.stderr.contains("an MFA code is needed"), "{asks}");
}

#[test]
fn a_login_needs_a_device() {
    insta::assert_snapshot!(env().run("mfa login"), @"
    exit: 255
    ----- stderr -----

    awsx: [ERROR]: the profile `default` names no MFA device
    hint: pass `--serial-number`, or set `mfa_serial` with `awsx configure set`
    hint: `awsx mfa list` shows your devices
    ");
}
