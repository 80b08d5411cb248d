//! The five commands, and what each must say.

/// A command of the demo. Its words are grouped as they are broken into lines: first the command itself.
pub(crate) struct Step {
    command: &'static str,
    options: &'static [&'static str],
    /// Texts its output must have
    pub(crate) proof: &'static [&'static str],
}

/// Lines of a prompt are not longer than this.
const WIDTH: usize = 96;

const CONSOLE_URL: &str = "awsx console-url";

// Accounts, roles and buckets are the sandbox's seed.
pub(crate) const STEPS: [Step; 5] = [
    Step {
        command: "awsx configure sso",
        options: &[
            "--profile dev",
            "--sso-session-name sandbox",
            "--sso-start-url https://sandbox.awsapps.com/start",
            "--sso-region us-east-1",
            "--sso-registration-scopes sso:account:access",
            "--sso-account-id 111122223333",
            "--sso-role-name Developer",
            "--region us-east-1",
            "--output json",
        ],
        proof: &["awsx sts get-caller-identity --profile dev"],
    },
    Step {
        command: "awsx sso login",
        options: &["--use-device-code", "--profile dev"],
        proof: &["Successfully logged into Start URL: https://sandbox.awsapps.com/start"],
    },
    Step {
        command: "awsx sts get-caller-identity",
        options: &["--profile dev", "--output table"],
        proof: &["111122223333", "assumed-role/AWSReservedSSO_Developer_"],
    },
    Step { command: "awsx s3 ls", options: &["--profile dev"], proof: &["sandbox-logs", "sandbox-notes"] },
    Step {
        command: CONSOLE_URL,
        options: &["--profile dev", "--role-arn arn:aws:iam::111122223333:role/ConsoleReader"],
        proof: &["Action=login", "SigninToken="],
    },
];

impl Step {
    pub(crate) fn is_console_url(&self) -> bool {
        self.command == CONSOLE_URL
    }

    /// The command in one line.
    pub(crate) fn line(&self) -> String {
        [&[self.command], self.options].concat().join(" ")
    }

    /// What stands after the program's name. No word of the demo has a space in it.
    pub(crate) fn arguments(&self) -> Vec<String> {
        self.line().split(' ').skip(1).map(str::to_owned).collect()
    }

    /// The command after a prompt, broken where a person would break it.
    pub(crate) fn prompt(&self) -> String {
        let mut lines = vec![format!("$ {}", self.command)];
        for option in self.options {
            let last = lines.last_mut().expect("there is a first line");
            // Two for the backslash.
            if last.len() + 1 + option.len() + 2 <= WIDTH {
                last.push(' ');
                last.push_str(option);
            } else {
                last.push_str(" \\");
                lines.push(format!("    {option}"));
            }
        }
        lines.join("\n")
    }
}
