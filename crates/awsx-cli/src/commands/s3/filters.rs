//! `--exclude` and `--include`, whose order counts.

use awsx_s3::filter::Rule;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};

/// The rules in the order given.
#[derive(Clone, Debug, Default)]
pub(super) struct Filters(pub(super) Vec<Rule>);

impl Args for Filters {
    fn augment_args(command: Command) -> Command {
        let pattern = |name: &'static str, help: &'static str| {
            Arg::new(name).long(name).value_name("PATTERN").action(ArgAction::Append).help(help)
        };
        command
            .arg(pattern(
                "exclude",
                "Leave out what fits; patterns are relative to the source, `*` crosses slashes",
            ))
            .arg(pattern("include", "Take what fits after all; the last rule that fits decides"))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Filters {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let rules_of = |name: &str, include: bool| {
            let indices = matches.indices_of(name).into_iter().flatten();
            let patterns = matches.get_many::<String>(name).into_iter().flatten();
            let rules = patterns.map(move |pattern| Rule { include, pattern: pattern.clone() });
            indices.zip(rules).collect::<Vec<_>>()
        };
        let mut rules = rules_of("exclude", false);
        rules.extend(rules_of("include", true));
        rules.sort_by_key(|(index, _)| *index);
        Ok(Self(rules.into_iter().map(|(_, rule)| rule).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        filters: Filters,
    }

    #[test]
    fn rules_keep_the_order_of_the_command_line() {
        let line =
            Line::parse_from(["x", "--exclude", "*", "--include", "a", "--exclude=b", "--include", "c"]);
        let rules: Vec<_> = line.filters.0.iter().map(|rule| (rule.include, rule.pattern.as_str())).collect();
        assert_eq!(rules, [(false, "*"), (true, "a"), (false, "b"), (true, "c")]);
    }
}
