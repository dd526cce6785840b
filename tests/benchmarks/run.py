#!/usr/bin/env python3
"""The benchmarks of docs/performance.md: one command, one table in Markdown.

    python3 tests/benchmarks/run.py                        # networks of up to 100², minutes
    python3 tests/benchmarks/run.py --set standard         # and others of 10⁴ memristors, a grid of 316²
    python3 tests/benchmarks/run.py --set all              # and 10⁵ memristors, a grid of 708²
    python3 tests/benchmarks/run.py --only 'grid-30-*' --repeat 9
    python3 tests/benchmarks/run.py --only '*-1e4' --reltol 1e-3 1e-4 1e-5 1e-6    # memspice alone

Programs take turns; CPU (user and system) and memory are those of whole processes, medians of the repetitions.
docs/performance.md says what the columns are. Needs ngspice, and NumPy and SciPy for the script and the errors.
"""
import argparse
import concurrent.futures
import fnmatch
import json
import os
import pathlib
import re
import resource
import shlex
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
SETS = ["quick", "standard", "all"]
LONG = 10  # s of CPU: what takes as long runs once
SMALL = 2000  # memristors, up to which IDA gives the reference and ngspice takes part
LARGE = 100000  # memristors, from which on the reference is less exact: 1e-5, without --reltol
DEVICES = "--ron 100 --roff 1600 --alpha 0.1 --beta 1 --seed 1 --save w(*) --card '.options interp'"
SMOOTH = "--amplitude=-1:1 --frequency 1 --tran '0.1 2'"
SATURATING = "--amplitude=-10:10 --frequency 0.05 --tran '0.2 4'"  # most states visit a bound
SCRIPT_TOLERANCE = {SMOOTH: "3e-7", SATURATING: "1e-5"}
COLUMNS = ["network", "program", "CPU s", "ratio", "error", "steps", "evaluations", "solves", "MB an evaluation",
           "of the bandwidth", "peak MB"]
LADDERS = {"rc_ladder": "0.1u", "rlc_line": "20p", "behavioural_chain": "2u"}  # largest steps of ngspice


def networks():
    """(index of the set, name, arguments of memspice generate, drive)"""
    for size, which in ((10, 0), (30, 0), (100, 0), (316, 1), (708, 2)):
        yield which, f"grid-{size}-smooth", f"grid --size {size}", SMOOTH
        yield which, f"grid-{size}-saturating", f"grid --size {size}", SATURATING
    yield 0, "crossbar-64", "crossbar --size 64 --rline 1", SMOOTH
    yield 1, "crossbar-256", "crossbar --size 256 --rline 1", SMOOTH
    for which, power, side, nodes, wires in ((1, 4, 71, 5000, 3150), (2, 5, 224, 50000, 31500)):
        yield which, f"torus-1e{power}", f"torus --size {side}", SMOOTH
        yield which, f"regular-1e{power}", f"regular --degree 4 --size {nodes}", SMOOTH
        yield which, f"scale-free-1e{power}", f"scale-free --size {nodes}", SMOOTH
        yield which, f"small-world-1e{power}", f"small-world --size {nodes}", SMOOTH
        yield which, f"nanowire-1e{power}", f"nanowire --drive all --size {wires}", SMOOTH


def measure(command, limit=None):
    """CPU seconds (None: over the limit), peak megabytes and what was printed, of one process.

    A process begins with its parent's peak, so nothing large may be imported here.
    """
    seconds = limit or resource.RLIM_INFINITY
    with tempfile.TemporaryFile("w+") as printed:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=printed, stderr=subprocess.STDOUT,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds)))
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        printed.seek(0)
        text = printed.read()
    cpu = used.ru_utime + used.ru_stime
    if process.returncode != 0:
        if limit is None or cpu < 0.99 * limit:
            sys.exit(f"{shlex.join(command)} failed ({process.returncode}):\n{text}")
        cpu = None
    return cpu, used.ru_maxrss / 1024, text


def read_raw(path):
    """Names, and an array of a row for each time."""
    import numpy as np

    head, values = pathlib.Path(path).read_bytes().split(b"Binary:\n", 1)
    names = [line.split()[1].decode() for line in head.split(b"Variables:")[-1].strip().splitlines()]
    return names, np.frombuffer(values).reshape(-1, len(names))


def largest_error(path, reference):
    """Of all vectors at the reference's times: of a state as it is, of a voltage as a part of its range."""
    import numpy as np
    from scipy.interpolate import CubicSpline

    names, rows = read_raw(path)
    wanted, exact = read_raw(reference)
    columns = {name.replace("v(w_", "w("): k for k, name in enumerate(names)}
    rows = rows[np.r_[True, np.diff(rows[:, 0]) > 0]]
    rows = rows[:, [columns[name] for name in wanted]]
    if len(rows) != len(exact):
        rows = np.c_[exact[:, 0], CubicSpline(rows[:, 0], rows[:, 1:])(exact[:, 0])]
    scale = [1 if name.startswith("w(") else np.ptp(exact[:, k]) for k, name in enumerate(wanted)]
    return float((np.abs(rows - exact)[:, 1:] / scale[1:]).max())


