//! What a service is made of, as a tree.

use awsx_model::Moment;
use awsx_output::Value;
use indexmap::IndexMap;
use time::OffsetDateTime;
use time::macros::format_description;

use super::paint::Paint;
use crate::commands::verbs::values::text_at;

/// A branch of the tree, or a leaf.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    Resource(Resource),
    Group(Group),
}

/// Something that ECS made.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Resource {
    pub(super) kind: &'static str,
    pub(super) identifier: Option<String>,
    status: Option<String>,
    reason: Option<String>,
    updated: Option<Moment>,
    /// What else is told of it.
    pub(super) info: Option<String>,
}

/// Resources that belong together.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Group {
    /// None for the whole tree.
    pub(super) kind: Option<&'static str>,
    pub(super) identifier: Option<String>,
    pub(super) status: Option<String>,
    pub(super) reason: Option<String>,
    nodes: IndexMap<String, Node>,
}

/// What two polls are compared by: kind and identifier.
pub(super) type ResourceKey = (&'static str, Option<String>);

impl Resource {
    /// A resource of which no more is known than its name.
    pub(super) fn named(kind: &'static str, identifier: &str) -> Self {
        Self { kind, identifier: filled(identifier), ..Self::default() }
    }

    /// Reads what ECS tells of a resource.
    pub(super) fn of(kind: &'static str, told: &Value) -> Self {
        let text = |name| filled(text_at(told, name));
        let updated = match told.get("updatedAt") {
            Some(Value::String(time)) => awsx_params::parse_moment(time),
            Some(number @ Value::Number(_)) => awsx_params::parse_moment(&awsx_output::python_str(number)),
            _ => None,
        };
        Self {
            kind,
            identifier: text("arn"),
            status: text("status"),
            reason: text("statusReason"),
            updated,
            info: None,
        }
    }

    pub(super) fn key(&self) -> ResourceKey {
        (self.kind, self.identifier.clone())
    }

    /// Lines that tell of a change.
    pub(super) fn change(&self, time: &str, paint: Paint) -> String {
        let status = self.status.as_deref();
        let parts = [
            Some(format!("[{time}]")),
            Some(paint.kind(self.kind)),
            self.identifier.as_ref().map(|identifier| paint.by_status(identifier, status)),
            status.map(|status| format!("[{}]", paint.by_status(status, Some(status)))),
        ];
        let lines = [
            Some(parts.into_iter().flatten().collect::<Vec<_>>().join(" ")),
            self.reason.as_ref().map(|reason| format!("  Reason: {reason}")),
            self.updated.map(|updated| format!("  Last Updated At: {}", shown(updated))),
            self.info.as_ref().map(|info| format!("  Info: {info}")),
        ];
        lines.into_iter().flatten().collect::<Vec<_>>().join("\n")
    }

    fn tree(&self, lines: &mut Vec<String>, depth: usize, spinner: char, paint: Paint) {
        let (indent, status) = (" ".repeat(depth), self.status.as_deref());
        let colon = if self.identifier.is_some() { ":" } else { "" };
        let (kind, symbol) = (paint.kind(self.kind), paint.symbol(status, spinner));
        let identifier = self.identifier.as_ref();
        let identifier = identifier
            .map(|identifier| format!("{} ", paint.by_status(identifier, status)))
            .unwrap_or_default();
        let told =
            status.map(|status| format!("- {}", paint.by_status(status, Some(status)))).unwrap_or_default();
        lines.push(format!("{indent}{kind}{colon} {symbol}{identifier}{told}"));
        if let Some(reason) = &self.reason {
            lines.push(format!("{indent} Reason: {reason}"));
        }
        if let Some(updated) = self.updated {
            lines.push(format!("{indent} Last updated at: {}", shown(updated)));
        }
        if let Some(info) = &self.info {
            lines.push(format!("{indent} {info}"));
        }
        lines.push(String::new());
    }

    /// The one of two that was changed last.
    fn newer(self, other: Self) -> Self {
        if other.updated.is_none() || self.updated >= other.updated { self } else { other }
    }
}

impl Node {
    fn kind(&self) -> &'static str {
        match self {
            Self::Resource(resource) => resource.kind,
            Self::Group(group) => group.kind.unwrap_or_default(),
        }
    }

    fn identifier(&self) -> &str {
        let identifier = match self {
            Self::Resource(resource) => &resource.identifier,
            Self::Group(group) => &group.identifier,
        };
        identifier.as_deref().unwrap_or_default()
    }

    fn key(&self) -> String {
        format!("{}/{}", self.kind(), self.identifier())
    }

    fn combined(self, other: Self) -> Self {
        match (self, other) {
            (Self::Resource(one), Self::Resource(other)) => Self::Resource(one.newer(other)),
            (Self::Group(one), Self::Group(other)) => Self::Group(one.combined(other)),
            (one, _) => one,
        }
    }
}

