#!/usr/bin/env python3
"""The benchmarks of devices in docs/performance.md: one command, one table in Markdown.

    python3 tests/benchmarks/devices.py
    python3 tests/benchmarks/devices.py --only 'ring*' --repeat 5

Circuits of diodes and transistors against ngspice, a crossbar of VTEAM memristors against ngspice with B sources, a network of
nanowires against a script (nanowire_junctions.py), each at several tolerances. Programs take turns; CPU (user and
system) is that of whole processes, the median of the repetitions. "at equal error" is what the other takes at the error of
memspice's line (a straight line between its two nearest in logarithms, its end where it never errs as little or as
much), over what memspice takes. docs/performance.md says more. Needs ngspice, NumPy and SciPy.
"""
import argparse
import concurrent.futures
import fnmatch
import json
import math
import pathlib
import re
import shlex
import statistics
import sys
import tempfile

from run import HERE, LONG, machine, measure, read_raw

COLUMNS = ["circuit", "program", "CPU s", "error", "steps", "the other at equal error"]
NETLISTS = HERE.parents[1] / "netlists"
MOS = """.model nch nmos(level=1 vto=0.8 kp=60u gamma=0.4 lambda=0.02 tox=20n cgso=0.2n cgdo=0.2n cj=0.3m cjsw=0.3n)
.model pch pmos(level=1 vto=-0.9 kp=25u gamma=0.5 lambda=0.03 tox=20n cgso=0.2n cgdo=0.2n cj=0.4m cjsw=0.3n)
"""


def rectifier():
    """A bridge at 50 Hz into 100 uF and 100 ohm, a second of it."""
    return """V1 a b SIN(0 20 50)
D1 a p d1n4007
D2 b p d1n4007
D3 n a d1n4007
D4 n b d1n4007
R0 n 0 1
C1 p n 100u
R1 p n 100
.model d1n4007 d(is=76.9p rs=0.042 n=1.45 cjo=26.5p m=0.333 tt=4.32u bv=1000)
.save v(p)
"""


def multiplier():
    """Cockcroft and Walton's multiplier of eight stages at 10 kHz, 100 periods."""
    cards = "V1 a0 0 SIN(0 100 10k)\n.model hv d(is=5n rs=0.1 n=1.7 cjo=20p m=0.4 tt=50n)\nRl s8 0 10meg\n"
    for k in range(1, 9):
        below = "0" if k == 1 else f"s{k - 1}"
        cards += f"Ca{k} a{k - 1} a{k} 10n\nCs{k} {below} s{k} 10n\nDa{k} {below} a{k} hv\nDs{k} a{k} s{k} hv\n"
    return cards + ".save v(s8) v(s1) v(a8)\n"


def cards_of(name):
    """A deck of netlists/ without title, comments and what the benchmark says itself."""
    lines = (NETLISTS / name).read_text().splitlines()[1:]
    return "\n".join(line for line in lines if not re.match(r"\*|\.(tran|options|measure|end$)", line)) + "\n"


def opamps():
    """Ten 741 followers in a chain."""
    cards = re.sub(r"^(X1|Rl|Vin|\.save).*\n", "", cards_of("transistors/follower741.cir"), flags=re.MULTILINE)
    cards += "Vin n0 0 PULSE(-1 1 5u 1u 1u 50u 100u)\nRl n10 0 10k\n"
    cards += "".join(f"X{k + 1} n{k} n{k + 1} n{k + 1} p n ua741\n" for k in range(10))
    return cards + ".save v(n1) v(n5) v(n10)\n"


