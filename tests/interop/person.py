"""A person with a home folder and a sandbox of their own, and the programs they use: awsx, boto3, AWS's JavaScript SDK.

AWSX, AWSX_SANDBOX and IDENTITY_SCRIPT (identity.mjs beside its packages) are set by `cargo xtask interop`.
"""
import contextlib
import glob
import json
import os
import signal
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta, timezone

HERE = os.path.dirname(os.path.abspath(__file__))
AWSX, SANDBOX, IDENTITY_SCRIPT = (os.environ[name] for name in ("AWSX", "AWSX_SANDBOX", "IDENTITY_SCRIPT"))

CONFIG = """\
[sso-session sandbox]
sso_start_url = https://sandbox.awsapps.com/start
sso_region = us-east-1
sso_registration_scopes = sso:account:access

[profile session]
sso_session = sandbox
sso_account_id = 111122223333
sso_role_name = Developer
region = us-east-1

[profile legacy]
sso_start_url = https://sandbox.awsapps.com/start
sso_region = us-east-1
sso_account_id = 111122223333
sso_role_name = ReadOnly
region = us-east-1
"""

# Filled in once the place of awsx is known: its path may hold blanks.
CONFIG_OF_PROGRAMS = """
[profile process]
credential_process = "{awsx}" configure export-credentials --profile session
region = us-east-1

[profile reader]
role_arn = arn:aws:iam::111122223333:role/ConsoleReader
role_session_name = interop
source_profile = session
region = us-east-1

[profile reader-process]
credential_process = "{awsx}" configure export-credentials --profile reader
region = us-east-1
"""

# Shorter than the time before its end at which each of them renews a token: 15 minutes for awsx and boto3, 5 for
# JavaScript. So everyone who reads it renews it.
SHORT = 240


class Person:
    """A home with profiles for a sandbox of its own. `requests` are known once the sandbox has stopped."""

    def __init__(self, token_lifetime=None, role_lifetime=None):
        self.lifetimes = {"--token-lifetime": token_lifetime, "--role-lifetime": role_lifetime}

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            self.home = stack.enter_context(tempfile.TemporaryDirectory(prefix="awsx-interop-"))
            os.makedirs(os.path.join(self.home, ".aws"))
            with open(os.path.join(self.home, ".aws/config"), "w", encoding="utf-8") as file:
                file.write(CONFIG + CONFIG_OF_PROGRAMS.format(awsx=AWSX))
            self.log = os.path.join(self.home, "requests.jsonl")
            self.start_sandbox()
            stack.callback(self.stop_sandbox)
            self.stack = stack.pop_all()
        return self

    def __exit__(self, *_):
        self.stack.close()

    def start_sandbox(self):
        lifetime = [word for name, seconds in self.lifetimes.items() if seconds for word in (name, str(seconds))]
        self.sandbox = subprocess.Popen([SANDBOX, "--port", "0", "--auto-approve", "--requests", self.log, *lifetime],
                                        stdout=subprocess.PIPE, text=True)
        self.env = {"HOME": self.home, "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "TZ": "UTC", "AWS_PAGER": ""}
        for line in self.sandbox.stdout:
            if not line.startswith("export "):
                return
            name, value = line.removeprefix("export ").rstrip("\n").split("=", 1)
            self.env[name] = value
        raise AssertionError("the sandbox ended without a word")

    def stop_sandbox(self):
        if self.sandbox.poll() is None:
            self.sandbox.send_signal(signal.SIGTERM)
            self.sandbox.wait(timeout=20)
        self.sandbox.stdout.close()

    def requests(self):
        self.stop_sandbox()
        with open(self.log, encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def run(self, *argv):
        done = subprocess.run(argv, env=self.env, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
        if done.returncode:
            raise AssertionError(f"{argv} ended with {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def sign_in(self, profile):
        self.run(AWSX, "sso", "login", "--use-device-code", "--no-browser", "--profile", profile)

    # AWS_ENDPOINT_URL is enough for all three, for STS and for the portal and token calls on the way there.

    def identity_by_awsx(self, profile):
        # Without its stored role credentials it has to go by the token.
        for file in glob.glob(os.path.join(self.home, ".aws/cli/cache/*.json")):
            os.remove(file)
        return json.loads(self.run(AWSX, "sts", "get-caller-identity", "--profile", profile, "--output", "json"))

    def identity_by_boto3(self, profile):
        return json.loads(self.run(sys.executable, os.path.join(HERE, "identity.py"), profile))

    def identity_by_javascript(self, profile, kind="sso"):
        return json.loads(self.run("node", IDENTITY_SCRIPT, profile, kind))

    def searching_clients(self):
        """Commands of programs that are told nothing and look for credentials themselves."""
        return {"boto3": [sys.executable, os.path.join(HERE, "identity.py")], "javascript": ["node", IDENTITY_SCRIPT]}

    def token_file(self):
        """The one file that holds a token; the other is the client's registration."""
        (path,) = [path for path in glob.glob(os.path.join(self.home, ".aws/sso/cache/*.json")) if "accessToken" in read(path)]
        return path

    def token(self):
        return read(self.token_file())

    def let_token_end_in(self, seconds):
        path, token = self.token_file(), self.token()
        end = datetime.now(timezone.utc) + timedelta(seconds=seconds)
        with open(path, "w", encoding="utf-8") as file:
            json.dump({**token, "expiresAt": end.strftime("%Y-%m-%dT%H:%M:%SZ")}, file)


def read(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def token_requests(requests, grant):
    return [request["json"] for request in requests if request["path"] == "/token" and request["json"]["grantType"] == grant]


def bearer_tokens(requests):
    return [request["headers"]["x-amz-sso_bearer_token"] for request in requests if request["path"] == "/federation/credentials"]
