#!/usr/bin/env python3
"""Changes single tokens of src/equations, src/solver and src/devices at random, and runs each room's tests against them.

scripts/mutate.py [--count 100] [--seed 1] [--rooms equations,solver,devices] [--build build-mutate] [--list]

Every mutant is compiled file by file (MEMSPICE_UNITY=OFF) in a copy of the sources, so that the working tree stays as it
is. What no test sees is printed as a difference; the exit code is 1 where more than 5 % survive.
"""

import argparse
import pathlib
import random
import re
import shutil
import subprocess
import sys
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


def mutants(rooms, count, seed):
    draw = random.Random(seed)
    files = [f for room in rooms for f in sorted((ROOT / "src" / room).rglob("*.cpp"))]
    choices = [(f, place) for f in files for place in places(f.read_text())]
    return [draw.choice(choices) for _ in range(count)]


def run(command, seconds, **options):
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=seconds, **options).returncode
    except subprocess.TimeoutExpired:
        return "late"


def shown(path, text, place):
    begin, end, replacement = place
    number = text.count("\n", 0, begin) + 1
    first = text.rfind("\n", 0, begin) + 1
    last = text.find("\n", end)
    line = text[first:last]
    changed = line[: begin - first] + replacement + line[end - first :]
    return f"{path.relative_to(ROOT)}:{number}\n- {line.strip()}\n+ {changed.strip()}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rooms", default="equations,solver,devices")
    parser.add_argument("--build", default="build-mutate")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="end after so long")
    parser.add_argument("--list", action="store_true", help="only show what would be tried")
    arguments = parser.parse_args()
    chosen = mutants(arguments.rooms.split(","), arguments.count, arguments.seed)
    if arguments.list:
        for path, place in chosen:
            print(shown(path, path.read_text(), place))
        return 0

    build = ROOT / arguments.build
    copy = build / "source"
    shutil.rmtree(copy, ignore_errors=True)
    files = subprocess.run(["git", "-c", "safe.directory=*", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True)
    for name in files.stdout.splitlines():
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, copy / name)
    configure = ["cmake", "-S", copy, "-B", build / "out", "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release", "-DMEMSPICE_UNITY=OFF",
                 "-DMEMSPICE_TESTS=ON", "-DCMAKE_CXX_FLAGS_RELEASE=-O1", f"-DCMAKE_PREFIX_PATH={ROOT}/build/sundials/usr"]
    subprocess.run(configure, check=True, stdout=subprocess.DEVNULL)
    make = ["cmake", "--build", build / "out", "--target", "memspice_tests", "memspice", "memspice_truth", "--parallel", "2"]
    subprocess.run(make, check=True, stdout=subprocess.DEVNULL)
    tests = build / "out/tests/memspice_tests"
    truth = build / "out/tests/memspice_truth"

    def caught(room):
        """By the room's own tests first, then by those of the rooms that stand on it, then by random circuits."""
        if run([tests, "-m", f"-sf=*tests/{room}/*"], 300):
            return f"tests/{room}"
        if run([tests, "-m", "-sf=*tests/devices/*,*tests/physics/*,*tests/equations/*,*tests/analysis/*"], 900):
            return "other rooms"
        return "random circuits" if run([truth, "--count", "300"], 600) else None

    start, survivors, counts = time.time(), [], {}
    for path, place in chosen:
        if time.time() - start > arguments.seconds:
            break
        text = path.read_text()
        begin, end, replacement = place
        target = copy / path.relative_to(ROOT)
        target.write_text(text[:begin] + replacement + text[end:])
        by = "compiler" if run(make, 600) else caught(path.relative_to(ROOT).parts[1])
        target.write_text(text)
        counts[by or "nobody"] = counts.get(by or "nobody", 0) + 1
        if not by:
            survivors.append(shown(path, text, place))
            print(survivors[-1], flush=True)
    tried = sum(counts.values()) - counts.get("compiler", 0)
    print(f"{tried} mutants that compile: " + ", ".join(f"{n} caught by {by}" for by, n in counts.items() if by != "compiler"))
    return 1 if len(survivors) > 0.05 * tried else 0


if __name__ == "__main__":
    sys.exit(main())