def adder():
    """36 mirror adders in a ripple-carry adder: 1,008 transistors. The carry runs through all of them, 64 patterns would take long: four."""
    cards = cards_of("transistors/full_adder.cir")
    inside = "\n".join(line for line in cards.splitlines() if line.startswith("M")) + "\n"
    cards = MOS + ".subckt adder a b ci s co vdd\n" + inside + ".ends\nVdd vdd 0 5\n"
    cards += "Vc c0 0 PULSE(0 5 2n 0.2n 0.2n 29.6n 60n)\n"
    for k in range(36):
        cards += f"Va{k} a{k} 0 PULSE(0 5 {2 + k % 5}n 0.3n 0.3n 100n 200n)\nVb{k} b{k} 0 {0 if k % 7 else 5}\n"
        cards += f"X{k} a{k} b{k} c{k} s{k} c{k + 1} vdd adder\nCs{k} s{k} 0 20f\n"
    return cards + "Cc c36 0 50f\n.save v(s0) v(s17) v(c18) v(c36)\n"


def crossbar():
    return cards_of("networks/crossbar64.cir")


def with_b_sources(cards):
    """VTEAM memristors as a good deck for ngspice has them: the state is the voltage of a capacitor."""
    cards = re.sub(r"^Y(\S+) (\S+) (\S+) cell s0=", r"X\1 \2 \3 vteam s0=", cards, flags=re.MULTILINE)
    return re.sub(r"^\.model cell.*\n", """.subckt vteam p n s0=0
Cs s 0 1 ic={s0}
Bs 0 s I=v(p,n) > 1.1 ? (v(s) < 1 ? 50m/3n*(v(p,n)/1.1 - 1) : 0) : v(p,n) < -1.1 ? (v(s) > 0 ? -50m/3n*(-v(p,n)/1.1 - 1) : 0) : 0
Bm p n I=v(p,n)/(10k + 90k*v(s))
.ends
""", cards, flags=re.MULTILINE)


# name: cards, tstep, tstop, (reltol of memspice), (tmax, reltol of ngspice)
CIRCUITS = {
    "rectifier": (rectifier, "50u", "1", ("1e-3", "1e-4", "1e-5"),
                  (("200u", "1e-3"), ("50u", "1e-3"), ("20u", "1e-4"), ("10u", "1e-5"), ("2u", "1e-6"))),
    "multiplier": (multiplier, "0.25u", "10m", ("1e-3", "1e-4", "1e-5"),
                   (("2u", "1e-3"), ("0.5u", "1e-4"), ("0.2u", "1e-5"), ("0.1u", "1e-6"), ("20n", "1e-6"))),
    "opamp-chain": (opamps, "0.1u", "100u", ("1e-3", "1e-4", "1e-5"),
                    (("1u", "1e-3"), ("50n", "1e-3"), ("20n", "1e-4"), ("10n", "1e-5"), ("2n", "1e-6"))),
    "ring101": (lambda: cards_of("transistors/ring101.cir"), "10p", "34n", ("1e-2", "1e-3", "1e-4"),
                (("10p", "1e-3"), ("5p", "1e-3"), ("2.5p", "1e-3"), ("10p", "1e-6"), ("2.5p", "1e-6"))),
    "cmos-1008": (adder, "10p", "40n", ("1e-2", "1e-3", "1e-4"),
                  (("100p", "1e-3"), ("20p", "1e-3"), ("10p", "1e-4"), ("5p", "1e-5"), ("2p", "1e-6"))),
    "crossbar-64": (crossbar, "2n", "1.1u", ("1e-3", "1e-4"), (("10n", "1e-3"),)),
}


def of_options(cards, options):
    return f"{cards}.options {options}\n.end\n"


def period(time, wave):
    """Between the first two rises of a wave through half of its range, cubically interpolated."""
    from scipy.interpolate import CubicSpline

    level = 0.5 * (wave.max() + wave.min())
    rises = [t for t in CubicSpline(time, wave).solve(level, extrapolate=False) if CubicSpline(time, wave)(t, 1) > 0]
    return rises[1] - rises[0]


