//! The words of shells: a variable set or taken away, quoted so that `eval` reads text and nothing else.

mod quote;

use std::fmt::Write;

use awsx_core::Env;
use clap::ValueEnum;

use crate::error::{CommandError, CommandResult};

/// A shell that can be given variables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Shell {
    /// Also sh, dash and ksh
    Bash,
    Zsh,
    Fish,
    Powershell,
    Cmd,
    Nu,
}

/// One change of a shell's environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    Set(&'static str, String),
    Unset(&'static str),
}

impl Shell {
    /// The shell that most likely reads what is printed: the user's login shell, or `PowerShell` on Windows.
    pub(crate) fn likely(env: &Env) -> Self {
        let path = env.var_filled("SHELL").unwrap_or_default();
        let name = path.rsplit(['/', '\\']).next().unwrap_or_default().trim_end_matches(".exe");
        match name {
            "fish" => Self::Fish,
            "nu" => Self::Nu,
            "zsh" => Self::Zsh,
            "pwsh" | "powershell" => Self::Powershell,
            "" if cfg!(windows) => Self::Powershell,
            _ => Self::Bash,
        }
    }

    /// The lines that make these changes, for the shell to evaluate; for Nu, which evaluates nothing, one JSON record
    /// for `load-env`, or, where there is nothing to set, a list of names for `hide-env`.
    pub(crate) fn render(self, changes: &[Change]) -> CommandResult<String> {
        if self == Self::Nu {
            return Ok(nu(changes));
        }
        let mut text = String::new();
        for change in changes {
            let line = match change {
                Change::Set(name, value) => self.assignment(name, value)?,
                Change::Unset(name) => self.removal(name),
            };
            writeln!(text, "{line}").expect("memory takes what is written");
        }
        Ok(text)
    }

    /// A line that sets a variable for the shell and the programs it starts.
    pub(crate) fn assignment(self, name: &str, value: &str) -> CommandResult<String> {
        Ok(match self {
            Self::Bash | Self::Zsh => format!("export {name}={}", quote::posix(value)),
            Self::Fish => format!("set -gx {name} {}", quote::fish(value)),
            Self::Powershell => format!("$Env:{name}={}", quote::powershell(value)),
            Self::Cmd => quote::windows_cmd(name, value).ok_or_else(|| {
                CommandError::general(format!(
                    "`{name}` holds a character that cmd.exe cannot be given safely"
                ))
            })?,
            Self::Nu => format!("$env.{name} = {}", serde_json::Value::from(value)),
        })
    }

    fn removal(self, name: &str) -> String {
        match self {
            Self::Bash | Self::Zsh => format!("unset {name}"),
            Self::Fish => format!("set -e {name}"),
            Self::Powershell => format!("Remove-Item Env:{name} -ErrorAction SilentlyContinue"),
            Self::Cmd => format!("set {name}="),
            Self::Nu => format!("hide-env --ignore-errors {name}"),
        }
    }
}

/// A value as one word of a POSIX shell.
pub(crate) fn posix_word(value: &str) -> String {
    quote::posix(value)
}

/// `NAME=value` in a POSIX shell's quotes, without `export`.
pub(crate) fn posix_assignment(name: &str, value: &str) -> String {
    format!("{name}={}", quote::posix(value))
}

fn nu(changes: &[Change]) -> String {
    let set: serde_json::Map<_, _> = changes
        .iter()
        .filter_map(|change| match change {
            Change::Set(name, value) => Some(((*name).to_owned(), value.as_str().into())),
            Change::Unset(_) => None,
        })
        .collect();
    if set.is_empty() {
        let names = changes.iter().filter_map(|change| match change {
            Change::Unset(name) => Some(serde_json::Value::from(*name)),
            Change::Set(..) => None,
        });
        return format!("{}\n", names.collect::<serde_json::Value>());
    }
    format!("{}\n", serde_json::Value::Object(set))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_login_shell_is_the_likely_one() {
        let likely = |path: &str| Shell::likely(&Env::of([("SHELL", path)]));
        assert_eq!(likely("/usr/bin/fish"), Shell::Fish);
        assert_eq!(likely("/bin/zsh"), Shell::Zsh);
        assert_eq!(likely("/bin/dash"), Shell::Bash);
        assert_eq!(likely("/opt/nu"), Shell::Nu);
    }

    #[test]
    fn nu_is_given_json() {
        let changes = [Change::Unset("B"), Change::Set("A", "x\"y".to_owned())];
        assert_eq!(Shell::Nu.render(&changes).unwrap(), "{\"A\":\"x\\\"y\"}\n");
        assert_eq!(Shell::Nu.render(&changes[..1]).unwrap(), "[\"B\"]\n");
    }
}
