"""One sign-in for all: boto3 and AWS's JavaScript SDK use awsx's, awsx uses theirs, and each renews the others'.

`cargo xtask interop` runs this; it sets AWSX, AWSX_SANDBOX and IDENTITY_SCRIPT (identity.mjs beside its packages).
"""
import contextlib
import glob
import json
import os
import signal
import subprocess
import sys
import tempfile
import unittest
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

# Shorter than the time before its end at which each of them renews a token: 15 minutes for awsx and boto3, 5 for
# JavaScript. So everyone who reads it renews it.
SHORT = 240


class Person:
    """A home with profiles for a sandbox of its own. `requests` are known once the sandbox has stopped."""

    def __init__(self, token_lifetime=None):
        self.token_lifetime = token_lifetime

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            self.home = stack.enter_context(tempfile.TemporaryDirectory(prefix="awsx-interop-"))
            os.makedirs(os.path.join(self.home, ".aws"))
            with open(os.path.join(self.home, ".aws/config"), "w", encoding="utf-8") as file:
                file.write(CONFIG)
            self.log = os.path.join(self.home, "requests.jsonl")
            self.start_sandbox()
            stack.callback(self.stop_sandbox)
            self.stack = stack.pop_all()
        return self

    def __exit__(self, *_):
        self.stack.close()

    def start_sandbox(self):
        lifetime = ["--token-lifetime", str(self.token_lifetime)] if self.token_lifetime else []
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

    def identity_by_javascript(self, profile):
        return json.loads(self.run("node", IDENTITY_SCRIPT, profile))

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


class SharedLogin(unittest.TestCase):
    def test_boto3_and_javascript_use_the_sign_in_of_a_session_profile(self):
        self.others_use_the_sign_in("session", "Developer")

    def test_boto3_and_javascript_use_the_sign_in_of_a_legacy_profile(self):
        self.others_use_the_sign_in("legacy", "ReadOnly")

    def others_use_the_sign_in(self, profile, role):
        with Person() as person:
            person.sign_in(profile)
            token = person.token()["accessToken"]
            identity = person.identity_by_awsx(profile)
            self.assertIn(f"assumed-role/AWSReservedSSO_{role}_", identity["Arn"])
            self.assertEqual(person.identity_by_boto3(profile), identity)
            self.assertEqual(person.identity_by_javascript(profile), identity)

            requests = person.requests()
            self.assertEqual(token_requests(requests, "refresh_token"), [], "a fresh token is not renewed")
            self.assertEqual(bearer_tokens(requests), [token] * 3)

    def test_awsx_uses_the_token_that_boto3_renewed(self):
        self.awsx_uses_the_token_renewed_by(Person.identity_by_boto3)

    def test_awsx_uses_the_token_that_javascript_renewed(self):
        self.awsx_uses_the_token_renewed_by(Person.identity_by_javascript)

    def awsx_uses_the_token_renewed_by(self, other):
        with Person() as person:
            person.sign_in("session")
            person.let_token_end_in(60)
            before = person.token()
            other(person, "session")
            renewed = person.token()
            self.assertNotEqual(renewed["accessToken"], before["accessToken"])
            person.identity_by_awsx("session")

            requests = person.requests()
            self.assertEqual([sent["refreshToken"] for sent in token_requests(requests, "refresh_token")],
                             [before["refreshToken"]], "renewed once, by the other")
            self.assertEqual(bearer_tokens(requests), [renewed["accessToken"]] * 2)

    def test_boto3_and_javascript_use_the_token_that_awsx_renewed(self):
        with Person() as person:
            person.sign_in("session")
            person.let_token_end_in(60)
            before = person.token()
            person.identity_by_awsx("session")
            renewed = person.token()
            self.assertNotEqual(renewed["accessToken"], before["accessToken"])
            person.identity_by_boto3("session")
            person.identity_by_javascript("session")

            requests = person.requests()
            self.assertEqual([sent["refreshToken"] for sent in token_requests(requests, "refresh_token")],
                             [before["refreshToken"]], "renewed once, by awsx")
            self.assertEqual(bearer_tokens(requests), [renewed["accessToken"]] * 3)

    def test_each_renews_with_what_the_one_before_left(self):
        relay = [Person.identity_by_boto3, Person.identity_by_awsx, Person.identity_by_javascript, Person.identity_by_awsx,
                 Person.identity_by_boto3, Person.identity_by_javascript]
        with Person(token_lifetime=SHORT) as person:
            person.sign_in("session")
            left = [person.token()]
            for identity in relay:
                identity(person, "session")
                left.append(person.token())

            requests = person.requests()
            # A refresh token serves once: had one of them sent an older one, or lost one, the chain would break.
            self.assertEqual([sent["refreshToken"] for sent in token_requests(requests, "refresh_token")],
                             [token["refreshToken"] for token in left[:-1]])
            self.assertEqual(bearer_tokens(requests), [token["accessToken"] for token in left[1:]])


if __name__ == "__main__":
    unittest.main()
