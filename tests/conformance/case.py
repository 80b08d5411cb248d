"""One case: lay out a home, run the program in it, and hold what it did against the recording.

A case file is JSON, a list of cases; `NAME.golden.json` beside it holds what AWS CLI did, by id. A case:

  id, area        names
  argv            arguments after the program's name
  env, files      extra environment; files to lay under HOME before the run (mode 0600)
  creds           whether static credentials stand in the environment (default: only with "moto")
  stdin           text piped to standard input (default: empty)
  pty             [[regex to wait for, text to send], ...]: run on a terminal instead of pipes
  say             strings that must stand in the transcript, in order (terminal cases)
  backend         "none" | "idc" (scripted Identity Center and STS, see identity_center.py) |
                  "moto" (recorded from moto, replayed) | "sink" (every request is logged and refused)
  idc             settings for identity_center.py
  setup           commands run first with AWS CLI (recording only; moto)
  prior           commands of the program itself, run first in the same HOME (not compared)
  checks          any of rc, stdout, stderr, files, wire, say
  files_check     only these files are compared (default: all that existed before or exist after)
  mask_time       times in stdout and stderr are not compared
  timeout         seconds

Lines of standard error that start with "hint: " or "caused by: " may be added to what AWS CLI says; all else
must be equal. A recording with "mended" was corrected by hand where AWS CLI damages the user's file.
"""
import contextlib
import difflib
import glob
import json
import os
import shlex
import subprocess
import sys
import tempfile
import time

import exchange
import identity_center
import normalise
import terminal

HERE = os.path.dirname(os.path.abspath(__file__))
BASE_ENV = {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TZ": "UTC", "COLUMNS": "80",
            "PATH": "/usr/local/bin:/usr/bin:/bin", "AWS_EC2_METADATA_DISABLED": "true", "AWS_PAGER": "",
            "BROWSER": shlex.join([sys.executable, os.path.join(HERE, "browser.py")]) + " %s"}
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
               "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "AWS_DEFAULT_REGION": "us-east-1"}
NOT_COMPARED = (".aws/cli/telemetry", ".aws/cli/history", ".aws/cli/cache/session.db", ".cache", ".local", ".config")
NOT_COMPARED_ENDINGS = (".db", ".lock", ".sqlite")
ADDED_LINES = ("hint: ", "caused by: ")
UNREACHABLE = "http://127.0.0.1:9"


def load(word=None, area=None):
    """The cases and their recordings, which a case carries as "golden"."""
    cases = []
    for path in sorted(glob.glob(os.path.join(HERE, "cases", "*.json"))):
        if path.endswith(".golden.json"):
            continue
        recording = golden_path(path)
        goldens = read_json(recording) if os.path.exists(recording) else {}
        for case in read_json(path):
            if (not word or word in case["id"]) and (not area or area == case["area"]):
                cases.append({**case, "path": path, "golden": goldens.get(case["id"])})
    return cases


def golden_path(path):
    return path.removesuffix(".json") + ".golden.json"


