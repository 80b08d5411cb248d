//! What AWS CLI has and awsx leaves out: who asks for it is told so, and what there is instead.
//!
//! The guide for people who come from AWS CLI lists the same, with the reasons.

use crate::commands::operation;
use crate::error::CommandError;

/// A command of AWS CLI's, and what to type instead.
struct LeftOut {
    words: &'static [&'static str],
    instead: &'static [&'static str],
}

const ALL: &[LeftOut] = &[
    LeftOut {
        words: &["history"],
        instead: &[
            "`--debug` tells what a command does while it does it, `--dry-run-request` what it would ask",
        ],
    },
    LeftOut { words: &["agent-toolkit"], instead: &["AWS CLI has it: `aws agent-toolkit`"] },
    LeftOut {
        words: &["configure", "agent-toolkit"],
        instead: &["AWS CLI has it: `aws configure agent-toolkit`"],
    },
    LeftOut {
        words: &["update"],
        instead: &["get awsx again where you have it from; `aws update` brings AWS CLI up to date"],
    },
    LeftOut { words: &["cli-dev"], instead: &["it is for AWS CLI's own developers"] },
    LeftOut {
        words: &["dynamodb", "wizard"],
        instead: &[
            "`awsx dynamodb create-table --generate-cli-skeleton yaml-input > table.yaml` lists what can be said",
            "then `awsx dynamodb create-table --cli-input-yaml file://table.yaml`",
        ],
    },
    LeftOut {
        words: &["iam", "wizard"],
        instead: &[
            "`awsx iam create-role --role-name NAME --assume-role-policy-document file://trust.json`",
            "then `awsx iam attach-role-policy --role-name NAME --policy-arn ARN`",
        ],
    },
    LeftOut {
        words: &["lambda", "wizard"],
        instead: &[
            "`awsx lambda create-function --generate-cli-skeleton yaml-input > function.yaml` lists what can be said",
            "then `awsx lambda create-function --cli-input-yaml file://function.yaml`",
        ],
    },
    LeftOut {
        words: &["events", "wizard"],
        instead: &[
            "`awsx events put-rule --name NAME --event-pattern file://pattern.json`",
            "then `awsx events put-targets --rule NAME --targets Id=1,Arn=ARN`",
        ],
    },
];

/// The mistake of asking for one of them; `words` are all of the command line's.
pub(super) fn mistake(words: &[String]) -> Option<CommandError> {
    // Most command lines have none of the words, and need not be taken apart here.
    ALL.iter().find(|one| one.words.iter().all(|word| words.iter().any(|given| given == word)))?;
    let split = operation::split(words)?;
    let path: Vec<&str> = split.path().collect();
    let asked = ALL.iter().find(|one| path.starts_with(one.words))?;
    let mistake = CommandError::usage(format!("awsx leaves out AWS CLI's `{}`", asked.words.join(" ")));
    Some(asked.instead.iter().fold(mistake, |mistake, hint| mistake.with_hint(*hint)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(line: &str) -> Option<String> {
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        mistake(&words).map(|error| error.message)
    }

    #[test]
    fn commands_that_are_left_out_are_named() {
        let said = |command: &str| Some(format!("awsx leaves out AWS CLI's `{command}`"));
        assert_eq!(told("history list"), said("history"));
        assert_eq!(told("--region eu-west-1 dynamodb wizard new-table"), said("dynamodb wizard"));
        assert_eq!(told("configure agent-toolkit --yes"), said("configure agent-toolkit"));
        assert_eq!(told("update"), said("update"));
        assert_eq!(told("iam create-role --role-name wizard"), None);
        assert_eq!(told("iam get-user --user-name history"), None);
    }
}
