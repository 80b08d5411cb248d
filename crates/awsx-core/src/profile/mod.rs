//! What the user's two files mean: profiles, SSO sessions, services.
//!
//! The files are parsed once and looked into by name; a profile is put together only when somebody asks for
//! it, so that thousands of them cost nothing. Every value remembers its file and line.

mod properties;

use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::Env;
use crate::ini::{Document, ParseError, SectionName};
use crate::store::{self, StoreError};

pub use properties::{Place, Properties, Property, Value};

/// The profile that is meant when none is named.
pub const DEFAULT_PROFILE: &str = "default";

/// Which of the two files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum File {
    /// `~/.aws/config`
    Config,
    /// `~/.aws/credentials`
    Credentials,
}

/// Where the two files lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    /// The config file, expanded.
    pub config: PathBuf,
    /// The credentials file, expanded.
    pub credentials: PathBuf,
    /// The config file as the user wrote it, for messages: `~/.aws/config`.
    pub config_as_written: String,
}

impl Paths {
    /// `AWS_CONFIG_FILE` and `AWS_SHARED_CREDENTIALS_FILE`, or the usual places under `~/.aws`.
    pub fn resolve(env: &Env) -> Self {
        let config = env.var_filled("AWS_CONFIG_FILE").unwrap_or("~/.aws/config");
        let credentials = env.var_filled("AWS_SHARED_CREDENTIALS_FILE").unwrap_or("~/.aws/credentials");
        Self {
            config: env.expand_path(config),
            credentials: env.expand_path(credentials),
            config_as_written: config.to_owned(),
        }
    }

    /// The path of one of the two.
    pub fn of(&self, file: File) -> &Path {
        match file {
            File::Config => &self.config,
            File::Credentials => &self.credentials,
        }
    }
}

/// A file of the user's that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// The file is not in AWS CLI's dialect. The text is AWS CLI's; `problem` says where and what.
    #[error("Unable to parse config file: {}", .path.display())]
    Parse {
        /// The file.
        path: PathBuf,
        /// Line and fault.
        problem: ParseError,
    },
    /// The file is there and cannot be read.
    #[error(transparent)]
    Read(#[from] StoreError),
    /// A profile names a `services` section that is not there.
    #[error(
        "The profile is configured to use the services section but the \"{name}\" services configuration does not exist."
    )]
    NoServices {
        /// Its name.
        name: String,
    },
    /// A profile was named that neither file has.
    #[error("The config profile ({name}) could not be found")]
    NotFound {
        /// Its name.
        name: String,
        /// The names that there are.
        known: Vec<String>,
    },
}

/// Both files, parsed.
#[derive(Clone)]
pub struct Profiles {
    paths: Arc<Paths>,
    config: Document,
    credentials: Document,
    /// Section positions by meaning; where several headers mean the same, the last one, as AWS CLI reads them.
    config_index: HashMap<SectionName, usize>,
    credentials_index: HashMap<String, usize>,
    /// Profile names in the order they are listed: the config file's, then the credentials file's own.
    names: Vec<String>,
}

impl Profiles {
    /// Reads and parses both files; a missing file is an empty one.
    pub fn load(env: &Env) -> Result<Self, ProfileError> {
        let paths = Paths::resolve(env);
        let config = parse(&paths.config)?;
        let credentials = parse(&paths.credentials)?;
        Ok(Self::of(paths, config, credentials))
    }

    fn of(paths: Paths, config: Document, credentials: Document) -> Self {
        let mut config_index = HashMap::new();
        let mut names = Vec::new();
        for (position, section) in config.sections().enumerate() {
            let Some(name) = section.name() else { continue };
            let earlier = config_index.insert(name.clone(), position);
            if let (SectionName::Profile(name), None) = (name, earlier) {
                names.push(name);
            }
        }
        let mut credentials_index = HashMap::new();
        for (position, section) in credentials.sections().enumerate() {
            let name = section.header().to_owned();
            if !config_index.contains_key(&SectionName::Profile(name.clone())) {
                names.push(name.clone());
            }
            credentials_index.insert(name, position);
        }
        Self { paths: Arc::new(paths), config, credentials, config_index, credentials_index, names }
    }

    /// Where the files lie.
    pub fn paths(&self) -> &Paths {
        &self.paths
    }

