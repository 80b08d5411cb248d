//! The items of a long listing, kept until its result is whole: as they are, or what a query wants of them.

use crate::key::Key;
use crate::query::{Part, Query, QueryError, Wanted};
use crate::shelf::Shelf;
use crate::value::Value;

use super::OutputError;
use super::document::Document;

/// Lists at the top of a result, whose items came before it.
#[derive(Debug, Default)]
pub(super) struct Kept {
    lists: Vec<(Key, Items)>,
}

#[derive(Debug)]
enum Items {
    Whole(Box<Shelf>),
    /// What all parts of the query that look at this list have found so far.
    Parts(Vec<Found>),
}

#[derive(Debug)]
struct Found {
    part: Part,
    elements: Box<Shelf>,
    count: usize,
    /// Told when the result is whole, since that is when it would come up.
    failure: Option<QueryError>,
}

/// What a query gives.
pub(super) enum Answer {
    Value(Value),
    List(Box<Shelf>),
}

impl Answer {
    pub(super) fn document(&self) -> Document<'_> {
        match self {
            Self::Value(value) => Document::of(value),
            Self::List(packed) => Document::list(packed),
        }
    }
}

impl Kept {
    pub(super) fn add(
        &mut self,
        query: Option<&Query>,
        list: &str,
        items: Vec<Value>,
    ) -> Result<(), OutputError> {
        let at = self.lists.iter().position(|(known, _)| known == list).unwrap_or_else(|| {
            self.lists.push((list.into(), Items::of(query, list)));
            self.lists.len() - 1
        });
        match (&mut self.lists[at].1, query) {
            (Items::Parts(parts), Some(query)) => {
                let page = Value::map([(list, Value::List(items))]);
                parts.iter_mut().try_for_each(|found| found.add(query, &page))
            }
            (Items::Whole(packed), _) => Ok(items.iter().try_for_each(|item| packed.push(item))?),
            (Items::Parts(_), None) => Ok(()),
        }
    }

    /// The result with its lists, where there is no query.
    pub(super) fn document<'a>(&'a self, result: &'a Value) -> Document<'a> {
        Document::with_shelves(result, |key| {
            let (_, items) = self.lists.iter().find(|(known, _)| known == key)?;
            match items {
                Items::Whole(packed) => Some(packed),
                Items::Parts(_) => None,
            }
        })
    }

    /// What the query gives of the result and its lists.
    pub(super) fn answer(&mut self, query: &Query, result: &Value) -> Result<Answer, OutputError> {
        let mut answers = Vec::new();
        let mut whole = None;
        for (list, items) in std::mem::take(&mut self.lists) {
            match items {
                Items::Whole(packed) => {
                    if let Value::Map(map) = whole.get_or_insert_with(|| result.clone()) {
                        map.insert(list, packed.unpack()?);
                    }
                }
                Items::Parts(parts) => {
                    for found in parts {
                        if query.is_all(found.part) {
                            return found
                                .failure
                                .map_or(Ok(Answer::List(found.elements)), |error| Err(error.into()));
                        }
                        answers.push((found.part, found.answer()?));
                    }
                }
            }
        }
        Ok(Answer::Value(query.search_rest(answers, whole.as_ref().unwrap_or(result))?))
    }
}

impl Items {
    fn of(query: Option<&Query>, list: &str) -> Self {
        match query.and_then(|query| query.parts_over(list)) {
            Some(parts) => Self::Parts(parts.into_iter().map(Found::nothing).collect()),
            None => Self::Whole(Box::default()),
        }
    }
}

impl Found {
    fn nothing(part: Part) -> Self {
        Self { part, elements: Box::default(), count: 0, failure: None }
    }

    fn add(&mut self, query: &Query, page: &Value) -> Result<(), OutputError> {
        if self.failure.is_some() {
            return Ok(());
        }
        match query.search_part(self.part, page) {
            Ok(found) => {
                let elements = found.as_list().unwrap_or_default();
                self.count += elements.len();
                let room = self.part.wanted.most().saturating_sub(self.elements.len());
                elements.iter().take(room).try_for_each(|element| self.elements.push(element))?;
            }
            Err(error) => self.failure = Some(error),
        }
        Ok(())
    }

    fn answer(self) -> Result<Result<Value, QueryError>, OutputError> {
        Ok(match self.failure {
            Some(error) => Err(error),
            None if self.part.wanted == Wanted::Length => {
                Ok(i128::try_from(self.count).expect("counts are small").into())
            }
            None => Ok(self.elements.unpack()?.into()),
        })
    }
}
