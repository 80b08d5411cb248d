//! Sign-ins: the files they need, and the person at the browser.

use awsx_core::store::hash::sha1_hex;
use awsx_sandbox::Config;

use super::TestEnv;

/// A session named `corp` at the sandbox's start URL.
pub(crate) const CORP: &str = "[sso-session corp]
sso_start_url = https://sandbox.awsapps.com/start
sso_region = us-east-1
sso_registration_scopes = sso:account:access
";

/// The profile `dev` that takes a role through `corp`, and the session.
pub(crate) const DEVELOPER: &str = "[profile dev]
sso_session = corp
sso_account_id = 111122223333
sso_role_name = Developer
region = us-east-1

[sso-session corp]
sso_start_url = https://sandbox.awsapps.com/start
sso_region = us-east-1
sso_registration_scopes = sso:account:access
";

/// The config file of a profile that takes a role through `corp`; `more` are further lines of the profile.
pub(crate) fn profile_of_role(name: &str, account: &str, role: &str, more: &str) -> String {
    format!(
        "[profile {name}]\nsso_session = corp\nsso_account_id = {account}\nsso_role_name = {role}\n{more}{CORP}"
    )
}

/// A sandbox that grants device codes at the first poll, so that nobody has to be there.
pub(crate) fn approving() -> Config {
    Config { auto_approve: true, pending_polls: 0, ..Config::default() }
}

/// Where a session's token is kept.
pub(crate) fn token_file(session: &str) -> String {
    format!(".aws/sso/cache/{}.json", sha1_hex(session))
}

/// The URL of a PKCE sign-in, once its line is complete.
pub(crate) fn authorize_url(stdout: &str) -> Option<String> {
    complete_lines(stdout).find(|line| line.contains("/authorize?")).map(str::to_owned)
}

/// The URL of a device sign-in with the code in it, once its line is complete.
pub(crate) fn device_url(stdout: &str) -> Option<String> {
    complete_lines(stdout).find(|line| line.contains("?user_code=")).map(str::to_owned)
}

fn complete_lines(text: &str) -> impl Iterator<Item = &str> {
    text[..text.rfind('\n').map_or(0, |end| end + 1)].lines().map(str::trim)
}

impl TestEnv {
    /// Signed in to `corp`, at an [`approving`] sandbox.
    pub(crate) fn sign_in(self) -> Self {
        let run = self.run("sso login --sso-session corp --use-device-code --no-browser");
        assert_eq!(run.code, 0, "{run}");
        self
    }

    /// Lets a session's token be over, here and at the service; it can still be renewed.
    pub(crate) fn expire_token(&self, session: &str) {
        self.sandbox().expire_tokens();
        let file = token_file(session);
        let mut json: serde_json::Value = serde_json::from_str(&self.read(&file)).unwrap();
        json["expiresAt"] = "2020-01-01T00:00:00Z".into();
        self.write(&file, &json.to_string());
    }

    /// Forgets the keys of roles.
    pub(crate) fn forget_role_credentials(&self) {
        for name in self.list(".aws/cli/cache") {
            std::fs::remove_file(self.path(".aws/cli/cache").join(name)).unwrap();
        }
    }
}
