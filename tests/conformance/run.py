"""Holds awsx against recorded behaviour of AWS CLI 2.36.7, case by case.

    run.py --bin target/release/awsx [-k WORD] [--area AREA] [-v] [--bless]

`areas.toml` says what must hold: in a held area every case, in a pending one those that held once, listed in
`held.txt`. `--bless` lists newly holding cases there; it never takes one out.
Exit status 0 when all of these hold. What a case is, says case.py.
"""
import argparse
import os
import sys
import tomllib
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor

import case as cases

AREAS = os.path.join(cases.HERE, "areas.toml")
HELD = os.path.join(cases.HERE, "held.txt")
HELD_HEADER = "# Cases of pending areas that hold, and so must go on holding. Written by `cargo xtask conformance --bless`.\n"


def main():
    options = parse_arguments()
    held_areas, pending_areas = read_areas()
    ratchet = read_held()
    selection = cases.load(options.k, options.area)
    if not selection:
        sys.exit("no case has this name")
    if unknown := {case["area"] for case in selection} - held_areas - pending_areas:
        sys.exit(f"areas.toml does not name {', '.join(sorted(unknown))}")

    program = os.path.abspath(options.bin)
    holding, slipped = set(), []
    counts = defaultdict(lambda: [0, 0, 0])
    with ThreadPoolExecutor(options.j) as pool:
        for case, differences in zip(selection, pool.map(lambda case: check(case, program), selection)):
            must_hold = case["area"] in held_areas or case["id"] in ratchet
            count = counts[case["area"]]
            count[0] += not differences
            count[1] += must_hold
            count[2] += 1
            if not differences:
                holding.add(case["id"])
            elif must_hold:
                slipped.append(case["id"])
            if differences and (must_hold or options.v):
                report(case, differences, must_hold)

    if options.bless:
        write_held(ratchet, {case["id"] for case in selection if case["area"] in pending_areas} & holding)
    for area, (held, floor, total) in sorted(counts.items()):
        print(f"{area}: {held} of {total} hold, " + (f"{floor} must" if area in pending_areas else "all must"))
    if new := {case["id"] for case in selection if case["area"] in pending_areas} & holding - ratchet:
        if not options.bless:
            print(f"{len(new)} cases hold that need not: `cargo xtask conformance --bless` keeps them so")
    if missing := (ratchet - {case["id"] for case in cases.load()}):
        print(f"held.txt names cases that do not exist: {', '.join(sorted(missing))}")
        return 1
    print(f"conformance: {len(holding)} of {len(selection)} cases hold, {len(slipped)} slipped")
    return 1 if slipped else 0


def parse_arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True, help="the program")
    parser.add_argument("-k", metavar="WORD", help="only cases with this word in their id")
    parser.add_argument("--area", help="only cases of this area")
    parser.add_argument("-j", type=int, default=4, help="cases at once")
    parser.add_argument("-v", action="store_true", help="show every difference, also where nothing must hold yet")
    parser.add_argument("--bless", action="store_true", help="add newly holding cases to held.txt")
    return parser.parse_args()


def check(case, program):
    try:
        return cases.compare(case, cases.run(case, program))
    except Exception as error:  # A broken case must not hide the rest.
        return [("harness", repr(error))]


def report(case, differences, must_hold):
    print(f"-- {case['id']}: differs in {', '.join(name for name, _ in differences)}" + ("" if must_hold else " (pending)"))
    for name, text in differences:
        print(f"   [{name}]\n{text}\n")


def read_areas():
    with open(AREAS, "rb") as file:
        areas = tomllib.load(file)
    return set(areas["held"]), set(areas["pending"])


def read_held():
    with open(HELD, encoding="utf-8") as file:
        return {line.strip() for line in file if line.strip() and not line.startswith("#")}


def write_held(ratchet, holding):
    with open(HELD, "w", encoding="utf-8") as file:
        file.write(HELD_HEADER + "".join(f"{name}\n" for name in sorted(ratchet | holding)))


if __name__ == "__main__":
    sys.exit(main())
