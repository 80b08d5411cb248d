//! The people, keys, roles and objects that every sandbox starts with. Nothing here is a secret.

use std::time::Duration;

use crate::config::{Account, Role};

/// Region the sandbox is in; signatures for other regions are accepted too.
pub const REGION: &str = "us-east-1";
/// Start URL of the Identity Center instance.
pub const START_URL: &str = "https://sandbox.awsapps.com/start";
/// The scope that lists accounts and yields role credentials.
pub const ACCOUNT_SCOPE: &str = "sso:account:access";

/// Id of the account named "Development".
pub const DEVELOPMENT: &str = "111122223333";
/// Id of the account named "Production".
pub const PRODUCTION: &str = "444455556666";

/// Name of the IAM user, and of the person who signs in.
pub const USER_NAME: &str = "alice";
/// ARN of the IAM user.
pub const USER_ARN: &str = "arn:aws:iam::111122223333:user/alice";
/// Access key id of the IAM user.
pub const ACCESS_KEY_ID: &str = "AKIAIOSFODNN7EXAMPLE";
/// Secret access key of the IAM user.
pub const SECRET_ACCESS_KEY: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
/// Serial number of the IAM user's MFA device.
pub const MFA_SERIAL: &str = "arn:aws:iam::111122223333:mfa/alice";
/// The MFA device's seed, Base32: RFC 6238's test secret.
pub const MFA_SEED: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

/// A role that the user and every SSO role may assume, for up to twelve hours.
pub const CONSOLE_READER_ARN: &str = "arn:aws:iam::111122223333:role/ConsoleReader";
/// A role that asks for MFA.
pub const OPERATOR_ARN: &str = "arn:aws:iam::111122223333:role/Operator";
/// A role in the other account that asks for [`EXTERNAL_ID`].
pub const AUDITOR_ARN: &str = "arn:aws:iam::444455556666:role/Auditor";
/// The external id for [`AUDITOR_ARN`].
pub const EXTERNAL_ID: &str = "sandbox-external-id";
/// A role for web identity tokens.
pub const DEPLOYER_ARN: &str = "arn:aws:iam::111122223333:role/Deployer";
/// A role that trusts nobody.
pub const FORBIDDEN_ARN: &str = "arn:aws:iam::111122223333:role/Forbidden";

/// Bucket with a few small objects.
pub const NOTES_BUCKET: &str = "sandbox-notes";
/// Bucket with objects in nested folders.
pub const LOGS_BUCKET: &str = "sandbox-logs";
/// Bucket without objects.
pub const EMPTY_BUCKET: &str = "sandbox-empty";

/// When every seeded bucket and object was last changed: 2025-01-01T00:00:00Z, in Unix seconds.
pub const MODIFIED_AT: i64 = 1_735_689_600;

/// Every seeded object: bucket, key, contents.
pub const OBJECTS: [(&str, &str, &str); 5] = [
    (NOTES_BUCKET, "hello.txt", "Hello from the sandbox.\n"),
    (NOTES_BUCKET, "recipes/bread.md", "# Bread\n\nFlour, water, salt, time.\n"),
    (NOTES_BUCKET, "unicode/grüße.txt", "Grüße aus dem Sandkasten.\n"),
    (LOGS_BUCKET, "2025/01/01/app.log", "00:00:01 started\n00:00:02 ready\n"),
    (LOGS_BUCKET, "2025/01/02/app.log", "00:00:01 started\n"),
];

/// Every seeded bucket.
pub const BUCKETS: [&str; 3] = [EMPTY_BUCKET, LOGS_BUCKET, NOTES_BUCKET];

/// The accounts of the portal, with the roles the user has in them.
pub fn accounts() -> Vec<Account> {
    let account = |id: &str, name: &str, email: &str, roles: &[&str]| Account {
        id: id.to_owned(),
        name: name.to_owned(),
        email: email.to_owned(),
        roles: roles.iter().map(|&role| role.to_owned()).collect(),
    };
    vec![
        account(DEVELOPMENT, "Development", "development@sandbox.example", &["Developer", "ReadOnly"]),
        account(PRODUCTION, "Production", "production@sandbox.example", &["ReadOnly", "Administrator"]),
    ]
}

/// The roles STS knows.
pub fn roles() -> Vec<Role> {
    let role = |account: &str, name: &str| Role {
        account: account.to_owned(),
        name: name.to_owned(),
        trusted_accounts: vec![DEVELOPMENT.to_owned(), PRODUCTION.to_owned()],
        external_id: None,
        requires_mfa: false,
        web_identity: false,
        max_session: Duration::from_hours(1),
    };
    vec![
        Role { max_session: Duration::from_hours(12), ..role(DEVELOPMENT, "ConsoleReader") },
        Role { requires_mfa: true, ..role(DEVELOPMENT, "Operator") },
        Role { external_id: Some(EXTERNAL_ID.to_owned()), ..role(PRODUCTION, "Auditor") },
        Role { web_identity: true, trusted_accounts: Vec::new(), ..role(DEVELOPMENT, "Deployer") },
        Role { trusted_accounts: Vec::new(), ..role(DEVELOPMENT, "Forbidden") },
    ]
}