def bandwidth():
    """Bytes a second of a = b + 3 c in two passes, arrays of 64 MB: the best of twenty."""
    import numpy as np

    a, b, c = (np.ones(8 << 20) for _ in range(3))
    best = 1e9
    for _ in range(20):
        start = time.perf_counter()
        np.multiply(c, 3.0, out=a)
        np.add(a, b, out=a)
        best = min(best, time.perf_counter() - start)
    return 5 * a.nbytes / best


def bytes_moved(counts, memristors):
    """At least, by a run's evaluations and solves together (docs/performance.md)."""
    rows, factor = counts["matrix_size"], counts["factor_nonzeros"]
    if counts["integrator"] == "network":
        evaluation, solve = 170 * memristors + 72 * rows, 44 * memristors + 72 * rows + 8 * factor
    else:
        evaluation, solve = 131 * memristors + 24 * rows, 16 * factor + 16 * rows
    return counts["residual_evaluations"] * evaluation + counts["solves"] * solve


class Benchmark:
    def __init__(self, name, folder, options, numbers, rate):
        self.name, self.folder, self.options, self.numbers, self.rate = name, folder, options, numbers, rate
        self.program = str(options.memspice)

    def file(self, name):
        return str(self.folder / name)

    def prepare_network(self, arguments, drive):
        words = shlex.split(f"{arguments} {drive} {DEVICES}")
        subprocess.run([self.program, "generate", *words, "-o", self.file("deck.cir")], check=True, capture_output=True)
        deck = pathlib.Path(self.file("deck.cir")).read_text()
        self.memristors = deck.count("\nY")
        small = self.memristors <= SMALL
        large = self.memristors >= LARGE
        exact = "integrator=ida reltol=1e-8" if small else f"reltol={'1e-5' if large else '1e-7'}"
        if self.options.reltol and not small:
            exact = f"reltol={0.1 * min(map(float, self.options.reltol)):g}"
        self.write_deck("reference.cir", deck, exact)
        tolerance = SCRIPT_TOLERANCE[drive]
        script = [sys.executable, "-B", str(HERE / "runge_kutta.py")]
        self.others = {f"script, {tolerance}": [*script, self.file("deck.cir"), self.file("script.raw"), tolerance]}
        if small:
            self.write_ngspice()

    def write_deck(self, name, deck, options):
        pathlib.Path(self.file(name)).write_text(deck.replace(".options interp", f".options interp {options}"))

    def write_ngspice(self):
        """What memspice convert writes, with ngspice's own tolerances and 1,000 steps or more."""
        peer = self.file("ngspice.cir")
        convert = [self.program, "convert", "-q", self.file("deck.cir"), "--to", "ngspice", "-o", peer]
        subprocess.run(convert, check=True)
        text = re.sub(r"^\.options.*\n", "", pathlib.Path(peer).read_text(), flags=re.MULTILINE)
        step, stop = re.search(r"^\.tran (\S+) (\S+)", text, re.MULTILINE).groups()
        largest = float(stop) / 1000
        text = re.sub(r"^\.tran .*", f".tran {step} {stop} 0 {largest}", text, flags=re.MULTILINE)
        pathlib.Path(peer).write_text(text)
        self.add_ngspice(f"{largest:g} s")

    def add_ngspice(self, tmax):
        command = ["ngspice", "-b", self.file("ngspice.cir"), "-r", self.file("ngspice.raw")]
        self.others[f"ngspice, tmax {tmax}"] = command

    def prepare_ladder(self, ladder, tmax):
        self.memristors, self.others = 0, {}
        script = ["sh", str(HERE / "ladders.sh"), str(self.folder)]
        subprocess.run(script + [tmax] * 3, check=True)
        os.rename(self.file(f"{ladder}.cir"), self.file("ngspice.cir"))
        subprocess.run(script, check=True)
        deck = pathlib.Path(self.file(f"{ladder}.cir")).read_text().replace(".end\n", ".options interp\n.end\n")
        pathlib.Path(self.file("deck.cir")).write_text(deck)
        self.write_deck("reference.cir", deck, "reltol=1e-8")
        self.add_ngspice(f"{tmax}s")

    def run(self):
        """Lines of the table."""
        measure([self.program, "-q", self.file("reference.cir"), "-o", self.file("reference.raw")])
        command = [self.program, "-q", self.file("deck.cir"), "-o", self.file("memspice.raw")]
        programs = {"memspice": [*command, "--report", self.file("report.json")], **self.others}
        if self.options.reltol:
            yield from self.run_tolerances(programs["memspice"])
            return
        results = {name: [] for name in programs}
        for _ in range(self.options.repeat):
            for name, command in programs.items():
                if not results[name] or (results[name][0][0] or LONG) < LONG:
                    results[name].append(measure(command, self.options.limit if name != "memspice" else None))
        own = statistics.median(cpu for cpu, *_ in results["memspice"])
        for name, runs in results.items():
            if runs[0][0] is None:
                yield [self.name, name, f"over {self.options.limit}", *["–"] * 8]
                continue
            cpu = statistics.median(run[0] for run in runs)
            raw = self.file(name.split(",")[0] + ".raw")
            error = self.numbers.submit(largest_error, raw, self.file("reference.raw")).result()
            ratio = f"{cpu / own:.2g}" if cpu < 99 * own else f"{cpu / own:.0f}"
            memory = statistics.median(megabytes for _, megabytes, _ in runs)
            counts = self.counts(name, runs[0][2], cpu)
            yield [self.name, name, f"{cpu:.3g}", ratio, f"{error:.1e}", *counts, f"{memory:.0f}"]

    def run_tolerances(self, command):
        """One line for each reltol."""
        deck = pathlib.Path(self.file("deck.cir")).read_text()
        for reltol in self.options.reltol:
            self.write_deck("deck.cir", deck, f"reltol={reltol}")
            runs = [measure(command) for _ in range(self.options.repeat)]
            cpu = statistics.median(run[0] for run in runs)
            error = self.numbers.submit(largest_error, self.file("memspice.raw"), self.file("reference.raw")).result()
            counts = self.counts("memspice", "", cpu)
            yield [self.name, f"reltol {reltol}", f"{cpu:.3g}", "–", f"{error:.1e}", *counts, f"{runs[0][1]:.0f}"]

    def counts(self, name, printed, cpu):
        """Steps, evaluations, solves, megabytes per evaluation, share of the bandwidth's limit."""
        if name.startswith("ngspice"):
            return [printed.split("No. of Data Rows :")[1].split()[0], *["–"] * 4]
        if name.startswith("script"):
            counts = json.loads(printed.splitlines()[-1])
            return [str(counts[key]) for key in ("steps", "evaluations", "solves")] + ["–", "–"]
        report = json.loads(pathlib.Path(self.file("report.json")).read_text())
        counts = report["analyses"][0]["statistics"]
        shown = [str(counts[key]) for key in ("steps", "residual_evaluations", "solves")]
        if not self.memristors:
            return shown + ["–", "–"]
        moved = bytes_moved(counts, self.memristors)
        megabytes = 1e-6 * moved / counts["residual_evaluations"]
        return shown + [f"{megabytes:.2g}", f"{100 * moved / self.rate / cpu:.0f} %"]


