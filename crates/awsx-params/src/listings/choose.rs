//! The source that fits a parameter best.

use std::cmp::Reverse;

use awsx_model::{Kind as Type, Member, Operation, Service};

use super::source::{Listed, Source};
use super::words::{self, Kind, Known};
use super::{Listing, exceptions};

/// How a source fits, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// It lists what the operation acts on, under the parameter's very name.
    ActedOn,
    /// It lists the thing, under the parameter's very name.
    Thing,
    /// It lists the thing, which is known by something else that will do.
    Likely,
    /// It lists other things, which have a text of the parameter's name.
    SameName,
}

/// The operation that lists the values of a parameter.
///
/// `is_given` tells whether the command line has a value for the member of this name: a listing that needs one is not
/// chosen without it.
pub fn listing_of<'m>(
    service: &'m Service,
    operation: &'m Operation,
    member: &Member,
    is_given: impl Fn(&str) -> bool,
) -> Option<Listing<'m>> {
    if !takes_names(service, operation, member) {
        return None;
    }
    let acted_on = words::acted_on(operation.name);
    let makes = operation.name.starts_with("Create").then_some(acted_on.as_str());
    // What is made gets a name that nothing has yet.
    let is_made = |source: &Source| makes.is_some_and(|thing| source.lists(thing));
    let sources: Vec<Source> = service
        .operations
        .iter()
        .filter(|source| are_given(service, source, member, &is_given))
        .filter_map(|source| Source::of(service, source))
        .filter(|source| !is_made(source))
        .collect();
    let known = Known::of(exceptions::meaning(service.name, member.name));
    let asked = Asked { service, operation, acted_on: &acted_on };
    let meant: Vec<Known> = meant(&known, &acted_on)
        .into_iter()
        .filter(|meant| known.thing == meant.thing || !is_named(service, operation, member, &meant.thing))
        .filter(|meant| makes != Some(&meant.thing) && !exceptions::is_no_name(&meant.words))
        .collect();
    let of_thing = || meant.iter().find_map(|meant| best(&sources, &asked, meant, of_thing));
    let of_same_name = || {
        let names = known.kind != Kind::Bare || exceptions::is_name(&known.words);
        // `CreateKeyPair --key-name`: the name of what is made, which others have a text of too.
        let is_of_made = makes.is_some_and(|made| words::are_first(&known.thing, made));
        let whole = meant.iter().find(|meant| names && !is_of_made && meant.words == known.words)?;
        best(&sources, &asked, whole, of_same_name)
    };
    let (source, listed, shortened) =
        of_thing().or_else(of_same_name).or_else(|| of_anything(&sources, &known))?;
    Some(Listing {
        service,
        operation: source.operation,
        values: listed.values.clone(),
        shortened,
        given: given(service, source.operation, member, &is_given),
        fixed: fixed(service, source.operation),
    })
}

struct Asked<'a> {
    service: &'a Service,
    operation: &'a Operation,
    acted_on: &'a str,
}

/// Whether a member takes texts that somebody made up.
fn takes_names(service: &Service, operation: &Operation, member: &Member) -> bool {
    let pages = operation.paginator.as_ref().is_some_and(|paginator| {
        paginator.input_tokens.contains(&member.name) || paginator.limit_key == Some(member.name)
    });
    let shape = match &service.shape(member.shape).kind {
        Type::List(list) => service.shape(list.element.shape),
        _ => service.shape(member.shape),
    };
    let is_free = matches!(&shape.kind, Type::String { values } if values.is_empty());
    is_free && !shape.sensitive && !pages && !member.idempotency_token
}

/// Whether another parameter names this thing already: `GetBucketAnalyticsConfiguration --id` is not the bucket's.
fn is_named(service: &Service, operation: &Operation, member: &Member, thing: &str) -> bool {
    let input = service.input(operation);
    let mut others =
        input.into_iter().flat_map(|input| &input.members).filter(|other| other.name != member.name);
    others.any(|other| Known::of(other.name).thing == thing)
}

/// Whether all that a source must be given is on the command line.
fn are_given(
    service: &Service,
    source: &Operation,
    wanted: &Member,
    is_given: impl Fn(&str) -> bool,
) -> bool {
    let input = service.input(source);
    let mut required = input.into_iter().flat_map(|input| &input.members).filter(|member| member.required);
    required.all(|member| member.name != wanted.name && is_text(service, member) && is_given(member.name))
}

/// What the parameter may mean, the likeliest first: what it says; if that is only the kind, or the end of what the
/// operation acts on, that thing; and what it says without words in front (`SourceVpcId`).
fn meant(known: &Known, acted_on: &str) -> Vec<Known> {
    let of = |thing: String, kind_word: &str| Known {
        words: if kind_word.is_empty() { thing.clone() } else { format!("{thing}-{kind_word}") },
        thing,
        kind: known.kind,
    };
    let acted_on_things = words::singulars(acted_on).into_iter().filter(|thing| !thing.is_empty());
    if known.thing.is_empty() {
        let mut things: Vec<String> = acted_on_things.collect();
        // `GetParameterHistory --name`: the parameter's.
        things.extend(acted_on.match_indices('-').rev().map(|(at, _)| acted_on[..at].to_owned()));
        return things.into_iter().map(|thing| of(thing, &known.words)).collect();
    }
    let kind_word = if known.kind == Kind::Bare { "" } else { &known.words[known.thing.len() + 1..] };
    let mut all = vec![known.clone()];
    all.extend(
        acted_on_things
            .filter(|thing| *thing != known.thing && words::are_last(&known.thing, thing))
            .map(|thing| of(thing, kind_word)),
    );
    if known.kind != Kind::Bare {
        let shorter = known.thing.match_indices('-').map(|(at, _)| known.thing[at + 1..].to_owned());
        all.extend(shorter.map(|thing| of(thing, kind_word)));
    }
    all
}

