#!/usr/bin/env python3
"""Kills runs with checkpoints at calls to the system drawn at random, up to four times, and goes on with them.

    tests/faults/kills.py [--memspice build/memspice] [--seconds 60] [--seed 1]

strace sends the SIGKILL, so that every place between two calls is met: behind the result's new name, before the checkpoint is
removed. Each run has to end with exit code 0.
"""
import argparse
import pathlib
import random
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
RECTIFIER = """a rectifier
V1 in 0 SIN(0 5 1k)
D1 in out d
R1 out 0 1k
C1 out 0 1u
.model d d is=1e-14 cjo=2p
.measure tran top max v(out)
.print tran v(out)
"""
RUNS = [(".tran 20u 50m", "out.csv"), (".options interp\n.tran 20u 50m", "out.raw"), (".dc v1 -5 5 1m\n.op", "out.raw"),
        (".param q=1\nR9 in 0 {q}\n.step param q 1 12 1\n.tran 20u 2m\n.dc v1 0 1 0.1", "out.csv")]
CALLS = ["renameat,renameat2,rename,unlink,unlinkat", "fsync", "write,pwrite64", "openat", "ftruncate,flock", "close"]


def try_once(memspice, folder):
    """How often the run was killed, and what was wrong in the end."""
    cards, out = random.choice(RUNS)
    (folder / "deck.cir").write_text(f"{RECTIFIER}{cards}\n.end\n")
    interval = random.choice(["0", "0.01"])
    line = [memspice, "deck.cir", "-q", "-o", out, "--print", "run.txt", "--report", "run.json", "--checkpoint", f"run.ck,{interval}"]
    history = []
    for last in (False, False, False, False, True):
        calls, when = random.choice(CALLS), 1 + int(40 * random.random() ** 2)
        killer = ["strace", "-qq", "-f", "-o", "/dev/null", "-e", f"trace={calls}", "-e", f"inject={calls}:signal=KILL:when={when}"]
        resume = ["--resume", "run.ck"] if (folder / "run.ck").exists() else []
        done = subprocess.run([*([] if last else killer), *line, *resume], cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode == 0 and (folder / out).exists():
            return len(history), None
        history.append(f"{calls}:{when}{' resumed' if resume else ''}")
        if done.returncode not in (137, -9):
            return len(history), f"exit code {done.returncode} of '{cards}' behind {history}: {done.stderr}"
    return len(history), f"'{cards}' does not end behind {history}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--memspice", type=pathlib.Path, default=ROOT / "build" / "memspice")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    arguments = parser.parse_args()
    random.seed(arguments.seed)
    runs = kills = 0
    end = time.monotonic() + arguments.seconds
    while time.monotonic() < end:
        with tempfile.TemporaryDirectory() as folder:
            killed, fault = try_once(arguments.memspice.resolve(), pathlib.Path(folder))
        runs, kills = runs + 1, kills + killed
        if fault:
            raise SystemExit(f"seed {arguments.seed}, run {runs}: {fault}")
    print(f"{runs} runs, {kills} times killed, all of them ended")
    if kills == 0:
        raise SystemExit("nothing was killed: is strace allowed here?")


if __name__ == "__main__":
    main()
