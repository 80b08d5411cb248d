//! Writing whole files: links, modes, folders, and many writers at once.

use std::path::Path;
use std::{fs, io, thread};

use awsx_core::store::{self, FileLock, StoreError};
use tempfile::TempDir;

fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("listable");
    let mut names: Vec<_> =
        entries.map(|entry| entry.expect("readable").file_name().into_string().expect("UTF-8")).collect();
    names.sort();
    names
}

#[expect(clippy::disallowed_methods, reason = "puts in place what the store finds there")]
fn put(path: &Path, text: &str) {
    fs::write(path, text).expect("writable");
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).expect("readable")
}

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).expect("there").permissions().mode() & 0o7777
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("ours");
}

#[test]
fn missing_file_reads_as_nothing() {
    let home = folder();
    assert_eq!(store::read(&home.path().join("none/config")).expect("no error"), None);
    assert_eq!(names(home.path()), Vec::<String>::new());
}

#[test]
fn unreadable_file_is_an_error_with_its_path() {
    let home = folder();
    let err = store::read(home.path()).expect_err("a folder");
    assert_eq!(err.to_string(), format!("could not read `{}`", home.path().display()));
    assert!(std::error::Error::source(&err).is_some());
}

#[cfg(unix)]
#[test]
fn new_file_and_its_folders_are_the_owners_only() {
    let home = folder();
    let config = home.path().join(".aws/deep/config");
    store::write_atomic(&config, b"x").expect("writable");
    assert_eq!(mode(&config), 0o600);
    assert_eq!(mode(&home.path().join(".aws")), 0o700);
    assert_eq!(mode(&home.path().join(".aws/deep")), 0o700);
    assert_eq!(names(config.parent().expect("a folder")), ["config"]);
}

#[cfg(unix)]
#[test]
fn existing_mode_is_kept() {
    let home = folder();
    let config = home.path().join("config");
    for wanted in [0o644, 0o640, 0o600, 0o400] {
        let _ = fs::remove_file(&config);
        put(&config, "old");
        set_mode(&config, wanted);
        store::write_atomic(&config, b"new").expect("writable");
        assert_eq!((mode(&config), text(&config).as_str()), (wanted, "new"));
    }
}

#[cfg(unix)]
#[test]
fn symbolic_links_stay_and_their_file_is_written() {
    use std::os::unix::fs::symlink;
    let home = folder();
    let (dotfiles, aws) = (home.path().join("dotfiles"), home.path().join(".aws"));
    fs::create_dir(&dotfiles).expect("new");
    fs::create_dir(&aws).expect("new");
    put(&dotfiles.join("config"), "old");
    symlink("../dotfiles/config", dotfiles.join("chain")).expect("new");
    symlink("../dotfiles/chain", aws.join("config")).expect("new");
    store::update(&aws.join("config"), |before| {
        assert_eq!(before, Some(&b"old"[..]));
        Ok::<_, StoreError>(Some(b"new".to_vec()))
    })
    .expect("writable");
    assert!(aws.join("config").is_symlink() && dotfiles.join("chain").is_symlink());
    assert_eq!(text(&dotfiles.join("config")), "new");
    assert_eq!(names(&dotfiles), ["chain", "config", "config.lock"]);
    assert_eq!(names(&aws), ["config"]);

    symlink("../dotfiles/later/credentials", aws.join("credentials")).expect("new");
    store::write_atomic(&aws.join("credentials"), b"made").expect("writable");
    assert!(aws.join("credentials").is_symlink());
    assert_eq!(text(&dotfiles.join("later/credentials")), "made");

    symlink("loop", aws.join("loop")).expect("new");
    let err = store::write_atomic(&aws.join("loop"), b"x").expect_err("a loop");
    assert!(matches!(err, StoreError::Write { .. }), "{err:?}");
}