    /// All profile names, in file order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// All SSO session names, sorted.
    pub fn sso_session_names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self
            .config_index
            .keys()
            .filter_map(|name| match name {
                SectionName::SsoSession(name) => Some(name.as_str()),
                _ => None,
            })
            .collect();
        names.sort_unstable();
        names
    }

    /// Whether either file has the profile.
    pub fn contains(&self, name: &str) -> bool {
        self.credentials_index.contains_key(name)
            || self.config_index.contains_key(&SectionName::Profile(name.to_owned()))
    }

    /// The profile's values: the config file's with the credentials file's laid over them.
    pub fn profile(&self, name: &str) -> Option<Properties> {
        if !self.contains(name) {
            return None;
        }
        let mut properties = self.config_section(&SectionName::Profile(name.to_owned())).unwrap_or_default();
        if let Some(&position) = self.credentials_index.get(name) {
            properties.lay_over(Properties::read(&self.credentials, position, File::Credentials));
        }
        Some(properties)
    }

    /// The profile's values from the credentials file alone.
    pub fn credentials_profile(&self, name: &str) -> Option<Properties> {
        let &position = self.credentials_index.get(name)?;
        Some(Properties::read(&self.credentials, position, File::Credentials))
    }

    /// The profile's values from the config file alone.
    pub fn config_profile(&self, name: &str) -> Option<Properties> {
        self.config_section(&SectionName::Profile(name.to_owned()))
    }

    /// The values of `[sso-session NAME]`.
    pub fn sso_session(&self, name: &str) -> Option<Properties> {
        self.config_section(&SectionName::SsoSession(name.to_owned()))
    }

    /// The values of `[services NAME]`.
    pub fn services(&self, name: &str) -> Option<Properties> {
        self.config_section(&SectionName::Services(name.to_owned()))
    }

    /// The values of a section that is none of these, such as `[plugins]`.
    pub fn plain_section(&self, name: &str) -> Option<Properties> {
        self.config_section(&SectionName::Plain(name.to_owned()))
    }

    /// The profiles that have a text anywhere in their sections: a quick first look, before any of them is put
    /// together.
    pub fn mentioning(&self, text: &str) -> Vec<String> {
        let in_config = self.config.sections().filter(|section| section.mentions(text));
        let in_config = in_config.filter_map(|section| match section.name()? {
            SectionName::Profile(name) => Some(name),
            _ => None,
        });
        let in_credentials = self.credentials.sections().filter(|section| section.mentions(text));
        in_config.chain(in_credentials.map(|section| section.header().to_owned())).collect()
    }

    fn config_section(&self, name: &SectionName) -> Option<Properties> {
        let &position = self.config_index.get(name)?;
        Some(Properties::read(&self.config, position, File::Config))
    }
}

/// Values stay out: the files hold secrets.
impl fmt::Debug for Profiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Profiles").field("paths", &self.paths).finish_non_exhaustive()
    }
}

fn parse(path: &Path) -> Result<Document, ProfileError> {
    // A folder is no file, to AWS CLI too.
    let bytes = store::read(path).or_else(|error| if path.is_dir() { Ok(None) } else { Err(error) });
    match bytes? {
        None => Ok(Document::empty()),
        Some(bytes) => {
            Document::parse(&bytes).map_err(|problem| ProfileError::Parse { path: path.to_owned(), problem })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profiles(config: &str, credentials: &str) -> Profiles {
        Profiles::of(
            Paths::resolve(&Env::of([("HOME", "/h")])),
            Document::parse(config.as_bytes()).unwrap(),
            Document::parse(credentials.as_bytes()).unwrap(),
        )
    }

    #[test]
    fn names_come_in_file_order_and_the_credentials_files_own_last() {
        let both =
            profiles("[profile b]\n[default]\n[profile 'a c']\n[sso-session s]\n[x y]\n", "[z]\n[b]\n");
        assert_eq!(both.names().collect::<Vec<_>>(), ["b", "default", "a c", "z"]);
        assert_eq!(both.sso_session_names(), ["s"]);
    }

    #[test]
    fn the_credentials_file_wins_and_each_value_knows_its_line() {
        let both = profiles("[profile a]\nregion = r1\noutput = text\n", "[a]\nregion = r2\n");
        let profile = both.profile("a").unwrap();
        let region = profile.property("region").unwrap();
        assert_eq!(profile.text("region"), Some("r2"));
        assert_eq!((region.place.file, region.place.line), (File::Credentials, 2));
        assert_eq!(profile.property("output").unwrap().place, Place { file: File::Config, line: 3 });
    }

    #[test]
    fn of_two_headers_that_mean_one_profile_the_later_is_read() {
        let both = profiles("[default]\nregion = a\n[profile default]\noutput = text\n", "");
        let profile = both.profile("default").unwrap();
        assert_eq!((profile.text("region"), profile.text("output")), (None, Some("text")));
    }

    #[test]
    fn profiles_are_found_by_a_text_in_either_file() {
        let both =
            profiles("[profile a]\nrole_arn = x:1\n[profile b]\nregion = r\n", "[c]\nrole_arn = x:1\n");
        assert_eq!(both.mentioning("x:1"), ["a", "c"]);
        assert!(both.mentioning("x:2").is_empty());
    }

    #[test]
    fn python_defaults_reach_every_section() {
        let both = profiles("[DEFAULT]\nregion = everywhere\n[profile a]\noutput = text\n", "");
        assert_eq!(both.profile("a").unwrap().text("region"), Some("everywhere"));
        assert!(!both.contains("DEFAULT"));
    }
}