def error_of(kind, path, reference):
    """Of a ring its period's, relative; else the largest of all vectors as a part of its range."""
    import numpy as np

    if kind == "nanowires":
        return error_of_wires(path, reference)

    names, rows = read_raw(path)
    wanted, exact = read_raw(reference)
    # ngspice has the states of a crossbar as voltages of nodes.
    columns = {re.sub(r"^v\((.*)\.(y\d+)\.s\)$", r"s(\1.\2)", re.sub(r"\.x(\w+)\.s\)$", r".y\1.s)", name)): k
               for k, name in enumerate(names)}
    rows = rows[np.r_[True, np.diff(rows[:, 0]) > 0]]
    if kind == "ring101":
        at = columns["v(n0)"], wanted.index("v(n0)")
        one, other = period(rows[:, 0], rows[:, at[0]]), period(exact[:, 0], exact[:, at[1]])
        return abs(one / other - 1)
    worst = 0
    for k, name in enumerate(wanted[1:], 1):
        if name not in columns or name.startswith("i(") or np.ptp(exact[:, k]) == 0:
            continue
        values = np.interp(exact[:, 0], rows[:, 0], rows[:, columns[name]])
        worst = max(worst, float(np.abs(values - exact[:, k]).max() / np.ptp(exact[:, k])))
    return worst


def error_of_wires(path, reference):
    """Root of the mean square of all fluxes' errors, as a part of what closes a filament."""
    import numpy as np

    names, rows = read_raw(path)
    wanted, exact = read_raw(reference)
    states = [name for name in wanted if name.startswith("lambda(")]
    difference = rows[:, [names.index(name) for name in states]] - exact[:, [wanted.index(name) for name in states]]
    return float(np.sqrt((difference**2).mean()) / 0.01)


class Benchmark:
    def __init__(self, name, folder, options, numbers):
        self.name, self.folder, self.options, self.numbers = name, folder, options, numbers
        self.program = str(options.memspice)
        self.own, self.others = {}, {}  # label: (command, raw file)

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return str(path)

    def add_memspice(self, label, deck):
        raw = str(self.folder / f"own{len(self.own)}.raw")
        self.own[label] = [self.program, "-q", deck, "-o", raw, "--report", raw + ".json"], raw

    def prepare_circuit(self):
        build, step, stop, tolerances, peers = CIRCUITS[self.name]
        cards = f"{self.name}\n{build()}"
        tran = f".tran {step} {stop}\n"
        exact = self.write("reference.cir", of_options(cards + tran, f"interp reltol={self.options.reference}"))
        self.reference = str(self.folder / "reference.raw")
        measure([self.program, "-q", exact, "-o", self.reference])
        for reltol in tolerances:
            self.add_memspice(f"memspice, {reltol}", self.write(f"own{reltol}.cir", of_options(cards + tran, f"interp reltol={reltol}")))
        if self.name == "crossbar-64":
            cards = with_b_sources(cards).replace(" v(h64_8) v(k64_8) i(v*)", "")
            cards = re.sub(r"s\((x\d+\.x\d)\.y(\d)\)", r"v(\1.x\2.s)", cards)
        for k, (tmax, reltol) in enumerate(peers):
            uic = " uic" if self.name == "crossbar-64" else ""
            deck = self.write(f"peer{k}.cir", of_options(f"{cards}.tran {step} {stop} 0 {tmax}{uic}\n", f"reltol={reltol}"))
            raw = str(self.folder / f"peer{k}.raw")
            self.others[f"ngspice, {reltol}, tmax {tmax}s"] = ["ngspice", "-b", deck, "-r", raw], raw

    def prepare_wires(self):
        words = "nanowire --size 1k --density 10.6 --seed 1 --model kuncic --amplitude 1 --tran '0.01 1' --card '.options interp'"
        deck = str(self.folder / "wires.cir")
        measure([self.program, "generate", "-q", *shlex.split(words), "-o", deck])
        text = pathlib.Path(deck).read_text()
        with_reltol = lambda reltol: text.replace("interp", f"interp reltol={reltol}")
        self.reference = str(self.folder / "reference.raw")
        measure([self.program, "-q", self.write("reference.cir", with_reltol(self.options.reference + " integrator=ida")),
                 "-o", self.reference])
        for reltol in ("1e-3", "1e-4", "1e-5"):
            self.add_memspice(f"memspice, {reltol}", self.write(f"own{reltol}.cir", with_reltol(reltol)))
        for tolerance in ("1e-4", "1e-5", "1e-6"):
            raw = str(self.folder / f"script{tolerance}.raw")
            script = [sys.executable, "-B", str(HERE / "nanowire_junctions.py"), deck, raw, tolerance]
            self.others[f"script, {tolerance}"] = script, raw

    def run(self):
        programs = {**self.own, **self.others}
        results = {label: [] for label in programs}
        for _ in range(self.options.repeat):
            for label, (command, _) in programs.items():
                if not results[label] or (results[label][0][0] or LONG) < LONG:
                    results[label].append(measure(command, None if label in self.own else self.options.limit))
        cpu = {label: None if runs[0][0] is None else statistics.median(run[0] for run in runs)
               for label, runs in results.items()}
        error = {label: None if cpu[label] is None else self.numbers.submit(error_of, self.name, raw, self.reference).result()
                 for label, (_, raw) in programs.items()}
        peers = sorted((error[label], cpu[label]) for label in self.others if cpu[label] is not None)
        for label, (_, raw) in programs.items():
            if cpu[label] is None:
                yield [self.name, label, f"over {self.options.limit}", "–", "–", "–"]
                continue
            ratio = "–"
            if label in self.own and peers:
                ratio = f"{at_error(peers, error[label]) / cpu[label]:.2g}"
            elif label in self.own:
                ratio = f"over {self.options.limit / cpu[label]:.2g}"
            yield [self.name, label, f"{cpu[label]:.3g}", f"{error[label]:.1e}", self.steps(label, raw, results[label][0][2]), ratio]

    def steps(self, label, raw, printed):
        if label in self.own:
            return str(json.loads(pathlib.Path(raw + ".json").read_text())["analyses"][0]["statistics"]["steps"])
        if label.startswith("script"):
            return str(json.loads(printed.splitlines()[-1])["steps"])
        return printed.split("No. of Data Rows :")[1].split()[0]


