//! The commands of a service: its operations by their words, less those AWS CLI leaves out.

use awsx_model::{Operation, Service};

use crate::word_of;

/// An operation as a command.
#[derive(Clone, Debug)]
pub struct Command<'m> {
    /// Its word.
    pub word: String,
    /// What it does.
    pub operation: &'m Operation,
    /// Whether it is taken without being shown.
    pub hidden: bool,
}

/// The commands of a service, in the order of the model's names. `command` is the service's own word.
pub fn commands_of<'m>(service: &'m Service, command: &str) -> Vec<Command<'m>> {
    let mut commands: Vec<Command> = service
        .operations
        .iter()
        .map(|operation| Command { word: word_of(operation.name), operation, hidden: false })
        .filter(|found| !REMOVED.contains(&(command, &found.word)))
        .collect();
    for (_, operation, words) in SPLIT.iter().filter(|row| row.0 == command) {
        if let Some(operation) = service.operation(operation) {
            let split =
                words.iter().map(|word| Command { word: (*word).to_owned(), operation, hidden: false });
            commands.extend(split);
        }
    }
    for (_, word, alias) in HIDDEN_ALIASES.iter().filter(|row| row.0 == command) {
        if let Some(found) = commands.iter().find(|found| found.word == *word) {
            let alias = Command { word: (*alias).to_owned(), hidden: true, ..found.clone() };
            commands.push(alias);
        }
    }
    commands
}

/// Operations without a command, as in AWS CLI: AWS gave them up, a verb stands in their place, or their input is a stream of
/// events. AWS CLI leaves out those whose output is such a stream too; awsx prints their events as they come.
const REMOVED: &[(&str, &str)] = &[
    ("bedrock-runtime", "invoke-model-with-bidirectional-stream"),
    ("connecthealth", "start-medical-scribe-listening-session"),
    ("ec2", "import-instance"),
    ("ec2", "import-volume"),
    ("emr", "add-instance-groups"),
    ("emr", "add-job-flow-steps"),
    ("emr", "describe-cluster"),
    ("emr", "describe-job-flows"),
    ("emr", "list-bootstrap-actions"),
    ("emr", "list-instance-groups"),
    ("emr", "run-job-flow"),
    ("emr", "set-keep-job-flow-alive-when-no-steps"),
    ("emr", "set-termination-protection"),
    ("emr", "set-unhealthy-node-replacement"),
    ("emr", "set-visible-to-all-users"),
    ("emr", "terminate-job-flows"),
    ("lexv2-runtime", "start-conversation"),
    ("polly", "start-speech-synthesis-stream"),
    ("qbusiness", "chat"),
    ("rds", "modify-option-group"),
    ("ses", "delete-verified-email-address"),
    ("ses", "list-verified-email-addresses"),
    ("ses", "verify-email-address"),
];

/// Operations that are commands under other words.
const SPLIT: &[(&str, &str, &[&str])] =
    &[("rds", "ModifyOptionGroup", &["add-option-to-option-group", "remove-option-from-option-group"])];

/// Words from before the rule of naming changed.
const HIDDEN_ALIASES: &[(&str, &str, &str)] = &[
    ("cloudwatch", "get-otel-enrichment", "get-o-tel-enrichment"),
    ("cloudwatch", "start-otel-enrichment", "start-o-tel-enrichment"),
    ("cloudwatch", "stop-otel-enrichment", "stop-o-tel-enrichment"),
    ("mturk", "list-hits-for-qualification-type", "list-hi-ts-for-qualification-type"),
    ("signin", "create-oauth2-token", "create-o-auth2-token"),
    ("socialmessaging", "delete-whatsapp-message-media", "delete-whatsapp-media-message"),
];

#[cfg(test)]
mod tests {
    use awsx_model::Kind;

    use super::*;

    fn words(command: &str) -> Vec<(String, bool)> {
        let service = awsx_model::service(command).unwrap().unwrap();
        commands_of(service, command).into_iter().map(|found| (found.word, found.hidden)).collect()
    }

    /// Whoever could send a stream of events would have to be told how.
    #[test]
    fn no_command_takes_a_stream_of_events() {
        for name in awsx_model::names().unwrap() {
            let service = awsx_model::service(name).unwrap().unwrap();
            let commands = commands_of(service, crate::command_of_service(name));
            let streaming = commands.iter().find(|command| takes_events(service, command.operation));
            assert!(streaming.is_none(), "{name} {streaming:?}");
        }
    }

    fn takes_events(service: &Service, operation: &Operation) -> bool {
        let Some(used) = operation.input else { return false };
        let Kind::Structure(input) = &service.shape(used.shape).kind else { return false };
        let mut kinds = input.members.iter().map(|member| &service.shape(member.shape).kind);
        kinds.any(|kind| matches!(kind, Kind::Structure(it) if it.event_stream))
    }

    #[test]
    fn some_operations_are_left_out_split_or_taken_under_an_old_word() {
        assert!(!words("ses").contains(&("verify-email-address".to_owned(), false)));
        assert!(words("ses").contains(&("verify-email-identity".to_owned(), false)));
        assert!(!words("rds").contains(&("modify-option-group".to_owned(), false)));
        assert!(words("rds").contains(&("add-option-to-option-group".to_owned(), false)));
        assert!(words("lambda").contains(&("invoke-with-response-stream".to_owned(), false)));
        assert!(words("signin").contains(&("create-o-auth2-token".to_owned(), true)));
    }
}
