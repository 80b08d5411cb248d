//! The words of a command line, parsed as Python's `argparse` parses them.
//!
//! Options may be shortened while they are unambiguous, stand anywhere, and be joined to their value by `=`. Words
//! nobody knows are kept, since AWS CLI parses in layers: each takes what it knows.

use crate::{ParamsError, closest, python};

/// An option.
#[derive(Clone, Debug)]
pub struct OptionSpec {
    /// With its dashes.
    pub name: String,
    /// How many values follow it.
    pub takes: Takes,
    /// What a value must be to be taken at all.
    pub check: Check,
    /// Whether the words are refused without it.
    pub required: bool,
    /// Whether it may be shortened. One of ours may not, where that would take the meaning from a shorter one that only
    /// a later layer of words knows.
    pub shortens: bool,
}

/// How many values an option takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// None.
    Nothing,
    /// Exactly one.
    One,
    /// One or none.
    Optional,
    /// Any number.
    Any,
    /// At least one.
    Several,
}

/// What a value must be to be taken at all.
#[derive(Clone, Debug, PartialEq)]
pub enum Check {
    /// Anything.
    Nothing,
    /// A whole number.
    Int,
    /// A number.
    Float,
    /// One of these words.
    Choice(Vec<String>),
}

/// A word that is no option.
#[derive(Clone, Debug)]
pub struct PositionalSpec {
    /// Its name in messages.
    pub name: String,
    /// Whether the words are refused without it.
    pub required: bool,
}

/// What words may be there.
#[derive(Clone, Debug, Default)]
pub struct Grammar {
    /// The options.
    pub options: Vec<OptionSpec>,
    /// The other words, in order.
    pub positionals: Vec<PositionalSpec>,
}

/// What was found among the words.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// Options with their values, in the order given: the position in [`Grammar::options`].
    pub options: Vec<(usize, Vec<String>)>,
    /// The other words, by their position in [`Grammar::positionals`].
    pub positionals: Vec<Option<String>>,
    /// What nobody knows.
    pub unknown: Vec<String>,
}

impl OptionSpec {
    fn begins_with(&self, word: &str) -> bool {
        self.shortens && self.name.starts_with(word)
    }
}

impl Found {
    /// The values given with an option the last time it was given.
    pub fn last(&self, option: usize) -> Option<&[String]> {
        self.options.iter().rev().find(|(at, _)| *at == option).map(|(_, values)| values.as_slice())
    }
}

/// What a word looks like before its neighbours are known.
#[derive(Clone, Debug, PartialEq)]
enum Kind {
    Value,
    /// `--`: what follows are values.
    Separator,
    Option {
        known: Option<usize>,
        joined: Option<String>,
    },
}

impl Grammar {
    /// Parses words.
    pub fn parse(&self, words: &[String]) -> Result<Found, ParamsError> {
        let kinds = self.kinds(words)?;
        let mut found = Found { positionals: vec![None; self.positionals.len()], ..Found::default() };
        let mut waiting_for_positionals = true;
        let mut at = 0;
        while at < words.len() {
            match &kinds[at] {
                Kind::Value | Kind::Separator => {
                    let end = at
                        + kinds[at..].iter().take_while(|kind| !matches!(kind, Kind::Option { .. })).count();
                    let values = (at..end).filter(|at| kinds[*at] == Kind::Value).map(|at| words[at].clone());
                    if std::mem::take(&mut waiting_for_positionals) {
                        fill_positionals(values, &mut found);
                    } else {
                        found.unknown.extend(values);
                    }
                    at = end;
                }
                Kind::Option { known: None, .. } => {
                    found.unknown.push(words[at].clone());
                    at += 1;
                }
                Kind::Option { known: Some(option), joined } => {
                    let values =
                        self.values_of(*option, joined.as_ref(), &words[at + 1..], &kinds[at + 1..])?;
                    at += 1 + if joined.is_some() { 0 } else { values.len() };
                    found.options.push((*option, values));
                }
            }
        }
        self.require(&found)?;
        Ok(found)
    }

