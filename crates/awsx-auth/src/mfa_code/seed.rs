//! Seeds of virtual MFA devices in the system's keyring, and the codes they give (RFC 6238).

use awsx_core::{Env, Secret};
use time::OffsetDateTime;
use totp_rs::Builder;

/// The name under which the keyring holds seeds. The user name there is the device's serial, the password its seed in
/// Base32.
pub const SEED_SERVICE: &str = "awsx-mfa";

/// What can go wrong with the keyring.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    /// There is none, it is locked, or it refuses.
    #[error("the system's keyring cannot be used")]
    Keyring(#[source] keyring::Error),
    /// What it holds is no seed.
    #[error("the keyring's seed for {serial} is not Base32")]
    NotBase32 {
        /// The device.
        serial: String,
    },
}

/// Where seeds are kept.
pub trait SeedStore {
    /// The seed of a device in Base32, if it is kept.
    fn read(&self, serial: &str) -> Result<Option<Secret<String>>, SeedError>;

    /// Keeps a seed, in place of an earlier one.
    fn write(&self, serial: &str, seed: &Secret<String>) -> Result<(), SeedError>;

    /// Forgets a seed; says whether there was one.
    fn remove(&self, serial: &str) -> Result<bool, SeedError>;
}

/// The system's keyring: Secret Service, Keychain, Credential Manager.
#[derive(Clone, Copy, Debug)]
pub struct Keyring;

impl SeedStore for Keyring {
    fn read(&self, serial: &str) -> Result<Option<Secret<String>>, SeedError> {
        let read = keyring::Entry::new(SEED_SERVICE, serial).and_then(|entry| entry.get_password());
        Ok(unless_absent(read)?.map(Secret::from))
    }

    fn write(&self, serial: &str, seed: &Secret<String>) -> Result<(), SeedError> {
        let entry = keyring::Entry::new(SEED_SERVICE, serial);
        entry.and_then(|entry| entry.set_password(seed.expose())).map_err(SeedError::Keyring)
    }

    fn remove(&self, serial: &str) -> Result<bool, SeedError> {
        let removed = keyring::Entry::new(SEED_SERVICE, serial).and_then(|entry| entry.delete_credential());
        Ok(unless_absent(removed)?.is_some())
    }
}

fn unless_absent<T>(result: Result<T, keyring::Error>) -> Result<Option<T>, SeedError> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(keyring::Error::NoEntry) => Ok(None),
        Err(error) => Err(SeedError::Keyring(error)),
    }
}

/// The code that the kept seed gives now; none without a seed.
pub(super) fn current_code(
    seeds: &dyn SeedStore,
    env: &Env,
    serial: &str,
) -> Result<Option<Secret<String>>, SeedError> {
    if env.var("AWSX_KEYRING") == Some("off") {
        return Ok(None);
    }
    let Some(seed) = seeds.read(serial)? else { return Ok(None) };
    code_at(serial, &seed, env.now()).map(Some)
}

/// The code that a seed in Base32 gives at a time.
pub fn code_at(
    serial: &str,
    seed: &Secret<String>,
    time: OffsetDateTime,
) -> Result<Secret<String>, SeedError> {
    let letters: String = seed.expose().trim_end_matches('=').to_ascii_uppercase();
    let secret = totp_rs::Secret::try_from_base32(&letters)
        .map_err(|_| SeedError::NotBase32 { serial: serial.to_owned() })?;
    // AWS's seeds are longer than what the strict builder asks for, but those of other tools need not be.
    let totp = Builder::new().with_secret(secret).build_noncompliant();
    Ok(Secret::new(totp.generate(time.unix_timestamp().unsigned_abs()).to_string()))
}

#[cfg(test)]
pub(super) mod tests {
    use std::cell::RefCell;
    use std::collections::HashMap;

    use super::*;

    /// A keyring in memory.
    #[derive(Default)]
    pub(in super::super) struct Memory(RefCell<HashMap<String, String>>);

    impl Memory {
        pub(in super::super) fn with(serial: &str, seed: &str) -> Self {
            Self(RefCell::new(HashMap::from([(serial.to_owned(), seed.to_owned())])))
        }
    }

    impl SeedStore for Memory {
        fn read(&self, serial: &str) -> Result<Option<Secret<String>>, SeedError> {
            Ok(self.0.borrow().get(serial).cloned().map(Secret::from))
        }

        fn write(&self, serial: &str, seed: &Secret<String>) -> Result<(), SeedError> {
            self.0.borrow_mut().insert(serial.to_owned(), seed.expose().clone());
            Ok(())
        }

        fn remove(&self, serial: &str) -> Result<bool, SeedError> {
            Ok(self.0.borrow_mut().remove(serial).is_some())
        }
    }

    /// A keyring that is not there.
    pub(in super::super) struct Nothing;

    impl SeedStore for Nothing {
        fn read(&self, _: &str) -> Result<Option<Secret<String>>, SeedError> {
            Err(SeedError::Keyring(keyring::Error::NoEntry))
        }

        fn write(&self, _: &str, _: &Secret<String>) -> Result<(), SeedError> {
            Err(SeedError::Keyring(keyring::Error::NoEntry))
        }

        fn remove(&self, _: &str) -> Result<bool, SeedError> {
            Err(SeedError::Keyring(keyring::Error::NoEntry))
        }
    }

    #[test]
    fn codes_match_the_vectors_of_rfc_6238() {
        let seeds = Memory::with("s", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] {
            let env =
                Env::of([("HOME", "/h")]).at(time::OffsetDateTime::from_unix_timestamp(seconds).unwrap());
            let given = current_code(&seeds, &env, "s").unwrap().unwrap();
            assert_eq!(given.expose(), code);
        }
        let bad = Memory::with("s", "not base32!");
        assert!(current_code(&bad, &Env::of([("HOME", "/h")]), "s").is_err());
    }
}
