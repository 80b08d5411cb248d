//! Options that AWS CLI calls otherwise than the model: some would collide with its global options, others were named
//! before its rule of naming changed.

use super::Table;

/// Gives the table's options the names that AWS CLI gives them.
pub(super) fn apply(table: &mut Table) {
    let (command, word) = (table.command.clone(), table.word.clone());
    let here = |row: &&Row| row.0 == command && (row.1 == "*" || row.1 == word);
    for (_, _, from, to) in RENAMES.iter().filter(here) {
        table.rename(from, to);
    }
    for (_, _, name, alias) in HIDDEN_ALIASES.iter().filter(here) {
        table.add_hidden_alias(name, alias);
    }
}

/// Service, operation or `*`, the name by the rule, the other name.
type Row = (&'static str, &'static str, &'static str, &'static str);

const RENAMES: &[Row] = &[
    ("apigateway", "create-rest-api", "version", "api-version"),
    ("apigatewayv2", "create-api", "version", "api-version"),
    ("apigatewayv2", "update-api", "version", "api-version"),
    ("clouddirectory", "publish-schema", "version", "schema-version"),
    ("cloudsearchdomain", "search", "query", "search-query"),
    ("cloudsearchdomain", "suggest", "query", "suggest-query"),
    ("codepipeline", "create-custom-action-type", "version", "action-version"),
    ("codepipeline", "delete-custom-action-type", "version", "action-version"),
    ("codepipeline", "get-action-type", "version", "action-version"),
    ("codepipeline", "get-pipeline", "version", "pipeline-version"),
    ("controltower", "create-landing-zone", "version", "landing-zone-version"),
    ("controltower", "update-landing-zone", "version", "landing-zone-version"),
    ("datapipeline", "*", "query", "objects-query"),
    ("datapipeline", "get-pipeline-definition", "version", "pipeline-version"),
    ("deploy", "*", "ec-2-tag-filters", "ec2-tag-filters"),
    ("deploy", "*", "s-3-location", "s3-location"),
    ("ec2", "*", "no-disable-api-termination", "enable-api-termination"),
    ("ec2", "*", "no-egress", "ingress"),
    ("ec2", "create-image", "no-no-reboot", "reboot"),
    ("ecs", "*", "no-enable-execute-command", "disable-execute-command"),
    ("ecs", "execute-command", "no-interactive", "non-interactive"),
    ("eks", "create-cluster", "version", "kubernetes-version"),
    ("eks", "create-nodegroup", "version", "kubernetes-version"),
    ("eks", "update-cluster-components-version", "version", "kubernetes-version"),
    ("eks", "update-cluster-version", "version", "kubernetes-version"),
    ("eks", "update-nodegroup-version", "version", "kubernetes-version"),
    ("emr", "*", "job-flow-id", "cluster-id"),
    ("emr", "*", "job-flow-ids", "cluster-ids"),
    ("gamelift", "create-build", "version", "build-version"),
    ("gamelift", "create-script", "version", "script-version"),
    ("gamelift", "update-build", "version", "build-version"),
    ("gamelift", "update-script", "version", "script-version"),
    ("glue", "get-unfiltered-partition-metadata", "region", "resource-region"),
    ("glue", "get-unfiltered-partitions-metadata", "region", "resource-region"),
    ("glue", "get-unfiltered-table-metadata", "region", "resource-region"),
    ("iotwireless", "*", "lo-ra-wan", "lorawan"),
    ("kinesisanalytics", "add-application-output", "output", "application-output"),
    ("kinesisanalyticsv2", "add-application-output", "output", "application-output"),
    ("lex-models", "delete-bot-version", "version", "bot-version"),
    ("lex-models", "delete-bot", "version", "bot-version"),
    ("lex-models", "delete-intent-version", "version", "intent-version"),
    ("lex-models", "delete-intent", "version", "intent-version"),
    ("lex-models", "delete-slot-type-version", "version", "slot-type-version"),
    ("lex-models", "delete-slot-type", "version", "slot-type-version"),
    ("lex-models", "get-export", "version", "resource-version"),
    ("lex-models", "get-intent", "version", "intent-version"),
    ("lex-models", "get-slot-type", "version", "slot-type-version"),
    ("license-manager", "delete-grant", "version", "grant-version"),
    ("license-manager", "get-grant", "version", "grant-version"),
    ("license-manager", "get-license", "version", "license-version"),
    ("mturk", "list-qualification-types", "query", "types-query"),
    ("pinpoint", "delete-email-template", "version", "template-version"),
    ("pinpoint", "delete-in-app-template", "version", "template-version"),
    ("pinpoint", "delete-push-template", "version", "template-version"),
    ("pinpoint", "delete-sms-template", "version", "template-version"),
    ("pinpoint", "delete-voice-template", "version", "template-version"),
    ("pinpoint", "get-campaign-version", "version", "campaign-version"),
    ("pinpoint", "get-email-template", "version", "template-version"),
    ("pinpoint", "get-in-app-template", "version", "template-version"),
    ("pinpoint", "get-push-template", "version", "template-version"),
    ("pinpoint", "get-segment-version", "version", "segment-version"),
    ("pinpoint", "get-sms-template", "version", "template-version"),
    ("pinpoint", "get-voice-template", "version", "template-version"),
    ("pinpoint", "update-email-template", "version", "template-version"),
    ("pinpoint", "update-in-app-template", "version", "template-version"),
    ("pinpoint", "update-push-template", "version", "template-version"),
    ("pinpoint", "update-sms-template", "version", "template-version"),
    ("pinpoint", "update-voice-template", "version", "template-version"),
    ("rekognition", "create-stream-processor", "output", "stream-processor-output"),
    ("route53", "delete-traffic-policy", "version", "traffic-policy-version"),
    ("route53", "get-traffic-policy", "version", "traffic-policy-version"),
    ("route53", "update-traffic-policy-comment", "version", "traffic-policy-version"),
    ("route53domains", "view-billing", "end", "end-time"),
    ("route53domains", "view-billing", "start", "start-time"),
    ("sagemaker", "delete-image-version", "version", "version-number"),
    ("sagemaker", "describe-image-version", "version", "version-number"),
    ("sagemaker", "list-aliases", "version", "version-number"),
    ("sagemaker", "update-image-version", "version", "version-number"),
    ("schemas", "*", "version", "schema-version"),
    ("sns", "subscribe", "endpoint", "notification-endpoint"),
    ("stepfunctions", "send-task-success", "output", "task-output"),
    ("swf", "register-activity-type", "version", "activity-version"),
    ("swf", "register-workflow-type", "version", "workflow-version"),
    ("workdocs", "create-notification-subscription", "endpoint", "notification-endpoint"),
    ("workdocs", "describe-users", "query", "user-query"),
];

const HIDDEN_ALIASES: &[Row] = &[
    (
        "elasticache",
        "create-replication-group",
        "preferred-cache-cluster-azs",
        "preferred-cache-cluster-a-zs",
    ),
    ("mgn", "*", "replication-configuration-template-ids", "replication-configuration-template-i-ds"),
    ("mgn", "*", "replication-servers-security-groups-ids", "replication-servers-security-groups-i-ds"),
    ("mgn", "*", "source-server-ids", "source-server-i-ds"),
];
