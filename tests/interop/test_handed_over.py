"""Credentials handed over: boto3 and AWS's JavaScript SDK get them through credential_process, exec, exec --server and env."""
import json
import os
import sys
import unittest

from person import AWSX, Person, bearer_tokens

# Asks for credentials twice, the second time when those of the first are over: as a job of days would.
OUTLIVES_ITS_CREDENTIALS = """
import json, time, boto3
client = boto3.client("sts")
first = client.get_caller_identity()["Arn"]
keys = client._request_signer._credentials
before = keys.get_frozen_credentials().access_key
time.sleep(3)
again = client.get_caller_identity()["Arn"]
after = keys.get_frozen_credentials().access_key
print(json.dumps({"same": first == again, "renewed": before != after}))
"""


class HandedOver(unittest.TestCase):
    def test_credential_process_serves_both(self):
        with Person() as person:
            person.sign_in("session")
            for own, through in [("session", "process"), ("reader", "reader-process")]:
                identity = person.identity_by_awsx(own)
                self.assertEqual(person.identity_by_boto3(through), identity)
                self.assertEqual(person.identity_by_javascript(through, "process"), identity)

    def test_exec_and_its_server_serve_programs_that_are_told_nothing(self):
        with Person() as person:
            person.sign_in("session")
            for profile in ["session", "reader"]:
                identity = person.identity_by_awsx(profile)
                for server in [[], ["--server"]]:
                    for name, command in person.searching_clients().items():
                        with self.subTest(profile=profile, server=server, client=name):
                            found = person.run(AWSX, "exec", "--profile", profile, *server, "--", *command)
                            self.assertEqual(json.loads(found), identity)

    def test_the_server_is_asked_even_where_the_default_profile_has_keys(self):
        with Person() as person:
            person.sign_in("session")
            identity = person.identity_by_awsx("session")
            with open(os.path.join(person.home, ".aws/credentials"), "w", encoding="utf-8") as file:
                file.write("[default]\naws_access_key_id = AKIAWRONG\naws_secret_access_key = wrong\n")
            for name, command in person.searching_clients().items():
                with self.subTest(client=name):
                    found = person.run(AWSX, "exec", "--profile", "session", "--server", "--", *command)
                    self.assertEqual(json.loads(found), identity)

    def test_env_serves_what_the_shell_starts(self):
        with Person() as person:
            person.sign_in("session")
            identity = person.identity_by_awsx("session")
            for name, command in person.searching_clients().items():
                with self.subTest(client=name):
                    script = 'eval "$("$0" env --shell bash --profile session)" && exec "$@"'
                    self.assertEqual(json.loads(person.run("sh", "-c", script, AWSX, *command)), identity)

    def test_a_job_outlives_its_credentials_at_the_server(self):
        # Roles' credentials of 60 seconds are about to end for every SDK as soon as they are there.
        with Person(role_lifetime=60) as person:
            person.sign_in("session")
            job = [sys.executable, "-c", OUTLIVES_ITS_CREDENTIALS]
            done = json.loads(person.run(AWSX, "exec", "--profile", "session", "--server", "--", *job))
            self.assertEqual(done, {"same": True, "renewed": True})
            self.assertGreater(len(bearer_tokens(person.requests())), 1)


if __name__ == "__main__":
    unittest.main()
