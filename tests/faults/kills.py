#!/usr/bin/env python3
"""Kills runs with checkpoints, and goes on with them.

    tests/faults/kills.py [--memspice build/memspice] [--seconds 60] [--seed 1]    at calls to the system drawn at random, up to four times
    tests/faults/kills.py --moments 100                                            a run of a minute at moments drawn at random

At calls strace sends the SIGKILL, so that every place between two calls is met: behind the result's new name, before the
checkpoint is removed. Each run has to end with exit code 0. At moments, with a checkpoint each second, no more than that is
lost, and the file in the end is the one of a run that is given the same list of times.
"""
import argparse
import json
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


def kill_at_moments(memspice, folder, moments):
    """How long before each kill the last checkpoint was written, in seconds."""
    (folder / "deck.cir").write_text(f"{RECTIFIER[:RECTIFIER.index('.measure')]}Y1 out 0 m\n.model m memristor\n.options interp\n.tran 50u 80\n.end\n")
    line = [memspice, "deck.cir", "-q", "--report", "run.json", "--print", "run.txt"]
    lost, began = [], time.time()
    while True:  # until enough runs have been killed and the last one has ended
        resume = ["--resume", "run.ck"] if (folder / "run.ck").exists() else []
        saved = [*line, "-o", "out.raw", "--checkpoint", "run.ck,1", *resume]
        run = subprocess.Popen(saved, cwd=folder, stderr=subprocess.PIPE, text=True)
        started = time.time()
        try:
            run.wait(random.uniform(0, 4) if len(lost) < moments else None)
        except subprocess.TimeoutExpired:
            killed = time.time()
            run.kill()
            run.communicate()
            written = (folder / "run.ck").stat().st_mtime if (folder / "run.ck").exists() else 0
            lost.append(killed - max(written, started))
            continue
        if run.returncode != 0:
            raise SystemExit(f"exit code {run.returncode} behind {len(lost)} kills: {run.stderr.read()}")
        if len(lost) >= moments:
            break
    print(f"{len(lost)} kills in {time.time() - began:.0f} s, at most {max(lost):.2f} s lost, mean {sum(lost) / len(lost):.2f} s")
    places = json.loads((folder / "run.json").read_text())["checkpoints"]
    again = [*line, "-o", "again.raw", "--checkpoint", "again.ck,1e9", "--checkpoint-at", ",".join(map(str, places))]
    subprocess.run(again, cwd=folder, check=True)
    if values(folder / "out.raw") != values(folder / "again.raw"):
        raise SystemExit("the rows are not those of a run with the same checkpoints")
    print(f"the rows are those of a run that is saved at the same {len(places)} times, byte for byte")
    return lost


def values(raw):
    """All but the date."""
    text = raw.read_bytes()
    return text[text.index(b"Plotname"):]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--memspice", type=pathlib.Path, default=ROOT / "build" / "memspice")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--moments", type=int)
    arguments = parser.parse_args()
    random.seed(arguments.seed)
    if arguments.moments:
        with tempfile.TemporaryDirectory() as folder:
            # A second, and the time that writing takes.
            if max(kill_at_moments(arguments.memspice.resolve(), pathlib.Path(folder), arguments.moments)) > 1.5:
                raise SystemExit("more than a second was lost")
        return
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
