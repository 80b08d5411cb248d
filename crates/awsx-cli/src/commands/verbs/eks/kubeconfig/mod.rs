//! A kubeconfig file: which clusters it has, and what it is with another one in it.
//!
//! The user's text stays: [`edit`] changes lines, and what comes of it is read again and compared with what it should
//! mean. Only where that fails is the file written anew from its meaning, as AWS CLI always does.

mod edit;
mod lock;

use std::path::{Path, PathBuf};

use awsx_core::store::{self, StoreError};
use awsx_output::{Map, Value, yaml_document};

use self::lock::Lock;

/// Why a kubeconfig file cannot be changed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KubeconfigError {
    /// The disk.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It is no YAML.
    #[error("YamlError while loading kubeconfig: `{}` is not YAML", .0.display())]
    NotYaml(PathBuf),
    /// It is YAML, but no kubeconfig.
    #[error("{key} is wrong type in `{}`", .path.display())]
    WrongType { path: PathBuf, key: &'static str },
    /// Another program is at it.
    #[error("`{}` is being changed by another program", .path.display())]
    Locked { path: PathBuf, lock: PathBuf },
}

/// What is put into a file; each is a map with its `name`.
pub(super) struct Entries {
    pub(super) cluster: Value,
    pub(super) user: Value,
    pub(super) context: Value,
}

impl Entries {
    pub(super) fn cluster_name(&self) -> &str {
        name_of(&self.cluster)
    }

    pub(super) fn context_name(&self) -> &str {
        name_of(&self.context)
    }

    /// By the lists they belong to.
    fn listed(&self) -> [(&'static str, &Value); 3] {
        [("clusters", &self.cluster), ("users", &self.user), ("contexts", &self.context)]
    }
}

/// A file as it was read.
pub(super) struct Kubeconfig {
    pub(super) path: PathBuf,
    text: String,
    content: Map,
}

impl Kubeconfig {
    /// Reads a file; one that is missing or empty is as good as new.
    pub(super) fn read(path: &Path) -> Result<Self, KubeconfigError> {
        let not_yaml = || KubeconfigError::NotYaml(path.to_owned());
        let bytes = store::read(path)?.unwrap_or_default();
        let text = String::from_utf8(bytes).map_err(|_| not_yaml())?;
        let content = match read_yaml(&text).ok_or_else(not_yaml)? {
            Value::Null => {
                return Ok(Self { path: path.to_owned(), text: String::new(), content: new_content() });
            }
            Value::Map(content) => content,
            _ => return Err(KubeconfigError::WrongType { path: path.to_owned(), key: "Content" }),
        };
        check(path, &content)?;
        Ok(Self { path: path.to_owned(), text, content })
    }

    /// Puts entries into a file. Nobody else who keeps to kubectl's lock changes it meanwhile.
    pub(super) fn update(path: &Path, entries: &Entries) -> Result<(), KubeconfigError> {
        let _lock = Lock::acquire(path)?;
        let text = Self::read(path)?.with(entries);
        Ok(store::write_atomic(path, text.as_bytes())?)
    }

    pub(super) fn has_cluster(&self, name: &str) -> bool {
        position(&self.content, "clusters", name).is_some()
    }

    /// The text with these entries, in the places of those with the same names.
    pub(super) fn with(&self, entries: &Entries) -> String {
        let mut content = self.content.clone();
        for (key, entry) in entries.listed() {
            let place = position(&content, key, name_of(entry));
            let mut list = content.get(key).and_then(Value::as_list).unwrap_or_default().to_vec();
            match place {
                Some(at) => list[at] = entry.clone(),
                None => list.push(entry.clone()),
            }
            content.insert(key, list.into_iter().collect::<Value>());
        }
        content.insert("current-context", entries.context_name());
        let content = Value::Map(content);
        let edited = edit::with(&self.text, &self.content, entries);
        let means_it = |text: &String| read_yaml(text).as_ref() == Some(&content);
        edited.filter(means_it).unwrap_or_else(|| yaml_document(&content))
    }
}

fn read_yaml(text: &str) -> Option<Value> {
    awsx_params::parse_yaml(text).map(|given| given.as_value())
}

fn new_content() -> Map {
    let empty_list = || Value::List(Vec::new());
    [
        ("apiVersion", "v1".into()),
        ("clusters", empty_list()),
        ("contexts", empty_list()),
        ("current-context", "".into()),
        ("kind", "Config".into()),
        ("preferences", Value::Map(Map::new())),
        ("users", empty_list()),
    ]
    .into_iter()
    .collect()
}

/// Refuses what is no kubeconfig.
fn check(path: &Path, content: &Map) -> Result<(), KubeconfigError> {
    let wrong = |key| Err(KubeconfigError::WrongType { path: path.to_owned(), key });
    for key in ["apiVersion", "current-context", "kind"] {
        if !matches!(content.get(key), None | Some(Value::Null | Value::String(_))) {
            return wrong(key);
        }
    }
    if !matches!(content.get("preferences"), None | Some(Value::Null | Value::Map(_))) {
        return wrong("preferences");
    }
    for key in ["clusters", "contexts", "users"] {
        match content.get(key) {
            None | Some(Value::Null) => {}
            Some(Value::List(entries)) if entries.iter().all(|entry| entry.as_map().is_some()) => {}
            Some(_) => return wrong(key),
        }
    }
    Ok(())
}

fn name_of(entry: &Value) -> &str {
    entry.get("name").and_then(Value::as_str).unwrap_or_default()
}

/// Where in a list the entry with this name is.
fn position(content: &Map, key: &str, name: &str) -> Option<usize> {
    let entries = content.get(key)?.as_list()?;
    entries.iter().position(|entry| entry.get("name").and_then(Value::as_str) == Some(name))
}
