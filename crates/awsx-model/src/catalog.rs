//! All services: those of the program, and those of a user's folders, which add to them or replace them.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::{LazyLock, Mutex, PoisonError};

use crate::botocore::{self, Folders, Kind};
use crate::pack::{BUILT_IN, Pack};
use crate::{EndpointRules, ModelError, Paginator, Partition, Service};

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
    services: Mutex<HashMap<String, &'static Service>>,
    rules: Mutex<HashMap<String, &'static EndpointRules>>,
}

impl Catalog {
    /// The services of the program and of these folders, which need not exist.
    pub fn new(folders: Vec<PathBuf>) -> Self {
        Self::over(&BUILT_IN, folders)
    }

    /// The services of these folders alone.
    pub fn of_folders_alone(folders: Vec<PathBuf>) -> Self {
        static NOTHING: LazyLock<Pack> = LazyLock::new(Pack::empty);
        Self::over(&NOTHING, folders)
    }

    fn over(pack: &'static Pack, folders: Vec<PathBuf>) -> Self {
        Self { pack, folders: Folders(folders), services: Mutex::default(), rules: Mutex::default() }
    }

    /// The names of all services, sorted.
    pub fn names(&self) -> Result<Vec<String>, ModelError> {
        let mut names: BTreeSet<String> = self.folders.names()?;
        names.extend(self.pack.names()?.into_iter().map(str::to_owned));
        Ok(names.into_iter().collect())
    }

    /// The model of a service.
    pub fn service(&self, name: &str) -> Result<Option<&'static Service>, ModelError> {
        if !botocore::is_plain_name(name) {
            return Ok(None);
        }
        let mut loaded = self.services.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(service) = loaded.get(name) {
            return Ok(Some(service));
        }
        let service = self.load(name)?;
        if let Some(service) = service {
            loaded.insert(name.to_owned(), service);
        }
        Ok(service)
    }

    /// The endpoint rules of a service. There are none for a model that came without.
    pub fn rules(&self, name: &str) -> Result<Option<&'static EndpointRules>, ModelError> {
        if !botocore::is_plain_name(name) {
            return Ok(None);
        }
        let packed_version = self.pack.api_version(name)?.map(str::to_owned);
        let newest = self.folders.newest_rules(name)?;
        let Some(version) = newest.max(packed_version) else { return Ok(None) };
        let Some(file) = self.folders.read(name, &version, Kind::Rules)? else {
            return self.pack.rules(name);
        };
        let mut known = self.rules.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(rules) = known.get(name) {
            return Ok(Some(rules));
        }
        let rules = file.convert(|json| botocore::rules(&json))?;
        let rules: &'static _ = Box::leak(Box::new(EndpointRules::new(rules, self.partitions()?)));
        known.insert(name.to_owned(), rules);
        Ok(Some(rules))
    }

    /// AWS's partitions; the first is the one of unknown regions.
    pub fn partitions(&self) -> Result<&'static [Partition], ModelError> {
        match self.folders.read_partitions()? {
            None => self.pack.partitions(),
            Some(file) => Ok(file.convert(botocore::partitions)?.leak()),
        }
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
