//! What surrounds the process: variables, the home folder, the clock.
//!
//! Everything that depends on them takes an [`Env`], so a test owns them all and no code path reads the real
//! ones behind its back.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use time::OffsetDateTime;

/// Variables, home folder and clock, handed down from `main`.
#[derive(Clone, Debug)]
pub struct Env {
    variables: Arc<BTreeMap<String, String>>,
    home: Option<PathBuf>,
    fixed_now: Option<OffsetDateTime>,
}

impl Env {
    /// The process's own environment. Variables that are not Unicode are left out.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the process environment")]
    pub fn of_process() -> Self {
        let variables = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        Self { variables: Arc::new(variables), home: std::env::home_dir(), fixed_now: None }
    }

    /// An environment made of exactly these variables; `HOME` is the home folder.
    pub fn of<K: Into<String>, V: Into<String>>(variables: impl IntoIterator<Item = (K, V)>) -> Self {
        let variables: BTreeMap<String, String> =
            variables.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        let home = variables.get("HOME").map(PathBuf::from);
        Self { variables: Arc::new(variables), home, fixed_now: None }
    }

    /// The same environment with the clock stopped at `now`.
    #[must_use]
    pub fn at(mut self, now: OffsetDateTime) -> Self {
        self.fixed_now = Some(now);
        self
    }

    /// The variable's value, empty text included.
    pub fn var(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str)
    }

    /// The variable's value unless it is empty: most AWS variables mean "unset" when they are.
    pub fn var_filled(&self, name: &str) -> Option<&str> {
        self.var(name).filter(|value| !value.is_empty())
    }

    /// Whether the variable is set to `true`, in any case.
    pub fn is_true(&self, name: &str) -> bool {
        self.var(name).is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// The user's home folder, if there is one.
    pub fn home(&self) -> Option<&Path> {
        self.home.as_deref()
    }

    /// The time, in UTC.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
    pub fn now(&self) -> OffsetDateTime {
        self.fixed_now.unwrap_or_else(|| std::time::SystemTime::now().into())
    }

    /// The file or folder that `text` names once `~` and `$VAR`/`${VAR}` are replaced, as Python's
    /// `expanduser(expandvars(text))`: an unknown variable stays as written.
    pub fn expand_path(&self, text: &str) -> PathBuf {
        let text = self.expand_variables(text);
        match (self.home(), text.strip_prefix('~')) {
            (Some(home), Some("")) => home.to_path_buf(),
            (Some(home), Some(rest)) if rest.starts_with(['/', std::path::MAIN_SEPARATOR]) => {
                home.join(rest.trim_start_matches(['/', std::path::MAIN_SEPARATOR]))
            }
            _ => PathBuf::from(text),
        }
    }

    fn expand_variables(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find('$') {
            out.push_str(&rest[..at]);
            let tail = &rest[at + 1..];
            let (name, used) = if let Some((name, _)) =
                tail.strip_prefix('{').and_then(|inner| inner.split_once('}'))
            {
                (name, name.len() + 2)
            } else {
                let end = tail.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(tail.len());
                (&tail[..end], end)
            };
            match self.var(name) {
                Some(value) => out.push_str(value),
                None => out.push_str(&rest[at..=at + used]),
            }
            rest = &tail[used..];
        }
        out.push_str(rest);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_expand_home_and_variables_and_keep_what_is_unknown() {
        let env = Env::of([("HOME", "/home/me"), ("TEAM", "blue")]);
        let expand = |text| env.expand_path(text).to_str().unwrap().to_owned();
        assert_eq!(expand("~/.aws/config"), "/home/me/.aws/config");
        assert_eq!(expand("~"), "/home/me");
        assert_eq!(expand("/etc/$TEAM/${TEAM}x/$NOPE/a$"), "/etc/blue/bluex/$NOPE/a$");
        assert_eq!(expand("~other/x"), "~other/x");
    }
}
