//! Paginators: how an operation's results are read page by page.

use crate::Text;

/// How an operation's results are read page by page. Members and expressions are as the model has them; those of the
/// output are JMESPath.
#[derive(Debug, Clone)]
pub struct Paginator {
    /// Members of the input that take the tokens of the page before.
    pub input_tokens: Vec<Text>,
    /// Where the output holds the tokens of the next page.
    pub output_tokens: Vec<Text>,
    /// Whether there are more pages, if the output says so apart from its tokens.
    pub more_results: Option<Text>,
    /// The member of the input that limits a page.
    pub limit_key: Option<Text>,
    /// What is gathered over all pages. The first is what `--max-items` counts.
    pub result_keys: Vec<Text>,
    /// What is taken from the first page.
    pub non_aggregate_keys: Vec<Text>,
}
