//! Console logins: their files, and the person at the browser on another device.

use awsx_core::store::hash::sha256_hex;
use awsx_sandbox::seed;
use serde_json::Value;

use super::{TestEnv, http};

/// Where the session of the sandbox's user is kept.
pub(crate) fn login_file() -> String {
    format!(".aws/login/cache/{}.json", sha256_hex(seed::USER_ARN))
}

/// The URL of the page to sign in at, once its line is complete.
pub(crate) fn login_url(stdout: &str) -> Option<String> {
    let complete = &stdout[..stdout.rfind('\n').map_or(0, |end| end + 1)];
    complete.lines().find(|line| line.contains("/v1/authorize?")).map(str::to_owned)
}

/// The code that the sandbox's confirmation page shows after a sign-in at `url`, where nobody needs to approve.
pub(crate) fn verification_code(url: &str) -> String {
    let redirect = http::get(&url.parse().unwrap());
    let page = http::get(&redirect.header("location").unwrap().parse().unwrap());
    let (_, rest) = page.body.split_once("<code id=\"code\">").unwrap();
    rest.split('<').next().unwrap().to_owned()
}

impl TestEnv {
    /// With `profile` set up by a console login at a sandbox that approves by itself.
    pub(crate) fn log_in(self, profile: &str) -> Self {
        let mut login = self.start(&format!("login --remote --profile {profile}"));
        let code = verification_code(&login.wait_for_stdout(login_url));
        login.type_in(&format!("{code}\n"));
        let run = login.finish();
        assert_eq!(run.code, 0, "{run}");
        self
    }

    /// The session's file.
    pub(crate) fn read_login(&self) -> Value {
        serde_json::from_str(&self.read(&login_file())).unwrap()
    }

    /// Lets the session's keys end at a time.
    pub(crate) fn end_login_keys_at(&self, expires_at: &str) {
        let mut json = self.read_login();
        json["accessToken"]["expiresAt"] = expires_at.into();
        self.write(&login_file(), &json.to_string());
    }
}
