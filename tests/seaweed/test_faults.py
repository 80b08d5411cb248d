"""awsx and a real S3 server with a proxy between them that breaks things: what is not told of as lost is there and whole.

Environment: AWSX, the program; SANDBOX, the program with the proxy; QUICK, set for fewer files.
"""
import concurrent.futures
import os
import random
import re
import shutil
import subprocess
import tempfile
import unittest
import urllib.parse

from server import MIB, Server, digest, environment, write

AWSX, SANDBOX = os.environ["AWSX"], os.environ["SANDBOX"]
SMALL = 60 if os.environ.get("QUICK") else 200
LARGE = ["large-0", "large-1"]
# Of a thousand requests; each stall costs the time limit.
RATES = {"cut-before": 100, "cut-answer": 100, "cut-up": 100, "cut-down": 100, "error": 100, "slow-down": 50, "corrupt-up": 60,
         "corrupt-down": 60, "stall": 10}


def limits(kind):
    """A busy server must not look like a stalled one."""
    return ["--numworkers", "8", "--cli-read-timeout", "2" if kind == "stall" else "60"]


class Proxy:
    def __init__(self, server, kind):
        self.process = subprocess.Popen(
            [SANDBOX, "proxy", urllib.parse.urlsplit(server).netloc, "--break", kind, "--per-thousand", str(RATES[kind]),
             "--seed", "11"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


class Faults(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.home = tempfile.mkdtemp(prefix="awsx-home-")
        cls.bucket = f"b{random.randrange(1 << 40):x}"
        cls.names = [f"{number:03}" for number in range(SMALL)] + LARGE
        for number, name in enumerate(cls.names):
            write(os.path.join(cls.home, "d", name), 20 * MIB + 7 if name in LARGE else number * 37)
        cls.digests = {name: digest(os.path.join(cls.home, "d", name)) for name in cls.names}
        cls.run_awsx(cls.server.url, "s3", "mb", f"s3://{cls.bucket}")
        cls.run_awsx(cls.server.url, "s3", "cp", "d", f"s3://{cls.bucket}/known", "--recursive", "--quiet")
        head = cls.run_awsx(cls.server.url, "s3api", "head-object", "--bucket", cls.bucket, "--key", "known/001",
                            "--checksum-mode", "ENABLED").stdout
        cls.keeps_checksums = "ChecksumCRC64NVME" in head

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        shutil.rmtree(cls.home)

    @classmethod
    def run_awsx(cls, url, *arguments):
        return subprocess.run([AWSX, *arguments], env=environment(url, cls.home), cwd=cls.home, capture_output=True, text=True)

    def lost(self, done):
        """The names that are said to have failed; the exit code must say so too."""
        lost = {path.rsplit("/", 1)[-1] for path in re.findall(r"^\w+ failed: (\S+) to ", done.stderr, re.M)}
        self.assertEqual(done.returncode, 1 if lost else 0, done.stderr[-2000:])
        return lost

    def assert_whole(self, folder, lost):
        there = set(os.listdir(os.path.join(self.home, folder)))
        self.assertEqual(there - set(self.names), set())
        self.assertEqual(set(self.names) - there - lost, set())
        for name in there:
            self.assertEqual(digest(os.path.join(self.home, folder, name)), self.digests[name], name)

    def test_uploads_are_whole_or_told_of_and_leave_no_parts(self):
        def check(kind):
            with Proxy(self.server.url, kind) as proxy:
                done = self.run_awsx(proxy.url, "s3", "cp", "d", f"s3://{self.bucket}/{kind}", "--recursive", "--no-progress",
                                     *limits(kind))
            lost = self.lost(done)
            self.run_awsx(self.server.url, "s3", "cp", f"s3://{self.bucket}/{kind}", f"up-{kind}", "--recursive", "--quiet")
            self.assert_whole(f"up-{kind}", lost)
            left = self.run_awsx(self.server.url, "s3api", "list-multipart-uploads", "--bucket", self.bucket, "--prefix",
                                 kind + "/", "--query", "Uploads[].Key", "--output", "text").stdout
            self.assertEqual(left.replace("None", "").split(), [], done.stderr[-2000:])

        self.for_each_kind(check)

    def test_downloads_are_whole_or_told_of_and_leave_no_temporary_file(self):
        def check(kind):
            if kind == "corrupt-down" and not self.keeps_checksums:
                # Nothing could tell.
                return
            with Proxy(self.server.url, kind) as proxy:
                done = self.run_awsx(proxy.url, "s3", "cp", f"s3://{self.bucket}/known", f"down-{kind}", "--recursive",
                                     "--no-progress", *limits(kind))
            self.assert_whole(f"down-{kind}", self.lost(done))

        self.for_each_kind(check)

    def for_each_kind(self, check):
        """Some at once, since much of their time is waiting."""
        with concurrent.futures.ThreadPoolExecutor(3) as pool:
            checks = {kind: pool.submit(check, kind) for kind in RATES}
        for kind, done in checks.items():
            with self.subTest(kind=kind):
                done.result()


if __name__ == "__main__":
    unittest.main()
