//! JMESPath as AWS CLI's `--query` has it: the language of the specification, Python's numbers and error texts, keys
//! in order, and text in backticks that is no JSON taken as a string.
//!
//! Text becomes tokens (`lexer`), tokens a tree (`parser`, `ast`), and the tree is walked over a value (`eval`,
//! `functions`). Whatever is selected stays borrowed from the input until the end, so a query over a large result
//! copies only what it returns.

mod ast;
mod error;
mod eval;
mod functions;
mod item;
mod lexer;
mod literal;
mod parser;
mod parts;

pub use error::QueryError;
pub(crate) use parts::{Part, Wanted};

use crate::value::{NESTING_LIMIT, Value};
use ast::Tree;

/// A parsed JMESPath expression.
#[derive(Clone, Debug)]
pub struct Query {
    tree: Tree,
}

impl Query {
    /// Parses an expression; the error's text is what AWS CLI prints after `Bad value for --query …: `.
    pub fn parse(expression: &str) -> Result<Self, QueryError> {
        Ok(Self { tree: parser::parse(expression)? })
    }

    /// Selects from `input` what the expression describes.
    pub fn search(&self, input: &Value) -> Result<Value, QueryError> {
        if input.nests_deeper_than(NESTING_LIMIT) {
            return Err(QueryError::DataTooDeep);
        }
        eval::search(&self.tree, self.tree.root(), &[], input)
    }

    /// The parts that can be answered while pieces of a list still come, if they are all that is wanted of it.
    pub(crate) fn parts_over(&self, list: &str) -> Option<Vec<Part>> {
        parts::over(&self.tree, list)
    }

    /// Whether a part is all there is.
    pub(crate) fn is_all(&self, part: Part) -> bool {
        part.node == self.tree.root() && part.wanted == Wanted::All
    }

    /// Answers a part from an input that has a piece of the list.
    pub(crate) fn search_part(&self, part: Part, input: &Value) -> Result<Value, QueryError> {
        eval::search(&self.tree, part.list, &[], input)
    }

