//! The options of an operation: one for each member of its input, AWS CLI's own, and where it departs from the model.

mod bundle;
mod cloudfront;
mod cloudsearch;
mod custom;
mod datapipeline;
mod ec2;
mod emr;
mod lambda;
mod renames;

pub use custom::parse_structure;
pub(crate) use custom::set_at;
pub use emr::tag_of as emr_tag_of;

use awsx_core::Env;
use awsx_model::{Kind, Member, Operation, Service, Structure};
use indexmap::IndexMap;

use crate::words::{Check, Grammar, OptionSpec, PositionalSpec, Takes};
use crate::{Given, Parameters, ParamsError, names};

/// The options of an operation.
#[derive(Debug)]
pub struct Table<'m> {
    /// Whose operation it is.
    pub service: &'m Service,
    /// The operation.
    pub operation: &'m Operation,
    /// The service's word on the command line.
    pub command: String,
    /// The operation's word on the command line.
    pub word: String,
    /// The options by their names without dashes, in the order shown.
    pub arguments: IndexMap<String, Argument<'m>>,
    /// The model's options that paging ones stand in for.
    pub(crate) shadowed: IndexMap<String, Argument<'m>>,
    /// Options of which those of one group cannot stand beside those of the other.
    pub(crate) exclusive: Vec<[&'static [&'static str]; 2]>,
    /// Options that one cannot stand beside, and what is said of it.
    pub(crate) refuse_beside: Vec<(&'static str, &'static [&'static str], &'static str)>,
    /// What values of the model's options must be, beyond what the model says.
    pub(crate) checks: Vec<(&'static str, CheckValue)>,
    /// Changes to the parameters, as they were given, before they are checked.
    pub(crate) amend: Vec<fn(&mut Parameters)>,
    /// Changes to the parameters once what stands for bytes is bytes, before they are checked.
    amend_decoded: Vec<AmendDecoded>,
}

/// Changes parameters, if they can be.
type AmendDecoded = fn(&mut Parameters, &Env) -> Result<(), ParamsError>;

/// Refuses a value.
pub(crate) type CheckValue = fn(&Given) -> Result<(), ParamsError>;

/// An option, or the name of a file that stands by itself.
#[derive(Clone, Debug)]
pub struct Argument<'m> {
    /// What it means.
    pub role: Role<'m>,
    /// Whether the words are refused without it.
    pub required: bool,
    /// Whether it is taken without being shown.
    pub hidden: bool,
}

/// What an option means.
#[derive(Clone, Debug)]
pub enum Role<'m> {
    /// Sets a member of the input.
    Member(&'m Member),
    /// Sets a member that is a truth: `--x` and `--no-x`.
    Switch {
        /// The member.
        member: &'m Member,
        /// Whether the option stands for true.
        on: bool,
    },
    /// Sets the only member `Value`, a truth, of a member that is a structure.
    WrappedSwitch {
        /// The structure.
        member: &'m Member,
        /// Whether the option stands for true.
        on: bool,
    },
    /// Where pages begin and end.
    Paging {
        /// Which of the three.
        limit: Limit,
        /// Whether its value is a whole number.
        numeric: bool,
    },
    /// Sets a member of a member that is a structure.
    Within {
        /// The structure.
        around: &'m Member,
        /// Its member.
        member: &'m Member,
    },
    /// The file that a streamed answer goes to. It stands by itself.
    OutFile,
    /// `--cli-input-json`.
    InputJson,
    /// `--cli-input-yaml`.
    InputYaml,
    /// `--generate-cli-skeleton`.
    Skeleton,
    /// One that AWS CLI has beside the model.
    Custom(Custom),
}

/// The options of paging.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Limit {
    /// `--starting-token`.
    StartingToken,
    /// `--page-size`.
    PageSize,
    /// `--max-items`.
    MaxItems,
}

/// An option that AWS CLI has beside the model.
#[derive(Clone, Debug)]
pub struct Custom {
    /// What it is for, in a line of help.
    pub about: &'static str,
    /// How many values it takes.
    pub takes: Takes,
    /// What its values must be.
    pub check: Check,
    /// What it does to the parameters.
    pub apply: Apply,
}

