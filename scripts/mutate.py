#!/usr/bin/env python3
"""Changes single tokens of src/equations, src/solver and src/devices at random, and runs each room's tests against them.

scripts/mutate.py [--count 100] [--skip 0] [--seed 1] [--rooms equations,solver,devices] [--jobs 1] [--list]

Every mutant is one file compiled (MEMSPICE_APART) and the shared library linked, in a copy of the sources, so that the working
tree stays as it is; one that does not compile is not counted. Each is printed as a difference with who caught it; the exit code
is 1 where more than 5 % survive.
"""

import argparse
import os
import pathlib
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent

# A token and what it may become.
SWAPS = [
    (r"(?<![<>=!+\-*/&|])<(?![<=])(?= )", [" <=", ">"]),
    (r"(?<= )<=(?= )", ["<", ">="]),
    (r"(?<= )>(?= )", [">=", "<"]),
    (r"(?<= )>=(?= )", [">", "<="]),
    (r"(?<= )==(?= )", ["!="]),
    (r"(?<= )!=(?= )", ["=="]),
    (r"(?<= )&&(?= )", ["||"]),
    (r"(?<= )\|\|(?= )", ["&&"]),
    (r"(?<= )\+(?= )", ["-"]),
    (r"(?<= )-(?= )", ["+"]),
    (r"(?<= )\*(?= )", ["/"]),
    (r"(?<= )/(?= )", ["*"]),
    (r"(?<= )\+=(?= )", ["-="]),
    (r"(?<= )-=(?= )", ["+="]),
    (r"\bstd::min\b", ["std::max"]),
    (r"\bstd::max\b", ["std::min"]),
    (r"\btrue\b", ["false"]),
    (r"\bfalse\b", ["true"]),
    (r"(?<![\w.])0(?![\w.])", ["1"]),
    (r"(?<![\w.])1(?![\w.])", ["0", "2"]),
    (r"(?<![\w.])2(?![\w.])", ["3"]),
    (r"(?<![\w.])0\.5(?![\w.])", ["0.25"]),
    (r"(?<=return )!(?=\w)", [""]),
]


def places(text):
    """Where a mutation can be: (begin, end, replacement), comments, strings, includes and declarations aside."""
    found = []
    at = 0
    for line in text.splitlines(keepends=True):
        code = re.sub(r'"(?:[^"\\]|\\.)*"', lambda m: "~" * len(m.group()), line.split("//")[0])
        if not line.lstrip().startswith(("#", "template", "using", "//", "/*", "*", "static_assert")):
            for pattern, replacements in SWAPS:
                for match in re.finditer(pattern, code):
                    for replacement in replacements:
                        found.append((at + match.start(), at + match.end(), replacement))
        at += len(line)
    return found


def mutants(rooms, seed):
    """Places drawn without an end, none twice."""
    draw = random.Random(seed)
    files = [f for room in rooms for f in sorted((ROOT / "src" / room).rglob("*.cpp"))]
    choices = [(f, place) for f in files for place in places(f.read_text())]
    draw.shuffle(choices)
    return choices


def run(command, seconds, stdout=subprocess.DEVNULL, **options):
    """The exit code; within so many seconds of the processor, four times of the clock, and 8 GB."""

    def limits():
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 2))
        resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30))

    process = subprocess.Popen(
        command, stdout=stdout, stderr=subprocess.DEVNULL, preexec_fn=limits, start_new_session=True, **options
    )
    try:
        return process.wait(4 * seconds + 60)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return "late"


def shown(path, text, place):
    begin, end, replacement = place
    number = text.count("\n", 0, begin) + 1
    first = text.rfind("\n", 0, begin) + 1
    last = text.find("\n", end)
    line = text[first:last]
    changed = line[: begin - first] + replacement + line[end - first :]
    return f"{path.relative_to(ROOT)}:{number}\n- {line.strip()}\n+ {changed.strip()}"


# Seconds of the processor, several times what each part takes.
LIMIT = 300
# Rooms whose tests are asked in this order when the mutant's own have seen nothing: the nearest first, then what takes long.
PARTS = ["solver equations devices", "physics", "analysis", "network", "expression netlist deck waveform convert", "app decks"]


