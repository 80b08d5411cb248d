//! Results that come page by page: asks for one after the other, cuts them where the caller's limit lies, and makes the
//! token with which another call goes on.
//!
//! [`Pages`] holds one page at a time, so a listing of any length needs the memory of its longest page.
//! [`Pages::into_result`] gathers them as AWS CLI prints them. `path` reads and writes members of an answer, `token` makes and
//! reads tokens, `gather` puts pages together.
//!
//! The rules are botocore's, odd ones too, because tokens and results are compared and stored by people's scripts.

mod gather;
mod path;
mod token;

use awsx_model::{Input, Kind, Operation, Paginator, ShapeId};
use awsx_output::{Map, QueryError, Value, python_repr};

use self::gather::gather;
use self::path::Path;
use self::token::{Start, TRUNCATE_AMOUNT};
use crate::{Ask, CallError};

/// How far to page.
#[derive(Debug, Clone, Default)]
pub struct Paging {
    /// How many items to take over all pages. What follows them can be asked for by the token.
    pub max_items: Option<i64>,
    /// How many items to ask for at once: a number, or a text where the service wants one.
    pub page_size: Option<Input>,
    /// Where another call stopped.
    pub starting_token: Option<String>,
}

/// Why there is no further page.
#[derive(Debug, thiserror::Error)]
pub enum PagesError {
    /// The call failed.
    #[error(transparent)]
    Call(#[from] CallError),
    /// The starting token is none of this operation's.
    #[error("Bad starting token: {0}")]
    StartingToken(String),
    /// A token sets what the operation does not take, in botocore's words.
    #[error("Parameter validation failed:\n{0}")]
    Input(String),
    /// The service does not get on.
    #[error("Error during pagination: The same next token was received twice: {0}")]
    SameToken(String),
    /// Nobody can say how long this operation's pages are.
    #[error(
        "Error during pagination: PageSize parameter is not supported for the pagination interface for this operation."
    )]
    PageSize,
    /// The model of the operation's pages does not fit its answers.
    #[error(transparent)]
    Model(#[from] QueryError),
}

/// The pages of one operation's results.
#[derive(Debug)]
pub struct Pages<'a, A> {
    source: &'a A,
    operation: &'static Operation,
    expressions: Expressions,
    /// What is asked next.
    input: Input,
    /// The token that led to the page which is asked next; nulls where there was none.
    token: Map,
    /// The token of the page before, to see whether the service gets on.
    previous: Option<Map>,
    max_items: Option<i64>,
    items: i64,
    /// How much of the first page a call before has had; set while no page was asked yet and a token was given.
    skip: Option<i64>,
    progress: Progress,
    resume_token: Option<String>,
    non_aggregate: Map,
}

/// A paginator, its expressions parsed.
#[derive(Debug)]
struct Expressions {
    paginator: &'static Paginator,
    output_tokens: Vec<Path>,
    more_results: Option<Path>,
    results: Vec<Path>,
    non_aggregate: Vec<Path>,
}

#[derive(Debug)]
enum Progress {
    First,
    Further,
    /// The page before was the last, but something was wrong with its token.
    Failed(PagesError),
    Done,
}

impl<'a, A: Ask> Pages<'a, A> {
    /// Pages of this operation's results. Nothing is asked yet.
    pub fn new(
        source: &'a A,
        operation: &'static Operation,
        paginator: &'static Paginator,
        input: Input,
        paging: Paging,
    ) -> Result<Self, PagesError> {
        let mut pages = Self {
            source,
            operation,
            expressions: Expressions::parse(paginator)?,
            input,
            token: paginator.input_tokens.iter().map(|name| (*name, Value::Null)).collect(),
            previous: None,
            max_items: paging.max_items,
            items: 0,
            skip: None,
            progress: Progress::First,
            resume_token: None,
            non_aggregate: Map::new(),
        };
        if let Some(given) = paging.starting_token {
            let Start { token, skip } = token::read(&given, &paginator.input_tokens)?;
            pages.send(&token)?;
            pages.token = token;
            pages.skip = Some(skip);
        }
        if let Some(size) = paging.page_size {
            let name = paginator.limit_key.ok_or(PagesError::PageSize)?;
            let size = match (size, pages.member(name).map(|shape| &pages.source.service().shape(shape).kind))
            {
                (Input::Integer(number), Some(Kind::String { .. })) => Input::Text(number.to_string()),
                (size, _) => size,
            };
            pages.set(name, Some(size));
        }
        Ok(pages)
    }