/// What an option beside the model does.
#[derive(Clone, Debug)]
pub enum Apply {
    /// Sets the member at this path.
    Into(&'static [&'static str]),
    /// Changes the parameters.
    With(fn(&Given, &mut Parameters)),
    /// Changes the parameters, if its value can be.
    Try(fn(&Given, &mut Parameters) -> Result<(), ParamsError>),
    /// Saves a part of the answer, found by this JMESPath expression, in the file it names.
    Save(&'static str),
    /// Names what the program around it acts on.
    Keep,
}

impl<'m> Argument<'m> {
    fn of(role: Role<'m>) -> Self {
        Self { role, required: false, hidden: false }
    }

    /// The model's member that it sets, if it sets exactly one.
    pub fn member(&self) -> Option<&'m Member> {
        match self.role {
            Role::Member(member) | Role::Switch { member, .. } | Role::WrappedSwitch { member, .. } => {
                Some(member)
            }
            _ => None,
        }
    }
}

impl<'m> Table<'m> {
    /// The options of an operation. `command` is the service's word, `word` the operation's.
    pub fn new(service: &'m Service, operation: &'m Operation, command: &str, word: &str) -> Self {
        let mut table = Self {
            service,
            operation,
            command: command.to_owned(),
            word: word.to_owned(),
            arguments: IndexMap::new(),
            shadowed: IndexMap::new(),
            exclusive: Vec::new(),
            refuse_beside: Vec::new(),
            checks: Vec::new(),
            amend: Vec::new(),
            amend_decoded: Vec::new(),
        };
        for member in table.input().map_or(&[][..], |input| &input.members) {
            table.add_member(member);
        }
        renames::apply(&mut table);
        custom::apply(&mut table);
        table.add_general();
        table
    }