impl Group {
    pub(super) fn of(kind: Option<&'static str>, nodes: impl IntoIterator<Item = Node>) -> Self {
        let nodes = nodes.into_iter().map(|node| (node.key(), node)).collect();
        Self { kind, nodes, ..Self::default() }
    }

    /// All resources of the tree.
    pub(super) fn resources(&self) -> Vec<&Resource> {
        let mut found = Vec::new();
        for node in self.nodes.values() {
            match node {
                Node::Resource(resource) => found.push(resource),
                Node::Group(group) => found.extend(group.resources()),
            }
        }
        found
    }

    /// The tree as lines. `spinner` stands for what is still at work.
    pub(super) fn tree(&self, spinner: char, paint: Paint) -> Vec<String> {
        let mut lines = Vec::new();
        self.tree_below(&mut lines, 0, spinner, paint);
        lines
    }

    fn tree_below(&self, lines: &mut Vec<String>, depth: usize, spinner: char, paint: Paint) {
        let indent = " ".repeat(depth);
        let mut below = depth;
        if let Some(kind) = self.kind {
            below += 1;
            let status = self.status.as_deref();
            let told = status
                .map(|status| (paint.symbol(Some(status), spinner), paint.by_status(status, Some(status))));
            let behind = match (&self.identifier, told) {
                (Some(identifier), Some((symbol, told))) => {
                    format!(": {symbol}{} - {told}", paint.by_status(identifier, status))
                }
                (Some(identifier), None) => format!(": {identifier}"),
                (None, Some((symbol, told))) => format!(" {symbol}- {told}"),
                (None, None) => String::new(),
            };
            lines.push(format!("{indent}{}{behind}", paint.kind(kind)));
            if let (Some(_), Some(reason)) = (&self.status, &self.reason) {
                lines.push(format!("{indent} Reason: {reason}"));
            }
            lines.push(if self.nodes.is_empty() { format!("{indent} <empty>") } else { String::new() });
        }
        for node in self.nodes.values() {
            match node {
                Node::Resource(resource) => resource.tree(lines, below, spinner, paint),
                Node::Group(group) => group.tree_below(lines, below, spinner, paint),
            }
        }
    }

    /// What both have. Of what has no name yet nothing is kept where there are others of its kind that have one.
    pub(super) fn combined(self, other: Self) -> Self {
        let mut kinds: IndexMap<&'static str, Vec<Node>> = IndexMap::new();
        for node in self.nodes.into_values().chain(other.nodes.into_values()) {
            kinds.entry(node.kind()).or_default().push(node);
        }
        let mut nodes: IndexMap<String, Node> = IndexMap::new();
        for mut alike in kinds.into_values() {
            let is_named = |node: &Node| !node.identifier().is_empty();
            if alike.iter().any(is_named) {
                alike.retain(is_named);
            }
            for node in alike {
                let key = node.key();
                let node = match nodes.shift_remove_full(&key) {
                    Some((at, _, known)) => {
                        nodes.shift_insert(at, key, known.combined(node));
                        continue;
                    }
                    None => node,
                };
                nodes.insert(key, node);
            }
        }
        Self { kind: self.kind, identifier: self.identifier, nodes, ..Self::default() }
    }

    /// What this one alone has, and what the other alone has. Groups that both have are compared in turn.
    pub(super) fn differences(&self, other: &Self) -> (Self, Self) {
        // What has no name yet here may be what has one there.
        let unnamed: Vec<String> = self
            .nodes
            .values()
            .filter(|node| node.identifier().is_empty())
            .map(|node| format!("{}/", node.kind()))
            .collect();
        let (mut mine, mut theirs) = (Vec::new(), Vec::new());
        let mut inner = IndexMap::new();
        for (key, node) in &self.nodes {
            match (node, other.nodes.get(key)) {
                (_, None) => mine.push(node.clone()),
                (Node::Group(group), Some(Node::Group(other))) => {
                    let (here, there) = group.differences(other);
                    mine.push(Node::Group(here));
                    inner.insert(key, there);
                }
                _ => {}
            }
        }
        for (key, node) in &other.nodes {
            if let Some(there) = inner.swap_remove(key) {
                theirs.push(Node::Group(there));
            } else if !self.nodes.contains_key(key) && !unnamed.iter().any(|kind| key.starts_with(kind)) {
                theirs.push(node.clone());
            }
        }
        let group = |nodes| Self { identifier: self.identifier.clone(), ..Self::of(self.kind, nodes) };
        (group(mine), group(theirs))
    }
}

