//! Every secret a test has met, so that none of them is printed unnoticed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::Mutex;

use awsx_sandbox::{Request, seed};
use serde_json::Value;

/// Keys of JSON caches and requests whose values are secrets, in lower case.
const JSON_KEYS: &[&str] = &[
    "accesstoken",
    "refreshtoken",
    "clientsecret",
    "secretaccesskey",
    "sessiontoken",
    "token",
    "devicecode",
    "code",
    "codeverifier",
    "idtoken",
    "dpopkey",
];
const INI_KEYS: [&str; 2] = ["aws_secret_access_key", "aws_session_token"];
const VARIABLES: [&str; 2] = ["AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];
const HEADERS: [&str; 2] = ["x-amz-sso_bearer_token", "x-amz-security-token"];

/// Shorter values are words.
const SHORTEST: usize = 8;

#[derive(Default)]
pub(super) struct Secrets(Mutex<BTreeSet<String>>);

impl Secrets {
    pub(super) fn learn_variables(&self, variables: &BTreeMap<String, String>) {
        self.learn(seed::SECRET_ACCESS_KEY);
        VARIABLES.iter().filter_map(|name| variables.get(*name)).for_each(|value| self.learn(value));
    }

    /// What stands in the AWS files of a home folder.
    pub(super) fn learn_files(&self, home: &Path) {
        for name in ["config", "credentials"] {
            let Ok(text) = fs::read_to_string(home.join(".aws").join(name)) else { continue };
            for line in text.lines() {
                let Some((key, value)) = line.split_once('=') else { continue };
                if INI_KEYS.contains(&key.trim()) {
                    self.learn(value.trim());
                }
            }
        }
        for folder in [".aws/sso/cache", ".aws/cli/cache", ".aws/login/cache", ".cache/awsx"] {
            let Ok(entries) = fs::read_dir(home.join(folder)) else { continue };
            for entry in entries.flatten() {
                let text = fs::read_to_string(entry.path()).unwrap_or_default();
                if let Ok(json) = serde_json::from_str(&text) {
                    self.learn_json(&json);
                }
            }
        }
    }

    /// What clients have sent.
    pub(super) fn learn_requests(&self, requests: &[Request]) {
        for request in requests {
            if let Some(json) = &request.json {
                self.learn_json(json);
            }
            HEADERS.iter().filter_map(|name| request.headers.get(*name)).for_each(|value| self.learn(value));
            let session = request.form.get("Session").and_then(|session| serde_json::from_str(session).ok());
            if let Some(Value::Object(session)) = session {
                for key in ["sessionKey", "sessionToken"] {
                    self.learn(session[key].as_str().unwrap_or_default());
                }
            }
        }
    }

    #[track_caller]
    pub(super) fn assert_none_in(&self, what: &str, text: &str) {
        for secret in self.0.lock().unwrap().iter() {
            assert!(!text.contains(secret.as_str()), "the secret `{secret}` is in {what}:\n{text}");
        }
    }

    pub(super) fn learn_json(&self, json: &Value) {
        match json {
            Value::Object(members) => {
                for (key, value) in members {
                    match value {
                        Value::String(text) if JSON_KEYS.contains(&key.to_lowercase().as_str()) => {
                            self.learn(text);
                        }
                        nested => self.learn_json(nested),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.learn_json(item)),
            _ => {}
        }
    }

    pub(super) fn learn(&self, secret: &str) {
        if secret.len() >= SHORTEST {
            self.0.lock().unwrap().insert(secret.to_owned());
        }
    }
}

/// The net is of use only if it holds what it should catch.
#[test]
#[should_panic(expected = "is in stderr")]
fn a_printed_token_is_noticed() {
    let secrets = Secrets::default();
    secrets.learn_json(&serde_json::json!({ "Credentials": { "SessionToken": "token-of-a-role" } }));
    secrets.assert_none_in("stderr", "it is token-of-a-role, as it happens");
}
