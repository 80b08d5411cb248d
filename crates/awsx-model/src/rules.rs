//! Endpoint rules: where requests go, told by conditions over parameters.
//!
//! A rule set is a tree. The first rule whose conditions hold decides: an endpoint, an error, or further rules. Variables
//! have no names here: a rule's variables are numbered from the parameters on, in the order in which they are assigned on the
//! way from the root.

use crate::{ContextValue, Text};

/// The endpoint rules of a service, and the partitions they speak of.
#[derive(Debug)]
pub struct EndpointRules {
    /// What the rules want to know.
    pub parameters: Vec<Parameter>,
    /// The roots, tried in order.
    pub rules: Vec<Rule>,
    /// All of AWS's partitions; the first is the one of unknown regions.
    pub partitions: &'static [Partition],
}

/// Endpoint rules by themselves, as they are packed.
#[derive(Debug, Clone)]
pub struct RuleSet {
    /// What the rules want to know.
    pub parameters: Vec<Parameter>,
    /// The roots, tried in order.
    pub rules: Vec<Rule>,
}

/// Something the rules want to know.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// Its name, for instance `UseFIPS`.
    pub name: Text,
    /// Its type.
    pub kind: ParameterKind,
    /// The setting that fills it.
    pub built_in: Option<BuiltIn>,
    /// Without it there is no endpoint.
    pub required: bool,
    /// Its value where nothing is given.
    pub default: Option<ContextValue>,
}

/// The type of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterKind {
    /// A switch.
    Boolean,
    /// A text.
    Text,
    /// Texts.
    List,
}

/// A setting that fills a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BuiltIn {
    /// `AWS::Region`: the region.
    Region,
    /// `AWS::UseFIPS`: hosts that meet FIPS 140.
    UseFips,
    /// `AWS::UseDualStack`: hosts with IPv6 addresses too.
    UseDualStack,
    /// `SDK::Endpoint`: a URL given by the user.
    Endpoint,
    /// `AWS::Auth::AccountId`: the account of the credentials.
    AccountId,
    /// `AWS::Auth::AccountIdEndpointMode`: `preferred`, `disabled` or `required`.
    AccountIdEndpointMode,
    /// `AWS::S3::Accelerate`: transfer acceleration.
    S3Accelerate,
    /// `AWS::S3::ForcePathStyle`: the bucket in the path, not in the host.
    S3ForcePathStyle,
    /// `AWS::S3::UseArnRegion`: the region of an ARN wins over the configured one.
    S3UseArnRegion,
    /// `AWS::S3::DisableMultiRegionAccessPoints`: refuse their ARNs.
    S3DisableMultiRegionAccessPoints,
    /// `AWS::S3::UseGlobalEndpoint`: the global host for us-east-1.
    S3UseGlobalEndpoint,
    /// `AWS::S3Control::UseArnRegion`: the region of an ARN wins over the configured one.
    S3ControlUseArnRegion,
    /// `AWS::STS::UseGlobalEndpoint`: the global host for the oldest regions.
    StsUseGlobalEndpoint,
    /// One that awsx does not know; nothing fills it.
    Unknown,
}

/// Conditions, and what follows where all of them hold.
#[derive(Debug, Clone)]
pub struct Rule {
    /// All must hold, in order.
    pub conditions: Vec<Condition>,
    /// What follows.
    pub then: Consequence,
}

/// Holds where its value is neither unset nor false.
#[derive(Debug, Clone)]
pub struct Condition {
    /// The value.
    pub value: Expression,
    /// Whether the value becomes the next variable.
    pub is_assigned: bool,
}

/// What follows from conditions.
#[derive(Debug, Clone)]
pub enum Consequence {
    /// Further rules; the first that decides counts, and if none does, the next rule after this one is tried.
    Rules(Vec<Rule>),
    /// An endpoint.
    Endpoint(EndpointRule),
    /// There is none, and this text says why.
    Error(Expression),
}

/// An endpoint, not yet evaluated.
#[derive(Debug, Clone)]
pub struct EndpointRule {
    /// Its URL.
    pub url: Expression,
    /// Headers of requests to it.
    pub headers: Vec<(Text, Vec<Expression>)>,
    /// What else is known of it, for instance `authSchemes`.
    pub properties: Vec<(Text, Property)>,
}

