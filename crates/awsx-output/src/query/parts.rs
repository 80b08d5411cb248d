//! Which parts of an expression can be answered page by page, while the elements of a list still come.
//!
//! `Users[?Path=='/'].UserName` over all pages is what it is over each of them, put together: projections, filters and
//! flattening look at one element at a time. That is provable from the tree, and nothing else is taken for it. What
//! stands around such a part is evaluated once, when the whole is there, with the part's answer in its place.

use super::ast::{Comparison, Node, NodeId, Tree};

/// A part of an expression whose answer over a list is that over its pieces, put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(super) node: NodeId,
    /// The list that is answered page by page.
    pub(super) list: NodeId,
    /// What is wanted of it.
    pub(crate) wanted: Wanted,
}

/// What of a list is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// All of its elements.
    All,
    /// So many of its elements at most, from the first on.
    First(usize),
    /// How many elements it has.
    Length,
}

impl Wanted {
    /// How many elements are kept at most.
    pub(crate) fn most(self) -> usize {
        match self {
            Self::All => usize::MAX,
            Self::First(most) => most,
            Self::Length => 0,
        }
    }
}

/// The parts that stand for all an expression wants of the list under this name in its input; nothing if it also wants
/// the input as a whole.
pub(super) fn over(tree: &Tree, list: &str) -> Option<Vec<Part>> {
    let mut search = Search { tree, list, parts: Vec::new() };
    search.visit(tree.root()).then_some(search.parts)
}

struct Search<'t> {
    tree: &'t Tree,
    list: &'t str,
    parts: Vec<Part>,
}

