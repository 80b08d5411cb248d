//! Walks the tree of an expression over a value.

use std::cmp::Ordering;

use super::ast::{Comparison, Node, NodeId, Tree};
use super::error::QueryError;
use super::functions;
use super::item::{Item, Kind, compare_numbers};
use crate::value::Value;

/// What an expression in the tree evaluates to, found out before.
pub(super) type Known = (NodeId, Result<Value, QueryError>);

/// Evaluates an expression of the tree. Those that are known already are not evaluated again.
pub(super) fn search(tree: &Tree, node: NodeId, known: &[Known], input: &Value) -> Result<Value, QueryError> {
    Evaluator { tree, known }.evaluate(node, &Item::Borrowed(input)).map(Item::into_value)
}

#[derive(Clone, Copy)]
pub(super) struct Evaluator<'a> {
    tree: &'a Tree,
    known: &'a [Known],
}

// Arms that do more than call are functions of their own: this one recurses, so its stack frame has to stay small.
impl<'a> Evaluator<'a> {
    pub(super) fn evaluate(self, node: NodeId, on: &Item<'a>) -> Result<Item<'a>, QueryError> {
        if let Some((_, known)) = self.known.iter().find(|(known, _)| *known == node) {
            return known.as_ref().map(Item::Borrowed).map_err(Clone::clone);
        }
        match self.tree.node(node) {
            Node::Current => Ok(on.clone()),
            Node::Field(name) => Ok(on.field(name)),
            Node::Index(position) => Ok(on.element(*position)),
            Node::Slice { start, end, step } => slice(on, *start, *end, *step),
            Node::Literal(value) => Ok(Item::Borrowed(value)),
            Node::Subexpression(links) | Node::IndexExpression(links) | Node::Pipe(links) => {
                self.chain(links, on)
            }
            Node::Or(operands) => self.until(operands, on, |operand| !operand.is_false()),
            Node::And(operands) => self.until(operands, on, Item::is_false),
            Node::Not(operand) => self.not(*operand, on),
            Node::Compare(comparison, left, right) => self.compare(*comparison, *left, *right, on),
            Node::Projection { base, each } => self.project(*base, *each, on),
            Node::ValueProjection { base, each } => self.project_values(*base, *each, on),
            Node::FilterProjection { base, condition, each } => self.filter(*base, *condition, *each, on),
            Node::Flatten(base) => self.flatten(*base, on),
            Node::MultiSelectList(elements) => self.multi_select_list(elements, on),
            Node::MultiSelectMap(entries) => self.multi_select_map(entries, on),
            Node::Function { name, arguments } => self.call(name, arguments, on),
            Node::Reference(expression) => Ok(Item::Reference(*expression)),
        }
    }

    fn chain(self, links: &'a [NodeId], on: &Item<'a>) -> Result<Item<'a>, QueryError> {
        let (first, rest) = links.split_first().expect("a chain has links");
        rest.iter().try_fold(self.evaluate(*first, on)?, |item, link| self.evaluate(*link, &item))
    }

    /// The first operand that decides the matter, or else the last.
    fn until(
        self,
        operands: &'a [NodeId],
        on: &Item<'a>,
        decides: impl Fn(&Item<'a>) -> bool,
    ) -> Result<Item<'a>, QueryError> {
        let (last, others) = operands.split_last().expect("an operator has operands");
        for operand in others {
            let item = self.evaluate(*operand, on)?;
            if decides(&item) {
                return Ok(item);
            }
        }
        self.evaluate(*last, on)
    }

    fn not(self, operand: NodeId, on: &Item<'a>) -> Result<Item<'a>, QueryError> {
        Ok(Item::scalar(self.evaluate(operand, on)?.is_false()))
    }

    fn compare(
        self,
        comparison: Comparison,
        left: NodeId,
        right: NodeId,
        on: &Item<'a>,
    ) -> Result<Item<'a>, QueryError> {
        let left = self.evaluate(left, on)?;
        let right = self.evaluate(right, on)?;
        let accepted: fn(Ordering) -> bool = match comparison {
            Comparison::Equal => return Ok(Item::scalar(left.equals(&right))),
            Comparison::NotEqual => return Ok(Item::scalar(!left.equals(&right))),
            Comparison::Less => Ordering::is_lt,
            Comparison::LessOrEqual => Ordering::is_le,
            Comparison::Greater => Ordering::is_gt,
            Comparison::GreaterOrEqual => Ordering::is_ge,
        };
        let comparable = |item: &Item<'a>| matches!(item.kind(), Kind::Number { .. } | Kind::String);
        if !comparable(&left) || !comparable(&right) {
            return Ok(Item::NULL);
        }
        if is_nan(&left) || is_nan(&right) {
            return Ok(Item::scalar(false));
        }
        Ok(Item::scalar(accepted(order(&left, &right, comparison.symbol())?)))
    }

