"""moto's server on a free port of loopback, and homes to run awsx in.

`cargo xtask moto` runs the tests beside this file; it sets AWSX.
"""
import os
import subprocess
import tempfile

from moto.server import ThreadedMotoServer

AWSX = os.environ["AWSX"]


class Moto:
    """A running server, and its `url`."""

    def __enter__(self):
        self.server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        self.server.start()
        self.url = "http://127.0.0.1:%d" % self.server.get_host_and_port()[1]
        return self

    def __exit__(self, *_):
        self.server.stop()


class Home:
    """A home folder with these files and nothing else around."""

    def __init__(self, moto, config, credentials=""):
        self.folder = tempfile.TemporaryDirectory(prefix="awsx-moto-")
        for name, text in (("config", config), ("credentials", credentials)):
            self.write(os.path.join(".aws", name), text)
        self.environment = {
            "HOME": self.folder.name,
            "PATH": "/usr/bin:/bin",
            "AWS_ENDPOINT_URL": moto.url,
            "AWS_REGION": "eu-west-1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWSX_KEYRING": "off",
        }

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.folder.cleanup()

    def write(self, name, text):
        path = os.path.join(self.folder.name, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def run(self, *arguments):
        """What awsx prints, when it goes well and says nothing else."""
        command = [AWSX, *arguments]
        pipes = {"stdin": subprocess.DEVNULL, "capture_output": True, "text": True}
        done = subprocess.run(command, env=self.environment, check=False, **pipes)
        if done.returncode != 0 or done.stderr:
            raise AssertionError(f"awsx {' '.join(arguments)}: {done.returncode}\n{done.stderr}")
        return done.stdout

    def talk(self, *arguments, answers=""):
        """What awsx prints, when it goes well; it may say something beside it, and ask."""
        pipes = {"input": answers, "capture_output": True, "text": True}
        done = subprocess.run([AWSX, *arguments], env=self.environment, check=False, **pipes)
        if done.returncode != 0:
            raise AssertionError(f"awsx {' '.join(arguments)}: {done.returncode}\n{done.stderr}")
        return done.stdout
