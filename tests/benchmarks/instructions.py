#!/usr/bin/env python3
"""Counts the instructions of small runs and compares them with instructions.txt: fails when one takes 5 % more.

    python3 tests/benchmarks/instructions.py            # compares
    python3 tests/benchmarks/instructions.py --write    # writes the file anew; the commit says why

Instructions under callgrind are the same on a busy machine and on a quiet one. What chooses code by the processor is
pinned: OpenBLAS to Haswell's, the C library's strings and functions to SSE2's. memspice's own loops need AVX2 and FMA.
Another compiler or other libraries have other counts: then nothing is compared, and that is said.
"""
import argparse
import concurrent.futures
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
LIMIT = 1.05
ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "OPENBLAS_CORETYPE": "Haswell",
    "OPENBLAS_NUM_THREADS": "1",
    "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA,-FMA4,-AVX512F,-AVX512VL,-AVX512BW,-ERMS,-FSRM:"
    "glibc.cpu.x86_data_cache_size=32768:glibc.cpu.x86_shared_cache_size=1048576:"
    "glibc.cpu.x86_non_temporal_threshold=1048576:glibc.cpu.x86_rep_movsb_threshold=1048576",
}
GRID = "--ron 100 --roff 1600 --alpha 0.1 --beta 1 --seed 1"
SMOOTH = "--amplitude=-1:1 --tran '0.1 2'"
SATURATING = "--amplitude=-10:10 --frequency 0.05 --tran '0.2 4'"
NETWORK, IDA = (f"--card '.options interp integrator={name}'" for name in ("network", "ida"))
NETWORKS = {
    "network-smooth": f"--size 30 {GRID} {SMOOTH} {NETWORK}",
    "network-saturating": f"--size 20 {GRID} {SATURATING} {NETWORK}",
    "network-rows": f"--size 20 {GRID} --amplitude=-1:1 --tran '5m 2' --save v(*) {NETWORK}",
    "ida-smooth": f"--size 30 {GRID} {SMOOTH} {IDA}",
    "ida-saturating": f"--size 10 {GRID} {SATURATING} {IDA}",
    "read-100k-lines": f"--size 158 {GRID} {SMOOTH}",
}
LADDERS = ["rc_ladder", "rlc_line", "behavioural_chain", "buck_converter"]
NAMES = [*NETWORKS, *LADDERS]


def write_decks(program, folder):
    """All paths are relative, so that no folder's name is counted."""
    for name, arguments in NETWORKS.items():
        command = [program, "generate", "grid", *shlex.split(arguments), "-o", f"{name}.cir"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
    subprocess.run(["sh", HERE / "ladders.sh", ".", "", "", "", "100"], cwd=folder, check=True)
    shutil.copy(program, folder / "memspice")


def count(folder, name):
    action = ["--check"] if name.startswith("read") else ["-o", f"{name}.raw"]
    callgrind = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
    command = [*callgrind, "./memspice", "-q", f"{name}.cir", *action]
    done = subprocess.run(command, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True)
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode != 0 or found is None:
        sys.exit(f"{shlex.join(command)} failed ({done.returncode}):\n{done.stderr}")
    return int(found[1])


def built_with(program):
    """Compilers and the libraries in which many instructions are spent, with their versions."""
    text = program.read_bytes()
    compilers = re.findall(rb"GCC: \([^)]*\) [\d.]+|clang version [\d.]+", text)
    output = lambda *command: subprocess.run(command, capture_output=True, text=True).stdout
    listed = output("ldd", program)
    if loaded := re.search(rb"libcholmod\.so[.\d]*", text):  # by the program itself, when it is needed
        cholmod = re.search(rf"{re.escape(loaded[0].decode())} .*=> (/\S+)", output("/sbin/ldconfig", "-p"))
        listed += f"=> {cholmod[1]}\n{output('ldd', cholmod[1])}" if cholmod else ""
    files = " ".join(os.path.realpath(path) for path in re.findall(r"=> (/\S+)", listed))
    versions = re.findall(r"lib(klu|cholmod|stdc\+\+|openblas)\w*(?:\.so\.|-r)([\d.]+\d)", files)
    parts = {text.decode() for text in compilers} | {" ".join(version) for version in versions}
    return ", ".join([*sorted(parts), os.confstr("CS_GNU_LIBC_VERSION")])


def main():
    parser = argparse.ArgumentParser(description="Instructions of small runs, against instructions.txt.")
    parser.add_argument("--write", action="store_true", help="write the file anew")
    parser.add_argument("--file", default=HERE / "instructions.txt", type=pathlib.Path, help="of the counts")
    program = HERE.parents[1] / "build/memspice"
    parser.add_argument("--memspice", default=program, type=pathlib.Path, metavar="PROGRAM")
    options = parser.parse_args()
    built = built_with(options.memspice)
    if not options.write:
        first, *lines = options.file.read_text().splitlines()
        if first != built:
            print(f"not compared: counted with\n  {first}\nand this is\n  {built}")
            return 0
        if not {"avx2", "fma"} <= set(pathlib.Path("/proc/cpuinfo").read_text().split()):
            print("not compared: counted with AVX2 and FMA, which this processor does not have")
            return 0
        before = {name: int(number) for name, number in (line.split() for line in lines)}
        if [*before] != NAMES:
            sys.exit(f"{options.file.name} does not have just {', '.join(NAMES)}: write it anew with --write")
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        write_decks(options.memspice, pathlib.Path(folder))
        now = dict(zip(NAMES, pool.map(lambda name: count(folder, name), NAMES)))
    if options.write:
        options.file.write_text("".join(f"{line}\n" for line in [built, *(f"{name} {now[name]}" for name in NAMES)]))
        return 0
    print(f"{'million instructions':<20} {'before':>9} {'now':>9}")
    for name in NAMES:
        change = now[name] / before[name] - 1
        print(f"{name:<20} {1e-6 * before[name]:>9.1f} {1e-6 * now[name]:>9.1f} {100 * change:>+7.2f} %")
    slower = [name for name in NAMES if now[name] > LIMIT * before[name]]
    if slower:
        print(f"more than 5 % above {options.file.name}: {', '.join(slower)}")
        print("If that is worth it, write the file anew with --write, in a commit that says why.")
    return 1 if slower else 0


sys.exit(main())
