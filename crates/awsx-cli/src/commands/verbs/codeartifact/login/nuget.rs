//! nuget and dotnet keep sources by name, and are asked to add or update one.

use super::program::{Words, run, words};
use super::{LoginArgs, Repository};
use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// What differs between the two programs.
pub(super) trait Program {
    fn name(&self) -> &'static str;
    /// Lists the sources, each with its URL on the next line.
    fn list(&self) -> Words;
    /// Adds a source, or updates the one of this name.
    fn put(&self, exists: bool, name: &str, index: &str, token: &str) -> Words;
}

pub(super) struct NuGet;

impl Program for NuGet {
    fn name(&self) -> &'static str {
        "nuget"
    }

    fn list(&self) -> Words {
        words(&["nuget", "sources", "list", "-format", "detailed"])
    }

    fn put(&self, exists: bool, name: &str, index: &str, token: &str) -> Words {
        let verb = if exists { "update" } else { "add" };
        let named = ["nuget", "sources", verb, "-name", name, "-source", index];
        words(&[&named[..], &["-username", "aws", "-password", token]].concat())
    }
}

pub(super) struct DotNet;

impl Program for DotNet {
    fn name(&self) -> &'static str {
        "dotnet"
    }

    fn list(&self) -> Words {
        words(&["dotnet", "nuget", "list", "source", "--format", "detailed"])
    }

    fn put(&self, exists: bool, name: &str, index: &str, token: &str) -> Words {
        let named = if exists {
            ["dotnet", "nuget", "update", "source", name, "--source", index]
        } else {
            ["dotnet", "nuget", "add", "source", index, "--name", name]
        };
        let mut all = words(&[&named[..], &["--username", "aws", "--password", token]].concat());
        if !cfg!(windows) {
            // It can encrypt on Windows only.
            all.push("--store-password-in-clear-text".to_owned());
        }
        all
    }
}

pub(super) fn login(
    context: &Context,
    args: &LoginArgs,
    repository: &Repository,
    program: &impl Program,
) -> CommandResult {
    let listed = run(program.name(), &program.list(), &repository.token)?;
    let index = format!("{}v3/index.json", repository.endpoint);
    let default = format!("{}/{}", args.domain, args.repository);
    let (name, exists) = name_of_source(&sources(&listed), &index, &default);
    let command = program.put(exists, &name, &index, repository.token.expose());
    if args.dry_run {
        return context.ui.out(format_args!("{}\n", command.join(" ")));
    }
    if let Err(error) = run(program.name(), &command, &repository.token) {
        context.ui.out(format_args!("Failed to update the NuGet.Config\n"))?;
        return Err::<_, CommandError>(error);
    }
    if exists {
        context.ui.out(format_args!("Updated source {name} in the NuGet.Config\n"))?;
    } else {
        context.ui.out(format_args!("Added source {name} to the user level NuGet.Config\n"))?;
    }
    repository.tell_success(context, "nuget")
}

/// Under which name a source is to be, and whether it is there: the repository's own name, unless the place has another.
fn name_of_source(sources: &[(String, String)], index: &str, default: &str) -> (String, bool) {
    match sources.iter().find(|(_, url)| url == index) {
        Some((name, _)) => (name.clone(), true),
        None => (default.to_owned(), sources.iter().any(|(name, _)| name == default)),
    }
}

/// Names and URLs in a list whose headings are in the user's language: `  1.  nuget.org [Enabled]`, then the URL.
fn sources(listed: &str) -> Vec<(String, String)> {
    let lines: Vec<&str> = listed.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let named = lines.windows(2).filter_map(|pair| Some((name_in(pair[0])?, pair[1].to_owned())));
    named.collect()
}

fn name_in(line: &str) -> Option<String> {
    let (number, rest) = line.split_once('.')?;
    let (name, state) = rest.rsplit_once('[')?;
    let well_formed = !number.is_empty()
        && number.bytes().all(|byte| byte.is_ascii_digit())
        && rest.starts_with(char::is_whitespace)
        && name.ends_with(char::is_whitespace)
        && state.contains(']');
    well_formed.then(|| name.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_that_is_known_keeps_its_name() {
        let listed = "Registered Sources:\n\n  1.  nuget.org [Enabled]\n      https://api.nuget.org/v3/index.json\n  \
                      2.  My [old] one [Activé]\n      https://x/v3/index.json\nDone.\n";
        let known = sources(listed);
        assert_eq!(known.len(), 2);
        assert_eq!(
            name_of_source(&known, "https://x/v3/index.json", "d/r"),
            ("My [old] one".to_owned(), true)
        );
        assert_eq!(name_of_source(&known, "https://y", "d/r"), ("d/r".to_owned(), false));
        assert_eq!(name_of_source(&known, "https://y", "nuget.org"), ("nuget.org".to_owned(), true));
    }
}
