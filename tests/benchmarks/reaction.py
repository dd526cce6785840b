#!/usr/bin/env python3
"""Measures how long memspice takes from Ctrl-C to its end, whatever it is doing; aims at 0.3 s on a quiet machine.

    python3 tests/benchmarks/reaction.py [--program build/memspice] [--bound 0.3] [name …]

Every deck is run anew for each moment, ended there, and must then have left no temporary file. Fails beyond the bound.
"""
import argparse
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
MOMENTS = [0.05, 0.1, 0.2, 0.3, 0.45, 0.7, 1, 1.5, 2.2, 3.3, 5]  # s
SOURCE = "one source\nV1 a 0 {}\nR1 a 0 1\n.tran 1m 10m\n.end\n"
# Decks by name: a network (size of the grid and what is drawn of it) with cards, or a text.
DECKS = {
    "op": ("100x100", ".step param p 1 50 1\n.param p=1\n.op"),
    "tran-network": ("100x100", ".tran 1m 30"),
    "tran-ida": ("100x100", ".options integrator=ida\n.tran 1m 30"),
    "eigen": ("100x100", ".eigen"),
    "eigen-dense": ("22x22", ".eigen"),
    "fixedpoint": ("100x100", ".op\n.fixedpoint"),
    "network": ("100x100", ".network file=net\n.op"),
    "network-dense": ("22x22", ".network file=net\n.op"),
    "sens": ("60x60", ".sens v(n30_30)"),
    "sens-ac": ("60x60", ".sens v(n30_30) ac dec 10 1 1k"),
    "noise": ("60x60", ".noise v(n30_30) v1 dec 100 1 1meg 1"),
    "ac": ("100x100", ".ac dec 100 1 1meg"),
    "dc": ("100x100", ".dc v1 0 1 0.001"),
    "tf": ("100x100", ".tf v(n30_30) v1"),
    "omega": ("100x100", ".tran 1m 10\n.omega"),
    "invariants": ("22x22", ".tran 1m 30\n.invariants"),
    "four": ("22x22", ".tran 1m 30\n.four 1 v(n1_1)\n.measure tran m avg v(n1_1)"),
    "mc": ("22x22", ".mc 10000\n.op"),
    "coloured-noise": SOURCE.format("TRNOISE(1 1n 1.2 0.1)"),
    "white-noise": SOURCE.format("TRNOISE(1 1n 0 0)"),
    "telegraph-noise": SOURCE.format("TRNOISE(0 0 0 0 1 1n 1n)"),
    "poisson": SOURCE.format("TRRANDOM(4 1n 0 9000)"),
}


def deck_of(program, folder, what):
    if isinstance(what, str):
        return what
    size, cards = what
    graph = subprocess.run([program, "generate", "grid", "--size", size, "--card", ".op"], capture_output=True, text=True,
                           check=True, cwd=folder).stdout
    lines = [line for line in graph.splitlines() if not line.startswith((".end", ".tran", ".save", ".op"))]
    return "\n".join(lines + [cards, ".end", ""])


def measure(program, folder, after):
    """Seconds from the signal to the end; None: it had ended before."""
    process = subprocess.Popen([program, "deck.cir", "-o", "out.raw"], cwd=folder, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE)
    try:
        process.communicate(timeout=after)
        return None, process.returncode
    except subprocess.TimeoutExpired:
        begin = time.monotonic()
        process.send_signal(signal.SIGINT)
        process.communicate()
        return time.monotonic() - begin, process.returncode


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default=str(HERE.parent.parent / "build" / "memspice"))
    parser.add_argument("--bound", type=float, default=0.3, help="s")
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    program = str(pathlib.Path(arguments.program).resolve())
    slow = []
    for name, what in DECKS.items():
        if arguments.names and name not in arguments.names:
            continue
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "deck.cir").write_text(deck_of(program, folder, what))
            worst, count = (0.0, 0.0), 0
            for after in MOMENTS:
                took, code = measure(program, folder, after)
                left = list(pathlib.Path(folder).glob("*.part"))
                if took is None:
                    break
                # 0: ended by itself meanwhile; -2: before there was any file.
                if code not in (130, 0, -signal.SIGINT) or left:
                    slow.append(f"{name}: exit code {code}, {len(left)} temporary files, after {after} s")
                count += 1
                worst = max(worst, (took, after))
        print(f"{name:16} {worst[0]:6.3f} s at the worst of {count} moments ({worst[1]} s)", flush=True)
        if worst[0] > arguments.bound:
            slow.append(f"{name}: {worst[0]:.3f} s")
    print("\n".join(slow))
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
