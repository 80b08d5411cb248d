//! The wizards' questions and a person's answers, from a pipe and at a terminal alike.

#[cfg(unix)]
use super::Terminal;
use super::{Run, TestEnv};

/// How a question begins, and its answer; an empty one takes what is suggested.
pub(crate) type Answer<'a> = (&'a str, &'a str);

/// What `configure sso` asks about a session it does not know, answered with [`CORP`](super::CORP).
pub(crate) const SESSION: [Answer<'static>; 4] = [
    ("SSO session name", "corp"),
    ("SSO start URL", "https://sandbox.awsapps.com/start"),
    ("SSO region", "us-east-1"),
    ("SSO registration scopes", ""),
];

impl TestEnv {
    /// Answers from a pipe; these questions must come, in this order.
    #[track_caller]
    pub(crate) fn run_dialogue(&self, words: &str, dialogue: &[Answer]) -> Run {
        let lines: String = dialogue.iter().flat_map(|(_, answer)| [*answer, "\n"]).collect();
        let run = self.run_with_input(words, &lines);
        let mut rest = run.stdout.as_str();
        for (question, _) in dialogue {
            let at = rest.find(question).unwrap_or_else(|| panic!("`{question}` was not asked:\n{run}"));
            rest = &rest[at + question.len()..];
        }
        run
    }
}

#[cfg(unix)]
impl Terminal {
    /// Waits for each question and answers it.
    #[track_caller]
    pub(crate) fn answer(&mut self, dialogue: &[Answer]) {
        for (question, answer) in dialogue {
            self.wait_for(question);
            self.press(&format!("{answer}\r"));
        }
    }
}
