//! All services: those of the program, and those of a user's folders, which add to them or replace them.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use crate::botocore::{self, Folders, Kind};
use crate::pack::{BUILT_IN, Pack};
use crate::{ModelError, Paginator, Service};

/// The services that there are.
///
/// Each folder has botocore's layout: `<service>/<api version>/service-2.json`, with `paginators-1.json` and
/// `waiters-2.json` beside it, all of them perhaps compressed (`.json.gz`). Of a service's versions the newest counts. Each file
/// is taken from the first folder that has it, and from the program where none has.
#[derive(Debug)]
pub struct Catalog {
    pack: &'static Pack,
    folders: Folders,
    /// What was loaded before: a model is never leaked twice.
    loaded: Mutex<HashMap<String, &'static Service>>,
}

impl Catalog {
    /// The services of the program and of these folders, which need not exist.
    pub fn new(folders: Vec<PathBuf>) -> Self {
        Self { pack: &BUILT_IN, folders: Folders(folders), loaded: Mutex::default() }
    }

    /// The services of these folders alone.
    pub fn of_folders_alone(folders: Vec<PathBuf>) -> Self {
        static NONE: std::sync::LazyLock<Pack> = std::sync::LazyLock::new(Pack::empty);
        Self { pack: &NONE, folders: Folders(folders), loaded: Mutex::default() }
    }

    /// The names of all services, sorted.
    pub fn names(&self) -> Result<Vec<String>, ModelError> {
        let mut names: BTreeSet<String> = self.folders.names()?;
        names.extend(self.pack.names()?.into_iter().map(str::to_owned));
        Ok(names.into_iter().collect())
    }

    /// The model of a service.
    pub fn service(&self, name: &str) -> Result<Option<&'static Service>, ModelError> {
        if !botocore::is_plain(name) {
            return Ok(None);
        }
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(service) = loaded.get(name) {
            return Ok(Some(service));
        }
        let service = self.load(name)?;
        if let Some(service) = service {
            loaded.insert(name.to_owned(), service);
        }
        Ok(service)
    }

    fn load(&self, name: &str) -> Result<Option<&'static Service>, ModelError> {
        let packed_version = self.pack.api_version(name)?.map(str::to_owned);
        let newest = self.folders.newest_version(name)?;
        let Some(version) = newest.max(packed_version.clone()) else { return Ok(None) };
        let packed = if packed_version.as_ref() == Some(&version) { self.pack.service(name)? } else { None };
        let read = |kind| self.folders.read(name, &version, kind);

        let (model, paginators, waiters) =
            (read(Kind::Service)?, read(Kind::Paginators)?, read(Kind::Waiters)?);
        if model.is_none() && paginators.is_none() && waiters.is_none() {
            return Ok(packed);
        }
        let mut service = match (model, packed) {
            (Some(model), _) => model.convert(|json| botocore::service(name, json))?,
            (None, Some(packed)) => packed.clone(),
            (None, None) => return Ok(None),
        };
        let paginators = match (paginators, packed) {
            (Some(paginators), _) => paginators.convert(botocore::paginators)?,
            (None, Some(packed)) => paginators_of(packed),
            (None, None) => HashMap::new(),
        };
        for operation in &mut service.operations {
            operation.paginator = paginators.get(operation.name).cloned();
        }
        service.waiters = match (waiters, packed) {
            (Some(waiters), _) => waiters.convert(botocore::waiters)?,
            (None, Some(packed)) => packed.waiters.clone(),
            (None, None) => Vec::new(),
        };
        Ok(Some(Box::leak(Box::new(service))))
    }
}

fn paginators_of(service: &Service) -> HashMap<String, Paginator> {
    let named = |operation: &crate::Operation| {
        operation.paginator.clone().map(|paginator| (operation.name.to_owned(), paginator))
    };
    service.operations.iter().filter_map(named).collect()
}
