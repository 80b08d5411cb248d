//! The current code of an MFA device: where it comes from, and that none is sent twice.
//!
//! A code is looked for in this order: given with the command, printed by a program (`mfa_process`), computed from a
//! seed in the system's keyring, asked of the person. AWS takes each code once, so the last one sent is remembered,
//! hashed, and the next is waited for. One process at a time uses a device: the others wait for its lock, and mostly
//! find then that the code was for them too.

mod error;
mod program;
mod seed;
mod spent;

use std::time::Duration;

use awsx_core::store::own_cache::{file_name, own_cache};
use awsx_core::{Env, Secret};
use awsx_http::CallError;

use crate::AuthError;
use crate::locked::lock_if_possible;

pub use error::MfaCodeError;
pub use seed::{Keyring, SEED_SERVICE, SeedError, SeedStore, code_at};
use spent::Spent;

/// The person's end: who can be asked for a code, and what is said meanwhile.
pub trait MfaPrompt {
    /// Asks for the code of a device; none if nobody can be asked.
    fn code(&self, serial: &str) -> Option<Secret<String>>;

    /// A code that was given with the command (`--mfa-code`).
    fn given_code(&self) -> Option<Secret<String>> {
        None
    }

    /// Where seeds are kept.
    fn seeds(&self) -> &dyn SeedStore {
        &Keyring
    }

    /// Says that the device's code was used already, and that the next one comes in so many seconds.
    fn waiting_for_next_code(&self, _serial: &str, _seconds: u64) {}

    /// Says that the typed code was used already, before asking again.
    fn code_was_used(&self, _serial: &str) {}
}

/// A device whose code is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Device<'a> {
    /// Its ARN, or a hardware device's serial number.
    pub serial: &'a str,
    /// The program that prints its codes, with arguments, if one is configured.
    pub process: Option<&'a str>,
}

/// How long a device shows one code, in seconds.
const STEP_SECONDS: u64 = 30;

/// The kind of file that the last used code is kept in.
const CODE_FILE: &str = "mfa-code";

/// How often a used code is answered with a request for another one.
const ATTEMPTS: usize = 3;

enum Source {
    Given,
    Program,
    Seed,
    Person,
}

/// Hands the device's current code to `send`, and remembers it as used once AWS has answered.
pub(crate) async fn with_code<T>(
    env: &Env,
    device: Device<'_>,
    prompt: &dyn MfaPrompt,
    send: impl AsyncFnOnce(&Secret<String>) -> Result<T, AuthError>,
) -> Result<T, AuthError> {
    let cache = own_cache(env);
    let name = file_name(CODE_FILE, device.serial);
    let _lock = lock_if_possible(&cache, &name).await;
    let code = unused_code(env, device, prompt, &Spent::read(&cache, &name, env.now())).await?;
    let answer = send(&code).await;
    // A refusal spends the code too.
    if matches!(answer, Ok(_) | Err(AuthError::Call(CallError::Service(_)))) {
        Spent::of(device.serial, &code, env.now()).store(&cache, &name);
    }
    answer
}

/// Remembers a code that was sent in another way, so that it is not sent again.
pub(crate) fn remember_as_used(env: &Env, serial: &str, code: &Secret<String>) {
    Spent::of(serial, code, env.now()).store(&own_cache(env), &file_name(CODE_FILE, serial));
}

async fn unused_code(
    env: &Env,
    device: Device<'_>,
    prompt: &dyn MfaPrompt,
    spent: &Spent,
) -> Result<Secret<String>, AuthError> {
    let serial = device.serial;
    for _ in 0..ATTEMPTS {
        let (code, source) = current_code(env, device, prompt).await?;
        if !spent.is(serial, &code) {
            return Ok(code);
        }
        match source {
            Source::Given => break,
            Source::Person => prompt.code_was_used(serial),
            Source::Program | Source::Seed => {
                let seconds = seconds_to_next_code(env.now().unix_timestamp());
                prompt.waiting_for_next_code(serial, seconds);
                tokio::time::sleep(Duration::from_secs(seconds)).await;
            }
        }
    }
    Err(MfaCodeError::Used { serial: serial.to_owned() }.into())
}

