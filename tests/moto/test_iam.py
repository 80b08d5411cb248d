"""Access keys are replaced and MFA devices enrolled, with an IAM that is not awsx's own."""
import os
import re
import unittest

import boto3
from moto_server import Home, Moto


class Iam(unittest.TestCase):
    def setUp(self):
        self.moto = self.enterContext(Moto())
        keys = {"aws_access_key_id": "AKIAIOSFODNN7EXAMPLE", "aws_secret_access_key": "secret"}
        self.iam = boto3.client("iam", endpoint_url=self.moto.url, region_name="eu-west-1", **keys)
        # moto's accounts outlive its server.
        self.user = self._testMethodName
        self.device = self.user.replace("_", "-")
        self.iam.create_user(UserName=self.user)
        key = self.iam.create_access_key(UserName=self.user)["AccessKey"]
        self.first = key["AccessKeyId"]
        secret = key["SecretAccessKey"]
        section = f"aws_access_key_id = {self.first}\naws_secret_access_key = {secret}\n"
        credentials = f"# mine\n[default]\n{section}[same]\n{section}"
        self.home = self.enterContext(Home(self.moto, "", credentials))

    def keys(self):
        listed = self.iam.list_access_keys(UserName=self.user)["AccessKeyMetadata"]
        return {key["AccessKeyId"]: key["Status"] for key in listed}

    def test_a_key_is_replaced(self):
        self.home.talk("keys", "rotate", "--grace-period", "1h")
        with open(os.path.join(self.home.folder.name, ".aws/credentials"), encoding="utf-8") as file:
            written = file.read()
        self.assertTrue(written.startswith("# mine\n[default]\n"), written)
        (second,) = set(re.findall("aws_access_key_id = (.*)", written))
        self.assertEqual(self.keys(), {self.first: "Inactive", second: "Active"})
        listed = self.home.run("keys", "list")
        self.assertIn("default, same", listed)
        self.home.talk("keys", "rotate", "--finish")
        self.assertEqual(self.keys(), {second: "Active"})

    def test_a_device_is_enrolled_and_removed(self):
        printed = self.home.talk("mfa", "enroll", "--device-name", self.device, answers="123456\n654321\n")
        serial = printed.splitlines()[-1].rsplit(" ", 1)[-1]
        self.assertRegex(serial, r"^arn:aws:iam::\d{12}:mfa/" + self.device + "$")
        devices = self.iam.list_mfa_devices(UserName=self.user)["MFADevices"]
        self.assertEqual([device["SerialNumber"] for device in devices], [serial])
        self.assertIn(serial, self.home.run("mfa", "list"))
        self.home.talk("mfa", "remove", serial)
        self.assertEqual(self.iam.list_mfa_devices(UserName=self.user)["MFADevices"], [])

    def test_a_device_that_comes_to_nothing_is_deleted(self):
        with self.assertRaises(AssertionError):
            self.home.talk("mfa", "enroll", "--device-name", self.device, answers="123456\n")
        left = self.iam.list_virtual_mfa_devices()["VirtualMFADevices"]
        self.assertFalse([device for device in left if device["SerialNumber"].endswith(self.device)])


if __name__ == "__main__":
    unittest.main()
