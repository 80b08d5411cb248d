//! Names that an operation lists, for completion: what to ask, and asking it.

use awsx_api::pages::{Pages, Paging};
use awsx_model::{Input, Kind, Member, Number, Operation, Service};
use awsx_output::{Query, Value};
use awsx_params::{Given, Parameters};

use super::client::Plan;
use crate::cli::GlobalArgs;
use crate::context::Context;
use crate::error::CommandResult;

/// A question that a listing answers.
pub(crate) struct Question {
    /// The global options of the command line: they tell whom to ask, and as whom.
    pub(crate) globals: GlobalArgs,
    /// Who is asked.
    pub(crate) service: &'static Service,
    /// What is asked.
    operation: &'static Operation,
    /// What the operation is told.
    pub(crate) parameters: Parameters,
    /// Where its output holds names, as JMESPath expressions.
    values: Vec<String>,
    /// What stands before and behind each name in a word.
    pub(crate) around: (String, String),
    /// Whether the end of an ARN or URL names the thing too.
    pub(crate) shortened: bool,
}

/// So many names can be looked through.
const MOST_NAMES: i64 = 1000;

impl Question {
    /// The question without parameters; none if the user's own model of the service has no such operation.
    pub(crate) fn of(
        globals: GlobalArgs,
        service: &'static Service,
        operation: &str,
        values: &[&str],
    ) -> Option<Self> {
        Some(Self {
            globals,
            service,
            operation: service.operation(operation)?,
            parameters: Parameters::new(),
            values: values.iter().map(ToString::to_string).collect(),
            around: (String::new(), String::new()),
            shortened: false,
        })
    }

    /// The question that finds the values of a parameter. `value` gives what the command line has for a member.
    pub(super) fn about(
        globals: GlobalArgs,
        service: &'static Service,
        operation: &'static Operation,
        member: &Member,
        value: impl Fn(&str) -> Option<String>,
    ) -> Option<Self> {
        let listing = awsx_params::listing_of(service, operation, member, |name| value(name).is_some())?;
        let mut question = Self::of(globals, listing.service, listing.operation.name, &[&listing.values])?;
        question.shortened = listing.shortened;
        for member in listing.given {
            let given = value(member.name).expect("a member that is given has a value");
            question.parameters.insert(member.name.to_owned(), Given::Text(given));
        }
        for (member, text) in listing.fixed {
            let list = Given::List(vec![Given::Text(text.to_owned())]);
            question.parameters.insert(member.name.to_owned(), list);
        }
        Some(question)
    }

    /// All of the question but the globals, as a text.
    pub(crate) fn describe(&self) -> String {
        let Self { service, operation, parameters, values, around, .. } = self;
        format!("{} {} {parameters:?} {values:?} {around:?}", service.name, operation.name)
    }

    /// The number of names that a page may have at most, where the operation can be told.
    fn page_size(&self) -> Option<Input> {
        let limit = self.operation.paginator.as_ref()?.limit_key?;
        let Kind::Structure(input) = &self.service.shape(self.operation.input?.shape).kind else {
            return None;
        };
        let shape = self.service.shape(input.members.iter().find(|member| member.name == limit)?.shape);
        match shape.range.max {
            Some(Number::Integer(most)) => Some(Input::Integer(most.min(MOST_NAMES))),
            _ => None,
        }
    }
}

/// Asks.
pub(crate) async fn fetch_names(context: &Context, question: &Question) -> CommandResult<Vec<String>> {
    let Question { service, operation, .. } = question;
    let client = Plan::of(context, service)?.client(context, service, operation).await?;
    let shape = operation.input.map(|input| input.shape);
    let input = awsx_params::input(service, shape, &question.parameters);
    let answer: Value = match &operation.paginator {
        Some(paginator) => {
            let paging =
                Paging { max_items: Some(MOST_NAMES), page_size: question.page_size(), starting_token: None };
            Pages::new(&client, operation, paginator, input, paging)?.into_result().await?
        }
        None => client.call(operation, input).await?.value,
    };
    let mut names = Vec::new();
    for values in &question.values {
        let found = Query::parse(values).and_then(|query| query.search(&answer));
        texts(&found.unwrap_or_default(), &mut names);
    }
    let (before, behind) = &question.around;
    Ok(names.into_iter().map(|name| format!("{before}{name}{behind}")).collect())
}

/// The texts in what a query found, each once.
fn texts(found: &Value, names: &mut Vec<String>) {
    match found {
        Value::String(text) if !names.contains(text) => names.push(text.clone()),
        Value::List(elements) => elements.iter().for_each(|element| texts(element, names)),
        _ => {}
    }
}