/// `2026-01-02 03:04:05Z`.
pub(super) fn shown(moment: Moment) -> String {
    let date = OffsetDateTime::from_unix_timestamp(moment.seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    written(date)
}

/// The same of another kind of time.
pub(super) fn written(date: OffsetDateTime) -> String {
    let format = format_description!("[year]-[month]-[day] [hour]:[minute]:[second]Z");
    date.format(format).expect("all parts are there")
}

fn filled(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Paint = Paint { color: false };

    fn resource(kind: &'static str, text: &str) -> Node {
        let told: serde_json::Value = serde_json::from_str(text).unwrap();
        Node::Resource(Resource::of(kind, &told.into()))
    }

    fn group(kind: &'static str, nodes: Vec<Node>) -> Node {
        Node::Group(Group::of(Some(kind), nodes))
    }

    #[test]
    fn a_tree_tells_what_its_parts_do() {
        let rule =
            r#"{"arn": "r", "status": "FAILED", "statusReason": "no", "updatedAt": "2026-01-02T03:04:05Z"}"#;
        let path = Group {
            identifier: Some("shop.example".to_owned()),
            ..Group::of(
                Some("IngressPath"),
                [resource("Rule", rule), resource("Listener", r#"{"status": "PROVISIONING"}"#)],
            )
        };
        let tree = Group::of(None, [Node::Group(path), group("LogGroups", Vec::new())]);
        insta::assert_snapshot!(tree.tree('*', PLAIN).join("\n"), @r"
        IngressPath: shop.example

         Rule: X r - FAILED
          Reason: no
          Last updated at: 2026-01-02 03:04:05Z

         Listener * - PROVISIONING

        LogGroups
         <empty>
        ");
        insta::assert_snapshot!(tree.resources()[0].change("now", Paint { color: true }).replace('\x1b', "~"), @r"
        [now] ~[36mRule~[0m ~[31mr~[0m [~[31mFAILED~[0m]
          Reason: no
          Last Updated At: 2026-01-02 03:04:05Z
        ");
    }

    #[test]
    fn of_two_the_newer_counts_and_names_replace_what_has_none() {
        let older = r#"{"arn": "a", "status": "PROVISIONING", "updatedAt": "2026-01-01T00:00:00Z"}"#;
        let newer = r#"{"arn": "a", "status": "ACTIVE", "updatedAt": "2026-01-02T00:00:00Z"}"#;
        let one = Group::of(None, [resource("Rule", older), resource("Listener", "{}")]);
        let other = Group::of(None, [resource("Rule", newer), resource("Listener", r#"{"arn": "l"}"#)]);
        for both in [one.clone().combined(other.clone()), other.combined(one)] {
            let lines: Vec<String> = both.resources().iter().map(|found| found.change("t", PLAIN)).collect();
            assert_eq!(
                lines,
                ["[t] Rule a [ACTIVE]\n  Last Updated At: 2026-01-02 00:00:00Z", "[t] Listener l"]
            );
        }
    }

    #[test]
    fn a_deployment_adds_and_removes() {
        let target = Group::of(
            None,
            [
                group(
                    "LogGroups",
                    vec![
                        resource("LogGroup", r#"{"arn": "new"}"#),
                        resource("LogGroup", r#"{"arn": "both"}"#),
                    ],
                ),
                resource("Listener", "{}"),
            ],
        );
        let source = Group::of(
            None,
            [
                group(
                    "LogGroups",
                    vec![
                        resource("LogGroup", r#"{"arn": "both"}"#),
                        resource("LogGroup", r#"{"arn": "old"}"#),
                    ],
                ),
                resource("Listener", r#"{"arn": "l"}"#),
                resource("Rule", r#"{"arn": "r"}"#),
            ],
        );
        let (added, removed) = target.differences(&source);
        let names = |group: &Group| group.resources().iter().map(|found| found.key()).collect::<Vec<_>>();
        assert_eq!(names(&added), [("LogGroup", Some("new".to_owned())), ("Listener", None)]);
        assert_eq!(names(&removed), [("LogGroup", Some("old".to_owned())), ("Rule", Some("r".to_owned()))]);
    }
}
