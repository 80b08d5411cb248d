"""SeaweedFS, a real S3 server, on free ports of loopback, and what is needed to try it."""
import contextlib
import hashlib
import json
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

KEY, SECRET = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
MIB = 1 << 20


def free_port():
    """A port below 40,000 whose neighbour 10,000 above is free too: the server listens there as well."""
    while True:
        port = random.randrange(20000, 39000)
        with contextlib.suppress(OSError):
            for number in (port, port + 10000):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", number))
            return port


class Server:
    """The server; `beside` is the folder that its own is made in."""

    def __init__(self, beside=None):
        self.folder = tempfile.mkdtemp(prefix="awsx-seaweed-", dir=beside)
        identities = os.path.join(self.folder, "identities.json")
        with open(identities, "w") as file:
            keys = [{"accessKey": KEY, "secretKey": SECRET}]
            json.dump({"identities": [{"name": "me", "credentials": keys, "actions": ["Admin", "Read", "Write", "List", "Tagging"]}]}, file)
        port, master, volume, filer = (free_port() for _ in range(4))
        self.url = f"http://127.0.0.1:{port}"
        weed = os.path.join(os.path.dirname(sys.executable), "weed")
        self.process = subprocess.Popen(
            [weed, "server", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-dir={self.folder}", "-s3", f"-s3.port={port}",
             f"-s3.config={identities}", f"-master.port={master}", f"-volume.port={volume}", f"-filer.port={filer}",
             "-master.volumeSizeLimitMB=1024", "-volume.max=100", "-s3.port.iceberg=0", "-s3.port.lance=0"],
            cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(300):
            try:
                urllib.request.urlopen(self.url)
            except urllib.error.HTTPError:
                break
            except OSError:
                time.sleep(0.2)
        time.sleep(3)

    def stop(self):
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def environment(url, home):
    return {"HOME": home, "PATH": os.environ["PATH"], "AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL": url, "AWS_EC2_METADATA_DISABLED": "true"}


def digest(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write(path, size):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    block = random.randbytes(min(size, MIB))
    with open(path, "wb") as file:
        left = size
        while left > 0:
            file.write(block[:left])
            left -= len(block)
    # Servers keep times in whole seconds, so a file of this very second would count as newer than its copy.
    os.utime(path, (1_700_000_000, 1_700_000_000))