    fn project(self, base: NodeId, each: NodeId, on: &Item<'a>) -> Result<Item<'a>, QueryError> {
        match self.evaluate(base, on)?.into_elements() {
            Some(elements) => self.collect(elements, each),
            None => Ok(Item::NULL),
        }
    }

    fn project_values(self, base: NodeId, each: NodeId, on: &Item<'a>) -> Result<Item<'a>, QueryError> {
        match self.evaluate(base, on)?.into_entries() {
            Some(entries) => self.collect(entries.into_iter().map(|(_, value)| value), each),
            None => Ok(Item::NULL),
        }
    }

    fn filter(
        self,
        base: NodeId,
        condition: NodeId,
        each: NodeId,
        on: &Item<'a>,
    ) -> Result<Item<'a>, QueryError> {
        let Some(elements) = self.evaluate(base, on)?.into_elements() else {
            return Ok(Item::NULL);
        };
        let mut accepted = Vec::new();
        for element in elements {
            if self.evaluate(condition, &element)?.is_false() {
                continue;
            }
            let item = self.evaluate(each, &element)?;
            if !item.is_null() {
                accepted.push(item);
            }
        }
        Ok(Item::List(accepted))
    }

    fn collect(
        self,
        elements: impl IntoIterator<Item = Item<'a>>,
        each: NodeId,
    ) -> Result<Item<'a>, QueryError> {
        let mut collected = Vec::new();
        for element in elements {
            let item = match self.tree.node(each) {
                Node::Current => element,
                _ => self.evaluate(each, &element)?,
            };
            if !item.is_null() {
                collected.push(item);
            }
        }
        Ok(Item::List(collected))
    }

    fn flatten(self, base: NodeId, on: &Item<'a>) -> Result<Item<'a>, QueryError> {
        let Some(elements) = self.evaluate(base, on)?.into_elements() else {
            return Ok(Item::NULL);
        };
        let mut flat = Vec::with_capacity(elements.len());
        for element in elements {
            match element.kind() {
                Kind::Array => flat.extend(element.into_elements().unwrap_or_default()),
                _ => flat.push(element),
            }
        }
        Ok(Item::List(flat))
    }

    fn multi_select_list(self, elements: &'a [NodeId], on: &Item<'a>) -> Result<Item<'a>, QueryError> {
        if on.is_null() {
            return Ok(Item::NULL);
        }
        elements.iter().map(|element| self.evaluate(*element, on)).collect::<Result<_, _>>().map(Item::List)
    }

    fn multi_select_map(
        self,
        entries: &'a [(String, NodeId)],
        on: &Item<'a>,
    ) -> Result<Item<'a>, QueryError> {
        if on.is_null() {
            return Ok(Item::NULL);
        }
        let mut selected: Vec<(&str, Item<'_>)> = Vec::with_capacity(entries.len());
        for (key, value) in entries {
            let value = self.evaluate(*value, on)?;
            match selected.iter_mut().find(|(seen, _)| seen == key) {
                Some((_, earlier)) => *earlier = value,
                None => selected.push((key, value)),
            }
        }
        Ok(Item::Map(selected))
    }

    fn call(self, name: &str, arguments: &'a [NodeId], on: &Item<'a>) -> Result<Item<'a>, QueryError> {
        let arguments =
            arguments.iter().map(|argument| self.evaluate(*argument, on)).collect::<Result<_, _>>()?;
        functions::call(self, name, arguments)
    }
}

/// Orders two numbers or two texts; for anything else, says that `operator` cannot.
pub(super) fn order(
    left: &Item<'_>,
    right: &Item<'_>,
    operator: &'static str,
) -> Result<Ordering, QueryError> {
    if let (Some(left), Some(right)) = (left.as_number(), right.as_number()) {
        return Ok(compare_numbers(left, right));
    }
    if let (Some(left), Some(right)) = (left.as_str(), right.as_str()) {
        return Ok(left.cmp(right));
    }
    Err(QueryError::Unordered {
        operator,
        left: left.kind().python_name(),
        right: right.kind().python_name(),
    })
}

fn is_nan(item: &Item<'_>) -> bool {
    item.as_number().is_some_and(|number| number.as_f64().is_nan())
}

fn slice<'a>(
    on: &Item<'a>,
    start: Option<i64>,
    end: Option<i64>,
    step: Option<i64>,
) -> Result<Item<'a>, QueryError> {
    let Some(length) = on.list_length() else {
        return Ok(Item::NULL);
    };
    let step = step.unwrap_or(1);
    if step == 0 {
        return Err(QueryError::ZeroStep);
    }
    let length = i64::try_from(length).expect("no list is that long");
    // Backwards, a slice runs from the last element to before the first.
    let (first, last) = if step > 0 { (0, length) } else { (-1, length - 1) };
    let bound = |given: Option<i64>, default: i64| match given {
        Some(position) if position < 0 => position.saturating_add(length).clamp(first, last),
        Some(position) => position.clamp(first, last),
        None => default,
    };
    let mut position = bound(start, if step > 0 { first } else { last });
    let end = bound(end, if step > 0 { last } else { first });
    let mut taken = Vec::new();
    while if step > 0 { position < end } else { position > end } {
        taken.push(on.element(position));
        position = position.saturating_add(step);
    }
    Ok(Item::List(taken))
}
