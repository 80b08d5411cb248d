"""Holds awsx against recorded behaviour of AWS CLI 2.36.7, case by case: every case must hold.

    run.py --bin target/release/awsx [-k WORD] [--area AREA]

Exit status 0 when all do. What a case is, says case.py.
"""
import argparse
import os
import sys
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor

import case as cases


def main():
    options = parse_arguments()
    selection = cases.load(options.k, options.area)
    if not selection:
        sys.exit("no case has this name")

    program = os.path.abspath(options.bin)
    counts = defaultdict(lambda: [0, 0])
    with ThreadPoolExecutor(options.j) as pool:
        for case, differences in zip(selection, pool.map(lambda case: check(case, program), selection)):
            count = counts[case["area"]]
            count[0] += not differences
            count[1] += 1
            if differences:
                report(case, differences)

    for area, (holding, total) in sorted(counts.items()):
        print(f"{area}: {holding} of {total} hold")
    holding = sum(count[0] for count in counts.values())
    print(f"conformance: {holding} of {len(selection)} cases hold")
    return 0 if holding == len(selection) else 1


def parse_arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True, help="the program")
    parser.add_argument("-k", metavar="WORD", help="only cases with this word in their id")
    parser.add_argument("--area", help="only cases of this area")
    # Most of their time cases wait: for a terminal, for the next attempt.
    parser.add_argument("-j", type=int, default=16, help="cases at once")
    return parser.parse_args()


def check(case, program):
    try:
        return cases.compare(case, cases.run(case, program))
    except Exception as error:  # A broken case must not hide the rest.
        return [("harness", repr(error))]


def report(case, differences):
    print(f"-- {case['id']}: differs in {', '.join(name for name, _ in differences)}")
    for name, text in differences:
        print(f"   [{name}]\n{text}\n")


if __name__ == "__main__":
    sys.exit(main())
