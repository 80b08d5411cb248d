"""One sign-in for all: boto3 and AWS's JavaScript SDK use awsx's, awsx uses theirs, and each renews the others'."""
import unittest

from person import SHORT, Person, bearer_tokens, token_requests


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
