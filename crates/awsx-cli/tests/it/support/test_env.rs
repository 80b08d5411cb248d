//! One user with one home folder, and nothing else around.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use awsx_sandbox::{Config, Sandbox};
use tempfile::TempDir;

use super::secrets::Secrets;
use super::{Run, Running};

/// The home folder, the variables and, where one is wanted, the AWS of a test.
pub(crate) struct TestEnv {
    home: TempDir,
    variables: BTreeMap<String, String>,
    sandbox: Option<Sandbox>,
    secrets: Secrets,
}

impl TestEnv {
    /// Without AWS: whatever asks the network would fail.
    pub(crate) fn new() -> Self {
        #[cfg(unix)]
        super::signals::heed_in_children();
        let home = tempfile::Builder::new().prefix("awsx-home-").tempdir().unwrap();
        let mut env = Self { home, variables: BTreeMap::new(), sandbox: None, secrets: Secrets::default() };
        // No program of this machine is found: no browser, no pager, no shell.
        let nowhere = env.path("nowhere").display().to_string();
        let home = env.home().display().to_string();
        for (name, value) in [
            ("HOME", home.as_str()),
            ("PATH", nowhere.as_str()),
            ("TZ", "UTC"),
            ("COLUMNS", "80"),
            ("AWS_EC2_METADATA_DISABLED", "true"),
            ("AWSX_KEYRING", "off"),
        ] {
            env.variables.insert(name.to_owned(), value.to_owned());
        }
        env
    }

    /// With a sandbox, and the variables that lead there.
    pub(crate) fn with_sandbox(config: Config) -> Self {
        let mut env = Self::new();
        let sandbox = Sandbox::start(config).unwrap();
        env.variables.extend(sandbox.environment());
        env.sandbox = Some(sandbox);
        env
    }

    #[must_use]
    pub(crate) fn var(mut self, name: &str, value: &str) -> Self {
        self.variables.insert(name.to_owned(), value.to_owned());
        self
    }

