//! Finds and reads the files.
//!
//! As in botocore, each file is looked for by itself along the folders: a folder may bring a service's newer model, or
//! nothing but other paginators for a model that is known already.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use flate2::read::GzDecoder;
use serde_json::Value;

use crate::ModelError;

/// The most a file may hold when decompressed; botocore's largest has 4 MB.
const LARGEST: u64 = 64 << 20;

/// What a file is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Service,
    Paginators,
    Waiters,
    Rules,
}

impl Kind {
    fn stem(self) -> &'static str {
        match self {
            Self::Service => "service-2",
            Self::Paginators => "paginators-1",
            Self::Waiters => "waiters-2",
            Self::Rules => "endpoint-rule-set-1",
        }
    }
}

/// A file's content, and where it was.
#[derive(Debug)]
pub(crate) struct Found {
    path: PathBuf,
    json: Value,
}

impl Found {
    /// Makes something of the content. An error says which file is at fault.
    pub(crate) fn convert<T>(
        self,
        convert: impl FnOnce(Value) -> Result<T, String>,
    ) -> Result<T, ModelError> {
        convert(self.json).map_err(|reason| ModelError::Invalid { path: self.path, reason })
    }
}

/// Folders that are searched in order. One that is not there is no error.
#[derive(Debug, Clone, Default)]
pub(crate) struct Folders(pub(crate) Vec<PathBuf>);

impl Folders {
    /// The names of all services that have a model.
    pub(crate) fn names(&self) -> Result<BTreeSet<String>, ModelError> {
        let mut names = BTreeSet::new();
        for folder in &self.0 {
            for name in subfolders(folder)? {
                if !versions(&folder.join(&name), Kind::Service)?.is_empty() {
                    names.insert(name);
                }
            }
        }
        Ok(names)
    }

    /// The newest version of a service's model. Versions are dates, so the greatest text is the newest.
    pub(crate) fn newest_version(&self, name: &str) -> Result<Option<String>, ModelError> {
        self.newest(name, Kind::Service)
    }

    fn newest(&self, name: &str, kind: Kind) -> Result<Option<String>, ModelError> {
        let mut newest = None;
        for folder in &self.0 {
            newest = newest.max(versions(&folder.join(name), kind)?.into_iter().max());
        }
        Ok(newest)
    }

    /// The first file of this kind, with the first file of extras merged over it.
    pub(crate) fn read(&self, name: &str, version: &str, kind: Kind) -> Result<Option<Found>, ModelError> {
        let Some(mut found) = self.read_first(name, version, kind.stem())? else { return Ok(None) };
        let extras = format!("{}.sdk-extras", kind.stem());
        if let Some(mut extras) = self.read_first(name, version, &extras)?
            && let Some(extra) = extras.json.get_mut("merge")
        {
            merge(&mut found.json, extra.take());
        }
        Ok(Some(found))
    }

    /// The first file of partitions, which are no service's.
    pub(crate) fn read_partitions(&self) -> Result<Option<Found>, ModelError> {
        self.read_first("", "", "partitions")
    }

    /// The newest version that has endpoint rules. It need not have a model too.
    pub(crate) fn newest_rules(&self, name: &str) -> Result<Option<String>, ModelError> {
        self.newest(name, Kind::Rules)
    }

    fn read_first(&self, name: &str, version: &str, stem: &str) -> Result<Option<Found>, ModelError> {
        for folder in &self.0 {
            let folder = folder.join(name).join(version);
            for (suffix, open) in [("json", open_plain as Open), ("json.gz", open_compressed)] {
                let path = folder.join(format!("{stem}.{suffix}"));
                if path.is_file() {
                    return read(path, open).map(Some);
                }
            }
        }
        Ok(None)
    }
}

/// Whether a word can be a folder's name, rather than a way to somewhere else.
pub fn is_plain_name(name: &str) -> bool {
    let mut components = Path::new(name).components();
    match (components.next(), components.next()) {
        // Without what a path drops, as the slash at its end.
        (Some(Component::Normal(only)), None) => only == name,
        _ => false,
    }
}

/// The versions that have a file of this kind, in a service's folder.
fn versions(folder: &Path, kind: Kind) -> Result<Vec<String>, ModelError> {
    let mut versions = subfolders(folder)?;
    let stem = kind.stem();
    versions.retain(|version| {
        ["json", "json.gz"]
            .iter()
            .any(|suffix| folder.join(version).join(format!("{stem}.{suffix}")).is_file())
    });
    Ok(versions)
}

fn subfolders(folder: &Path) -> Result<Vec<String>, ModelError> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let failed = |source| ModelError::Read { path: folder.to_owned(), source };
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        // A name that is not UTF-8 is none that anyone could ask for.
        if let Ok(name) = entry.file_name().into_string()
            && entry.path().is_dir()
        {
            names.push(name);
        }
    }
    Ok(names)
}

type Open = fn(&Path) -> io::Result<Box<dyn Read>>;

fn open_plain(path: &Path) -> io::Result<Box<dyn Read>> {
    Ok(Box::new(File::open(path)?))
}

fn open_compressed(path: &Path) -> io::Result<Box<dyn Read>> {
    Ok(Box::new(GzDecoder::new(File::open(path)?)))
}

fn read(path: PathBuf, open: Open) -> Result<Found, ModelError> {
    let mut text = Vec::new();
    let read = open(&path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut text));
    if let Err(source) = read {
        return Err(ModelError::Read { path, source });
    }
    if text.len() as u64 > LARGEST {
        return Err(ModelError::Invalid { path, reason: format!("it holds more than {LARGEST} bytes") });
    }
    // serde_json refuses what is nested deeper than 128 levels.
    match serde_json::from_slice(&text) {
        Ok(json) => Ok(Found { path, json }),
        Err(error) => Err(ModelError::Invalid { path, reason: error.to_string() }),
    }
}

/// Lays one JSON value over another: objects entry by entry, anything else as a whole.
fn merge(base: &mut Value, extra: Value) {
    match (base, extra) {
        (Value::Object(base), Value::Object(extra)) => {
            for (key, value) in extra {
                merge(base.entry(key).or_insert(Value::Null), value);
            }
        }
        (base, extra) => *base = extra,
    }
}
