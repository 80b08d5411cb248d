//! A writer killed at any moment: the file is whole, the lock is free, nothing is left lying about.
//!
//! The writer is this test binary again, started with a variable that names its file.
#![cfg(unix)]

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;
use std::{env, fs, thread};

use awsx_core::store::{self, FileLock, StoreError};

const FILE: &str = "AWSX_TEST_WRITER_FILE";
const KILLS: u64 = 100;
/// Large enough for a kill to hit the middle of a write.
const LENGTH: usize = 256 * 1024;

/// The contents number `number`: one letter, over and over.
fn version(number: u64) -> Vec<u8> {
    let letter = b'a' + u8::try_from(number % 26).expect("below 26");
    vec![letter; LENGTH]
}

fn is_whole(bytes: &[u8]) -> bool {
    bytes.len() == LENGTH && bytes.iter().all(|byte| *byte == bytes[0])
}

/// Does nothing in a normal run; in the child it writes until it is killed.
#[test]
#[expect(clippy::disallowed_methods, reason = "the only way to tell a test binary what to do")]
fn writer_process() {
    let Some(file) = env::var_os(FILE) else { return };
    for number in 0.. {
        store::update(Path::new(&file), |_| Ok::<_, StoreError>(Some(version(number)))).expect("writable");
    }
}

#[test]
fn killed_writers_leave_whole_files_and_free_locks() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let file = home.path().join("config");
    store::write_atomic(&file, &version(0)).expect("writable");
    let mut leftovers = 0;
    for kill in 0..KILLS {
        let mut writer = Command::new(env::current_exe().expect("a test binary"))
            .args(["--exact", "store_killed::writer_process", "--nocapture"])
            .env(FILE, &file)
            .stdout(Stdio::null())
            .spawn()
            .expect("starts");
        // Spread over start-up and several writes.
        thread::sleep(Duration::from_micros(3_000 + kill * 7_919 % 12_000));
        writer.kill().expect("still running");
        writer.wait().expect("ended");

        let bytes = store::read(&file).expect("readable").expect("there");
        assert!(is_whole(&bytes), "kill {kill}: {} bytes", bytes.len());
        assert!(FileLock::try_acquire(&file).expect("no error").is_some(), "kill {kill}: the lock is held");
        leftovers += usize::from(count(home.path()) > 2);
        store::update(&file, |_| Ok::<_, StoreError>(Some(version(kill)))).expect("writable");
        assert_eq!(count(home.path()), 2, "kill {kill}: only the file and its lock stay");
    }
    // Not asserted: where the kills hit is up to the machine.
    eprintln!("{leftovers} of {KILLS} kills hit the middle of a write");
}

fn count(folder: &Path) -> usize {
    fs::read_dir(folder).expect("listable").count()
}