    /// The next page, cut where the limit lies; none after the last one.
    pub async fn next(&mut self) -> Result<Option<Value>, PagesError> {
        let is_first = match std::mem::replace(&mut self.progress, Progress::Done) {
            Progress::First => true,
            Progress::Further => false,
            Progress::Failed(error) => return Err(error),
            Progress::Done => return Ok(None),
        };
        let mut page = self.source.ask(self.operation, self.input.clone()).await?.value;
        let skip = self.skip.take();
        if is_first {
            if let Some(skip) = skip {
                self.drop_what_was_had(&mut page, skip)?;
            }
            self.non_aggregate = self.expressions.non_aggregate_of(&page)?;
        }

        let items = match self.expressions.results.first() {
            Some(primary) => path::length(&*primary.find(&page)?),
            None => 0,
        };
        let excess = self.max_items.map_or(0, |max| self.items.saturating_add(items).saturating_sub(max));
        if excess > 0 {
            self.truncate(&mut page, items.saturating_sub(excess), skip.unwrap_or(0))?;
            return Ok(Some(page));
        }
        self.items = self.items.saturating_add(items);
        self.go_on(self.expressions.next_token(&page)?);
        Ok(Some(page))
    }

    /// The token with which another call goes on, once the limit was reached.
    pub fn resume_token(&self) -> Option<&str> {
        self.resume_token.as_deref()
    }

    /// What of a page its results are, with what is told once for all pages (nulls where the service told nothing). This
    /// is what AWS CLI prints of each page as text.
    pub fn results_of(&self, page: &Value, with_non_aggregate: bool) -> Result<Value, PagesError> {
        let mut results = if with_non_aggregate { self.non_aggregate.clone() } else { Map::new() };
        for path in &self.expressions.results {
            path.set(&mut results, path.find(page)?.into_owned());
        }
        Ok(Value::Map(results))
    }

    /// All that is left, as one result: items put together, then what is told once, then `NextToken` if the limit was
    /// reached.
    pub async fn into_result(self) -> Result<Value, PagesError> {
        self.gathered(|_| Ok(())).await
    }

    /// The same for listings that are long: `keep` takes the items as they come, with the name of their list. The list
    /// stays empty in the result. Items deeper in the result stay there.
    pub async fn into_result_without_items<E: From<PagesError>>(
        self,
        mut keep: impl FnMut(&str, Vec<Value>) -> Result<(), E>,
    ) -> Result<Value, E> {
        let names = self.expressions.results_of_their_own();
        self.gathered(|result| {
            for name in &names {
                if let Some(Value::List(items)) = result.get_mut(name) {
                    keep(name, std::mem::take(items))?;
                }
            }
            Ok(())
        })
        .await
    }

    /// `after_page` sees the result as it is after each page.
    async fn gathered<E: From<PagesError>>(
        mut self,
        mut after_page: impl FnMut(&mut Map) -> Result<(), E>,
    ) -> Result<Value, E> {
        let mut result = Map::new();
        while let Some(page) = self.next().await? {
            if let Value::Map(mut page) = page {
                gather(&mut result, &mut page, &self.expressions.results).map_err(PagesError::from)?;
                after_page(&mut result)?;
            }
        }
        gather::merge(&mut result, self.non_aggregate);
        if let Some(token) = self.resume_token {
            result.insert("NextToken", token);
        }
        Ok(Value::Map(result))
    }

    /// Takes the items off the first page that a call before has had already.
    fn drop_what_was_had(&self, page: &mut Value, skip: i64) -> Result<(), PagesError> {
        for (at, path) in self.expressions.results.iter().enumerate() {
            let found = path.find(page)?;
            let kept = if at == 0 { path::without_start(&found, skip) } else { path::emptied(&found) };
            if let Value::Map(page) = page {
                path.set(page, kept);
            }
        }
        Ok(())
    }

    /// Cuts a page and remembers where.
    fn truncate(&mut self, page: &mut Value, keep: i64, skip: i64) -> Result<(), PagesError> {
        if let (Some(primary), Value::Map(page)) = (self.expressions.results.first(), &mut *page) {
            let found = path::cut(primary.find_in(page)?, keep);
            primary.set(page, found);
        }
        self.token.insert(TRUNCATE_AMOUNT, keep.saturating_add(skip));
        self.resume_token = Some(self.sealed(&self.token)?);
        Ok(())
    }

