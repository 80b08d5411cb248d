"""Roles, chains of roles, web identities and MFA sessions, with an STS that is not awsx's own."""
import base64
import json
import unittest

from moto_server import Home, Moto

KEYS = "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n"
CONFIG = f"""\
[profile base]
{KEYS}
[profile first]
role_arn = arn:aws:iam::111122223333:role/first
source_profile = base
role_session_name = one
external_id = some-id
duration_seconds = 1800
[profile second]
role_arn = arn:aws:iam::444455556666:role/second
source_profile = first
role_session_name = two
[profile device]
mfa_serial = arn:aws:iam::123456789012:mfa/me
mfa_session = auto
{KEYS}
[profile web]
role_arn = arn:aws:iam::111122223333:role/web
web_identity_token_file = ~/token
role_session_name = job
"""


def token():
    claims = {"iss": "https://issuer.example", "aud": "sts.amazonaws.com", "sub": "job", "exp": 4102444800}
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()) for part in ({"alg": "none"}, claims)]
    return ".".join([*(part.decode().rstrip("=") for part in parts), "signature"])


class Credentials(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.moto = cls.enterClassContext(Moto())

    def setUp(self):
        self.home = self.enterContext(Home(self.moto, CONFIG))
        self.home.write("token", token())

    def arn(self, profile, *more):
        words = ["sts", "get-caller-identity", "--query", "Arn", "--output", "text", "--profile", profile]
        return self.home.run(*words, *more).strip()

    def keys(self, profile, *more):
        return json.loads(self.home.run("configure", "export-credentials", "--profile", profile, *more))

    def test_a_role(self):
        self.assertEqual(self.arn("first"), "arn:aws:sts::111122223333:assumed-role/first/one")

    def test_a_role_over_a_role(self):
        self.assertEqual(self.arn("second"), "arn:aws:sts::444455556666:assumed-role/second/two")
        # Both are kept: the next command gets the very same keys.
        self.assertEqual(self.keys("second"), self.keys("second"))
        self.assertEqual(self.keys("first")["AccessKeyId"][:4], "ASIA")

    def test_a_web_identity(self):
        self.assertEqual(self.arn("web"), "arn:aws:sts::111122223333:assumed-role/web/job")

    def test_an_mfa_session(self):
        opened = self.keys("device", "--mfa-code", "123456")
        self.assertTrue(opened["SessionToken"])
        # It is kept, so no code is needed any more.
        self.assertEqual(self.keys("device"), opened)


if __name__ == "__main__":
    unittest.main()