    /// Selects from an input that lacks a list whose parts are answered already.
    pub(crate) fn search_rest(
        &self,
        answers: Vec<(Part, Result<Value, QueryError>)>,
        input: &Value,
    ) -> Result<Value, QueryError> {
        let known: Vec<_> = answers.into_iter().map(|(part, answer)| (part.node, answer)).collect();
        eval::search(&self.tree, self.tree.root(), &known, input)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::compact_json;

    fn json(text: &str) -> Value {
        literal::parse_json(text).unwrap()
    }

    fn search(expression: &str, input: &str) -> String {
        match Query::parse(expression).unwrap().search(&json(input)) {
            Ok(value) => compact_json(&value),
            Err(error) => error.to_string(),
        }
    }

    fn parse_error(expression: &str) -> String {
        Query::parse(expression).unwrap_err().to_string()
    }

    #[test]
    fn parse_errors_read_as_in_python() {
        assert_eq!(parse_error(""), "Invalid JMESPath expression: cannot be empty.");
        assert_eq!(
            parse_error("Users["),
            "Invalid jmespath expression: Incomplete expression:\n\"Users[\"\n       ^"
        );
        assert_eq!(
            parse_error("a.[b)"),
            "Expecting: comma, got: rparen: Parse error at column 4, token \")\" (RPAREN), for expression:\n\"a.[b)\"\n     ^"
        );
        assert_eq!(
            parse_error("a b"),
            "Unexpected token: b: Parse error at column 2, token \"b\" (UNQUOTED_IDENTIFIER), for expression:\n\"a b\"\n   ^"
        );
        assert_eq!(parse_error("é.1"), "Bad jmespath expression: Unknown token é:\né.1\n^");
        assert_eq!(
            parse_error("a.1"),
            "Expecting: ['quoted_identifier', 'unquoted_identifier', 'lbracket', 'lbrace'], got: number: \
             Parse error at column 2, token \"1\" (NUMBER), for expression:\n\"a.1\"\n   ^"
        );
        assert_eq!(parse_error("a == 'b"), "Bad jmespath expression: Unclosed ' delimiter:\na == 'b\n     ^");
        assert_eq!(parse_error(r#""\x""#), "Bad jmespath expression: Invalid \\escape:\n\"\\x\"\n^");
        assert_eq!(parse_error("`{\"a`"), "Bad jmespath expression: Bad token {\"a:\n`{\"a`\n^");
    }

    #[test]
    fn function_errors_read_as_in_python() {
        let cases = [
            (
                "length(`1`)",
                "In function length(), invalid type for value: 1, \
                 expected one of: ['string', 'array', 'object'], received: \"number\"",
            ),
            (
                "sum(['a'])",
                "In function sum(), invalid type for value: a, expected one of: ['array-number'], received: \"str\"",
            ),
            (
                "sort([`1`, [`null`]])",
                "In function sort(), invalid type for value: [None], \
                 expected one of: ['array-string', 'array-number'], received: \"list\"",
            ),
            ("nope(@)", "Unknown function: nope()"),
            ("length()", "Expected 1 argument for function length(), received 0"),
            ("join(@)", "Expected 2 arguments for function join(), received 1"),
            ("merge()", "Expected at least 1 argument for function merge(), received 0"),
            ("'a' < `1`", "'<' not supported between instances of 'str' and 'int'"),
            ("contains('a', `1.0`)", "'in <string>' requires string as left operand, not float"),
            ("@[::0]", "slice step cannot be zero"),
            ("ceil(`Infinity`)", "cannot convert float infinity to integer"),
        ];
        for (expression, expected) in cases {
            assert_eq!(search(expression, "[]"), expected, "{expression}");
        }
    }

    #[test]
    fn text_in_backticks_that_is_no_json_is_a_string() {
        let users = r#"[{"n":"r1"},{"n":"r2"}]"#;
        assert_eq!(search("[?n==`r1`]", users), r#"[{"n":"r1"}]"#);
        assert_eq!(search("[` a b`, `\"q\"`, `01`, `1`, ``]", "{}"), r#"["a b","q","01",1,""]"#);
    }

    #[test]
    fn whole_numbers_stay_whole() {
        assert_eq!(search("[sum(@), abs(@[0]), avg(@), max(@)]", "[-3,1,2]"), "[0,3,0.0,2]");
        assert_eq!(search("[sum(@), ceil(@[0]), floor(@[0])]", "[1.5,2]"), "[3.5,2,1]");
        assert_eq!(search("[sum(@), avg(@)]", "[]"), "[0,null]");
        assert_eq!(search("sum(@)", "[9223372036854775807,1]"), "9223372036854775808");
        assert_eq!(
            search("map(&to_number(@), @)", r#"["12"," 1_0.5 ","x","1__0",true]"#),
            "[12,10.5,null,null,null]"
        );
    }

    #[test]
    fn keys_keep_the_order_they_are_asked_for_in() {
        assert_eq!(search("{z: a, a: b, z: b}", r#"{"a":1,"b":2}"#), r#"{"z":2,"a":2}"#);
        assert_eq!(search("merge(@, {b: `3`, d: `4`})", r#"{"b":1,"a":2}"#), r#"{"b":3,"a":2,"d":4}"#);
        assert_eq!(search("keys(@)", r#"{"b":1,"a":2}"#), r#"["b","a"]"#);
    }

    #[test]
    fn truths_are_no_numbers_except_inside_containers() {
        assert_eq!(
            search("[@[0] == @[1], [@[0]] == [@[1]], contains(@, `1.0`)]", "[1,true]"),
            "[false,true,true]"
        );
    }

    #[test]
    fn the_first_of_equals_is_the_outermost_and_sorting_is_stable() {
        let items = r#"[{"k":2,"i":0},{"k":1,"i":1},{"k":2.0,"i":2},{"k":1,"i":3}]"#;
        assert_eq!(search("[max_by(@, &k).i, min_by(@, &k).i]", items), "[0,1]");
        assert_eq!(search("sort_by(@, &k)[].i", items), "[1,3,0,2]");
        assert_eq!(search("sort(@)", "[2,NaN,1,NaN,0]"), "[0,1,2,NaN,NaN]");
    }

    #[test]
    fn a_slice_after_an_index_does_not_project() {
        let nested = r#"[[{"a":1},{"a":2}]]"#;
        assert_eq!(search("[0][:1]", nested), r#"[{"a":1}]"#);
        assert_eq!(search("[0][:1].a", nested), "null");
        assert_eq!(search("[0] | [:1].a", nested), "[1]");
    }

    #[test]
    fn commas_may_be_missing_where_python_does_not_mind() {
        assert_eq!(search("{a: `1` b: contains('ab' 'b',)}", "{}"), r#"{"a":1,"b":true}"#);
    }

    #[test]
    fn expressions_too_deep_are_an_error() {
        let depth = 100_000;
        let too_deep = [
            "(".repeat(depth),
            "!".repeat(depth) + "a",
            "[".repeat(depth),
            "a".to_owned() + &"[]".repeat(depth),
            "a".to_owned() + &"==a".repeat(depth),
            "a".to_owned() + &"[?a".repeat(depth),
            "a".to_owned() + &"[*]".repeat(depth),
            "length(".repeat(depth),
            format!("`{}`", "[".repeat(depth)),
        ];
        for expression in too_deep {
            let error = Query::parse(&expression).unwrap_err();
            assert_eq!(error, QueryError::ExpressionTooDeep, "{}", &expression[..9]);
        }
    }

    #[test]
    fn expressions_as_deep_as_allowed_are_evaluated() {
        let depth = ast::NESTING_LIMIT - 2;
        let nested = format!("{}@{}", "to_array(".repeat(depth), ")".repeat(depth));
        assert_eq!(search(&nested, "1"), "[1]");
        let deep_input = "[".repeat(NESTING_LIMIT) + &"]".repeat(NESTING_LIMIT);
        assert_eq!(
            search(&format!("to_string({}@{})", "[".repeat(100), "]".repeat(100)), &deep_input).len(),
            2 * 356 + 2
        );
    }

    #[test]
    fn long_rows_are_not_deep() {
        let any = (0..5_000).map(|number| format!("@ == `{number}`")).collect::<Vec<_>>().join(" || ");
        assert_eq!(search(&any, "4999"), "true");
        assert_eq!(search(&vec!["a"; 5_000].join("."), "{}"), "null");
        assert_eq!(search(&vec!["@"; 5_000].join(" | "), "1"), "1");
    }

    #[test]
    fn data_too_deep_is_an_error() {
        let deep = (0..=NESTING_LIMIT).fold(Value::Null, |inner, _| Value::List(vec![inner]));
        assert_eq!(Query::parse("@").unwrap().search(&deep), Err(QueryError::DataTooDeep));
    }
}
