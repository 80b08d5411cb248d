//! Services that answer in one place for a whole partition, so that no region need be set.

/// By their models' names: those with one endpoint for the partition in AWS's list, but for STS, of which AWS CLI wants to
/// know the region.
const EVERYWHERE: [&str; 20] = [
    "account",
    "billingconductor",
    "budgets",
    "ce",
    "chime",
    "cloudfront",
    "codecatalyst",
    "health",
    "iam",
    "importexport",
    "networkmanager",
    "notificationscontacts",
    "organizations",
    "route53",
    "s3",
    "savingsplans",
    "shield",
    "support",
    "taxsettings",
    "waf",
];

/// The region of a service's requests where none is set; none if the service needs one.
pub fn region_unless_set(service: &str) -> Option<&'static str> {
    match service {
        "s3" => Some("us-east-1"),
        _ => EVERYWHERE.contains(&service).then_some("aws-global"),
    }
}
