//! Folders of JSON files that we share with the AWS CLI and the SDKs.
//!
//! Others may leave anything there, and some write in place, so a file can be caught half written. Nothing found in a
//! cache is an error: what cannot be used is set aside and reads as missing.

use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fs, io, thread};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use super::atomic::{self, Mode};
use super::python_json::{Separators, to_python_json};
use super::{FileLock, StoreError, platform};

/// How long a file that is not JSON gets to become whole: another tool may be writing it in place.
const PATIENCE: [Duration; 3] =
    [Duration::from_millis(5), Duration::from_millis(15), Duration::from_millis(40)];

/// One folder of cached JSON files. Names are file names, `.json` included.
#[derive(Clone, Debug)]
pub struct JsonCache {
    /// The folder, which need not exist.
    pub dir: PathBuf,
}

impl JsonCache {
    /// The cache in a folder.
    pub fn new(dir: impl Into<PathBuf>) -> JsonCache {
        JsonCache { dir: dir.into() }
    }

    /// Reads a file. One that is empty, cut short, or not a `T` is moved to `<name>.corrupt` and reads as missing.
    pub fn read<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, StoreError> {
        let path = self.path(name);
        let mut patience = PATIENCE.iter();
        loop {
            let Some(bytes) = super::read(&path)? else { return Ok(None) };
            let err = match serde_json::from_slice(&bytes) {
                Ok(value) => return Ok(Some(value)),
                Err(err) => err,
            };
            // Well-formed JSON of another shape is not going to change its shape.
            match patience.next().filter(|_| err.classify() != Category::Data) {
                Some(pause) => thread::sleep(*pause),
                None => return Ok(self.set_aside(name, &bytes)),
            }
        }
    }

    /// Writes a file in one step, for its owner only, whatever mode it had before.
    pub fn write<T: Serialize + ?Sized>(&self, name: &str, value: &T) -> Result<(), StoreError> {
        let path = self.path(name);
        match to_python_json(value, Separators::Spaced) {
            Ok(json) => atomic::replace(&path, json.as_bytes(), Mode::OwnerOnly),
            Err(source) => Err(StoreError::Encode { path, source }),
        }
    }

    /// Removes a file, and what was set aside under its name; says whether the file was there.
    pub fn remove(&self, name: &str) -> Result<bool, StoreError> {
        remove_file(&self.corrupt_path(name))?;
        remove_file(&self.path(name))
    }

    /// Lists the names of the JSON files in the folder, in no particular order.
    pub fn entries(&self) -> Result<impl Iterator<Item = String>, StoreError> {
        let entries = match fs::read_dir(&self.dir) {
            Ok(entries) => Some(entries),
            Err(err) if err.kind() == io::ErrorKind::NotFound => None,
            Err(source) => return Err(StoreError::List { path: self.dir.clone(), source }),
        };
        let is_json =
            |name: &String| Path::new(name).extension().is_some_and(|extension| extension == "json");
        Ok(entries
            .into_iter()
            .flatten()
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter(is_json))
    }

    /// Waits for the lock of a file.
    pub fn lock(&self, name: &str) -> Result<FileLock, StoreError> {
        FileLock::acquire(&self.path(name))
    }

    /// Takes the lock of a file if nobody holds it.
    pub fn try_lock(&self, name: &str) -> Result<Option<FileLock>, StoreError> {
        FileLock::try_acquire(&self.path(name))
    }

    /// Where a file is.
    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    fn corrupt_path(&self, name: &str) -> PathBuf {
        self.dir.join(format!("{name}.corrupt"))
    }

    /// Moves an unusable file out of the way. Its own failure changes nothing: the file is as good as missing.
    fn set_aside<T: DeserializeOwned>(&self, name: &str, unusable: &[u8]) -> Option<T> {
        let (path, corrupt) = (self.path(name), self.corrupt_path(name));
        fs::rename(&path, &corrupt).ok()?;
        let _ = platform::restrict_to_owner(&corrupt);
        let moved = fs::read(&corrupt).ok()?;
        if moved == unusable {
            return None;
        }
        // Somebody replaced the file after it was read: back with it, unless there is yet another one.
        let value = serde_json::from_slice(&moved).ok()?;
        if fs::hard_link(&corrupt, &path).is_ok() {
            let _ = fs::remove_file(&corrupt);
        }
        Some(value)
    }
}

fn remove_file(path: &Path) -> Result<bool, StoreError> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(err) if err.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(source) => Err(StoreError::Remove { path: path.to_owned(), source }),
    }
}
