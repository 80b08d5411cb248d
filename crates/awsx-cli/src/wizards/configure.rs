//! `configure` without a subcommand: keys, region and output format of a profile.

use awsx_core::Secret;
use awsx_core::ini::Change;
use awsx_core::profile::Properties;

use crate::context::Context;
use crate::error::CommandResult;

/// One value that is asked for.
struct Asked {
    key: &'static str,
    text: &'static str,
    shown: Shown,
}

/// How much of a value a bystander may see.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    /// All of it.
    Plain,
    /// The end of the current one; what is typed is shown.
    Masked,
    /// The end of the current one; what is typed is not shown.
    Hidden,
}

const ACCESS_KEY: Asked = Asked { key: "aws_access_key_id", text: "AWS Access Key ID", shown: Shown::Masked };
const SECRET_KEY: Asked =
    Asked { key: "aws_secret_access_key", text: "AWS Secret Access Key", shown: Shown::Hidden };
const SESSION_TOKEN: Asked =
    Asked { key: "aws_session_token", text: "AWS Session Token", shown: Shown::Hidden };
const REGION: Asked = Asked { key: "region", text: "Default region name", shown: Shown::Plain };
const OUTPUT: Asked = Asked { key: "output", text: "Default output format", shown: Shown::Plain };

/// Temporary keys begin so, and are of no use without a session token.
const TEMPORARY: &str = "ASIA";

/// What the answers change, in each of the two files.
#[derive(Default)]
pub(crate) struct Answers {
    pub(crate) credentials: Vec<Change>,
    pub(crate) config: Vec<Change>,
}

/// Asks for every value; an empty answer keeps the current one.
pub(crate) fn ask_all(context: &Context, profile: &Properties) -> CommandResult<Answers> {
    let mut answers = Answers::default();
    let current = |asked: &Asked| profile.text(asked.key);
    if profile.is_empty() {
        context.ui.out(format_args!(
            "\nTip: You can deliver temporary credentials to the AWS CLI using your AWS Console session by running \
             the command 'awsx login'.\n\n"
        ))?;
    }
    let typed_key = ask(context, &ACCESS_KEY, current(&ACCESS_KEY))?;
    answers.credentials.extend(change(&ACCESS_KEY, current(&ACCESS_KEY), typed_key.as_deref()));
    let secret = ask(context, &SECRET_KEY, current(&SECRET_KEY))?;
    answers.credentials.extend(change(&SECRET_KEY, current(&SECRET_KEY), secret.as_deref()));
    let token = current(&SESSION_TOKEN);
    let wants_token = match typed_key.as_deref() {
        Some(key) => key.starts_with(TEMPORARY),
        None => token.is_some(),
    };
    if wants_token {
        let typed = ask(context, &SESSION_TOKEN, token)?;
        answers.credentials.extend(change(&SESSION_TOKEN, token, typed.as_deref()));
    } else if token.is_some() {
        answers.credentials.push(Change::remove(SESSION_TOKEN.key));
    }
    for asked in [&REGION, &OUTPUT] {
        let typed = ask(context, asked, current(asked))?;
        answers.config.extend(change(asked, current(asked), typed.as_deref()));
    }
    Ok(answers)
}

/// The typed answer; none if it was empty.
fn ask(context: &Context, asked: &Asked, current: Option<&str>) -> CommandResult<Option<String>> {
    let shown = match current {
        None => "None".to_owned(),
        Some(value) if asked.shown == Shown::Plain => value.to_owned(),
        Some(value) => Secret::from(value).masked(),
    };
    let typed =
        context.ui.ask_verbatim(&format!("{} [{shown}]", asked.text), asked.shown == Shown::Hidden)?;
    Ok(Some(typed).filter(|typed| !typed.is_empty()))
}

fn change(asked: &Asked, current: Option<&str>, typed: Option<&str>) -> Option<Change> {
    let typed = typed.filter(|typed| current != Some(typed))?;
    Some(Change::set(asked.key, typed))
}