    #[must_use]
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.variables.remove(name);
        self
    }

    /// With this `~/.aws/config`.
    #[must_use]
    pub(crate) fn config(self, text: &str) -> Self {
        self.write(".aws/config", text);
        self
    }

    /// With this `~/.aws/credentials`, readable by its owner only.
    #[must_use]
    pub(crate) fn credentials(self, text: &str) -> Self {
        self.write(".aws/credentials", text);
        restrict(&self.path(".aws/credentials"));
        self
    }

    /// With the seeded user's keys as the default profile.
    #[must_use]
    pub(crate) fn alice(self) -> Self {
        use awsx_sandbox::seed::{ACCESS_KEY_ID, SECRET_ACCESS_KEY};
        let keys = format!(
            "[default]\naws_access_key_id = {ACCESS_KEY_ID}\naws_secret_access_key = {SECRET_ACCESS_KEY}\n"
        );
        self.credentials(&keys)
    }

    pub(crate) fn sandbox(&self) -> &Sandbox {
        self.sandbox.as_ref().expect("the test has a sandbox")
    }

    pub(crate) fn home(&self) -> &Path {
        self.home.path()
    }

    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.home().join(relative)
    }

    pub(crate) fn read(&self, relative: &str) -> String {
        let path = self.path(relative);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    #[expect(clippy::disallowed_methods, reason = "these are the test's own files")]
    pub(crate) fn write(&self, relative: &str, text: &str) {
        let path = self.path(relative);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// The names in a folder, sorted.
    pub(crate) fn list(&self, relative: &str) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.path(relative)) else { return Vec::new() };
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort_unstable();
        names
    }

    /// How many JSON files a folder holds.
    pub(crate) fn count_json(&self, relative: &str) -> usize {
        self.list(relative).iter().filter(|name| has_extension(name, &["json"])).count()
    }

    /// How many requests the sandbox got for a method and path.
    pub(crate) fn count_requests(&self, method: &str, path: &str) -> usize {
        self.sandbox().requests().iter().filter(|it| it.method == method && it.path == path).count()
    }

    /// How many token requests of a grant the sandbox got.
    pub(crate) fn count_grants(&self, grant: &str) -> usize {
        let asks = |json: &serde_json::Value| json["grantType"] == grant;
        self.sandbox()
            .requests()
            .iter()
            .filter(|it| it.path == "/token" && it.json.as_ref().is_some_and(asks))
            .count()
    }

    /// Runs `awsx` with words parted at blanks and standard input closed.
    pub(crate) fn run(&self, words: &str) -> Run {
        self.run_args(&words.split_whitespace().collect::<Vec<_>>())
    }

    /// Runs `awsx` with these very arguments and standard input closed.
    pub(crate) fn run_args(&self, arguments: &[&str]) -> Run {
        let mut command = self.command(arguments);
        command.stdin(Stdio::null());
        Running::start(self, command).finish()
    }

    /// The same for a command whose child prints what it was given.
    pub(crate) fn run_revealing(&self, arguments: &[&str]) -> Run {
        let mut command = self.command(arguments);
        command.stdin(Stdio::null());
        Running::start(self, command).revealing().finish()
    }

    /// Runs `awsx` with a text piped in.
    pub(crate) fn run_with_input(&self, words: &str, input: &str) -> Run {
        let mut running = self.start(words);
        running.type_in(input);
        running.finish()
    }

    /// Starts `awsx` with standard input piped.
    pub(crate) fn start(&self, words: &str) -> Running<'_> {
        let mut command = self.command(&words.split_whitespace().collect::<Vec<_>>());
        command.stdin(Stdio::piped());
        Running::start(self, command)
    }

    /// Starts `awsx` from a shell that does something first, such as `ulimit -f 100`.
    #[cfg(unix)]
    pub(crate) fn start_after(&self, first: &str, words: &str) -> Running<'_> {
        let mut command = self.command_of(Path::new("/bin/sh"));
        let script = format!("{first}; exec \"$0\" \"$@\"");
        command.arg("-c").arg(script).arg(env!("CARGO_BIN_EXE_awsx")).args(words.split_whitespace());
        command.stdin(Stdio::null());
        Running::start(self, command)
    }

    /// The command, with this environment and no other.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.command_of(Path::new(env!("CARGO_BIN_EXE_awsx")));
        command.args(arguments);
        command
    }

    /// A command of another program, with this environment and no other.
    pub(crate) fn command_of(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.env_clear().envs(&self.variables).current_dir(self.home());
        command
    }

    /// Learns a secret that no rule finds.
    pub(crate) fn learn(&self, secret: &str) {
        self.secrets.learn(secret);
    }

    /// Learns the secrets of a service's answer.
    pub(crate) fn learn_json(&self, json: &serde_json::Value) {
        self.secrets.learn_json(json);
    }

    /// Learns the secrets that are known by now.
    pub(super) fn learn_secrets(&self) {
        self.secrets.learn_variables(&self.variables);
        self.secrets.learn_files(self.home());
        if let Some(sandbox) = &self.sandbox {
            self.secrets.learn_requests(&sandbox.requests());
        }
    }

    /// Fails the test if `text` holds a secret.
    pub(super) fn assert_no_secret_in(&self, what: &str, text: &str) {
        self.secrets.assert_none_in(what, text);
    }

    /// Replaces what differs from run to run: the home folder and ports.
    pub(super) fn normalise(&self, text: &str) -> String {
        let mut text = text.replace(&self.home().display().to_string(), "[HOME]");
        if let Some(sandbox) = &self.sandbox {
            text = text.replace(sandbox.url(), "[SANDBOX]");
        }
        text
    }
}

/// Whether a file's name ends in a dot and one of these.
pub(crate) fn has_extension(name: &str, known: &[&str]) -> bool {
    Path::new(name).extension().is_some_and(|found| known.iter().any(|extension| found == *extension))
}

#[cfg(unix)]
pub(crate) fn mode_of(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[cfg(unix)]
fn restrict(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}

#[cfg(not(unix))]
fn restrict(_: &Path) {}
