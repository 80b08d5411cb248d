//! What the rule gets wrong.

/// Operations beside a better one: `ListStacks` has the deleted ones too, and `DescribeStacks` has not.
const LISTS_NOTHING: &[(&str, &str)] =
    &[("cloudformation", "ListStacks"), ("kafka", "ListClusters"), ("ssm", "DescribeInstanceProperties")];

/// Things that a bare parameter (`--event-data-store`) takes by their ARN, though they have names.
const BY_ARN: &[(&str, &str)] = &[("cloudtrail", "event-data-store")];

/// Listings that are too long unless they are told whose things are meant.
const FIXED: &[(&str, &str, &str, &str)] = &[
    ("ec2", "DescribeFpgaImages", "Owners", "self"),
    ("ec2", "DescribeImages", "Owners", "self"),
    ("ec2", "DescribeSnapshots", "OwnerIds", "self"),
];

/// Parameters whose names do not say what they take, and one that does.
const MEANS: &[(&str, &str, &str)] =
    &[("iam", "PermissionsBoundary", "PolicyArn"), ("ssm", "Target", "InstanceId")];

/// Texts that many things have, and that name none: nobody wants to choose from all descriptions there are.
const NO_NAMES: &[&str] = &[
    "client-token",
    "comment",
    "content",
    "description",
    "display-name",
    "message",
    "path",
    "policy",
    "state",
    "status",
    "title",
    "type",
    "value",
];

/// What a text is called that names something, though it is no name, id, ARN or URL.
const NAMES: &[&str] =
    &["address", "alias", "block", "code", "group", "ip", "key", "label", "namespace", "number", "zone"];

/// The name that says what a parameter takes: its own, mostly.
pub(super) fn meaning<'a>(service: &str, member: &'a str) -> &'a str {
    MEANS.iter().find(|row| (row.0, row.1) == (service, member)).map_or(member, |row| row.2)
}

pub(super) fn lists_nothing(service: &str, operation: &str) -> bool {
    LISTS_NOTHING.contains(&(service, operation))
}

/// The member of a listing's input that always holds this one text.
pub(super) fn fixed(service: &str, operation: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let rows = FIXED.iter().filter(move |row| (row.0, row.1) == (service, operation));
    rows.map(|(_, _, member, text)| (*member, *text))
}

/// Whether a parameter of this name, in words, takes no name of anything.
pub(super) fn is_no_name(words: &str) -> bool {
    let last = words.rsplit('-').next().unwrap_or(words);
    NO_NAMES.contains(&words) || ["body", "description", "document", "token", "message"].contains(&last)
}

/// Whether a parameter that says no kind takes the name of something all the same.
pub(super) fn is_name(words: &str) -> bool {
    NAMES.contains(&words.rsplit('-').next().unwrap_or(words))
}

/// Whether only ARNs will do where a parameter says no kind.
pub(super) fn is_by_arn(service: &str, thing: &str) -> bool {
    BY_ARN.contains(&(service, thing))
}
