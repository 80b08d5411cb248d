//! What every test stands on: a home folder and an environment of its own, the sandbox for AWS, and a look at
//! everything that is printed for secrets that should not be there.

mod dialogue;
pub(crate) mod http;
mod login;
mod random;
mod run;
mod scripted;
mod secrets;
mod served;
mod shell;
#[cfg(unix)]
mod signals;
mod sso;
#[cfg(unix)]
mod terminal;
mod test_env;

pub(crate) use dialogue::SESSION;
pub(crate) use login::{login_file, login_url, verification_code};
pub(crate) use random::Random;
pub(crate) use run::{Run, Running};
pub(crate) use scripted::{Route, Scripted};
pub(crate) use served::{Served, write_answer};
pub(crate) use shell::{run_in_shell, shell};
pub(crate) use sso::{CORP, DEVELOPER, approving, authorize_url, device_url, profile_of_role, token_file};
#[cfg(unix)]
pub(crate) use terminal::Terminal;
#[cfg(unix)]
pub(crate) use test_env::mode_of;
pub(crate) use test_env::{TestEnv, has_extension};

/// How long anything may take before the test fails: far more than it does on a slow machine.
pub(crate) const PATIENCE: std::time::Duration = std::time::Duration::from_mins(2);