/// A source, which of its texts, and whether their last part is meant.
type Found<'a, 'm> = (&'a Source<'m>, &'a Listed, bool);

/// How a source fits.
type Fits<'a> = (Fit, &'a Listed, bool);

fn best<'a, 'm>(
    sources: &'a [Source<'m>],
    asked: &Asked,
    wanted: &Known,
    fits: impl Fn(&'a Source<'m>, &Asked, &Known) -> Option<Fits<'a>>,
) -> Option<Found<'a, 'm>> {
    let fitting = sources.iter().filter_map(|source| {
        let (fit, listed, shortened) = fits(source, asked, wanted)?;
        Some((order(source, asked, wanted, fit), source, listed, shortened))
    });
    let (_, source, listed, shortened) = fitting.min_by(|one, other| one.0.cmp(&other.0))?;
    Some((source, listed, shortened))
}

/// A source of the wanted things.
fn of_thing<'a>(source: &'a Source, asked: &Asked, wanted: &Known) -> Option<Fits<'a>> {
    let lists_acted_on = words::singulars(asked.acted_on).iter().any(|thing| source.lists(thing));
    let lists_wanted = source.lists(&wanted.thing);
    if !lists_wanted && !lists_acted_on {
        return None;
    }
    if let Some(own) = source.own_members().find(|listed| listed.known.words == wanted.words) {
        let acts = lists_acted_on && source.operation.name != asked.operation.name;
        return Some((if acts { Fit::ActedOn } else { Fit::Thing }, own, false));
    }
    if !lists_wanted {
        return None;
    }
    // By what else it may be known, and whether only the last part of that is meant.
    let likely: &[(Kind, bool)] = match wanted.kind {
        Kind::Bare if exceptions::is_by_arn(asked.service.name, &wanted.thing) => &[(Kind::Arn, false)],
        Kind::Name => &[(Kind::Name, false), (Kind::Bare, false), (Kind::Url, true), (Kind::Arn, true)],
        Kind::Id => &[(Kind::Id, false), (Kind::Name, false), (Kind::Bare, false), (Kind::Arn, false)],
        Kind::Bare => &[(Kind::Name, false), (Kind::Id, false), (Kind::Bare, false), (Kind::Arn, true)],
        Kind::Arn => &[(Kind::Arn, false)],
        Kind::Url => &[(Kind::Url, false)],
    };
    likely.iter().find_map(|(kind, shortened)| {
        let listed = source.own_members().find(|listed| listed.known.kind == *kind)?;
        Some((Fit::Likely, listed, *shortened))
    })
}

/// A source of other things, which have a text of the wanted name.
fn of_same_name<'a>(source: &'a Source, _: &Asked, wanted: &Known) -> Option<Fits<'a>> {
    let listed = source.members.iter().find(|listed| listed.known.words == wanted.words)?;
    Some((Fit::SameName, listed, false))
}

/// `--resource-arn`, where the service has one kind of thing only.
fn of_anything<'a, 'm>(sources: &'a [Source<'m>], known: &Known) -> Option<Found<'a, 'm>> {
    if known.words != "resource-arn" {
        return None;
    }
    let mut with_arn = sources.iter().filter_map(|source| {
        let listed = source.own_members().find(|listed| listed.known.kind == Kind::Arn)?;
        Some((source, listed, false))
    });
    with_arn.next().filter(|_| with_arn.next().is_none())
}

/// What comes first is chosen.
fn order(
    source: &Source,
    asked: &Asked,
    wanted: &Known,
    fit: Fit,
) -> (Fit, bool, Reverse<usize>, usize, bool, &'static str) {
    let thing = &source.things[0];
    let is_near = words::are_first(&wanted.thing, thing) || words::are_last(&wanted.thing, thing);
    let shared = thing.bytes().zip(asked.acted_on.bytes()).take_while(|(one, other)| one == other).count();
    let describes = !source.operation.name.starts_with("List");
    (fit, !is_near, Reverse(shared), thing.len(), describes, source.operation.name)
}

/// The members of a listing's input that the command line has values for. One that says only a kind may mean another
/// thing there.
fn given<'m>(
    service: &'m Service,
    source: &'m Operation,
    wanted: &Member,
    is_given: impl Fn(&str) -> bool,
) -> Vec<&'m Member> {
    let input = service.input(source);
    let members = input.into_iter().flat_map(|input| &input.members);
    let is_meant = |member: &&Member| {
        let says_more = !Known::of(member.name).thing.is_empty() && takes_names(service, source, member);
        member.name != wanted.name
            && is_text(service, member)
            && (member.required || says_more)
            && is_given(member.name)
    };
    members.filter(is_meant).collect()
}

fn fixed<'m>(service: &'m Service, source: &'m Operation) -> Vec<(&'m Member, &'static str)> {
    let input = service.input(source);
    let member = |name| input?.member(name);
    exceptions::fixed(service.name, source.name)
        .filter_map(|(name, text)| Some((member(name)?, text)))
        .collect()
}

fn is_text(service: &Service, member: &Member) -> bool {
    matches!(service.shape(member.shape).kind, Type::String { .. })
}
