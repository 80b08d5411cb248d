//! Names that stand in the user's files, and those of regions: nobody is asked for them.

use awsx_core::Env;
use awsx_core::profile::Profiles;

/// The values of an option that names a profile, a session or a region; none behind another word.
pub(super) fn names(env: &Env, before: &[String]) -> Option<Vec<String>> {
    let found = match before.last()?.as_str() {
        "--profile" | "--update-profile" => in_files(env, |profiles| owned(profiles.names())),
        "--sso-session" => in_files(env, |profiles| owned(profiles.sso_session_names())),
        "--region" | "--sso-region" => regions(),
        _ => return None,
    };
    Some(found)
}

/// Broken files have no names.
fn in_files(env: &Env, names: impl FnOnce(&Profiles) -> Vec<String>) -> Vec<String> {
    Profiles::load(env).map(|profiles| names(&profiles)).unwrap_or_default()
}

fn owned<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    names.into_iter().map(str::to_owned).collect()
}

fn regions() -> Vec<String> {
    let partitions = awsx_model::partitions().unwrap_or_default();
    let regions = partitions.iter().flat_map(|partition| &partition.regions);
    // `aws-global` stands for services that have no region.
    regions.filter(|region| !region.ends_with("-global")).map(ToString::to_string).collect()
}