    fn kinds(&self, words: &[String]) -> Result<Vec<Kind>, ParamsError> {
        let mut only_values = false;
        words
            .iter()
            .map(|word| {
                if only_values {
                    return Ok(Kind::Value);
                }
                if word == "--" {
                    only_values = true;
                    return Ok(Kind::Separator);
                }
                self.kind(word)
            })
            .collect()
    }

    fn kind(&self, word: &str) -> Result<Kind, ParamsError> {
        if !word.starts_with('-') || word.len() == 1 {
            return Ok(Kind::Value);
        }
        let (name, joined) = match word.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (word, None),
        };
        if let Some(known) = self.named(word) {
            return Ok(Kind::Option { known: Some(known), joined: None });
        }
        if let Some(known) = self.named(name) {
            return Ok(Kind::Option { known: Some(known), joined });
        }
        if name.starts_with("--") {
            let begun: Vec<usize> =
                (0..self.options.len()).filter(|at| self.options[*at].begins_with(name)).collect();
            match begun.as_slice() {
                [] => {}
                [only] => return Ok(Kind::Option { known: Some(*only), joined }),
                several => {
                    let names: Vec<&str> = several.iter().map(|at| self.options[*at].name.as_str()).collect();
                    let names = names.join(", ");
                    return Err(ParamsError::Words(format!("ambiguous option: {word} could match {names}")));
                }
            }
        }
        if is_negative_number(word) || word.contains(' ') {
            return Ok(Kind::Value);
        }
        Ok(Kind::Option { known: None, joined: None })
    }

    fn named(&self, name: &str) -> Option<usize> {
        self.options.iter().position(|option| option.name == name)
    }

    fn values_of(
        &self,
        option: usize,
        joined: Option<&String>,
        words: &[String],
        kinds: &[Kind],
    ) -> Result<Vec<String>, ParamsError> {
        let OptionSpec { name, takes, check, .. } = &self.options[option];
        let refuse = |problem: String| Err(ParamsError::Words(format!("argument {name}: {problem}")));
        let values = if let Some(joined) = joined {
            if *takes == Takes::Nothing {
                return refuse(format!("ignored explicit argument {}", python::quoted(joined)));
            }
            vec![joined.clone()]
        } else {
            let there = kinds.iter().take_while(|kind| **kind == Kind::Value).count();
            let count = match takes {
                Takes::Nothing => 0,
                Takes::One if there == 0 => return refuse("expected one argument".to_owned()),
                Takes::Several if there == 0 => return refuse("expected at least one argument".to_owned()),
                Takes::One => 1,
                Takes::Optional => there.min(1),
                Takes::Any | Takes::Several => there,
            };
            words[..count].to_vec()
        };
        for value in &values {
            match check {
                Check::Int if python::int(value).is_err() => {
                    return refuse(format!("invalid int value: {}", python::quoted(value)));
                }
                Check::Float if python::float(value).is_err() => {
                    return refuse(format!("invalid float value: {}", python::quoted(value)));
                }
                Check::Choice(choices) if !choices.contains(value) => {
                    let choices = choices.iter().map(String::as_str);
                    return refuse(invalid_choice(value, choices));
                }
                _ => {}
            }
        }
        Ok(values)
    }

    fn require(&self, found: &Found) -> Result<(), ParamsError> {
        let options = self.options.iter().enumerate();
        let options = options.filter(|(at, option)| option.required && found.last(*at).is_none());
        let positionals = self.positionals.iter().zip(&found.positionals);
        let positionals = positionals.filter(|(positional, value)| positional.required && value.is_none());
        let missing: Vec<&str> = options
            .map(|(_, option)| option.name.as_str())
            .chain(positionals.map(|(positional, _)| positional.name.as_str()))
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        Err(ParamsError::Words(format!("the following arguments are required: {}", missing.join(", "))))
    }
}

fn fill_positionals(values: impl Iterator<Item = String>, found: &mut Found) {
    let mut places = found.positionals.iter_mut();
    for value in values {
        match places.next() {
            Some(place) => *place = Some(value),
            None => found.unknown.push(value),
        }
    }
}

