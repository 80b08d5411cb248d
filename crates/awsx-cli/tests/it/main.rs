//! The binary as people and scripts meet it: exit code, stdout, stderr, files. One file per noun.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics; helpers are tests too")]

mod answers;
mod callback;
mod canary;
mod completion;
mod configure;
mod configure_killed;
mod configure_sso;
#[cfg(unix)]
mod configure_terminal;
mod console_url;
mod credentials;
mod ddb;
mod env;
#[cfg(unix)]
mod exec;
mod explain;
mod help;
mod identity;
mod keys;
mod login;
mod mfa_devices;
mod mfa_login;
mod models;
mod narrowed;
mod operation;
mod races;
mod s3;
mod s3_beyond;
mod s3_changed;
mod s3_copies;
mod s3_faults;
mod s3_json;
mod s3_options;
mod s3_renewal;
#[cfg(unix)]
mod s3_resume;
#[cfg(unix)]
mod s3_transfer;
#[cfg(unix)]
mod s3_trouble;
mod s3_versions;
mod s3_wildcards;
mod settings;
mod sso;
mod status;
mod streams;
mod support;
mod tokens;
mod verbs;
