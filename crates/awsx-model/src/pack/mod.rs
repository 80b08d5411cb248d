//! The models inside the program: one file, one compressed blob for each service, of which only the chosen one is opened.
//!
//! `cargo xtask models` writes it ([`write()`]); [`Pack`] reads it. The layout is private to this folder:
//!
//! ```text
//! "awsxpckC"                   8 bytes, of which the last tells the format
//! length of the index          4 bytes, little endian
//! index                        names, and where their blobs are (`index`)
//! blobs                        zstd; inside, a table of texts and the values (`codec`)
//! ```

mod build;
pub(crate) mod codec;
mod index;
mod values;

use std::collections::HashMap;
use std::fmt;
use std::sync::{LazyLock, Mutex, OnceLock, PoisonError};

use zstd::bulk::Decompressor;

pub use self::build::{PackedService, write};
use self::codec::{Damage, Packed, Reader};
use self::index::{Blob, Index};
use crate::{EndpointRules, ModelError, Partition, RuleSet, Service, Text};

/// The pack that is part of the program.
pub(crate) static BUILT_IN: LazyLock<Pack> =
    LazyLock::new(|| Pack::new(include_bytes!("../../data/models.pack")));

/// A file of packed models.
pub struct Pack {
    bytes: &'static [u8],
    /// Making one takes as long as opening a small blob, and most commands open three.
    decompressor: Mutex<Option<Decompressor<'static>>>,
    index: Result<Index, Damage>,
    /// What was opened before: a model is never leaked twice.
    services: Mutex<HashMap<Text, &'static Service>>,
    rules: Mutex<HashMap<Text, &'static EndpointRules>>,
    partitions: OnceLock<Result<Vec<Partition>, Damage>>,
}

impl Pack {
    /// Reads the index. What is wrong with it is told when something is asked for.
    pub fn new(bytes: &'static [u8]) -> Self {
        Self::with_index(bytes, Index::read(bytes))
    }

    /// A pack of no services.
    pub fn empty() -> Self {
        Self::with_index(&[], Ok(Index::default()))
    }

    fn with_index(bytes: &'static [u8], index: Result<Index, Damage>) -> Self {
        Self {
            bytes,
            decompressor: Mutex::default(),
            index,
            services: Mutex::default(),
            rules: Mutex::default(),
            partitions: OnceLock::new(),
        }
    }

    /// The names of all services, sorted.
    pub fn names(&self) -> Result<Vec<Text>, ModelError> {
        Ok(self.index()?.entries.iter().map(|entry| entry.name).collect())
    }

    /// The version of a service's model.
    pub(crate) fn api_version(&self, name: &str) -> Result<Option<Text>, ModelError> {
        Ok(self.index()?.find(name).map(|entry| entry.api_version))
    }

    /// The model of a service.
    pub fn service(&self, name: &str) -> Result<Option<&'static Service>, ModelError> {
        let Some(entry) = self.index()?.find(name) else { return Ok(None) };
        let mut services = self.services.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(service) = services.get(name) {
            return Ok(Some(service));
        }
        let service: Service = self.open(entry.model).map_err(|Damage(reason)| damaged(name, reason))?;
        let service: &'static Service = Box::leak(Box::new(service));
        services.insert(entry.name, service);
        Ok(Some(service))
    }

    /// The endpoint rules of a service.
    pub fn rules(&'static self, name: &str) -> Result<Option<&'static EndpointRules>, ModelError> {
        let Some(entry) = self.index()?.find(name) else { return Ok(None) };
        let Some(blob) = entry.rules else { return Ok(None) };
        let mut known = self.rules.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(rules) = known.get(name) {
            return Ok(Some(rules));
        }
        let rules: RuleSet = self.open(blob).map_err(|Damage(reason)| damaged(name, reason))?;
        let rules: &'static _ = Box::leak(Box::new(EndpointRules::new(rules, self.partitions()?)));
        known.insert(entry.name, rules);
        Ok(Some(rules))
    }

    /// AWS's partitions; the first is the one of unknown regions.
    pub fn partitions(&'static self) -> Result<&'static [Partition], ModelError> {
        let Some(blob) = self.index()?.partitions else { return Ok(&[]) };
        let partitions = self.partitions.get_or_init(|| self.open(blob));
        partitions.as_deref().map_err(|Damage(reason)| damaged("all partitions", reason))
    }

    fn index(&self) -> Result<&Index, ModelError> {
        self.index.as_ref().map_err(|Damage(reason)| damaged("all services", reason))
    }

    fn open<T: Packed>(&self, blob: Blob) -> Result<T, Damage> {
        let mut decompressor = self.decompressor.lock().unwrap_or_else(PoisonError::into_inner);
        let decompressor = match &mut *decompressor {
            Some(decompressor) => decompressor,
            none => none.insert(Decompressor::new().map_err(|_| Damage("there is no memory to unpack it"))?),
        };
        Reader::unpack(blob.bytes(self.bytes)?, blob.unpacked as usize, decompressor)
    }
}

impl fmt::Debug for Pack {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Pack").field("bytes", &self.bytes.len()).finish_non_exhaustive()
    }
}

fn damaged(name: &str, reason: Text) -> ModelError {
    ModelError::Packed { name: name.to_owned(), reason }
}
