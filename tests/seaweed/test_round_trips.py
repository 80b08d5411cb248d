"""awsx against a real S3 server, SeaweedFS: what comes back is what went, syncs converge, large folders need no memory.

Environment: AWSX, the program; QUICK, set for smaller objects. The server is started on free ports of loopback.
"""
import hashlib
import http.server
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest
import urllib.parse

from server import MIB, Server, digest, environment, write

AWSX = os.environ["AWSX"]
QUICK = bool(os.environ.get("QUICK"))


class RoundTrips(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def setUp(self):
        self.home = tempfile.mkdtemp(prefix="awsx-home-")
        self.addCleanup(shutil.rmtree, self.home)
        self.bucket = f"b{random.randrange(1 << 40):x}"
        self.run_awsx("s3", "mb", f"s3://{self.bucket}")

    def run_awsx(self, *arguments, code=0, **options):
        done = subprocess.run([AWSX, *arguments], env=environment(self.server.url, self.home), cwd=self.home,
                              capture_output=True, **options)
        self.assertEqual(done.returncode, code, f"{arguments}\n{done.stdout[-500:]}\n{done.stderr[-2000:]}")
        return done.stdout.decode()

    def path(self, *parts):
        return os.path.join(self.home, *parts)

    def test_objects_of_every_size_come_back_whole(self):
        part = 8 * MIB
        sizes = [0, 1, 100, part - 1, part, part + 1, 2 * part + 5] + ([64 * MIB] if QUICK else [1024 * MIB])
        for size in sizes:
            with self.subTest(size=size):
                write(self.path("up"), size)
                self.run_awsx("s3", "cp", "up", f"s3://{self.bucket}/o{size}", "--quiet")
                self.run_awsx("s3", "cp", f"s3://{self.bucket}/o{size}", "down", "--quiet")
                self.assertEqual(digest(self.path("up")), digest(self.path("down")))
                self.run_awsx("s3", "cp", f"s3://{self.bucket}/o{size}", f"s3://{self.bucket}/copy", "--quiet")
                self.run_awsx("s3", "mv", f"s3://{self.bucket}/copy", "moved", "--quiet")
                self.assertEqual(digest(self.path("up")), digest(self.path("moved")))

    def test_odd_keys_come_back_by_their_names(self):
        names = ["a b", "ü/grüße", "plus+and&more", "quote'\"", "per%cent", "semi;colon", "hash#", "question?", "#", "日本",
                 "tilde~", "paren(s)", "star*", "eq=ual", "brace{s}", "com,ma", "at@", "dollar$", "back`tick", "x" * 200]
        for name in names:
            write(self.path("odd", name), 10)
        self.run_awsx("s3", "cp", "odd", f"s3://{self.bucket}/odd", "--recursive", "--quiet")
        self.run_awsx("s3", "cp", f"s3://{self.bucket}/odd", "back", "--recursive", "--quiet")
        for name in names:
            self.assertEqual(digest(self.path("odd", name)), digest(self.path("back", name)), name)
        self.assertEqual(self.run_awsx("s3", "sync", "odd", f"s3://{self.bucket}/odd"), "")
        self.run_awsx("s3", "rm", f"s3://{self.bucket}/odd", "--recursive", "--quiet")
        self.assertEqual(self.run_awsx("s3", "ls", f"s3://{self.bucket}/", "--recursive"), "")

    def test_syncs_converge_and_a_second_one_sends_nothing(self):
        for number in range(300):
            write(self.path("d", f"{number % 7}", f"{number}"), number)
        self.run_awsx("s3", "sync", "d", f"s3://{self.bucket}/d", "--quiet")
        self.assertEqual(self.run_awsx("s3", "sync", "d", f"s3://{self.bucket}/d"), "")
        self.run_awsx("s3", "sync", f"s3://{self.bucket}/d", "e", "--quiet")
        self.assertEqual(self.run_awsx("s3", "sync", f"s3://{self.bucket}/d", "e"), "")
        self.run_awsx("s3", "sync", f"s3://{self.bucket}/d", f"s3://{self.bucket}/f", "--quiet")
        self.assertEqual(self.run_awsx("s3", "sync", f"s3://{self.bucket}/d", f"s3://{self.bucket}/f"), "")
        os.remove(self.path("d", "0", "0"))
        write(self.path("d", "new"), 5)
        lines = self.run_awsx("s3", "sync", "d", f"s3://{self.bucket}/d", "--delete", "--no-progress").splitlines()
        self.assertEqual(sorted(lines), [f"delete: s3://{self.bucket}/d/0/0", f"upload: d/new to s3://{self.bucket}/d/new"])

    def test_streams_come_back_whole(self):
        data = random.randbytes(20 * MIB + 3)
        self.run_awsx("s3", "cp", "-", f"s3://{self.bucket}/stream", input=data)
        done = subprocess.run([AWSX, "s3", "cp", f"s3://{self.bucket}/stream", "-"], capture_output=True, check=True,
                              env=environment(self.server.url, self.home))
        self.assertEqual(hashlib.sha256(done.stdout).digest(), hashlib.sha256(data).digest())


class Listing(http.server.BaseHTTPRequestHandler):
    """Lists so many objects of a bucket, and keeps none."""
    protocol_version = "HTTP/1.1"
    count = 0

    def do_GET(self):
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query))
        start = int(query.get("continuation-token", 0))
        end = min(start + 1000, self.count)
        objects = "".join(
            f"<Contents><Key>p/{number:09}</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>&quot;"
            f"{number:032x}&quot;</ETag><Size>5</Size><StorageClass>STANDARD</StorageClass></Contents>"
            for number in range(start, end))
        more = f"<NextContinuationToken>{end}</NextContinuationToken>" if end < self.count else ""
        body = (f"<ListBucketResult><IsTruncated>{str(bool(more)).lower()}</IsTruncated>{more}{objects}"
                "<EncodingType>url</EncodingType></ListBucketResult>").encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Memory(unittest.TestCase):
    def test_a_sync_of_many_objects_needs_no_more_memory_than_one_of_few(self):
        few, many = self.peak(2_000), self.peak(20_000 if QUICK else 200_000)
        self.assertLess(many, few * 1.25 + 2048, f"{few} KiB for few, {many} KiB for many")
        self.assertLess(many, 64 * 1024)

    def peak(self, count):
        """KiB at the peak of a sync between two prefixes that are the same."""
        handler = type("Counted", (Listing,), {"count": count})
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        home = tempfile.mkdtemp(prefix="awsx-home-")
        script = ("import os, resource, subprocess, sys\n"
                  "done = subprocess.run(sys.argv[1:], capture_output=True)\n"
                  "assert done.returncode == 0 and done.stdout == b'', (done.stdout[-500:], done.stderr[-500:])\n"
                  "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\n")
        try:
            url = f"http://127.0.0.1:{server.server_port}"
            command = [sys.executable, "-c", script, AWSX, "s3", "sync", "s3://one/p", "s3://two/p"]
            done = subprocess.run(command, env=environment(url, home), capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stderr)
            return int(done.stdout)
        finally:
            server.shutdown()
            server.server_close()
            shutil.rmtree(home)


if __name__ == "__main__":
    unittest.main()
