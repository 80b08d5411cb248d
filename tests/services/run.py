"""Runs the calls of calls.txt with AWS CLI and with awsx against moto: stdout, exit code and requests must be equal.

A line of calls.txt is a call, as words of a shell. `name = CALL :: EXPRESSION` keeps a part of its JSON answer, by a
JMESPath expression, for `{name}` in later lines. AWS CLI here is version 1, the one that PyPI has: it ends with 255
where version 2 ends with 254, and prints moments as the service wrote them unless told otherwise.
"""

import argparse
import contextlib
import io
import json
import os
import re
import shlex
import socket
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import jmespath
from awscli.clidriver import create_clidriver

from replay import Proxy, Tape

HERE = Path(__file__).parent
CALL = re.compile(r"(?:(?P<name>\w+)\s*=\s*)?(?P<words>.*?)(?:\s+::\s+(?P<expression>.+))?$")
CONFIG = "[default]\nregion = us-east-1\noutput = json\ncli_timestamp_format = iso8601\ncli_pager =\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--awsx", help="the awsx to test; without it AWS CLI alone makes the calls")
    parser.add_argument("--moto", required=True, help="moto_server")
    parser.add_argument("-k", dest="word", default="", help="compare only calls that hold this word")
    arguments = parser.parse_args()

    moto, port = start_moto(arguments.moto)
    try:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
            failures, calls, services = run_calls(arguments, Proxy(port), Path(home))
    finally:
        moto.kill()
    print(f"{calls - failures} of {calls} calls over {services} services are equal")
    sys.exit(1 if failures else 0)


def run_calls(arguments, proxy, home):
    environment = prepare(home, proxy)
    # AWS CLI runs in this process: to start Python 240 times takes longer than all else.
    for name in [name for name in os.environ if name.startswith("AWS_") and name != "AWS_DATA_PATH"]:
        del os.environ[name]
    os.environ.update(environment)
    os.chdir(home)
    known, services, failures, calls = {"endpoint": proxy.url}, set(), 0, 0
    for number, line in enumerate((HERE / "calls.txt").read_text().splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        call = CALL.match(line.strip())
        words = [fill(word, known) for word in shlex.split(call["words"])]
        calls += 1
        services.add(words[0])

        proxy.tape = tape = Tape()
        expected = run_aws_cli(words)
        if call["name"]:
            known[call["name"]] = keep(expected, call["expression"], number)
        if not arguments.awsx or arguments.word not in line:
            report_stray(expected, number, line)
            continue

        tape.recording = False
        # The answers are on the tape, so a difference that is awsx's shows a second time too.
        for _ in range(2):
            tape.replayed.clear()
            actual = subprocess.run([arguments.awsx, *words], env=environment, capture_output=True, text=True)
            differences = compare(expected, actual, tape)
            if not differences:
                break
            print(f"calls.txt:{number}: {line}", *differences, sep="\n  ")
        failures += bool(differences)
    return failures, calls, len(services)


def run_aws_cli(words):
    stdout, stderr = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2)]
    with contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(stderr):
        try:
            code = create_clidriver().main(words)
        except SystemExit as end:
            code = end.code
    text = [stream.buffer.getvalue().decode() for stream in (stdout, stderr)]
    return subprocess.CompletedProcess(words, code, *text)


def prepare(home, proxy):
    config = home / "config"
    config.write_text(CONFIG)
    (home / "policy.json").write_text('{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}]}')
    (home / "body.txt").write_text("hello\n")
    with zipfile.ZipFile(home / "code.zip", "w") as archive:
        archive.writestr("a.py", "def b(event, context): pass\n")
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "AWS_CONFIG_FILE": str(config),
        "AWS_ENDPOINT_URL": proxy.url,
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_MAX_ATTEMPTS": "1",
        # Version 2's default; the modes count repeats differently.
        "AWS_RETRY_MODE": "standard",
    }


def compare(expected, actual, tape):
    differences = []
    # Version 1 ends with 255 for everything that fails; version 2 has codes of its own.
    if (expected.returncode == 0) != (actual.returncode == 0) or actual.returncode == 255:
        differences.append(f"exit code {expected.returncode}, awsx {actual.returncode}: {actual.stderr.strip()}")
    if expected.stdout != actual.stdout:
        differences.append(f"stdout\n{expected.stdout}\nawsx\n{actual.stdout}")
    if error_of(expected.stderr) != error_of(actual.stderr):
        differences.append(f"stderr {expected.stderr.strip()!r}, awsx {actual.stderr.strip()!r}")
    if tape.requests != tape.replayed:
        differences.append(f"requests {tape.requests}\n  awsx     {tape.replayed}")
    return differences


def error_of(stderr):
    """The service's error; version 2 puts the program's name before it and details after it."""
    found = re.search(r"An error occurred.*", stderr)
    return found and found[0]


def keep(done, expression, number):
    if done.returncode:
        sys.exit(f"calls.txt:{number}: AWS CLI ended with {done.returncode}: {done.stderr}")
    value = jmespath.search(expression or "@", json.loads(done.stdout))
    if value is None:
        sys.exit(f"calls.txt:{number}: nothing at {expression} in {done.stdout}")
    return value


def report_stray(done, number, line):
    if done.returncode and "An error occurred" not in done.stderr:
        print(f"calls.txt:{number}: {line}: exit code {done.returncode}: {done.stderr.strip()}")


def fill(word, known):
    return re.sub(r"\{(\w+)\}", lambda found: str(known.get(found[1], found[0])), word)


def start_moto(program):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tempfile.TemporaryFile()
    moto = subprocess.Popen([program, "-H", "127.0.0.1", "-p", str(port)], stdout=log, stderr=log)
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return moto, port
        except OSError:
            time.sleep(0.1)
    moto.kill()
    sys.exit("moto did not start within 60 seconds")


if __name__ == "__main__":
    main()
