//! Names as words: what a thing is called, and by what it is known.

use crate::names;

/// By what a thing is known: the last word of a parameter's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Name,
    Id,
    Arn,
    Url,
    /// Nothing is said: `--cluster`.
    Bare,
}

/// `DBInstanceIdentifiers`: the thing is `db-instance`, known by its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Known {
    /// All words in lower case with hyphens between them, the last in the singular.
    pub(super) words: String,
    /// The words without the last one, if that says the kind. Empty for `Name` and `Ids`.
    pub(super) thing: String,
    pub(super) kind: Kind,
}

impl Known {
    pub(super) fn of(name: &str) -> Self {
        // `ARNs` alone gets a hyphen in front on the command line.
        let plural = names::word_of(name).trim_start_matches('-').to_owned();
        let words = singulars(&plural).swap_remove(0);
        let (thing, last) = words.rsplit_once('-').unwrap_or(("", &words));
        let kind = match last {
            "name" => Kind::Name,
            "id" | "identifier" | "uuid" => Kind::Id,
            "arn" => Kind::Arn,
            "url" => Kind::Url,
            _ => Kind::Bare,
        };
        let thing = if kind == Kind::Bare { words.clone() } else { thing.to_owned() };
        Self { words, thing, kind }
    }
}

/// What an operation acts on: `db-instances` for `DescribeDBInstances`, in words.
pub(super) fn acted_on(operation: &str) -> String {
    let words = names::word_of(operation);
    let behind = |words: &str| words.split_once('-').map_or(String::new(), |(_, rest)| rest.to_owned());
    let rest = behind(&words);
    if words.starts_with("batch-") { behind(&rest) } else { rest }
}

/// The forms of the singular that a plural may have, the likeliest first: English does not tell `aliases` from
/// `databases`.
pub(super) fn singulars(plural: &str) -> Vec<String> {
    let cut = |letters: usize| plural[..plural.len() - letters].to_owned();
    if let Some(stem) = plural.strip_suffix("ies") {
        return vec![format!("{stem}y")];
    }
    if ["sses", "xes", "ches", "shes"].iter().any(|end| plural.ends_with(end)) {
        return vec![cut(2), cut(1)];
    }
    if plural.ends_with("ses") {
        return vec![cut(1), cut(2)];
    }
    if let Some(stem) = plural.strip_suffix("indices") {
        return vec![format!("{stem}index")];
    }
    let stays = ["ss", "us", "sis", "xis", "ias"].iter().any(|end| plural.ends_with(end));
    if plural.ends_with('s') && !stays {
        return vec![cut(1)];
    }
    vec![plural.to_owned()]
}

/// Whether `words` are the last words of `all`, or all of them, or none.
pub(super) fn are_last(words: &str, all: &str) -> bool {
    words.is_empty() || all.strip_suffix(words).is_some_and(|rest| rest.is_empty() || rest.ends_with('-'))
}

/// Whether `words` are the first words of `all`, or all of them.
pub(super) fn are_first(words: &str, all: &str) -> bool {
    all.strip_prefix(words).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_the_thing_and_by_what_it_is_known() {
        for (name, thing, kind) in [
            ("UserName", "user", Kind::Name),
            ("InstanceIds", "instance", Kind::Id),
            ("DBInstanceIdentifier", "db-instance", Kind::Id),
            ("TopicArn", "topic", Kind::Arn),
            ("QueueUrls", "queue", Kind::Url),
            ("logGroupName", "log-group", Kind::Name),
            ("cluster", "cluster", Kind::Bare),
            ("services", "service", Kind::Bare),
            ("Names", "", Kind::Name),
            ("ARNs", "", Kind::Arn),
        ] {
            let known = Known::of(name);
            assert_eq!((known.thing.as_str(), known.kind), (thing, kind), "{name}");
        }
    }

    #[test]
    fn plurals_have_a_singular() {
        for (plural, singular) in [
            ("users", "user"),
            ("policies", "policy"),
            ("addresses", "address"),
            ("databases", "database"),
            ("boxes", "box"),
            ("indices", "index"),
            ("rest-apis", "rest-api"),
            ("schemas", "schema"),
            ("status", "status"),
            ("access", "access"),
            ("alias", "alias"),
        ] {
            assert_eq!(singulars(plural)[0], singular);
        }
        assert!(singulars("aliases").contains(&"alias".to_owned()));
    }

    #[test]
    fn operations_act_on_what_stands_behind_their_verb() {
        assert_eq!(acted_on("DescribeDBInstances"), "db-instances");
        assert_eq!(acted_on("BatchGetImage"), "image");
        assert_eq!(acted_on("Publish"), "");
    }
}