/// What else is known of an endpoint.
#[derive(Debug, Clone)]
pub enum Property {
    /// A value.
    Value(Expression),
    /// Several.
    List(Vec<Property>),
    /// Several with names.
    Record(Vec<(Text, Property)>),
}

/// A value, not yet evaluated.
#[derive(Debug, Clone, PartialEq)]
pub enum Expression {
    /// A switch.
    Boolean(bool),
    /// A number.
    Integer(i64),
    /// A text.
    Text(Text),
    /// A parameter or variable by its number.
    Variable(u32),
    /// Part of a value.
    Attribute(Box<Expression>, Vec<Step>),
    /// Texts, one after the other.
    Concat(Vec<Expression>),
    /// A function's value.
    Call(Function, Vec<Expression>),
}

/// A step into a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// To what has this name.
    Name(Text),
    /// To the element at this place, counted from 0.
    Index(u32),
}

/// A function. `getAttr` is [`Expression::Attribute`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Function {
    /// `isSet(value)`
    IsSet,
    /// `not(value)`
    Not,
    /// `booleanEquals(one, other)`
    BooleanEquals,
    /// `stringEquals(one, other)`
    StringEquals,
    /// `substring(text, start, stop, reverse)`
    Substring,
    /// `split(text, delimiter, limit)`
    Split,
    /// `coalesce(values…)`: the first that is set.
    Coalesce,
    /// `ite(condition, value, otherwise)`
    IfThenElse,
    /// `uriEncode(text)`
    UriEncode,
    /// `parseURL(text)`
    ParseUrl,
    /// `isValidHostLabel(text, allow dots)`
    IsValidHostLabel,
    /// `aws.partition(region)`
    Partition,
    /// `aws.parseArn(text)`
    ParseArn,
    /// `aws.isVirtualHostableS3Bucket(text, allow dots)`
    IsVirtualHostableS3Bucket,
}

/// A part of AWS that stands alone: own accounts, own regions, own names of hosts.
#[derive(Debug, Clone)]
pub struct Partition {
    /// Its name, for instance `aws-cn`.
    pub name: Text,
    /// What hosts end with.
    pub dns_suffix: Text,
    /// What hosts with IPv6 addresses end with.
    pub dual_stack_dns_suffix: Text,
    /// The region that signs for services without one.
    pub implicit_global_region: Text,
    /// There are hosts that meet FIPS 140.
    pub supports_fips: bool,
    /// There are hosts with IPv6 addresses.
    pub supports_dual_stack: bool,
    /// Its regions.
    pub regions: Vec<Text>,
    /// What its regions begin with (`us`, `us-gov`); a word and a number follow, each after a hyphen.
    pub region_prefixes: Vec<Text>,
}

impl EndpointRules {
    /// Rules that speak of these partitions.
    pub fn new(set: RuleSet, partitions: &'static [Partition]) -> Self {
        Self { parameters: set.parameters, rules: set.rules, partitions }
    }
}

impl Partition {
    /// Whether a region is one of this partition's, or could become one.
    pub fn has_region(&self, region: &str) -> bool {
        self.regions.contains(&region) || self.region_prefixes.iter().any(|prefix| is_region(region, prefix))
    }
}

/// The partition of a region; the first where no other claims it.
pub fn partition_of<'a>(partitions: &'a [Partition], region: &str) -> Option<&'a Partition> {
    partitions.iter().find(|partition| partition.has_region(region)).or(partitions.first())
}

/// `<prefix>-<word>-<number>`
fn is_region(region: &str, prefix: &str) -> bool {
    let rest = region.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('-'));
    let Some((word, number)) = rest.and_then(|rest| rest.split_once('-')) else { return false };
    let is_word = |text: &str| text.chars().all(|c| c.is_alphanumeric() || c == '_');
    !word.is_empty() && is_word(word) && !number.is_empty() && number.chars().all(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_is_a_prefix_a_word_and_a_number() {
        assert!(is_region("us-east-1", "us"));
        assert!(is_region("us-gov-west-1", "us-gov"));
        for other in
            ["us-gov-west-1", "us-east", "us-east-", "us--1", "us-east-1a", "usa-east-1", "xus-east-1", ""]
        {
            assert!(!is_region(other, "us"), "{other}");
        }
    }
}
