//! The tree of an expression.
//!
//! Nodes live side by side in one vector and name each other by position. Each knows the height of what is below it,
//! so a tree too high to be walked on the stack is refused while it is built.

use super::error::QueryError;
use crate::value::Value;

/// How high a tree may be: people write fewer than twenty levels.
pub(super) const NESTING_LIMIT: usize = 128;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NodeId(usize);

#[derive(Clone, Debug)]
pub(super) enum Node {
    Current,
    Field(String),
    Index(i64),
    Slice {
        start: Option<i64>,
        end: Option<i64>,
        step: Option<i64>,
    },
    Literal(Value),
    Subexpression(Vec<NodeId>),
    /// Kept apart from `Subexpression`: a slice after an index does not project. See the parser.
    IndexExpression(Vec<NodeId>),
    Pipe(Vec<NodeId>),
    Or(Vec<NodeId>),
    And(Vec<NodeId>),
    Not(NodeId),
    Compare(Comparison, NodeId, NodeId),
    Projection {
        base: NodeId,
        each: NodeId,
    },
    ValueProjection {
        base: NodeId,
        each: NodeId,
    },
    FilterProjection {
        base: NodeId,
        condition: NodeId,
        each: NodeId,
    },
    Flatten(NodeId),
    MultiSelectList(Vec<NodeId>),
    MultiSelectMap(Vec<(String, NodeId)>),
    Function {
        name: String,
        arguments: Vec<NodeId>,
    },
    Reference(NodeId),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Comparison {
    pub(super) fn symbol(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }
}

#[derive(Clone, Debug)]
pub(super) struct Tree {
    nodes: Vec<Node>,
    heights: Vec<usize>,
    root: NodeId,
}

impl Tree {
    /// A tree whose root is still to be set.
    pub(super) fn new() -> Self {
        Self { nodes: Vec::new(), heights: Vec::new(), root: NodeId(0) }
    }

    pub(super) fn root(&self) -> NodeId {
        self.root
    }

    pub(super) fn set_root(&mut self, root: NodeId) {
        self.root = root;
    }

    pub(super) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0]
    }

    pub(super) fn add(&mut self, node: Node) -> Result<NodeId, QueryError> {
        let height = 1 + node.children().into_iter().map(|child| self.heights[child.0]).max().unwrap_or(0);
        if height > NESTING_LIMIT {
            return Err(QueryError::ExpressionTooDeep);
        }
        self.nodes.push(node);
        self.heights.push(height);
        Ok(NodeId(self.nodes.len() - 1))
    }

    /// Adds `next` to `chain` if that is a node of the kind `of` picks, else starts a chain of the two with `start`.
    ///
    /// A long row of `.a.b.c` or `a || b || c` is one wide node this way, not a high tree.
    pub(super) fn chain(
        &mut self,
        chain: NodeId,
        next: NodeId,
        of: fn(&mut Node) -> Option<&mut Vec<NodeId>>,
        start: fn(Vec<NodeId>) -> Node,
    ) -> Result<NodeId, QueryError> {
        let Some(links) = of(&mut self.nodes[chain.0]) else {
            return self.add(start(vec![chain, next]));
        };
        links.push(next);
        let height = self.heights[chain.0].max(1 + self.heights[next.0]);
        if height > NESTING_LIMIT {
            return Err(QueryError::ExpressionTooDeep);
        }
        self.heights[chain.0] = height;
        Ok(chain)
    }
}

impl Node {
    pub(super) fn children(&self) -> Vec<NodeId> {
        match self {
            Self::Current | Self::Field(_) | Self::Index(_) | Self::Slice { .. } | Self::Literal(_) => {
                Vec::new()
            }
            Self::Subexpression(links) | Self::IndexExpression(links) | Self::Pipe(links) => links.clone(),
            Self::Or(operands) | Self::And(operands) => operands.clone(),
            Self::Not(operand) | Self::Flatten(operand) | Self::Reference(operand) => vec![*operand],
            Self::Compare(_, left, right) => vec![*left, *right],
            Self::Projection { base, each } | Self::ValueProjection { base, each } => vec![*base, *each],
            Self::FilterProjection { base, condition, each } => vec![*base, *condition, *each],
            Self::MultiSelectList(elements) => elements.clone(),
            Self::MultiSelectMap(entries) => entries.iter().map(|(_, value)| *value).collect(),
            Self::Function { arguments, .. } => arguments.clone(),
        }
    }
}
