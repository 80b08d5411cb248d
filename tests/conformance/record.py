"""Records what AWS CLI does in each case, into the golden files.

    record.py --aws PATH/TO/aws [-k WORD] [--area AREA]

Needs `moto_server` (PyPI: moto[server]) on PATH for cases with a "moto" backend. Recordings with "mended" are
kept: they were corrected by hand.
"""
import argparse
import contextlib
import json
import os
import subprocess
import time
import urllib.request
from collections import defaultdict

import case as cases

MOTO_PORT = 5599
MOTO = f"http://127.0.0.1:{MOTO_PORT}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--aws", required=True, help="AWS CLI's program")
    parser.add_argument("-k", metavar="WORD", help="only cases with this word in their id")
    parser.add_argument("--area", help="only cases of this area")
    options = parser.parse_args()

    selection = [case for case in cases.load(options.k, options.area) if not (case["golden"] or {}).get("mended")]
    recorded = defaultdict(dict)
    with moto() if any(case.get("backend") == "moto" for case in selection) else contextlib.nullcontext():
        for case in selection:
            upstream = None
            if case.get("backend") == "moto":
                upstream = MOTO
                reset_moto()
            happened = cases.run(case, os.path.abspath(options.aws), upstream)
            recorded[cases.golden_path(case["path"])][case["id"]] = happened
            print(case["id"], "exit status", happened["rc"], "requests", len(happened["wire"]))
    for path, goldens in recorded.items():
        before = cases.read_json(path) if os.path.exists(path) else {}
        with open(path, "w", encoding="utf-8") as file:
            json.dump(before | goldens, file, indent=1, sort_keys=True)


@contextlib.contextmanager
def moto():
    server = subprocess.Popen(["moto_server", "-H", "127.0.0.1", "-p", str(MOTO_PORT)], stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL)
    try:
        wait_for_moto()
        yield
    finally:
        server.terminate()
        server.wait()


def wait_for_moto():
    for _ in range(100):
        try:
            urllib.request.urlopen(f"{MOTO}/moto-api/").close()
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("moto_server does not answer")


def reset_moto():
    for path in ("reset", "seed?a=42"):
        urllib.request.urlopen(urllib.request.Request(f"{MOTO}/moto-api/{path}", method="POST")).close()


if __name__ == "__main__":
    main()