def read_json(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def run(case, program, upstream=None):
    """Runs a case and returns what happened. With `upstream`, moto cases are recorded from there."""
    with tempfile.TemporaryDirectory(prefix="conformance-", ignore_cleanup_errors=True) as home, contextlib.ExitStack() as stack:
        work = os.path.join(home, "work")
        os.mkdir(work)
        lay_out(home, case.get("files", {}))
        pairs = [] if upstream else (case.get("golden") or {}).get("exchanges")
        server = stack.enter_context(start_backend(case, pairs, upstream))
        url = server.url if server else None
        env = environment(case, home, url)
        command = Command(program, env, work, lambda words: [fill(word, home, url) for word in words])

        if upstream:
            for words in case.get("setup", []):
                subprocess.run([program, *words], env={**env, "AWS_ENDPOINT_URL": upstream}, cwd=work, check=True,
                               capture_output=True, timeout=60)
        for words in case.get("prior", []):
            command.run(words, timeout=30)
        if server:
            server.seen.clear()
            if upstream:
                pairs.clear()
        status, stdout, stderr = command.run_case(case)
        if server and not upstream:
            wait_for_browser(server, case)

        happened = {"rc": status, "stdout": normalise.text(stdout, url, home), "stderr": normalise.text(stderr, url, home),
                    "files": collect(home, url), "wire": normalise.wire(server.seen if server else [])}
        if case.get("mask_time"):
            happened["stdout"], happened["stderr"] = normalise.times(happened["stdout"]), normalise.times(happened["stderr"])
        if upstream:
            happened["exchanges"] = pairs
        return happened


class Command:
    def __init__(self, program, env, cwd, fill_in):
        self.program, self.env, self.cwd, self.fill_in = program, env, cwd, fill_in

    def run(self, words, stdin="", timeout=60):
        try:
            done = subprocess.run([self.program, *self.fill_in(words)], env=self.env, cwd=self.cwd, input=stdin.encode(),
                                  capture_output=True, timeout=timeout)
        except subprocess.TimeoutExpired:
            return 124, "", "timed out"
        return done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")

    def run_case(self, case):
        if "pty" in case:
            return terminal.run([self.program, *self.fill_in(case["argv"])], self.env, self.cwd, case["pty"])
        return self.run(case["argv"], case.get("stdin", ""), case.get("timeout", 60))


def lay_out(home, files):
    for path, contents in files.items():
        full = os.path.join(home, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", newline="", encoding="utf-8") as file:
            file.write(contents)
        os.chmod(full, 0o600)


def start_backend(case, pairs, upstream):
    backend = case.get("backend", "none")
    if backend == "idc":
        return identity_center.Server(case.get("idc"))
    if backend == "moto":
        return exchange.Server(pairs, upstream)
    if backend == "sink":
        return exchange.Server()
    return contextlib.nullcontext()


def environment(case, home, url):
    env = {**BASE_ENV, "HOME": home, "AWS_ENDPOINT_URL": url or UNREACHABLE}
    if case.get("creds", case.get("backend") == "moto"):
        env |= CREDENTIALS
    return env | {name: fill(value, home, url) for name, value in case.get("env", {}).items()}


def fill(word, home, url):
    return word.replace("{URL}", url or "").replace("{HOME}", home)


def wait_for_browser(server, case, seconds=10):
    """A browser that was started may not have asked for its page yet when the program is done."""
    pages = sum(map(normalise.is_page, (case["golden"] or {}).get("wire", [])))
    until = time.monotonic() + seconds
    while sum(map(normalise.is_page, list(server.seen))) < pages and time.monotonic() < until:
        time.sleep(0.05)


def collect(home, url):
    """Every file under HOME that a user would call the program's doing."""
    files = {}
    for folder, _, names in os.walk(home):
        for full in (os.path.join(folder, name) for name in names):
            path = os.path.relpath(full, home)
            if path.startswith(NOT_COMPARED) or path.endswith(NOT_COMPARED_ENDINGS):
                continue
            with open(full, "rb") as file:
                contents = file.read().decode("utf-8", "replace")
            files[path] = {"content": normalise.file(path, contents, url, home),
                           "mode": oct(os.stat(full).st_mode & 0o777)}
    return files


def compare(case, happened):
    """What differs from the recording, as (check, difference) pairs; none: the case holds."""
    want = case["golden"]
    if want is None:
        return [("golden", "nothing is recorded for this case")]
    default = ["rc", "files", "wire", "say"] if "pty" in case else ["rc", "stdout", "stderr", "files", "wire"]
    differences = []
    for check in case.get("checks") or default:
        if check == "say":
            difference = unsaid(case.get("say", []), happened["stdout"])
        elif check == "rc":
            difference = want["rc"] != happened["rc"] and f"want {want['rc']}, got {happened['rc']}; stderr: {happened['stderr'][-300:]}"
        elif check == "files":
            names = case.get("files_check")
            wanted, got = ({path: file for path, file in side["files"].items() if names is None or path in names}
                           for side in (want, happened))
            difference = diff(wanted, got)
        elif check == "wire":
            difference = diff(normalise.wire(want["wire"]), happened["wire"])
        elif check == "stderr":
            difference = without_additions(happened["stderr"]) != want["stderr"].strip() and diff(want["stderr"], happened["stderr"])
        else:
            difference = diff(want[check], happened[check])
        if difference:
            differences.append((check, difference))
    return differences


def unsaid(texts, transcript):
    position = 0
    for text in texts:
        at = transcript.find(text, position)
        if at < 0:
            return f"not said (in order): {text!r}\n--- transcript\n{transcript[-1500:]}"
        position = at + len(text)
    return None


def without_additions(stderr):
    return "\n".join(line for line in stderr.splitlines() if not line.startswith(ADDED_LINES)).strip()


def diff(want, got):
    if want == got:
        return None
    if not isinstance(want, str):
        want, got = (json.dumps(side, indent=1, sort_keys=True) for side in (want, got))
    lines = difflib.unified_diff(want.splitlines(), got.splitlines(), "want", "got", lineterm="", n=1)
    return "\n".join(list(lines)[:40]) or "only line ends differ"