def machine():
    models = [line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")]
    git = ["git", "-c", "safe.directory=*", "-C", str(HERE)]
    commit = subprocess.run(git + ["describe", "--always", "--dirty"], capture_output=True, text=True).stdout.strip()
    return f"{time.strftime('%Y-%m-%d')}, commit {commit or 'unknown'}, {len(models)} cores of {models[0]}"


def main():
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    parser = argparse.ArgumentParser(description="Benchmarks of memspice: one table in Markdown.")
    parser.add_argument("--set", choices=SETS, default="quick")
    parser.add_argument("--only", default="*", metavar="PATTERN", help="names that match")
    parser.add_argument("--memspice", default=HERE.parents[1] / "build/memspice", type=pathlib.Path, metavar="PROGRAM")
    parser.add_argument("--repeat", default=3, type=int, metavar="N", help=f"runs; one if it takes {LONG} s")
    parser.add_argument("--limit", default=300, type=int, metavar="SECONDS", help="CPU of a run of the others")
    parser.add_argument("--reltol", nargs="+", default=[], metavar="R", help="memspice alone, at these tolerances")
    options = parser.parse_args()
    wanted = SETS.index(options.set)
    cases = [(name, Benchmark.prepare_network, rest) for which, name, *rest in networks() if which <= wanted]
    cases += [(name, Benchmark.prepare_ladder, (name, tmax)) for name, tmax in LADDERS.items()]
    chosen = [case for case in cases if fnmatch.fnmatch(case[0], options.only)]
    if not chosen:
        parser.error(f"--only {options.only} matches none of this set: {', '.join(name for name, *_ in cases)}")
    with concurrent.futures.ProcessPoolExecutor(1) as numbers:  # holds the large arrays, see measure()
        rate = numbers.submit(bandwidth).result()
        command = shlex.join(["python3", "tests/benchmarks/run.py", *sys.argv[1:]])
        print(f"{machine()}, {rate * 1e-9:.3g} GB/s: `{command}`\n")
        print(f"| {' | '.join(COLUMNS)} |\n{'|---' * len(COLUMNS)}|", flush=True)
        for name, prepare, arguments in chosen:
            with tempfile.TemporaryDirectory() as folder:
                benchmark = Benchmark(name, pathlib.Path(folder), options, numbers, rate)
                prepare(benchmark, *arguments)
                for cells in benchmark.run():
                    print("| " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