class Tests:
    def __init__(self, out):
        self.program = out / "tests/memspice_tests"
        self.truth = out / "tests/memspice_truth"
        self.left_out = []

    def of(self, rooms):
        chosen = [f"-sf={','.join(f'*tests/{room}/*' for room in rooms)}"]
        # A comma in a name would end the pattern.
        return chosen + [f"-tce={','.join(name.replace(',', '?') for name in self.left_out)}"] * bool(self.left_out)

    def passed(self, rooms):
        return run([self.program, "-m", "-aa=1", *self.of(rooms)], LIMIT) == 0

    def leave_out_failing(self):
        """Tests that fail without a mutant would catch every one; there are such: rounding is another with -O1."""
        for part in PARTS:
            with tempfile.TemporaryFile("w+", errors="replace") as output:
                if not run([self.program, "-m", *self.of(part.split())], LIMIT, stdout=output):
                    continue
                output.seek(0)
                names = dict.fromkeys(re.findall(r"^TEST CASE:\s+(.*)$", output.read(), re.MULTILINE))
            self.left_out += names
            for name in names:
                print("fails without a mutant, left out:", name, flush=True)
            if not names or not self.passed(part.split()):
                sys.exit(f"tests of {part} fail without a mutant")
        if run([self.truth, "--count", "300"], LIMIT):
            sys.exit("random circuits fail without a mutant")

    def caught(self, room):
        """By whom: the room's own tests, others, random circuits against their oracles; none: nobody."""
        if not self.passed([room]):
            return f"tests/{room}"
        if run([self.program, "-m", "-aa=1", "-sf=*reference_page*"], LIMIT):  # the tables of parameters
            return "docs/devices.md"
        for part in PARTS:
            if not self.passed(part.split()):
                return f"tests of {part}"
        return "random circuits" if run([self.truth, "--count", "300"], LIMIT) else None


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=100, help="mutants that compile")
    parser.add_argument("--skip", type=int, default=0, help="how many of those drawn have been tried before")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rooms", default="equations,solver,devices")
    parser.add_argument("--build", default="build-mutate")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="end after so long")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--only", default="", help="numbers of mutants, such as 3,17: those that survived, after new tests")
    parser.add_argument("--list", action="store_true", help="only show what would be tried")
    arguments = parser.parse_args()
    rooms = arguments.rooms.split(",")
    chosen = list(enumerate(mutants(rooms, arguments.seed), 1))
    chosen = chosen[arguments.skip :] if not arguments.only else [chosen[int(n) - 1] for n in arguments.only.split(",")]
    if arguments.list:
        for number, (path, place) in chosen[: arguments.count]:
            print(number, shown(path, path.read_text(), place))
        return 0

    copy = ROOT / arguments.build / "source"
    files = subprocess.run(["git", "-c", "safe.directory=*", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True)
    names = files.stdout.splitlines()
    for old in {str(f.relative_to(copy)) for room in ("src", "tests") for f in (copy / room).rglob("*") if f.is_file()} - set(names):
        (copy / old).unlink()
    for name in names:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        if not (copy / name).exists() or (copy / name).read_bytes() != (ROOT / name).read_bytes():
            shutil.copyfile(ROOT / name, copy / name)
            shutil.copymode(ROOT / name, copy / name)
    # The folders lie to each other as those of a usual build do, so that the compiler cache knows the rest.
    out = copy / "build"
    if not (out / "sundials").exists():
        shutil.copytree(ROOT / "build/sundials", out / "sundials", symlinks=True)
    configure = ["cmake", "-S", copy, "-B", out, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release", "-DBUILD_SHARED_LIBS=ON",
                 "-DMEMSPICE_TESTS=ON", "-DMEMSPICE_APART=" + ";".join(rooms), f"-DCMAKE_PREFIX_PATH={out}/sundials/usr",
                 *os.environ.get("MEMSPICE_CMAKE_OPTIONS", "").split()]
    subprocess.run(configure, check=True, stdout=subprocess.DEVNULL)
    make = ["cmake", "--build", out, "--parallel", str(arguments.jobs), "--target"]
    subprocess.run([*make, "memspice_tests", "memspice", "memspice_truth"], check=True, stdout=subprocess.DEVNULL)
    tests = Tests(out)
    tests.leave_out_failing()

    start, survived, counts = time.time(), 0, {}
    for number, (path, place) in chosen:
        if time.time() - start > arguments.seconds or sum(counts.values()) == arguments.count:
            break
        began = time.time()
        target = copy / path.relative_to(ROOT)
        text = target.read_text()
        begin, end, replacement = place
        target.write_text(text[:begin] + replacement + text[end:])
        compiles = not run([*make, "libmemspice"], 600)
        by = compiles and (tests.caught(path.relative_to(ROOT).parts[1]) or "nobody")
        target.write_text(text)
        print(number, f"{time.time() - began:.0f} s:", f"caught by {by}" if by else "does not compile", shown(path, text, place), flush=True)
        if by:
            counts[by] = counts.get(by, 0) + 1
            survived += by == "nobody"
    tried = sum(counts.values())
    print(f"{tried} mutants that compile: " + ", ".join(f"{n} caught by {by}" for by, n in counts.items()))
    return 1 if survived > 0.05 * tried else 0


if __name__ == "__main__":
    sys.exit(main())