async fn current_code(
    env: &Env,
    device: Device<'_>,
    prompt: &dyn MfaPrompt,
) -> Result<(Secret<String>, Source), AuthError> {
    if let Some(code) = prompt.given_code() {
        return Ok((code, Source::Given));
    }
    if let Some(command) = device.process {
        return Ok((program::read_code(command).await?, Source::Program));
    }
    match seed::current_code(prompt.seeds(), env, device.serial) {
        Ok(Some(code)) => return Ok((code, Source::Seed)),
        Ok(None) => {}
        // A keyring that is not there, or locked, is no reason not to ask.
        Err(error) => tracing::debug!(target: "awsx::mfa", %error, "no seed from the keyring"),
    }
    let code = prompt.code(device.serial);
    let code = code.ok_or_else(|| MfaCodeError::NobodyToAsk { serial: device.serial.to_owned() })?;
    Ok((code, Source::Person))
}

fn seconds_to_next_code(unix_seconds: i64) -> u64 {
    STEP_SECONDS - unix_seconds.unsigned_abs() % STEP_SECONDS
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    const SERIAL: &str = "arn:aws:iam::111122223333:mfa/alice";

    /// Somebody who types these codes, one after another.
    struct Person {
        codes: RefCell<Vec<&'static str>>,
        told: RefCell<usize>,
    }

    /// A keyring with a seed, for a person who cannot be asked.
    struct Seeded(seed::tests::Memory);

    impl MfaPrompt for Person {
        fn code(&self, _: &str) -> Option<Secret<String>> {
            self.codes.borrow_mut().pop().map(Secret::from)
        }

        fn seeds(&self) -> &dyn SeedStore {
            &seed::tests::Nothing
        }

        fn code_was_used(&self, _: &str) {
            *self.told.borrow_mut() += 1;
        }
    }

    impl MfaPrompt for Seeded {
        fn code(&self, _: &str) -> Option<Secret<String>> {
            None
        }

        fn seeds(&self) -> &dyn SeedStore {
            &self.0
        }
    }

    fn env(home: &tempfile::TempDir) -> Env {
        Env::of([("HOME", home.path().to_str().unwrap())])
    }

    fn send(env: &Env, prompt: &dyn MfaPrompt, process: Option<&str>) -> Result<String, String> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let device = Device { serial: SERIAL, process };
        let echo = async |code: &Secret<String>| Ok(code.expose().clone());
        runtime.block_on(with_code(env, device, prompt, echo)).map_err(|error| error.to_string())
    }

    #[test]
    fn a_code_is_not_sent_twice_and_the_next_is_asked_for() {
        let home = tempfile::tempdir().unwrap();
        let person =
            Person { codes: RefCell::new(vec!["222222", "111111", "111111"]), told: RefCell::default() };
        assert_eq!(send(&env(&home), &person, None).unwrap(), "111111");
        assert_eq!(send(&env(&home), &person, None).unwrap(), "222222");
        assert_eq!(*person.told.borrow(), 1);
        assert_eq!(
            send(&env(&home), &person, None).unwrap_err(),
            format!("an MFA code is needed for {SERIAL}, and there is no terminal to ask at")
        );
    }

    #[test]
    fn used_codes_are_kept_hashed_and_for_their_time_only() {
        let home = tempfile::tempdir().unwrap();
        let person = |codes| Person { codes: RefCell::new(codes), told: RefCell::default() };
        let start = time::OffsetDateTime::UNIX_EPOCH + time::Duration::days(20_000);
        send(&env(&home).at(start), &person(vec!["111111"]), None).unwrap();
        let file = own_cache(&env(&home)).path(&file_name("mfa-code", SERIAL));
        assert!(!std::fs::read_to_string(file).unwrap().contains("111111"));
        let soon = env(&home).at(start + time::Duration::seconds(80));
        assert!(send(&soon, &person(vec!["111111"; 3]), None).is_err());
        let later = env(&home).at(start + time::Duration::seconds(200));
        assert_eq!(send(&later, &person(vec!["111111"]), None).unwrap(), "111111");
    }

    #[test]
    fn a_program_comes_before_the_seed_and_the_seed_before_the_person() {
        let home = tempfile::tempdir().unwrap();
        let seeded = Seeded(seed::tests::Memory::with(SERIAL, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"));
        let at = env(&home).at(time::OffsetDateTime::from_unix_timestamp(1_111_111_109).unwrap());
        assert_eq!(send(&at, &seeded, None).unwrap(), "081804");
        assert_eq!(send(&at, &seeded, Some("echo 654321")).unwrap(), "654321");
        let prefix = "the program `echo` for MFA codes ";
        assert_eq!(
            send(&at, &seeded, Some("echo not a code")).unwrap_err(),
            format!("{prefix}printed something that is no code")
        );
    }

    #[test]
    fn the_next_code_comes_at_the_half_minute() {
        assert_eq!(seconds_to_next_code(60), 30);
        assert_eq!(seconds_to_next_code(89), 1);
    }
}
