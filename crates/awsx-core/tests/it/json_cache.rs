//! The JSON files shared with the AWS CLI: their layout, their names, and what happens to broken ones.

use std::path::Path;
use std::time::Duration;
use std::{fs, thread};

use awsx_core::store::hash::{JsonLayout, python_json};
use awsx_core::store::{FileLock, JsonCache};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tempfile::TempDir;

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Token {
    start_url: String,
    access_token: String,
}

fn token(text: &str) -> Token {
    Token { start_url: "https://corp.awsapps.com/start".to_owned(), access_token: text.to_owned() }
}

fn cache() -> (TempDir, JsonCache) {
    let home = tempfile::tempdir().expect("a temporary folder");
    let cache = JsonCache::new(home.path().join("sso/cache"));
    (home, cache)
}

#[expect(clippy::disallowed_methods, reason = "puts in place what other tools leave in a cache")]
fn put(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("creatable");
    fs::write(path, bytes).expect("writable");
}

#[test]
fn missing_files_and_folders_read_as_nothing() {
    let (_home, cache) = cache();
    assert_eq!(cache.read::<Token>("a.json").expect("no error"), None);
    assert_eq!(cache.entries().expect("no error").count(), 0);
    assert!(!cache.remove("a.json").expect("no error"));
    assert!(!cache.dir.exists());
}

#[test]
fn files_are_laid_out_as_by_python() {
    let (_home, cache) = cache();
    cache.write("a.json", &token("é")).expect("writable");
    assert_eq!(
        fs::read_to_string(cache.path("a.json")).expect("there"),
        r#"{"startUrl": "https://corp.awsapps.com/start", "accessToken": "\u00e9"}"#
    );
    assert_eq!(cache.read("a.json").expect("no error"), Some(token("é")));
}

#[cfg(unix)]
#[test]
fn files_become_the_owners_only() {
    use std::os::unix::fs::PermissionsExt;
    let (_home, cache) = cache();
    let path = cache.path("a.json");
    put(&path, b"{}");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("ours");
    cache.write("a.json", &token("x")).expect("writable");
    assert_eq!(fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o600);
}

#[test]
fn unusable_files_are_set_aside_and_neighbours_stay() {
    let (_home, cache) = cache();
    cache.write("neighbour.json", &token("n")).expect("writable");
    for unusable in [&b""[..], b"{\"startUrl\": \"ht", b"[1, 2]", b"{}", b"not json", b"\xff\xfe"] {
        put(&cache.path("a.json"), unusable);
        assert_eq!(cache.read::<Token>("a.json").expect("never fatal"), None);
        assert!(!cache.path("a.json").exists());
        assert_eq!(fs::read(cache.path("a.json.corrupt")).expect("kept"), unusable);
    }
    assert_eq!(cache.read("neighbour.json").expect("no error"), Some(token("n")));
    assert_eq!(cache.entries().expect("no error").collect::<Vec<_>>(), ["neighbour.json"]);
    cache.remove("a.json").expect("removable");
    assert!(!cache.path("a.json.corrupt").exists());
}

#[test]
fn unusable_files_are_set_aside_under_our_own_lock_too() {
    let (_home, cache) = cache();
    put(&cache.path("a.json"), b"{");
    let _lock = cache.lock("a.json").expect("free");
    assert_eq!(cache.read::<Token>("a.json").expect("never fatal"), None);
    assert!(cache.path("a.json.corrupt").exists());
    assert!(FileLock::try_acquire(&cache.path("a.json")).expect("no error").is_none());
}

#[test]
fn file_that_another_tool_is_writing_in_place_gets_a_moment() {
    let (_home, cache) = cache();
    let path = cache.path("a.json");
    put(&path, b"");
    thread::scope(|scope| {
        scope.spawn(|| {
            thread::sleep(Duration::from_millis(10));
            put(&path, python_json(&json!(token("late")), JsonLayout::Plain).as_bytes());
        });
        assert_eq!(cache.read("a.json").expect("no error"), Some(token("late")));
    });
    assert!(!cache.path("a.json.corrupt").exists());
}

#[test]
fn only_json_files_are_listed() {
    let (_home, cache) = cache();
    for name in ["a.json", "b.json"] {
        cache.write(name, &token("x")).expect("writable");
        drop(cache.lock(name).expect("free"));
    }
    put(&cache.path("session.db"), b"");
    let mut names: Vec<_> = cache.entries().expect("listable").collect();
    names.sort();
    assert_eq!(names, ["a.json", "b.json"]);
}