    /// The structure of the input.
    pub fn input(&self) -> Option<&'m Structure> {
        self.service.input(self.operation)
    }

    /// The structure of the output.
    pub fn output(&self) -> Option<&'m Structure> {
        self.service.output(self.operation)
    }

    /// The member of the output that is the whole body as bytes, if one is: it goes to a file.
    pub fn body_member(&self) -> Option<&'m Member> {
        let payload = self.output()?.payload()?;
        matches!(self.service.shape(payload.shape).kind, Kind::Blob(_)).then_some(payload)
    }

    /// Completes parameters that [`decode_binary`](crate::decode_binary) has been through, as AWS CLI does just before
    /// it checks them.
    pub fn complete(&self, parameters: &mut Parameters, env: &Env) -> Result<(), ParamsError> {
        self.amend_decoded.iter().try_for_each(|amend| amend(parameters, env))
    }

    /// What words may be there. With `all_optional` nothing is required.
    pub fn grammar(&self, all_optional: bool) -> Grammar {
        let mut grammar = Grammar::default();
        for (name, argument) in &self.arguments {
            let required = argument.required && !all_optional;
            if matches!(argument.role, Role::OutFile) {
                grammar.positionals.push(PositionalSpec { name: name.clone(), required });
                continue;
            }
            let (takes, check) = self.shape_of_words(argument);
            grammar.options.push(OptionSpec {
                name: format!("--{name}"),
                takes,
                check,
                required,
                shortens: true,
            });
        }
        grammar.positionals.push(PositionalSpec { name: "help".to_owned(), required: false });
        grammar
    }

    /// How many values an option takes, and what they must be.
    pub fn shape_of_words(&self, argument: &Argument) -> (Takes, Check) {
        match &argument.role {
            Role::Member(member) | Role::Within { member, .. } => {
                match &self.service.shape(member.shape).kind {
                    Kind::List(_) => (Takes::Any, Check::Nothing),
                    // Python reads these while it parses the words, and all else after.
                    Kind::Long => (Takes::One, Check::Int),
                    Kind::Float | Kind::Double => (Takes::One, Check::Float),
                    _ => (Takes::One, Check::Nothing),
                }
            }
            Role::WrappedSwitch { on: true, .. } => (Takes::Optional, Check::Nothing),
            Role::Switch { .. } | Role::WrappedSwitch { on: false, .. } => (Takes::Nothing, Check::Nothing),
            Role::Paging { numeric: true, .. } => (Takes::One, Check::Int),
            Role::Skeleton => {
                let choices = ["input", "output", "yaml-input"].map(str::to_owned);
                (Takes::Optional, Check::Choice(choices.into()))
            }
            Role::Custom(custom) => (custom.takes, custom.check.clone()),
            Role::Paging { .. } | Role::OutFile | Role::InputJson | Role::InputYaml => {
                (Takes::One, Check::Nothing)
            }
        }
    }

    fn add_member(&mut self, member: &'m Member) {
        let name = names::word_of(member.name);
        if matches!(self.service.shape(member.shape).kind, Kind::Boolean) {
            let negative = format!("no-{name}");
            self.arguments.insert(name, Argument::of(Role::Switch { member, on: true }));
            self.arguments.insert(negative, Argument::of(Role::Switch { member, on: false }));
            return;
        }
        let required = member.required && !member.idempotency_token;
        self.arguments.insert(name, Argument { required, ..Argument::of(Role::Member(member)) });
    }

    /// What every operation has, or every paged one.
    fn add_general(&mut self) {
        if self.body_member().is_some() {
            let argument = Argument { required: true, ..Argument::of(Role::OutFile) };
            self.arguments.insert("outfile".to_owned(), argument);
        }
        let has_outfile = self.arguments.contains_key("outfile");
        if !has_outfile {
            self.arguments.insert("cli-input-json".to_owned(), Argument::of(Role::InputJson));
            self.arguments.insert("cli-input-yaml".to_owned(), Argument::of(Role::InputYaml));
        }
        self.add_paging();
        if !has_outfile {
            self.arguments.insert("generate-cli-skeleton".to_owned(), Argument::of(Role::Skeleton));
        }
    }

    fn add_paging(&mut self) {
        let Some(paginator) = &self.operation.paginator else { return };
        for token in self.native_paging() {
            if let Some(argument) = self.arguments.get_mut(&names::word_of(token)) {
                argument.hidden = true;
            }
        }
        let limit = paginator.limit_key.and_then(|key| {
            let member = self.input()?.member(key)?;
            Some(!matches!(self.service.shape(member.shape).kind, Kind::String { .. }))
        });
        self.add_limit("starting-token", Limit::StartingToken, false);
        if let Some(numeric) = limit {
            self.add_limit("page-size", Limit::PageSize, numeric);
        }
        self.add_limit("max-items", Limit::MaxItems, limit.unwrap_or(true));
    }

    fn add_limit(&mut self, name: &str, limit: Limit, numeric: bool) {
        let argument = Argument::of(Role::Paging { limit, numeric });
        if let Some(shadowed) = self.arguments.insert(name.to_owned(), argument) {
            self.shadowed.insert(name.to_owned(), shadowed);
        }
    }

    /// The input's own members of paging: its tokens and the size of a page.
    pub(crate) fn native_paging(&self) -> Vec<&'static str> {
        let Some(paginator) = &self.operation.paginator else { return Vec::new() };
        paginator.input_tokens.iter().copied().chain(paginator.limit_key).collect()
    }

    /// Gives an option another name. It is then the last one, as in AWS CLI.
    fn rename(&mut self, from: &str, to: &str) {
        if let Some(argument) = self.arguments.shift_remove(from) {
            self.arguments.insert(to.to_owned(), argument);
        }
    }

    /// Takes an option under a second name that is not shown. Neither is then required.
    fn add_hidden_alias(&mut self, name: &str, alias: &str) {
        let Some(argument) = self.arguments.get_mut(name) else { return };
        argument.required = false;
        let hidden = Argument { hidden: true, ..argument.clone() };
        self.arguments.insert(alias.to_owned(), hidden);
    }
}
