//! The wizards at a real terminal: menus, hidden input, Ctrl-C.

use awsx_sandbox::{Config, browser};

use crate::support::{CORP, SESSION, Terminal, TestEnv, approving, authorize_url, profile_of_role};

const ENTER: &str = "\r";
const DOWN: &str = "\u{1b}[B";
const CONTROL_C: &str = "\u{3}";
const SHOW_CURSOR: &str = "\u{1b}[?25h";
const HIDE_CURSOR: &str = "\u{1b}[?25l";

#[test]
fn account_and_role_are_found_by_typing_and_by_arrows() {
    let env = TestEnv::with_sandbox(Config::default());
    let mut terminal = Terminal::start(&env, "configure sso --no-browser");
    terminal.answer(&SESSION);
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

    terminal.answer(&[
        ("Default client Region", "eu-west-1"),
        ("CLI default output format", "json"),
        ("Profile name", "prod"),
    ]);
    let (code, screen) = terminal.finish();
    assert_eq!(code, 0, "{screen}");
    let written = profile_of_role("prod", "444455556666", "ReadOnly", "region = eu-west-1\noutput = json\n");
    assert_eq!(env.read(".aws/config"), written);
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
    terminal.answer(&[("AWS Access Key ID [None]", "ASIAIOSFODNN7EXAMPLE")]);
    for (question, secret) in
        [("AWS Secret Access Key [None]", SECRET), ("AWS Session Token [None]", "token-typed-by-hand")]
    {
        terminal.wait_for(question);
        terminal.wait_for_hidden_input();
        terminal.press(&format!("{secret}{ENTER}"));
    }
    terminal.answer(&[("Default region name [None]", ""), ("Default output format [None]", "")]);
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
    terminal.answer(&[("AWS Access Key ID [None]", "")]);
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