impl Search<'_> {
    /// Looks at an expression that is evaluated on the input itself. Tells whether the parts found so far are all it wants
    /// of the list.
    fn visit(&mut self, node: NodeId) -> bool {
        if self.is_per_element(node) {
            self.parts.push(Part { node, list: node, wanted: Wanted::All });
            return true;
        }
        match self.tree.node(node) {
            Node::Current => false,
            // Of the input, which is a map, an index is nothing. What is referred to is evaluated on other values.
            Node::Field(_) | Node::Index(_) | Node::Slice { .. } | Node::Literal(_) | Node::Reference(_) => {
                true
            }
            // What follows the first link is evaluated on what that gives.
            Node::Subexpression(links) | Node::IndexExpression(links) | Node::Pipe(links) => {
                let Some((first, rest)) = links.split_first() else { return true };
                match rest.first().and_then(|next| self.elements_needed(*next)) {
                    Some(most) if self.is_per_element(*first) => {
                        self.parts.push(Part { node: *first, list: *first, wanted: Wanted::First(most) });
                        true
                    }
                    _ => self.visit(*first),
                }
            }
            Node::Projection { base, .. }
            | Node::ValueProjection { base, .. }
            | Node::FilterProjection { base, .. } => self.visit(*base),
            Node::Not(inner) | Node::Flatten(inner) => self.visit(*inner),
            Node::Compare(_, left, right) => self.visit(*left) && self.visit(*right),
            Node::Or(all) | Node::And(all) | Node::MultiSelectList(all) => {
                all.iter().all(|node| self.visit(*node))
            }
            Node::MultiSelectMap(entries) => entries.iter().all(|(_, node)| self.visit(*node)),
            Node::Function { name, arguments } => match arguments[..] {
                [list] if name == "length" && self.is_per_element(list) => {
                    self.parts.push(Part { node, list, wanted: Wanted::Length });
                    true
                }
                _ => arguments.iter().all(|node| self.visit(*node)),
            },
        }
    }

    /// How many elements of a list, from the first on, an expression on it looks at; none if that depends on how long it
    /// is.
    fn elements_needed(&self, node: NodeId) -> Option<usize> {
        match self.tree.node(node) {
            Node::Index(position) => usize::try_from(*position).ok()?.checked_add(1),
            Node::Slice { start, end: Some(end), step } if step.is_none_or(|step| step > 0) => {
                start.is_none_or(|start| start >= 0).then_some(())?;
                usize::try_from(*end).ok()
            }
            Node::Subexpression(links) | Node::IndexExpression(links) | Node::Pipe(links) => {
                let (first, rest) = links.split_first()?;
                match self.tree.node(*first) {
                    Node::Current => self.elements_needed(*rest.first()?),
                    _ => self.elements_needed(*first),
                }
            }
            Node::Projection { base, .. } | Node::FilterProjection { base, .. } | Node::Flatten(base) => {
                self.elements_needed(*base)
            }
            _ => None,
        }
    }

    /// Whether an expression on the input walks over the list, looking at one element at a time.
    fn is_per_element(&self, mut node: NodeId) -> bool {
        let mut failing_steps = 0;
        loop {
            let each: &[NodeId] = match self.tree.node(node) {
                // Of the first errors of two steps, the one that is told depends on which step runs to its end first.
                Node::Field(name) => return name == self.list && failing_steps <= 1,
                Node::Flatten(base) => {
                    node = *base;
                    continue;
                }
                Node::Projection { base, each } => {
                    node = *base;
                    &[*each]
                }
                Node::FilterProjection { base, condition, each } => {
                    node = *base;
                    &[*condition, *each]
                }
                _ => return false,
            };
            if !each.iter().all(|each| self.gives_data(*each)) {
                return false;
            }
            failing_steps += usize::from(each.iter().any(|each| self.may_fail(*each)));
        }
    }

    fn may_fail(&self, node: NodeId) -> bool {
        let node = self.tree.node(node);
        let fails = match node {
            Node::Compare(comparison, ..) => !matches!(comparison, Comparison::Equal | Comparison::NotEqual),
            Node::Function { .. } | Node::Slice { .. } => true,
            _ => false,
        };
        fails || node.children().into_iter().any(|child| self.may_fail(child))
    }

    /// Whether no `&expression` comes out: it is no data that could be kept. Functions that take one return none.
    fn gives_data(&self, node: NodeId) -> bool {
        const TAKE_ONE: [&str; 4] = ["map", "max_by", "min_by", "sort_by"];
        let node = self.tree.node(node);
        match node {
            Node::Reference(_) => false,
            Node::Function { name, arguments } if TAKE_ONE.contains(&name.as_str()) => {
                arguments.iter().all(|argument| match self.tree.node(*argument) {
                    Node::Reference(inner) => self.gives_data(*inner),
                    _ => self.gives_data(*argument),
                })
            }
            _ => node.children().into_iter().all(|child| self.gives_data(child)),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::query::{Query, parser};

    use super::*;

    /// The parts over `L`, as the number of those that are kept and of those that are counted, and whether the list itself
    /// is among them.
    fn parts(expression: &str) -> Option<(usize, usize, bool)> {
        let tree = parser::parse(expression).unwrap();
        let parts = over(&tree, "L")?;
        let counted = parts.iter().filter(|part| part.wanted == Wanted::Length).count();
        let whole = parts.iter().any(|part| matches!(tree.node(part.node), Node::Field(_)));
        Some((parts.len() - counted, counted, whole))
    }

    #[test]
    fn what_looks_at_one_element_at_a_time_is_all_that_is_kept() {
        for expression in [
            "L[].UserName",
            "L[*].{n: a, m: b}",
            "L[?x=='y'].[A, B]",
            "L[].M[].K",
            "L[?a].b[?c].d",
            "L[?starts_with(a, 'x')].b",
            "L[].a | sort(@)",
            "sort(L[].a)",
            "L[].length(a) | [0]",
        ] {
            assert_eq!(parts(expression), Some((1, 0, false)), "{expression}");
        }
        assert!(Query::parse("L[].a").unwrap().parts_over("L").is_some_and(|parts| parts.len() == 1));
    }

    #[test]
    fn of_two_steps_that_may_fail_the_second_waits() {
        let query = Query::parse("L[].length(a)[].abs(@)").unwrap();
        let parts = query.parts_over("L").unwrap();
        assert!(parts.len() == 1 && !query.is_all(parts[0]));
    }

    #[test]
    fn an_expression_that_is_no_data_is_not_kept() {
        let query = Query::parse("L[].[not_null(&a)]").unwrap();
        assert!(query.parts_over("L").unwrap().iter().all(|part| !query.is_all(*part)));
    }

    #[test]
    fn counting_keeps_nothing() {
        assert_eq!(parts("length(L)"), Some((0, 1, false)));
        assert_eq!(parts("{n: length(L[?a]), m: length(L), A: A}"), Some((0, 2, false)));
        assert_eq!(parts("Marker"), Some((0, 0, false)));
    }

    #[test]
    fn where_the_first_elements_do_no_others_are_kept() {
        let most = |expression: &str| {
            let tree = parser::parse(expression).unwrap();
            over(&tree, "L").unwrap().iter().map(|part| part.wanted.most()).collect::<Vec<_>>()
        };
        assert_eq!(most("L[0].a"), [1]);
        assert_eq!(most("L[:5].a"), [5]);
        assert_eq!(most("L[2:7:2]"), [7]);
        assert_eq!(most("L | [3]"), [4]);
        assert_eq!(most("L | [3].a"), [4]);
        assert_eq!(most("L[].a | [:5].b"), [5]);
        assert_eq!(most("L | [:5][]"), [5]);
        assert_eq!(most("L | [?a] | [0]"), [usize::MAX]);
        assert_eq!(most("L[?a].b | [0]"), [1]);
        assert_eq!(most("[L[0], length(L), L[].a | [1]]"), [1, 0, 2]);
        assert_eq!(most("L[-1].a"), [usize::MAX]);
        assert_eq!(most("L[:-1].a"), [usize::MAX]);
        assert_eq!(most("L[5::-1].a"), [usize::MAX]);
    }

    #[test]
    fn all_else_keeps_the_list() {
        for expression in ["L", "L[-1].a", "L[::2].a", "L | [-2:]", "sort_by(L, &a)"] {
            assert_eq!(parts(expression), Some((1, 0, true)), "{expression}");
        }
        for expression in ["@", "*", "keys(@)", "@.L[].a", "{n: length(L), all: @}"] {
            assert_eq!(parts(expression), None, "{expression}");
        }
    }
}
