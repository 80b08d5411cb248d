//! The wizards at a real terminal: menus, hidden input, Ctrl-C.

use awsx_sandbox::{Config, browser};

use crate::support::{CORP, Terminal, TestEnv, approving, authorize_url};

const ENTER: &str = "\r";
const DOWN: &str = "\u{1b}[B";
const CONTROL_C: &str = "\u{3}";
const SHOW_CURSOR: &str = "\u{1b}[?25h";
const HIDE_CURSOR: &str = "\u{1b}[?25l";

#[test]
fn account_and_role_are_found_by_typing_and_by_arrows() {
    let env = TestEnv::with_sandbox(Config::default());
    let mut terminal = Terminal::start(&env, "configure sso --no-browser");
    for (question, answer) in [
        ("SSO session name (Recommended)", "corp"),
        ("SSO start URL", "https://sandbox.awsapps.com/start"),
        ("SSO region", "us-east-1"),
        ("SSO registration scopes", ""),
    ] {
        terminal.wait_for(question);
        terminal.press(&format!("{answer}{ENTER}"));
    }
    let url = terminal.wait_for_some("the URL", |screen| {
        let url = authorize_url(screen)?;
        Some((screen.find(&url)? + url.len(), url))
    });
    browser::open_and_approve(&url).unwrap();

    terminal.wait_for("There are 2 AWS accounts available to you.");
    terminal.wait_for("Type to filter");
    terminal.wait_for("> Development");
    terminal.press("prod");
    terminal.wait_for("Type to filter prod|\n> Production");
    terminal.press(ENTER);
    terminal.wait_for("Using the account ID 444455556666");

    terminal.wait_for("There are 2 roles available to you.");
    terminal.wait_for("Type to filter");
    terminal.wait_for("> Administrator");
    terminal.press(DOWN);
    terminal.wait_for("> ReadOnly");
    terminal.press(ENTER);
    terminal.wait_for("Using the role name \"ReadOnly\"");

    for (question, answer) in [
        ("Default client Region", "eu-west-1"),
        ("CLI default output format", "json"),
        ("Profile name", "prod"),
    ] {
        terminal.wait_for(question);
        terminal.press(&format!("{answer}{ENTER}"));
    }
    let (code, screen) = terminal.finish();
    assert_eq!(code, 0, "{screen}");
    insta::assert_snapshot!(env.read(".aws/config"), @"
    [profile prod]
    sso_session = corp
    sso_account_id = 444455556666
    sso_role_name = ReadOnly
    region = eu-west-1
    output = json
    [sso-session corp]
    sso_start_url = https://sandbox.awsapps.com/start
    sso_region = us-east-1
    sso_registration_scopes = sso:account:access
    ");
    let account = env.run("sts get-caller-identity --profile prod --query Account --output text").ok();
    assert_eq!(account, "444455556666\n");
}

#[test]
fn ctrl_c_in_a_menu_ends_with_130_and_gives_the_cursor_back() {
    let env = TestEnv::with_sandbox(approving()).config(CORP).sign_in();
    let mut terminal = Terminal::start(&env, "configure sso --sso-session-name corp");
    terminal.wait_for("Type to filter");
    terminal.wait_for("> Development");
    terminal.press(CONTROL_C);
    let (code, screen) = terminal.finish();
    assert_eq!(code, 130, "{screen}");
    assert!(screen.rfind(SHOW_CURSOR) > screen.rfind(HIDE_CURSOR), "{screen:?}");
    assert!(!env.read(".aws/config").contains("[profile"));
}

#[test]
fn ctrl_c_at_a_question_and_while_the_browser_is_awaited_ends_with_130() {
    let env = TestEnv::with_sandbox(Config::default()).config(CORP);
    let mut terminal = Terminal::start(&env, "configure sso");
    terminal.wait_for("SSO session name");
    terminal.press(CONTROL_C);
    let (code, screen) = terminal.finish();
    assert_eq!(code, 130, "{screen}");

    let mut terminal = Terminal::start(&env, "sso login --sso-session corp --no-browser");
    terminal.wait_for("/authorize?");
    terminal.press(CONTROL_C);
    let (code, screen) = terminal.finish();
    assert_eq!(code, 130, "{screen}");
}

#[test]
fn keys_are_not_shown_while_they_are_typed() {
    const SECRET: &str = "wJalrXUtnFEMI-typed-by-hand";
    let env = TestEnv::new();
    let mut terminal = Terminal::start(&env, "configure");
    terminal.wait_for("AWS Access Key ID [None]");
    terminal.press(&format!("ASIAIOSFODNN7EXAMPLE{ENTER}"));
    for (question, secret) in
        [("AWS Secret Access Key [None]", SECRET), ("AWS Session Token [None]", "token-typed-by-hand")]
    {
        terminal.wait_for(question);
        terminal.wait_for_hidden_input();
        terminal.press(&format!("{secret}{ENTER}"));
    }
    for question in ["Default region name [None]", "Default output format [None]"] {
        terminal.wait_for(question);
        terminal.press(ENTER);
    }
    let (code, screen) = terminal.finish();
    assert_eq!(code, 0, "{screen}");
    assert!(!screen.contains(SECRET) && !screen.contains("token-typed-by-hand"), "{screen}");
    let written = env.read(".aws/credentials");
    assert!(written.contains(SECRET) && written.contains("token-typed-by-hand"), "{written}");
}

#[test]
fn ctrl_c_while_a_key_is_typed_shows_what_is_typed_again() {
    let env = TestEnv::new();
    let mut terminal = Terminal::start(&env, "configure");
    terminal.wait_for("AWS Access Key ID [None]");
    terminal.press(ENTER);
    terminal.wait_for("AWS Secret Access Key [None]");
    terminal.wait_for_hidden_input();
    terminal.press(CONTROL_C);
    terminal.wait_for_shown_input();
    let (code, screen) = terminal.finish();
    assert_eq!(code, 130, "{screen}");
}

#[test]
fn ctrl_c_at_the_first_question_of_configure_ends_with_130() {
    let mut terminal = Terminal::start(&TestEnv::new(), "configure");
    terminal.wait_for("AWS Access Key ID [None]");
    terminal.press(CONTROL_C);
    let (code, screen) = terminal.finish();
    assert_eq!(code, 130, "{screen}");
}
