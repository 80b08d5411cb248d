//! Operations that list things, and by which of their members each thing is known.

use awsx_model::{Kind as Type, Member, Operation, Service, ShapeId, Structure};

use super::exceptions;
use super::words::{self, Known};

/// An operation that lists things.
pub(super) struct Source<'m> {
    pub(super) operation: &'m Operation,
    /// What a thing is called; more than one where English does not tell.
    pub(super) things: Vec<String>,
    /// By what each thing may be known.
    pub(super) members: Vec<Listed>,
    /// Whether its name says so. `DescribeProvisionedProduct` has a list too, of something else.
    is_plural: bool,
}

/// A text that each thing listed has.
pub(super) struct Listed {
    pub(super) known: Known,
    /// Where the texts are in the output, as JMESPath.
    pub(super) values: String,
}

impl<'m> Source<'m> {
    /// What an operation lists, if it is one that lists.
    pub(super) fn of(service: &'m Service, operation: &'m Operation) -> Option<Self> {
        let acted_on = words::acted_on(operation.name);
        let things = words::singulars(&acted_on);
        let lists = ["List", "Describe"].iter().any(|verb| operation.name.starts_with(verb))
            || (operation.name.starts_with("Get") && !things.contains(&acted_on));
        if !lists || operation.deprecated || exceptions::lists_nothing(service.name, operation.name) {
            return None;
        }
        let (path, element) = list_of(service, operation, &things)?;
        let (path, element) = inner_list(service, &things, &path, element).unwrap_or((path, element));
        let members = match &service.shape(element).kind {
            Type::String { values } if values.is_empty() => {
                let name = path.trim_end_matches("[]").rsplit('.').next().unwrap_or(&path);
                vec![Listed { known: Known::of(name), values: path.clone() }]
            }
            Type::Structure(structure) => texts_of(service, structure)
                .map(|name| Listed { known: Known::of(name), values: format!("{path}.{name}") })
                .collect(),
            _ => return None,
        };
        let is_plural = !things.contains(&acted_on);
        Some(Self { operation, things, members, is_plural })
    }

    /// Whether it lists things of this name.
    pub(super) fn lists(&self, thing: &str) -> bool {
        self.things.iter().any(|listed| listed == thing)
    }

    /// The members that name the thing itself, rather than another one that belongs to it.
    pub(super) fn own_members(&self) -> impl Iterator<Item = &Listed> {
        self.members.iter().filter(|listed| {
            let says_what = self.is_plural || !listed.known.thing.is_empty();
            says_what && self.things.iter().any(|thing| words::are_last(&listed.known.thing, thing))
        })
    }
}

/// The list in an operation's output: the one its pages are made of, or the only one, or the one named after the things.
fn list_of(service: &Service, operation: &Operation, things: &[String]) -> Option<(String, ShapeId)> {
    let output = service.output(operation)?;
    let paged = operation.paginator.as_ref().and_then(|paginator| paginator.result_keys.first());
    if let Some(found) = paged.and_then(|path| list_at(service, output, path)) {
        return Some(found);
    }
    let named = || {
        let member = output.members.iter().find(|member| is_named_after(member.name, things))?;
        Some((format!("{}[]", member.name), element_of(service, member)?))
    };
    only_list(service, output).or_else(named).or_else(|| {
        // CloudFront's lists stand in a structure around them.
        let mut inner = output.members.iter().filter_map(|member| {
            let (path, element) = only_list(service, service.structure(member.shape)?)?;
            Some((format!("{}.{path}", member.name), element))
        });
        inner.next().filter(|_| inner.next().is_none())
    })
}

fn only_list(service: &Service, structure: &Structure) -> Option<(String, ShapeId)> {
    let mut lists = structure.members.iter().filter_map(|member| {
        element_of(service, member).map(|element| (format!("{}[]", member.name), element))
    });
    lists.next().filter(|_| lists.next().is_none())
}

fn list_at(service: &Service, output: &Structure, path: &str) -> Option<(String, ShapeId)> {
    let (outer, last) = path.rsplit_once('.').map_or((None, path), |(outer, last)| (Some(outer), last));
    let mut within = output;
    for name in outer.into_iter().flat_map(|outer| outer.split('.')) {
        within = service.structure(within.member(name)?.shape)?;
    }
    Some((format!("{path}[]"), element_of(service, within.member(last)?)?))
}

/// Things may stand one list deeper than pages are made of: EC2's instances in reservations.
fn inner_list(
    service: &Service,
    things: &[String],
    path: &str,
    element: ShapeId,
) -> Option<(String, ShapeId)> {
    let outer = path.trim_end_matches("[]").rsplit('.').next()?;
    if is_named_after(outer, things) {
        return None;
    }
    let inner =
        service.structure(element)?.members.iter().find(|member| is_named_after(member.name, things))?;
    Some((format!("{path}.{}[]", inner.name), element_of(service, inner)?))
}

fn is_named_after(name: &str, things: &[String]) -> bool {
    words::singulars(&crate::word_of(name)).iter().any(|word| things.contains(word))
}

/// The members that are free texts.
fn texts_of<'m>(service: &'m Service, structure: &'m Structure) -> impl Iterator<Item = &'static str> {
    let is_text = |member: &&Member| {
        let shape = service.shape(member.shape);
        !shape.sensitive && matches!(&shape.kind, Type::String { values } if values.is_empty())
    };
    structure.members.iter().filter(is_text).map(|member| member.name)
}

fn element_of(service: &Service, member: &Member) -> Option<ShapeId> {
    match &service.shape(member.shape).kind {
        Type::List(list) => Some(list.element.shape),
        _ => None,
    }
}
