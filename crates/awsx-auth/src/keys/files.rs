//! Access keys in the user's two files.

use awsx_core::Env;
use awsx_core::ini::{Change, Document, SectionName};
use awsx_core::profile::{File, Paths, ProfileError, Profiles};
use awsx_core::store;

use super::KeysError;
use crate::{AuthError, Credentials, Method};

const ID: &str = "aws_access_key_id";
const SECRET: &str = "aws_secret_access_key";

/// The long-term key that a profile holds, read anew.
pub(super) fn read_key(env: &Env, profile: &str) -> Result<Credentials, AuthError> {
    let none = || KeysError::NoKeys(profile.to_owned());
    let properties = Profiles::load(env)?.profile(profile).ok_or_else(none)?;
    // With a session token they are temporary keys, which end by themselves.
    let is_temporary =
        ["aws_session_token", "aws_security_token"].iter().any(|key| properties.text(key).is_some());
    match (properties.text(ID), properties.text(SECRET)) {
        (Some(id), Some(secret)) if !is_temporary => Ok(Credentials {
            access_key_id: id.to_owned(),
            secret_access_key: secret.into(),
            session_token: None,
            expiration: None,
            account_id: None,
            method: Method::SharedCredentialsFile,
        }),
        _ => Err(none().into()),
    }
}

/// Puts `new` into every section of both files that holds the key `old`; gives the names of the profiles.
pub(super) fn replace_key(env: &Env, old: &str, new: &Credentials) -> Result<Vec<String>, AuthError> {
    let paths = Paths::resolve(env);
    let mut profiles = Vec::new();
    for file in [File::Credentials, File::Config] {
        let path = paths.of(file);
        store::update(path, |before| {
            let Some(bytes) = before else { return Ok(None) };
            let mut document = Document::parse(bytes)
                .map_err(|problem| ProfileError::Parse { path: path.to_owned(), problem })?;
            let sections = holders(&document, file, old);
            for (section, profile) in &sections {
                let changes = [
                    Change::set(ID, &new.access_key_id),
                    Change::set(SECRET, new.secret_access_key.expose()),
                ];
                document.update(section, &changes).expect("a key and a secret are a line each");
                if !profiles.contains(profile) {
                    profiles.push(profile.clone());
                }
            }
            Ok::<_, AuthError>((!sections.is_empty()).then(|| document.render().into_bytes()))
        })?;
    }
    Ok(profiles)
}

/// The sections that hold a key, with their profiles' names.
fn holders(document: &Document, file: File, key_id: &str) -> Vec<(SectionName, String)> {
    let holds = |section: &awsx_core::ini::Section<'_>| {
        section.entry(ID).is_some_and(|entry| entry.value().as_text() == Some(key_id))
    };
    let name = |section: awsx_core::ini::Section<'_>| match (file, section.name()) {
        (File::Credentials, _) => {
            let header = section.header().to_owned();
            Some((SectionName::Plain(header.clone()), header))
        }
        (File::Config, Some(SectionName::Profile(name))) => Some((SectionName::Profile(name.clone()), name)),
        (File::Config, _) => None,
    };
    document.sections().filter(holds).filter_map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_profile_with_the_key_gets_the_new_one_and_nothing_else_changes() {
        let home = tempfile::tempdir().unwrap();
        let env = Env::of([("HOME", home.path().to_str().unwrap())]);
        let paths = Paths::resolve(&env);
        let credentials = "# mine\n[a]\naws_access_key_id = OLD\naws_secret_access_key = s1\n\n\
                           [b]\naws_access_key_id = OTHER\naws_secret_access_key = s2\n";
        let config =
            "[profile c]\nregion = r\naws_access_key_id = OLD\naws_secret_access_key = s1\n[services OLD]\n";
        store::write_atomic(&paths.credentials, credentials.as_bytes()).unwrap();
        store::write_atomic(&paths.config, config.as_bytes()).unwrap();

        let mut new = read_key(&env, "a").unwrap();
        new.access_key_id = "NEW".to_owned();
        new.secret_access_key = "s3".into();
        assert_eq!(replace_key(&env, "OLD", &new).unwrap(), ["a", "c"]);
        let read = |path| String::from_utf8(store::read(path).unwrap().unwrap()).unwrap();
        let expected = |text: &str| text.replace("OLD\naws", "NEW\naws").replace("= s1", "= s3");
        assert_eq!(read(&paths.credentials), expected(credentials));
        assert_eq!(read(&paths.config), expected(config));
        assert!(replace_key(&env, "OLD", &new).unwrap().is_empty());
    }

    #[test]
    fn temporary_keys_are_not_rotated() {
        let home = tempfile::tempdir().unwrap();
        let env = Env::of([("HOME", home.path().to_str().unwrap())]);
        let text = "[a]\naws_access_key_id = A\naws_secret_access_key = s\naws_session_token = t\n";
        store::write_atomic(&Paths::resolve(&env).credentials, text.as_bytes()).unwrap();
        for profile in ["a", "b"] {
            let error = read_key(&env, profile).unwrap_err().to_string();
            assert_eq!(error, format!("the profile `{profile}` has no access keys of its own"));
        }
    }
}