/// What is wrong with a word that is none of the known ones, with those it resembles.
pub fn invalid_choice<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> String {
    let mut message = format!("Found invalid choice '{word}'\n");
    let near = closest::matches(word, known);
    if !near.is_empty() {
        message.push_str("\nMaybe you meant:\n");
    }
    for word in near {
        message.push_str("\n  * ");
        message.push_str(word);
    }
    message
}

/// `-5` and `-.5` are values though they begin with a dash.
fn is_negative_number(word: &str) -> bool {
    let Some(number) = word.strip_prefix('-') else { return false };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole) && digits(fraction) && !fraction.is_empty() && number.bytes().any(|byte| byte != b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grammar() -> Grammar {
        let option = |name: &str, takes, required| OptionSpec {
            name: name.to_owned(),
            takes,
            check: if name == "--size" { Check::Int } else { Check::Nothing },
            required,
            shortens: name != "--size-of-all",
        };
        Grammar {
            options: vec![
                option("--name", Takes::One, true),
                option("--tags", Takes::Any, false),
                option("--dry-run", Takes::Nothing, false),
                option("--no-dry-run", Takes::Nothing, false),
                option("--size", Takes::One, false),
                option("--paths", Takes::Several, false),
                option("--skeleton", Takes::Optional, false),
                option("--size-of-all", Takes::One, false),
            ],
            positionals: vec![PositionalSpec { name: "outfile".to_owned(), required: false }],
        }
    }

    fn parse(words: &str) -> Result<Found, ParamsError> {
        grammar().parse(&words.split(' ').map(str::to_owned).collect::<Vec<_>>())
    }

    fn mistake(words: &str) -> String {
        parse(words).unwrap_err().to_string()
    }

    fn texts(words: &[&str]) -> Vec<String> {
        words.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn options_stand_anywhere_joined_shortened_or_repeated() {
        let found = parse("out --na x --tags a b --dry --tag c --name=y=z --skel").unwrap();
        assert_eq!(found.positionals, [Some("out".to_owned())]);
        assert_eq!(found.last(0), Some(&texts(&["y=z"])[..]));
        assert_eq!(found.last(1), Some(&texts(&["c"])[..]));
        assert_eq!(found.last(2), Some(&[][..]));
        assert_eq!(found.last(6), Some(&[][..]));
        assert_eq!(found.last(3), None);
        assert!(found.unknown.is_empty());
    }

    #[test]
    fn what_nobody_knows_is_kept_in_order() {
        let found = parse("--bogus x --name n --other=1 y -z").unwrap();
        // `x` is the first word that is no option's, so it is the file.
        assert_eq!(found.positionals, [Some("x".to_owned())]);
        assert_eq!(found.unknown, ["--bogus", "--other=1", "y", "-z"]);
    }

    #[test]
    fn numbers_blanks_and_what_follows_two_dashes_are_values() {
        assert_eq!(parse("--name -5").unwrap().last(0), Some(&texts(&["-5"])[..]));
        assert_eq!(parse("--name -.5").unwrap().last(0), Some(&texts(&["-.5"])[..]));
        assert_eq!(parse("--name - --tags").unwrap().last(0), Some(&texts(&["-"])[..]));
        let words = texts(&["--name", "--a b", "--", "--x"]);
        let found = grammar().parse(&words).unwrap();
        assert_eq!(found.last(0), Some(&texts(&["--a b"])[..]));
        assert_eq!(found.positionals, [Some("--x".to_owned())]);
    }

    #[test]
    fn mistakes_are_told_in_argparse_s_words() {
        assert_eq!(mistake("--size 1"), "the following arguments are required: --name");
        assert_eq!(mistake("--name"), "argument --name: expected one argument");
        assert_eq!(mistake("--name --x"), "argument --name: expected one argument");
        assert_eq!(mistake("--paths --name x"), "argument --paths: expected at least one argument");
        assert_eq!(mistake("--dry-run=x"), "argument --dry-run: ignored explicit argument 'x'");
        assert_eq!(mistake("--name x --size ten"), "argument --size: invalid int value: 'ten'");
        assert_eq!(mistake("--s 1"), "ambiguous option: --s could match --size, --skeleton");
    }
}
