//! Names that a service lists, within a second and a half.
//!
//! A person waits with a finger on the key: nobody is asked to sign in or for a code, no program is run, and whatever
//! goes wrong is passed over in silence. The work is done on a thread of its own, which ends with the process.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use awsx_auth::{chain, standing};
use awsx_core::Env;
use awsx_core::settings::table;

use super::kept::Kept;
use crate::commands::operation::{Question, fetch_names};
use crate::context::Context;
use crate::error::CommandResult;
use crate::ui::Ui;

/// How long a person waits.
const PATIENCE: Duration = Duration::from_millis(1500);

impl Question {
    /// The names; none if they cannot be had in time. `current` is the word so far.
    pub(super) fn names(self, context: &Context, current: &str) -> Vec<String> {
        let (sender, receiver) = mpsc::channel();
        let (env, ui) = (context.env().clone(), context.ui);
        let shortened = self.is_shortened(current);
        // Nobody waits for the thread, so neither a name server nor a lock can hold the shell up.
        thread::spawn(move || sender.send(self.answer(env, ui).unwrap_or_default()));
        let names = receiver.recv_timeout(PATIENCE).unwrap_or_default();
        let names = names.into_iter().map(|name| if shortened { last_part(&name) } else { name });
        names.filter(|name| can_be_shown(name)).collect()
    }

    fn answer(self, env: Env, ui: Ui) -> CommandResult<Vec<String>> {
        let context = Context::of_words(env, ui, self.globals.clone());
        let settings = &context.settings;
        if settings.text(&table::COMPLETE_NAMES)?.is_some_and(|switch| switch.eq_ignore_ascii_case("off")) {
            return Ok(Vec::new());
        }
        let Some(link) = chain::plan(settings)?.filter(|_| !context.globals.no_sign_request) else {
            return Ok(Vec::new());
        };
        let whom = [
            Some(link.fingerprint()),
            settings.text(&table::REGION)?,
            context.endpoint_url(self.service.service_id)?,
        ];
        let kept = Kept::of(context.env(), &format!("{whom:?} {}", self.describe()));
        if let Some(names) = kept.read() {
            return Ok(names);
        }
        if !standing::is_at_hand(settings, &link)? {
            return Ok(Vec::new());
        }
        kept.begin();
        let names = context.block_on_as_is(fetch_names(&context, &self))?;
        kept.end(&names);
        Ok(names)
    }

    /// Whether the end of an ARN or URL will do, and the person has not begun to type the whole.
    fn is_shortened(&self, current: &str) -> bool {
        self.shortened && !current.starts_with("arn:") && !current.starts_with("http")
    }
}

/// `prod` of `arn:aws:ecs:eu-west-1:111122223333:cluster/prod`.
fn last_part(name: &str) -> String {
    name.rsplit(['/', ':']).next().unwrap_or(name).to_owned()
}

/// A name goes to a terminal, through a shell that parts names by lines.
fn can_be_shown(name: &str) -> bool {
    !name.is_empty() && !name.chars().any(char::is_control)
}
