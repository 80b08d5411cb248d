//! How the model's names become words of the command line.

/// The word for a model's name: `ListMFADevices` becomes `list-mfa-devices`.
///
/// Capitals begin a word, a run of capitals is one word, and the plural of an acronym at the end (`ARNs`) is one too.
pub fn word_of(name: &str) -> String {
    if name.contains('-') {
        return name.to_owned();
    }
    if let Ok(at) = EXCEPTIONS.binary_search_by(|(exception, _)| exception.cmp(&name)) {
        return EXCEPTIONS[at].1.to_owned();
    }
    let parted = part_plural_acronym(name);
    part_before_lower_capitals(&part_capitalised(&parted)).to_lowercase()
}

/// `GatewayARNs` becomes `Gateway-arns`.
fn part_plural_acronym(name: &str) -> String {
    let Some(stem) = name.strip_suffix('s') else { return name.to_owned() };
    let start = stem.rfind(|c: char| !c.is_ascii_uppercase()).map_or(0, |at| at + 1);
    // A character that is not ASCII may stand before the capitals.
    if !stem.is_char_boundary(start) || stem.len() - start < 2 {
        return name.to_owned();
    }
    format!("{}-{}", &name[..start], name[start..].to_lowercase())
}

/// Parts before each capital that lower-case letters follow, unless it is the first character.
fn part_capitalised(name: &str) -> String {
    let characters: Vec<char> = name.chars().collect();
    let mut parted = String::with_capacity(name.len() + 8);
    let mut at = 0;
    while at < characters.len() {
        parted.push(characters[at]);
        let word = &characters[at + 1..];
        let lower = word.iter().skip(1).take_while(|c| c.is_ascii_lowercase()).count();
        if word.first().is_some_and(char::is_ascii_uppercase) && lower > 0 {
            parted.push('-');
            parted.extend(&word[..=lower]);
            at += lower + 1;
        }
        at += 1;
    }
    parted
}

/// Parts between a lower-case letter or digit and a capital.
fn part_before_lower_capitals(name: &str) -> String {
    let characters: Vec<char> = name.chars().collect();
    let mut parted = String::with_capacity(name.len() + 8);
    let mut at = 0;
    while at < characters.len() {
        parted.push(characters[at]);
        let ends_word = characters[at].is_ascii_lowercase() || characters[at].is_ascii_digit();
        if let Some(next) = characters.get(at + 1).filter(|next| ends_word && next.is_ascii_uppercase()) {
            parted.push('-');
            parted.push(*next);
            at += 1;
        }
        at += 1;
    }
    parted
}

/// Operations whose words do not follow the rule, sorted.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("AssociateWhatsAppBusinessAccount", "associate-whatsapp-business-account"),
    ("CreateCachediSCSIVolume", "create-cached-iscsi-volume"),
    ("CreateOAuth2Token", "create-oauth2-token"),
    ("CreateOAuth2TokenWithIAM", "create-oauth2-token-with-iam"),
    ("CreateStorediSCSIVolume", "create-stored-iscsi-volume"),
    ("CreateWhatsAppFlow", "create-whatsapp-flow"),
    ("CreateWhatsAppMessageTemplate", "create-whatsapp-message-template"),
    ("CreateWhatsAppMessageTemplateFromLibrary", "create-whatsapp-message-template-from-library"),
    ("CreateWhatsAppMessageTemplateMedia", "create-whatsapp-message-template-media"),
    ("DeleteWhatsAppFlow", "delete-whatsapp-flow"),
    ("DeleteWhatsAppMessageMedia", "delete-whatsapp-message-media"),
    ("DeleteWhatsAppMessageTemplate", "delete-whatsapp-message-template"),
    ("DeprecateWhatsAppFlow", "deprecate-whatsapp-flow"),
    ("DescribeCachediSCSIVolumes", "describe-cached-iscsi-volumes"),
    ("DescribeStorediSCSIVolumes", "describe-stored-iscsi-volumes"),
    ("DisassociateWhatsAppBusinessAccount", "disassociate-whatsapp-business-account"),
    ("ExecutePartiQLBatch", "execute-partiql-batch"),
    ("ExecutePartiQLStatement", "execute-partiql-statement"),
    ("ExecutePartiQLTransaction", "execute-partiql-transaction"),
    ("GetLinkedWhatsAppBusinessAccount", "get-linked-whatsapp-business-account"),
    ("GetLinkedWhatsAppBusinessAccountPhoneNumber", "get-linked-whatsapp-business-account-phone-number"),
    ("GetOTelEnrichment", "get-otel-enrichment"),
    ("GetWhatsAppFlow", "get-whatsapp-flow"),
    ("GetWhatsAppFlowPreview", "get-whatsapp-flow-preview"),
    ("GetWhatsAppMessageMedia", "get-whatsapp-message-media"),
    ("GetWhatsAppMessageTemplate", "get-whatsapp-message-template"),
    ("IntrospectOAuth2TokenWithIAM", "introspect-oauth2-token-with-iam"),
    ("ListHITsForQualificationType", "list-hits-for-qualification-type"),
    ("ListLinkedWhatsAppBusinessAccounts", "list-linked-whatsapp-business-accounts"),
    ("ListWhatsAppFlowAssets", "list-whatsapp-flow-assets"),
    ("ListWhatsAppFlows", "list-whatsapp-flows"),
    ("ListWhatsAppMessageTemplates", "list-whatsapp-message-templates"),
    ("ListWhatsAppTemplateLibrary", "list-whatsapp-template-library"),
    ("PostWhatsAppMessageMedia", "post-whatsapp-message-media"),
    ("PublishWhatsAppFlow", "publish-whatsapp-flow"),
    ("PutWhatsAppBusinessAccountEventDestinations", "put-whatsapp-business-account-event-destinations"),
    ("RevokeOAuth2TokenWithIAM", "revoke-oauth2-token-with-iam"),
    ("SendWhatsAppMessage", "send-whatsapp-message"),
    ("StartOTelEnrichment", "start-otel-enrichment"),
    ("StopOTelEnrichment", "stop-otel-enrichment"),
    ("UpdateWhatsAppFlow", "update-whatsapp-flow"),
    ("UpdateWhatsAppFlowAssets", "update-whatsapp-flow-assets"),
    ("UpdateWhatsAppMessageTemplate", "update-whatsapp-message-template"),
];

