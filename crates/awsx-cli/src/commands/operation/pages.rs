//! Results that come page by page, shown as AWS CLI shows them: as they come in the formats that can, else in one piece.

use awsx_api::Client;
use awsx_api::pages::{Pages, PagesError, Paging};
use awsx_model::{Input, Operation, Paginator};
use awsx_output::{Format, Value};
use awsx_params::{Given, Limits};

use crate::context::Context;
use crate::error::{CommandError, CommandResult};
use crate::output::Output;

/// Asks for all pages and shows them.
pub(super) async fn show(
    context: &Context,
    client: &Client,
    operation: &'static Operation,
    paginator: &'static Paginator,
    input: Input,
    limits: &Limits,
    output: Output,
) -> CommandResult {
    let pages = Pages::new(client, operation, paginator, input, paging(limits))?;
    let (mut out, format) = output.begin(context, operation.name)?;
    match format {
        Format::Text => text(pages, &mut out).await?,
        format if format.per_page() => raw(pages, &mut out).await?,
        Format::Off => consume(pages).await?,
        _ if out.keeps_items() => {
            let rest =
                pages.into_result_without_items(|list, items| Ok::<_, CommandError>(out.keep(list, items)?));
            let rest = rest.await?;
            out.page(&rest)?;
        }
        _ => out.page(&pages.into_result().await?)?,
    }
    Ok(out.finish()?)
}

type Out = crate::output::Pages;

/// Of each page its results, with the first what is told once; in the end where to go on.
async fn text(mut pages: Pages<'_, Client>, out: &mut Out) -> CommandResult {
    let mut is_first = true;
    while let Some(page) = pages.next().await? {
        out.page(&pages.results_of(&page, is_first)?)?;
        is_first = false;
    }
    if let Some(token) = pages.resume_token() {
        let token = Value::map([("NextToken", Value::from(token))]);
        out.page(&Value::map([("NextToken", token)]))?;
    }
    Ok(())
}

/// Pages as they come.
async fn raw(mut pages: Pages<'_, Client>, out: &mut Out) -> CommandResult {
    while let Some(page) = pages.next().await? {
        out.page(&page)?;
    }
    Ok(())
}

async fn consume(mut pages: Pages<'_, Client>) -> Result<(), PagesError> {
    while pages.next().await?.is_some() {}
    Ok(())
}

fn paging(limits: &Limits) -> Paging {
    Paging {
        max_items: limits.max_items,
        page_size: limits.page_size.as_ref().map(|size| match size {
            Given::Integer(number) => Input::Integer(i64::try_from(*number).unwrap_or(i64::MAX)),
            other => Input::Text(awsx_output::python_str(&other.as_value())),
        }),
        starting_token: limits.starting_token.clone(),
    }
}
