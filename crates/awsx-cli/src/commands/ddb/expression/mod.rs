//! Expressions as people write them, and DynamoDB's form of them: a placeholder for each name and each value, which
//! are told beside it.
//!
//! The grammar, its odd corners and the words of its mistakes are AWS CLI's, from the first token to the last underline.

mod lexer;
mod parser;

use super::item::Item;
use crate::error::{CommandError, CommandResult};

/// An expression in DynamoDB's form.
#[derive(Debug, Default)]
pub(super) struct Extracted {
    pub(super) expression: String,
    /// The attribute names by their placeholders.
    pub(super) names: Vec<(String, String)>,
    /// The values by their placeholders.
    pub(super) values: Vec<(String, Item)>,
}

/// Takes an expression apart; its placeholders are counted from `first`.
pub(super) fn extract(expression: &str, first: usize) -> CommandResult<Extracted> {
    let tokens = lexer::tokens(expression)?;
    parser::Parser::new(expression, tokens, first).parse()
}

fn empty() -> CommandError {
    CommandError::usage("Expressions must not be empty")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(expression: &str) -> String {
        let found = extract(expression, 0).unwrap();
        let names = found.names.iter().map(|(placeholder, name)| format!("{placeholder}={name}"));
        let values = found.values.iter().map(|(placeholder, value)| format!("{placeholder}={value:?}"));
        let all: Vec<String> = [found.expression].into_iter().chain(names).chain(values).collect();
        all.join(" | ")
    }

    fn mistake(expression: &str) -> String {
        extract(expression, 0).unwrap_err().message
    }

    #[test]
    fn names_and_values_become_placeholders() {
        assert_eq!(told("Year >= 2000"), "#n0 >= :n1 | #n0=Year | :n1=2000");
        assert_eq!(
            told("a.b[0].'c d' = \"x\" AND (NOT begins_with(e, \"y\") or f between 1 and 1.50)"),
            "#n0.#n1[0].#n2 = :n3 AND ( NOT begins_with(#n4, :n5) OR #n6 BETWEEN :n7 AND :n8 ) | #n0=a | #n1=b | #n2=c \
             d | #n4=e | #n6=f | :n3=\"x\" | :n5=\"y\" | :n7=1 | :n8=1.50"
        );
        assert_eq!(told("a, b.c, 'd'"), "#n0, #n1.#n2, #n3 | #n0=a | #n1=b | #n2=c | #n3=d");
        assert_eq!(
            told("a in (true, null, b\"aGk=\", [1, \"x\"], {\"k\": {1, 2}})"),
            "#n0 IN (:n1, :n2, :n3, :n4, :n5) | #n0=a | :n1=true | :n2=null | :n3=b\"hi\" | :n4=[1, \"x\"] | \
             :n5={\"k\": #{1, 2}}"
        );
    }

    #[test]
    fn mistakes_show_where_they_are() {
        assert_eq!(mistake(""), "Expressions must not be empty");
        assert_eq!(mistake(" ( "), "Expressions must not be empty");
        assert_eq!(mistake("a = &"), "Unrecognized character &\na = &\n    ^");
        assert_eq!(mistake("a = \"x"), "Unclosed \" delimiter\na = \"x\n    ^");
        assert_eq!(
            mistake("a = 1 b"),
            "Unexpected token `b` of type `unquoted_identifier`. Expected type: eof\na = 1 b\n      ^"
        );
        assert_eq!(
            mistake("a in 1"),
            "Unexpected token `1` of type `literal`. Expected type: lparen\na in 1\n     ^"
        );
        assert_eq!(
            mistake("a ="),
            "Unexpected token `` of type `eof`. Expected type: ['literal', 'lbracket', 'lbrace', 'identifier', \
             'unquoted_identiifer']\na =\n   ^"
        );
        assert_eq!(mistake("a."), "Unexpected token `None` of type `None`. Expected type: eof\na.\n  ^");
        assert_eq!(mistake("= 1"), "Unknown expression type starting at token `=`\n= 1\n^");
        assert_eq!(
            mistake("a[1.5]"),
            "Invalid token value: List indices must be whole numbers.\na[1.5]\n     ^\n"
        );
        assert_eq!(
            mistake("a = {1, \"b\"}"),
            "Invalid token value: Set values must all be of the same type. First type was `<class 'decimal.Decimal'>`, \
             but found value of type `<class 'str'>`\na = {1, \"b\"}\n        ^\n"
        );
        assert!(mistake(&"(".repeat(1000)).contains("nests"));
    }
}
