//! CloudSearch's options: the members of its structures stand by themselves.

use super::custom::{set_at, text_of};
use super::{Apply, Table};
use crate::words::{Check, Takes};
use crate::{Given, Parameters, ParamsError, python};

/// Takes structures apart.
pub(super) fn apply(table: &mut Table) {
    match table.word.as_str() {
        "define-expression" => {
            // Takes the place of the structure, whose name it has.
            let value = Apply::Into(&["Expression", "ExpressionValue"]);
            table.add_required("expression", "The expression", Check::Nothing, value);
            let value = Apply::Into(&["Expression", "ExpressionName"]);
            table.add_required("name", "The name of the expression", Check::Nothing, value);
        }
        "define-index-field" => index_field(table),
        _ => {}
    }
}

fn index_field(table: &mut Table) {
    table.arguments.shift_remove("index-field");
    let value = Apply::Into(&["IndexField", "IndexFieldName"]);
    table.add_required("name", "The name of the field", Check::Nothing, value);
    let about =
        "What the field holds: int, double, literal, text, date, latlon, or an array, such as int-array";
    table.add_required("type", about, Check::Nothing, Apply::Into(&["IndexField", "IndexFieldType"]));
    let options: [(&str, &'static str, Apply); 8] = [
        ("default-value", "What documents have that say nothing", Apply::Try(default_value)),
        (
            "facet-enabled",
            "Whether facets are counted: true or false",
            Apply::Try(|value, all| switch(all, "FacetEnabled", value)),
        ),
        (
            "search-enabled",
            "Whether the field is searched: true or false",
            Apply::Try(|value, all| switch(all, "SearchEnabled", value)),
        ),
        (
            "return-enabled",
            "Whether results hold the field: true or false",
            Apply::Try(|value, all| switch(all, "ReturnEnabled", value)),
        ),
        (
            "sort-enabled",
            "Whether results can be sorted by it: true or false",
            Apply::Try(|value, all| switch(all, "SortEnabled", value)),
        ),
        (
            "source-field",
            "Another field, whose values this one takes",
            Apply::Try(|value, all| set(all, "SourceField", value.clone())),
        ),
        (
            "highlight-enabled",
            "Whether matches are marked: true or false",
            Apply::Try(|value, all| switch(all, "HighlightEnabled", value)),
        ),
        (
            "analysis-scheme",
            "How texts are analysed",
            Apply::Try(|value, all| set(all, "AnalysisScheme", value.clone())),
        ),
    ];
    for (name, about, apply) in options {
        table.add(name, about, Takes::One, apply);
    }
}

/// Sets an option of the field, which the model keeps in a structure for each type.
fn set(parameters: &mut Parameters, option: &'static str, value: Given) -> Result<(), ParamsError> {
    let structure = format!("{}Options", type_of(parameters)?);
    set_at(parameters, &["IndexField", &structure, option], value);
    Ok(())
}

fn switch(parameters: &mut Parameters, option: &'static str, value: &Given) -> Result<(), ParamsError> {
    let on = !text_of(value).eq_ignore_ascii_case("false");
    set(parameters, option, on.into())
}

fn default_value(value: &Given, parameters: &mut Parameters) -> Result<(), ParamsError> {
    let text = text_of(value);
    let value = match type_of(parameters)?.as_str() {
        "Int" | "IntArray" => Given::Integer(python::int(&text)?),
        "Double" | "DoubleArray" => Given::Float(python::float(&text)?),
        _ => text.into(),
    };
    set(parameters, "DefaultValue", value)
}

/// The field's type as the model writes it: `int-array` is `IntArray`.
fn type_of(parameters: &Parameters) -> Result<String, ParamsError> {
    let Some(kind) = parameters.get("IndexField").and_then(|field| field.get("IndexFieldType")) else {
        return Err(ParamsError::Value("You must pass the --type option.".to_owned()));
    };
    let words = text_of(kind);
    let capital = |word: &str| {
        let mut letters = word.chars();
        let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
        first + &letters.as_str().to_lowercase()
    };
    let name: String = words.split('-').map(capital).collect();
    Ok(if name == "Latlon" { "LatLon".to_owned() } else { name })
}