    /// Decides what follows a page that was taken whole.
    fn go_on(&mut self, next: Map) {
        self.progress = if next.values().all(|token| *token == Value::Null) {
            Progress::Done
        } else if self.max_items == Some(self.items) {
            match self.sealed(&next) {
                Ok(token) => {
                    self.resume_token = Some(token);
                    Progress::Done
                }
                Err(error) => Progress::Failed(error),
            }
        } else if self.previous.as_ref() == Some(&next) {
            Progress::Failed(PagesError::SameToken(python_repr(&Value::Map(next.clone()))))
        } else {
            match self.send(&next) {
                Ok(()) => Progress::Further,
                Err(error) => Progress::Failed(error),
            }
        };
        self.previous = Some(next.clone());
        self.token = next;
    }

    /// A token as people see it. One that this operation could not be given again is refused.
    fn sealed(&self, token: &Map) -> Result<String, PagesError> {
        let known = &self.expressions.paginator.input_tokens;
        let names: Vec<_> = token.keys().filter(|name| *name != TRUNCATE_AMOUNT).collect();
        if names.len() == known.len() && names.iter().all(|name| known.contains(&name.as_str())) {
            Ok(token::write(token))
        } else {
            Err(PagesError::StartingToken(python_repr(&Value::Map(token.clone()))))
        }
    }

    /// Puts a token into the input.
    fn send(&mut self, token: &Map) -> Result<(), PagesError> {
        for (name, value) in token {
            if *value == Value::Null || value.as_str() == Some("None") {
                self.set(name, None);
                continue;
            }
            let service = self.source.service();
            let shape = self.member(name).ok_or_else(|| self.unknown_parameter(name))?;
            let input = token::to_input(value, service, shape)
                .ok_or_else(|| PagesError::Input(token::misfit(name, value, &service.shape(shape).kind)))?;
            self.set(name, Some(input));
        }
        Ok(())
    }

    fn set(&mut self, name: &str, value: Option<Input>) {
        if let Input::Map(members) = &mut self.input {
            match value {
                Some(value) => members.insert(name.to_owned(), value),
                None => members.shift_remove(name),
            };
        }
    }

    fn member(&self, name: &str) -> Option<ShapeId> {
        self.source.service().input(self.operation)?.member(name).map(|member| member.shape)
    }

    fn unknown_parameter(&self, name: &str) -> PagesError {
        let members = self.source.service().input(self.operation).map_or(&[][..], |input| &input.members);
        let known: Vec<_> = members.iter().map(|member| member.name).collect();
        let known = known.join(", ");
        PagesError::Input(format!("Unknown parameter in input: \"{name}\", must be one of: {known}"))
    }
}

impl Expressions {
    fn parse(paginator: &'static Paginator) -> Result<Self, QueryError> {
        let all = |expressions: &[&'static str]| {
            expressions.iter().map(|text| Path::parse(text)).collect::<Result<Vec<_>, _>>()
        };
        Ok(Self {
            paginator,
            output_tokens: all(&paginator.output_tokens)?,
            more_results: paginator.more_results.map(Path::parse).transpose()?,
            results: all(&paginator.result_keys)?,
            non_aggregate: all(&paginator.non_aggregate_keys)?,
        })
    }

    fn non_aggregate_of(&self, page: &Value) -> Result<Map, QueryError> {
        let mut found = Map::new();
        for path in &self.non_aggregate {
            path.set(&mut found, path.find(page)?.into_owned());
        }
        Ok(found)
    }

    /// The results at the top of an answer that nothing else is put into.
    fn results_of_their_own(&self) -> Vec<&'static str> {
        let first_names: Vec<_> =
            self.results.iter().chain(&self.non_aggregate).map(Path::first_name).collect();
        let is_own = |name: &&str| first_names.iter().filter(|first| **first == *name).count() == 1;
        self.results.iter().filter_map(Path::only_name).filter(is_own).collect()
    }

    /// The tokens of the next page by the members of the input that take them; none if the service says there is no next
    /// page.
    fn next_token(&self, page: &Value) -> Result<Map, QueryError> {
        let mut tokens = Map::new();
        if let Some(more) = &self.more_results
            && !path::is_truthy(&*more.find(page)?)
        {
            return Ok(tokens);
        }
        for (name, path) in self.paginator.input_tokens.iter().zip(&self.output_tokens) {
            let found = path.find(page)?;
            let token = if path::is_truthy(&found) { found.into_owned() } else { Value::Null };
            tokens.insert(*name, token);
        }
        Ok(tokens)
    }
}
