//! `configure explain`: which link of the credential chain is used, and why.

use std::fmt::Write;

use awsx_auth::chain::{self, CacheState, Explanation, Fact, From, Hop, State, Step};
use awsx_core::profile::{Paths, Place};
use awsx_core::settings::Origin;
use awsx_core::timestamp;
use awsx_output::Value;

use crate::context::Context;
use crate::error::CommandResult;
use crate::output::{self, Output};

/// Show every place credentials are looked for, which one is used, and what it keeps from mattering
///
/// Looks into the environment, the files and the caches only: nothing is asked over the network, no program is run, and
/// no secret is shown.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx configure explain --profile dev
  awsx configure explain --output json --query \"Links[?State=='used'].Source\"")]
pub(crate) struct ExplainArgs {}

pub(crate) fn run(context: &Context, _: &ExplainArgs) -> CommandResult {
    let explanation = chain::explain(&context.settings)?;
    let places = Places { paths: Paths::resolve(context.env()), home: home(context) };
    // The configured format is for what services answer; here a person reads unless one is asked for.
    if context.globals.output.is_some() || context.globals.query.is_some() {
        let result = structure(&explanation, &places);
        return Output::of(context)?.show(context, "explain", &result);
    }
    context.ui.out(format_args!("{}", text(&explanation, &places)))
}

/// Where files lie, as a person would write it.
struct Places {
    paths: Paths,
    home: Option<String>,
}

impl Places {
    fn path(&self, path: &std::path::Path) -> String {
        let path = path.display().to_string();
        match self.home.as_deref().and_then(|home| path.strip_prefix(home)) {
            Some(rest) if rest.starts_with(std::path::MAIN_SEPARATOR) => format!("~{rest}"),
            _ => path,
        }
    }

    fn place(&self, place: Place) -> String {
        format!("{}:{}", self.path(self.paths.of(place.file)), place.line)
    }

    fn from(&self, from: From) -> String {
        match from {
            From::Variable => "environment".to_owned(),
            From::File(place) => self.place(place),
        }
    }

    fn origin(&self, origin: Origin) -> String {
        match origin {
            Origin::Flag(name) | Origin::Variable(name) => name.to_owned(),
            Origin::File(place) => self.place(place),
            Origin::Default => "default".to_owned(),
        }
    }
}

fn home(context: &Context) -> Option<String> {
    context.env().home().map(|home| home.display().to_string())
}

fn word(state: &State) -> &'static str {
    match state {
        State::Used => "used",
        State::Shadowed => "shadowed",
        State::Broken(_) => "broken",
        State::BrokenButShadowed(_) => "shadowed, and broken",
        State::NotConfigured => "not configured",
        State::SetAside => "set aside by --profile",
    }
}

fn problem(state: &State) -> Option<String> {
    match state {
        State::Broken(error) | State::BrokenButShadowed(error) => Some(error.to_string()),
        State::Used | State::Shadowed | State::NotConfigured | State::SetAside => None,
    }
}

fn text(explanation: &Explanation, places: &Places) -> String {
    let mut text = match &explanation.named_profile {
        Some(named) => format!("Profile {} ({})\n\n", named.value, places.origin(named.origin)),
        None => "Profile default\n\n".to_owned(),
    };
    let mut line = |line: std::fmt::Arguments<'_>| {
        text.write_fmt(line).expect("memory takes what is written");
    };
    for (number, step) in explanation.steps.iter().enumerate() {
        line(format_args!("{:>2}  {:<30} {}\n", number + 1, step.method.as_str(), word(&step.state)));
        if let Some(problem) = problem(&step.state) {
            line(format_args!("      {problem}\n"));
        }
        write_values(&mut line, &step.facts, step.cache.as_ref(), places, 6);
        for hop in &step.sources {
            match &hop.profile {
                Some(profile) => {
                    line(format_args!(
                        "      with the keys of profile {profile} ({})\n",
                        hop.method.as_str()
                    ));
                }
                None => line(format_args!("      with the keys of {}\n", hop.method.as_str())),
            }
            write_values(&mut line, &hop.facts, hop.cache.as_ref(), places, 8);
        }
    }
    if !explanation.steps.iter().any(|step| matches!(step.state, State::Used)) {
        line(format_args!("\nNothing here gives credentials.\n"));
    }
    text
}

fn write_values(
    line: &mut impl FnMut(std::fmt::Arguments<'_>),
    facts: &[Fact],
    cache: Option<&CacheState>,
    places: &Places,
    indent: usize,
) {
    for fact in facts {
        let Fact { name, shown, from, is_shadowed } = fact;
        let mark = if *is_shadowed { ", shadowed" } else { "" };
        line(format_args!("{:indent$}{name} = {shown}  ({}{mark})\n", "", places.from(*from)));
    }
    if let Some(cache) = cache {
        let path = places.path(&cache.path);
        match cache.expires_at {
            None => line(format_args!("{:indent$}nothing kept yet in {path}\n", "")),
            Some(end) => {
                let end = timestamp::zulu(end);
                let state = if cache.is_fresh { "kept" } else { "too old" };
                line(format_args!("{:indent$}{state}, until {end}, in {path}\n", ""));
            }
        }
    }
}

fn structure(explanation: &Explanation, places: &Places) -> Value {
    let named = explanation.named_profile.as_ref();
    let links = explanation.steps.iter().map(|step| link(step, places)).collect();
    Value::map([
        ("Profile", named.map_or("default", |named| named.value.as_str()).into()),
        ("ProfileFrom", named.map_or(Value::Null, |named| places.origin(named.origin).into())),
        ("Links", Value::List(links)),
    ])
}

fn link(step: &Step, places: &Places) -> Value {
    let sources: Vec<Value> = step.sources.iter().map(|hop| source(hop, places)).collect();
    output::structure([
        ("Source", Some(Value::from(step.method.as_str()))),
        ("State", Some(word(&step.state).into())),
        ("Problem", problem(&step.state).map(Value::from)),
        ("Values", Some(values(&step.facts, places))),
        ("Kept", step.cache.as_ref().map(|cache| kept(cache, places))),
        ("With", Some(Value::List(sources)).filter(|_| !step.sources.is_empty())),
    ])
}

fn source(hop: &Hop, places: &Places) -> Value {
    output::structure([
        ("Source", Some(Value::from(hop.method.as_str()))),
        ("Profile", hop.profile.as_deref().map(Value::from)),
        ("Values", Some(values(&hop.facts, places))),
        ("Kept", hop.cache.as_ref().map(|cache| kept(cache, places))),
    ])
}

fn values(facts: &[Fact], places: &Places) -> Value {
    let value = |fact: &Fact| {
        Value::map([
            ("Name", Value::from(fact.name.as_str())),
            ("Value", fact.shown.as_str().into()),
            ("From", places.from(fact.from).into()),
            ("Shadowed", Value::Bool(fact.is_shadowed)),
        ])
    };
    Value::List(facts.iter().map(value).collect())
}

fn kept(cache: &CacheState, places: &Places) -> Value {
    Value::map([
        ("File", places.path(&cache.path).into()),
        ("Expiration", cache.expires_at.map_or(Value::Null, |end| timestamp::zulu(end).into())),
        ("Usable", Value::Bool(cache.is_fresh)),
    ])
}
