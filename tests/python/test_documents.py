"""What the documents show is tried: transcripts of the program, snippets of Python, decks side by side."""
import os
import pathlib
import re
import shutil
import subprocess

import numpy as np
import pytest

import memspice as ms

ROOT = pathlib.Path(__file__).parents[2]
PROGRAM = pathlib.Path(os.environ.get("MEMSPICE_PROGRAM", ROOT / "build" / "memspice"))

needs_program = pytest.mark.skipif(not PROGRAM.exists(), reason="build/memspice is not built")
needs_ngspice = pytest.mark.skipif(not shutil.which("ngspice"), reason="ngspice is not installed")


def page(name):
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(text, language):
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.S | re.M)


def deck_of_getting_started():
    text = page("docs/getting-started.md")
    return re.search(r"Save this as `first.cir`:\n\n((?:    .*\n)+)", text).group(1).replace("\n    ", "\n").lstrip(" ")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Where the decks are that the documents speak of."""
    deck = deck_of_getting_started()
    (tmp_path / "first.cir").write_text(deck)
    (tmp_path / "wrong.cir").write_text(deck.replace("in 0 ideal", "in 0 idael"))
    (tmp_path / "second.cir").write_text(deck.replace(".save", ".omega\n.save"))
    (tmp_path / "fine.cir").write_text(deck.replace(".save", ".options reltol=1e-6\n.save"))
    divided = deck.replace("Y1 in 0", "Y1 in out").replace("Vdrive", "V1").replace(".save v(in)", ".save v(in) v(out)")
    (tmp_path / "deck.cir").write_text(divided.replace("beta=0.02", "beta={beta}").replace(
        ".end", "R1 out 0 {rload}\n.param rload=50 beta=0.02\n.end"))
    (tmp_path / "netlists").symlink_to(ROOT / "netlists")
    shutil.copy(ROOT / "netlists" / "networks" / "k4.cir", tmp_path)
    subprocess.run([PROGRAM, "fine.cir", "-o", "fine.raw", "-q"], cwd=tmp_path, check=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def transcripts(text):
    """Commands behind `    $ ` and the lines that they are said to print."""
    for part in re.finditer(r"^    \$ (.+)\n((?:    (?!\$ ).*\n|\n(?=    (?!\$ )))*)", text, re.M):
        yield part.group(1), [line[4:].rstrip() for line in part.group(2).splitlines()]


def shape(line):
    """A line without its numbers, which change from version to version, and the blanks that follow from them."""
    line = re.sub(r"\d+ steps, \d+ rows", "", line)
    return re.sub(r"\s+", " ", re.sub(r"[-+]?\d+(\.\d+)?(e[-+]?\d+)?%?", "#", line)).strip()


def code_of(command):
    """The exit code that a command is to have: decks that fail say so in a claim."""
    deck = ROOT / command.split()[1]
    if deck.suffix == ".cir" and deck.exists():
        claim = re.search(r"^\* claim: exit (\d)", deck.read_text(encoding="utf-8"), re.M)
        return int(claim.group(1)) if claim else 0
    return 2 if "wrong.cir" in command else 0


@needs_program
@pytest.mark.parametrize("name", ["README.md", "docs/getting-started.md", "docs/generate.md", "docs/convert.md",
                                  "docs/theory.md"])
def test_transcripts_show_what_the_program_prints(name, folder):
    tried = 0
    for command, shown in transcripts(page(name)):
        if not command.startswith("memspice"):
            continue
        if "k4_ngspice.raw" in command:  # "after the first two of them"
            if not shutil.which("ngspice"):
                continue
            subprocess.run([PROGRAM, "k4.cir", "-o", "k4.raw", "-q"], cwd=folder, check=True)
            subprocess.run(["ngspice", "-b", "k4_ngspice.cir", "-r", "k4_ngspice.raw"], cwd=folder, capture_output=True,
                           check=True)
        done = subprocess.run(command.replace("memspice", str(PROGRAM), 1), shell=True, cwd=folder, capture_output=True,
                              text=True, env={**os.environ, "COLUMNS": "80"}, check=False)
        printed = done.stdout + done.stderr
        assert done.returncode == code_of(command), (command, printed)
        lines = {shape(line) for line in printed.splitlines()}
        picture = re.compile("[│┤⠁-⣿]")
        for line in shown:
            if line.strip() not in ("", "…") and not picture.search(line):
                assert shape(line) in lines, f"{command}: '{line}' is not in\n{printed}"
        tried += 1
    assert tried > 0


def test_snippets_of_python_run(folder, monkeypatch):
    monkeypatch.setenv("MPLBACKEND", "Agg")
    for name in ("README.md", "docs/python.md"):
        names = {}
        snippets = blocks(page(name), "python")
        assert snippets
        for snippet in snippets:
            if "spicelib" in snippet:  # test_spicelib.py
                continue
            names.setdefault("c", ms.Circuit("deck.cir"))
            exec(compile(snippet, name, "exec"), names)


def pairs(kind):
    text = page("docs/coming-from.md")
    for mark, part in re.findall(r"<!-- pair: (.*?) -->(.*?)</table>", text, re.S):
        words = mark.split()
        if words[0] == kind:
            left, right = re.findall(r"```\w*\n(.*?)```", part, re.S)
            yield left, right, words[1:]


def at_common_times(left, left_name, right, right_name):
    times = np.linspace(0, min(left.time[-1], right.time[-1]), 301)
    return (np.interp(times, left.time, left[left_name]), np.interp(times, right.time, right[right_name]))


@pytest.mark.parametrize("kind", ["ngspice", "memspice"])
@pytest.mark.filterwarnings("ignore")
def test_decks_of_other_simulators_run_and_agree_with_ours(kind):
    found = list(pairs(kind))
    assert found
    for left, right, (names, tolerance) in found:
        theirs, ours = names.split("=")
        a, b = at_common_times(ms.Circuit(left).run(), theirs, ms.Circuit(right).run(), ours)
        np.testing.assert_allclose(a, b, atol=float(tolerance))


@needs_ngspice
def test_decks_for_ngspice_do_the_same_there(tmp_path):
    for left, right, (names, tolerance) in pairs("ngspice"):
        (tmp_path / "deck.cir").write_text(left)
        subprocess.run(["ngspice", "-b", "-r", "out.raw", "deck.cir"], cwd=tmp_path, check=True, capture_output=True)
        theirs, ours = names.split("=")
        a, b = at_common_times(ms.read(tmp_path / "out.raw"), theirs, ms.Circuit(right).run(), ours)
        np.testing.assert_allclose(a, b, atol=float(tolerance))


def test_the_script_agrees_with_the_deck():
    (left, right, (names, tolerance)), = pairs("python")
    theirs, ours = names.split("=")
    result = {}
    exec(left, result)
    np.testing.assert_allclose(result[theirs], ms.Circuit(right).run()[ours][-1], atol=float(tolerance))


def test_circuits_of_pyspice_run():
    (left, right, _), = pairs("pyspice")
    ours = {}
    exec(right, ours)
    assert ours["out"] == pytest.approx(4)
    pytest.importorskip("PySpice")
    theirs = {}
    exec(left.split("simulator =")[0], theirs)
    assert ms.Circuit(str(theirs["circuit"])).op()["v(out)"] == pytest.approx(4)


DRAWN = """what the commands of the documents draw
V1 in 0 SIN(0 1 1)
R1 in a 10
R2 a b 10
Y1 b out drift w0=0.5
R3 out 0 50
.model drift memristor ron=100 roff=16k beta=0.02
.tran 10m 2
.save v(*) i(*) w(*)
"""


@needs_program
@pytest.mark.parametrize("name", ["docs/pictures.md", "docs/long-runs.md"])
def test_commands_of_the_documents_run(name, tmp_path):
    (tmp_path / "deck.cir").write_text(DRAWN)
    subprocess.run([PROGRAM, "generate", "grid", "--size", "5x5", "-o", "grid.cir", "-q"], cwd=tmp_path, check=True)
    for out in ("out.raw", "one.raw", "two.raw", "fine.raw"):
        subprocess.run([PROGRAM, "deck.cir", "-o", out, "-q"], cwd=tmp_path, check=True)
    has_page = (PROGRAM.parent / "share" / "memspice" / "view.html").exists()
    tried = 0
    for command in re.findall(r"^    (?:\$ )?(memspice .+?)(?:   .*)?$", page(name), re.M):
        if ("--resume" in command or "…" in command  # a run that was killed, or any
                or ("view" in command and not has_page)
                or (re.search(r"\.(svg|pdf|png)", command) and not shutil.which("gnuplot"))):
            continue
        done = subprocess.run(command.replace("memspice", str(PROGRAM), 1), shell=True, cwd=tmp_path, capture_output=True,
                              text=True, check=False)
        assert done.returncode == 0, (command, done.stdout + done.stderr)
        tried += 1
    assert tried > 0