/// Services whose command is not botocore's name for them.
const SERVICE_COMMANDS: &[(&str, &str)] = &[
    ("codedeploy", "deploy"),
    ("config", "configservice"),
    ("s3", "s3api"),
    ("agenttoolkit", "agent-toolkit"),
];

/// Commands that AWS CLI takes for another service command without showing them.
const HIDDEN_SERVICE_COMMANDS: &[(&str, &str)] = &[("runtime.sagemaker", "sagemaker-runtime")];

/// The command of the service that botocore calls `name`.
pub fn command_of_service(name: &str) -> &str {
    SERVICE_COMMANDS.iter().find(|(service, _)| *service == name).map_or(name, |(_, command)| command)
}

/// What botocore calls the service of this command. The name is not known to be one of a service.
pub fn service_of_command(command: &str) -> Option<&str> {
    let shown = HIDDEN_SERVICE_COMMANDS
        .iter()
        .find(|(hidden, _)| *hidden == command)
        .map_or(command, |(_, shown)| shown);
    match SERVICE_COMMANDS.iter().find(|(_, renamed)| *renamed == shown) {
        Some((service, _)) => Some(service),
        None if SERVICE_COMMANDS.iter().any(|(service, _)| *service == shown) => None,
        None => Some(shown),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_begin_at_capitals_and_acronyms_stay_whole() {
        for (name, word) in [
            ("AssumeRoleWithSAML", "assume-role-with-saml"),
            ("CreateVirtualMFADevice", "create-virtual-mfa-device"),
            ("CreateTokenWithIAM", "create-token-with-iam"),
            ("GatewayARNs", "gateway-arns"),
            ("ARNs", "-arns"),
            ("ListWebACLs", "list-web-acls"),
            ("AuthenticationCode1", "authentication-code1"),
            ("CodeSha256", "code-sha256"),
            ("SSEKMSKeyId", "ssekms-key-id"),
            ("IPv6Address", "i-pv6-address"),
            ("dryRun", "dry-run"),
            ("Ec2TagFilters", "ec2-tag-filters"),
            ("x-already", "x-already"),
            ("", ""),
        ] {
            assert_eq!(word_of(name), word, "{name}");
        }
    }

    #[test]
    fn exceptions_are_sorted_and_found() {
        assert!(EXCEPTIONS.is_sorted());
        assert_eq!(word_of("CreateOAuth2Token"), "create-oauth2-token");
        assert_eq!(word_of("UpdateWhatsAppMessageTemplate"), "update-whatsapp-message-template");
    }

    #[test]
    fn some_services_have_commands_of_another_name() {
        assert_eq!(command_of_service("s3"), "s3api");
        assert_eq!(command_of_service("iam"), "iam");
        assert_eq!(service_of_command("deploy"), Some("codedeploy"));
        assert_eq!(service_of_command("codedeploy"), None);
        assert_eq!(service_of_command("runtime.sagemaker"), Some("sagemaker-runtime"));
    }
}