#[cfg(unix)]
#[test]
fn device_is_not_replaced() {
    let err = store::write_atomic(Path::new("/dev/null"), b"x").expect_err("not a file");
    assert_eq!(err.to_string(), "could not write `/dev/null`");
    assert!(!Path::new("/dev/null").is_file());
}

#[test]
fn leftovers_of_killed_writers_are_cleared_and_neighbours_stay() {
    let home = folder();
    for name in
        [".config.awsx-Ab12Cd.tmp", ".config.awsx-b.awsx-Ab12Cd.tmp", ".configx.awsx-Ab12Cd.tmp", "config~"]
    {
        put(&home.path().join(name), "half");
    }
    store::write_atomic(&home.path().join("config"), b"x").expect("writable");
    assert_eq!(
        names(home.path()),
        [".config.awsx-b.awsx-Ab12Cd.tmp", ".configx.awsx-Ab12Cd.tmp", "config", "config~"]
    );
}

#[derive(Debug)]
enum Failure {
    Store,
    Edit,
}
impl From<StoreError> for Failure {
    fn from(_: StoreError) -> Failure {
        Failure::Store
    }
}

#[test]
fn edit_that_returns_nothing_or_fails_writes_nothing() {
    let home = folder();
    let config = home.path().join("config");
    store::update(&config, |before| {
        assert_eq!(before, None);
        Ok::<_, StoreError>(None)
    })
    .expect("no error");
    assert!(!config.exists());

    let result = store::update(&config, |_| Err(Failure::Edit));
    assert!(matches!(result, Err(Failure::Edit)), "{result:?}, not {:?}", Failure::Store);
    assert!(!config.exists());
}

#[test]
fn lock_excludes_others_until_it_is_dropped() {
    let home = folder();
    let config = home.path().join("new/config");
    let lock = FileLock::acquire(&config).expect("free");
    assert!(FileLock::try_acquire(&config).expect("no error").is_none());
    assert!(FileLock::try_acquire(&home.path().join("new/credentials")).expect("no error").is_some());
    drop(lock);
    assert!(FileLock::try_acquire(&config).expect("no error").is_some());
    #[cfg(unix)]
    assert_eq!((mode(&home.path().join("new")), mode(&home.path().join("new/config.lock"))), (0o700, 0o600));
}

#[test]
fn lock_survives_an_emptied_folder() {
    let home = folder();
    let config = home.path().join("config");
    let lock = FileLock::acquire(&config).expect("free");
    thread::scope(|scope| {
        let waiting = scope.spawn(|| FileLock::acquire(&config).expect("free at last"));
        thread::sleep(std::time::Duration::from_millis(50));
        fs::remove_file(home.path().join("config.lock")).expect("there");
        drop(lock);
        let late = waiting.join().expect("no panic");
        assert!(FileLock::try_acquire(&config).expect("no error").is_none());
        drop(late);
    });
}

#[test]
fn concurrent_updates_lose_nothing() {
    let home = folder();
    let counter = home.path().join("counter");
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..50 {
                    store::update(&counter, |before| {
                        let count: u32 = before.map_or(0, |bytes| {
                            str::from_utf8(bytes).expect("digits").parse().expect("a whole number")
                        });
                        Ok::<_, StoreError>(Some((count + 1).to_string().into_bytes()))
                    })
                    .expect("writable");
                }
            });
        }
    });
    assert_eq!(text(&counter), "400");
    assert_eq!(names(home.path()), ["counter", "counter.lock"]);
}

#[cfg(unix)]
#[test]
fn read_only_folder_can_be_read() {
    let home = folder();
    let config = home.path().join("config");
    put(&config, "x");
    set_mode(home.path(), 0o500);
    assert_eq!(store::read(&config).expect("readable"), Some(b"x".to_vec()));
    if let Err(err) = FileLock::acquire(&config) {
        let StoreError::Lock { source, .. } = err else { panic!("{err:?}") };
        assert_eq!(source.kind(), io::ErrorKind::PermissionDenied);
    }
    set_mode(home.path(), 0o700);
}