def at_error(peers, error):
    """CPU of the cheapest that errs as little, between the measured ones along lines in logarithms."""
    front = []  # errors ascending, CPU descending
    for its_error, cpu in peers:
        if not front or cpu < front[-1][1]:
            front.append((its_error, cpu))
    if error <= front[0][0]:
        return front[0][1]
    for (e0, c0), (e1, c1) in zip(front, front[1:]):
        if error <= e1:
            part = math.log(error / e0) / math.log(e1 / e0)
            return c0 * (c1 / c0) ** part
    return front[-1][1]


def main():
    parser = argparse.ArgumentParser(description="Benchmarks of devices: one table in Markdown.")
    parser.add_argument("--only", default="*", metavar="PATTERN", help="names that match")
    parser.add_argument("--memspice", default=HERE.parents[1] / "build/memspice", type=pathlib.Path, metavar="PROGRAM")
    parser.add_argument("--repeat", default=3, type=int, metavar="N", help=f"runs; one if it takes {LONG} s")
    parser.add_argument("--limit", default=300, type=int, metavar="SECONDS", help="CPU of a run of the others")
    parser.add_argument("--reference", default="1e-6", metavar="RELTOL", help="of the reference, memspice's own")
    options = parser.parse_args()
    names = [*CIRCUITS, "nanowires"]
    chosen = [name for name in names if fnmatch.fnmatch(name, options.only)]
    if not chosen:
        parser.error(f"--only {options.only} matches none of {', '.join(names)}")
    with concurrent.futures.ProcessPoolExecutor(1) as numbers:
        command = shlex.join(["python3", "tests/benchmarks/devices.py", *sys.argv[1:]])
        print(f"{machine()}: `{command}`\n")
        print(f"| {' | '.join(COLUMNS)} |\n{'|---' * len(COLUMNS)}|", flush=True)
        for name in chosen:
            with tempfile.TemporaryDirectory() as folder:
                benchmark = Benchmark(name, pathlib.Path(folder), options, numbers)
                benchmark.prepare_wires() if name == "nanowires" else benchmark.prepare_circuit()
                for cells in benchmark.run():
                    print("| " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
