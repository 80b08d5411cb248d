//! Questions: at a terminal with editing, completion and menus; from a pipe, a line each, as AWS CLI reads them.

use awsx_core::Secret;
use dialoguer::{Completion, FuzzySelect, Input, Password};

use super::{Ui, modes};
use crate::error::{CommandError, CommandResult};

/// One question.
#[derive(Clone, Copy)]
pub(crate) struct Question<'a> {
    /// What is asked, such as `SSO region`.
    pub(crate) text: &'a str,
    /// What is shown in brackets: the value that an empty answer means, or `None`.
    pub(crate) shown_default: Option<&'a str>,
    /// The option that answers it on the command line.
    pub(crate) flag: &'a str,
    /// Answers to complete from with Tab and the arrow keys.
    pub(crate) known: &'a [String],
    /// What is wrong with an answer, if anything.
    pub(crate) fault: fn(&str) -> Option<&'static str>,
    /// Whether the end of piped input counts as an empty answer.
    pub(crate) optional: bool,
}

impl<'a> Question<'a> {
    pub(crate) fn new(text: &'a str, flag: &'a str) -> Self {
        Self { text, shown_default: None, flag, known: &[], fault: |_| None, optional: false }
    }

    #[must_use]
    pub(crate) fn default(mut self, shown: &'a str) -> Self {
        self.shown_default = Some(shown);
        self
    }

    #[must_use]
    pub(crate) fn known(mut self, known: &'a [String]) -> Self {
        self.known = known;
        self
    }

    #[must_use]
    pub(crate) fn fault(mut self, fault: fn(&str) -> Option<&'static str>) -> Self {
        self.fault = fault;
        self
    }

    #[must_use]
    pub(crate) fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    /// `SSO region [None]: `
    fn line(&self) -> String {
        match self.shown_default {
            Some(default) => format!("{} [{default}]", self.text),
            None => self.text.to_owned(),
        }
    }
}

impl Ui {
    /// Asks for a line of text; the answer may be empty.
    pub(crate) fn ask(self, question: &Question<'_>) -> CommandResult<String> {
        if !self.is_interactive() {
            return self.ask_pipe(question);
        }
        self.restore_terminal_on_interrupt();
        let completion = KnownAnswers(question.known);
        let answer = Input::<String>::new()
            .with_prompt(question.line())
            .allow_empty(true)
            .completion_with(&completion)
            .validate_with(|answer: &String| match (question.fault)(answer.trim()) {
                Some(fault) => Err(fault),
                None => Ok(()),
            })
            .interact_text()
            .map_err(stopped)?;
        Ok(answer.trim().to_owned())
    }

    fn ask_pipe(self, question: &Question<'_>) -> CommandResult<String> {
        self.out(format_args!("{}: ", question.line()))?;
        let answer = match self.read_line()? {
            None if question.optional => Some(String::new()),
            answer => answer,
        };
        let Some(answer) = answer else {
            return Err(CommandError::general(format!(
                "cannot ask for `{}`: standard input has ended",
                question.text
            ))
            .with_hint(format!("pass `{}`", question.flag)));
        };
        let answer = answer.trim().to_owned();
        match (question.fault)(&answer) {
            Some(fault) => Err(CommandError::general(fault)
                .with_hint(format!("the answer to `{}` was `{answer}`", question.text))),
            None => Ok(answer),
        }
    }

    /// Asks as AWS CLI's `configure` does: nothing is trimmed, the end of input is an error of its own.
    pub(crate) fn ask_verbatim(self, line: &str, secret: bool) -> CommandResult<String> {
        if !self.is_interactive() {
            self.out(format_args!("{line}: "))?;
            let answer = self.read_line()?;
            return answer.ok_or_else(|| CommandError::general("EOF when reading a line"));
        }
        self.restore_terminal_on_interrupt();
        if secret {
            let prompt = Password::new().with_prompt(line).allow_empty_password(true);
            return prompt.interact().map_err(stopped);
        }
        let prompt = Input::<String>::new().with_prompt(line).allow_empty(true);
        prompt.interact_text().map_err(stopped)
    }

    /// Lets a person pick one of several: the list narrows while they type. From a pipe, the answer is a line that
    /// is one of `keys`, or empty for the first.
    pub(crate) fn pick(
        self,
        text: &str,
        flag: &str,
        labels: &[String],
        keys: &[&str],
    ) -> CommandResult<usize> {
        if self.is_interactive() {
            // A line that wraps would confuse the redrawing.
            let room = self.width().saturating_sub(4);
            let labels = labels.iter().map(|label| console::truncate_str(label, room, "..."));
            let picked = FuzzySelect::new()
                .with_prompt("Type to filter")
                .items(labels)
                .default(0)
                .max_length(10)
                .report(false)
                .interact_opt()
                .map_err(stopped)?;
            return picked.ok_or_else(CommandError::interrupted);
        }
        let answer = self.ask_pipe(&Question::new(text, flag))?;
        if answer.is_empty() {
            return Ok(0);
        }
        keys.iter().position(|key| *key == answer).ok_or_else(|| {
            CommandError::general(format!("`{answer}` is not among the answers to `{text}`"))
                .with_hint(format!("one of: {}", keys.join(", ")))
        })
    }

    /// Asks for the code of an MFA device without showing it, at the terminal even where standard input is a pipe.
    /// Without a terminal a line of standard input is the answer; none when that has ended.
    pub(crate) fn ask_mfa_code(self, serial: &str) -> Option<Secret<String>> {
        let line = format!("Enter MFA code for {serial}");
        let code = if self.has_terminal() {
            modes::keep();
            self.restore_terminal_on_interrupt();
            Password::new().with_prompt(line).allow_empty_password(true).interact().ok()?
        } else {
            self.err(format_args!("{line}: "));
            let code = self.read_line().ok().flatten();
            self.err(format_args!("\n"));
            code?
        };
        Some(Secret::new(code.trim().to_owned()))
    }
}

fn stopped(error: dialoguer::Error) -> CommandError {
    let dialoguer::Error::IO(error) = error;
    match error.kind() {
        std::io::ErrorKind::Interrupted | std::io::ErrorKind::UnexpectedEof => CommandError::interrupted(),
        _ => CommandError::general(format!("cannot ask at this terminal: {error}")),
    }
}

struct KnownAnswers<'a>(&'a [String]);

impl Completion for KnownAnswers<'_> {
    fn get(&self, input: &str) -> Option<String> {
        self.0.iter().find(|known| known.starts_with(input)).cloned()
    }
}
