"""Raw files of memspice, read by what people read raw files with. Numbers are compared with the same run's CSV.

docs/file-formats.md has the list of readers; .ci/readers installs them and runs this.
"""
import csv
import io
import os
import pathlib
import subprocess

import numpy as np
import pytest

ROOT = pathlib.Path(__file__).parents[2]
PROGRAM = pathlib.Path(os.environ.get("MEMSPICE_PROGRAM", ROOT / "build" / "memspice"))

TRANSIENT = """low pass
V1 in 0 SIN(0 1 200)
R1 in out 1k
C1 out 0 1u
.tran 50u 20m
"""
STATES = """one memristor
V1 in 0 SIN(0 1 1)
Y1 in 0 flat w0=0.5
.model flat memristor ron=100 roff=16k beta=0.02
.tran 10m 2
"""
SMALL_SIGNAL = TRANSIENT.replace("V1 in 0", "V1 in 0 AC 1").replace(".tran 50u 20m", ".ac dec 10 1 1meg")


class Run:
    """Files of one deck: raw, and the numbers by name."""

    def __init__(self, folder, deck):
        (folder / "deck.cir").write_text(deck)
        self.raw, self.text = folder / "out.raw", folder / "text.raw"
        for words in (["-o", "out.raw"], ["-o", "text.raw", "--ascii"], ["-o", "out.csv"]):
            subprocess.run([PROGRAM, "deck.cir", *words, "-q"], cwd=folder, check=True)
        rows = list(csv.reader(io.StringIO((folder / "out.csv").read_text())))
        self.columns = {name: np.array([float(row[i]) for row in rows[1:]]) for i, name in enumerate(rows[0])}

    def check(self, name, values):
        np.testing.assert_allclose(np.asarray(values, dtype=float), self.columns[name], rtol=1e-12, atol=1e-300)


@pytest.fixture(params=[TRANSIENT, STATES], ids=["transient", "states"])
def run(request, tmp_path):
    return Run(tmp_path, request.param)


@pytest.fixture
def transient(tmp_path):
    return Run(tmp_path, TRANSIENT)


@pytest.mark.parametrize("module", ["spicelib", "PyLTSpice"])
@pytest.mark.parametrize("kind", ["raw", "text"])
def test_spicelib_and_pyltspice(module, kind, run):
    reader = pytest.importorskip(module)
    raw = reader.RawRead(str(getattr(run, kind)), dialect="ngspice")
    for name in run.columns:
        run.check(name, raw.get_trace(name).get_wave(0))


def test_ltspice(run):
    reader = pytest.importorskip("ltspice")
    raw = reader.Ltspice(str(run.raw)).parse()
    run.check("time", raw.get_time())
    for name in list(run.columns)[1:]:
        run.check(name, raw.get_data(name))


@pytest.mark.parametrize("module", ["PySpice", "InSpice"])
def test_pyspice_and_inspice(module, transient):
    pytest.importorskip(module)
    reader = __import__(f"{module}.Spice.Xyce.RawFile", fromlist=["RawFile"])
    raw = reader.RawFile(transient.raw.read_bytes())
    for name in transient.columns:
        transient.check(name, raw.variables[name].data)


def test_vlsirtools(run):
    reader = pytest.importorskip("vlsirtools.spice.ngspice")
    with run.raw.open("rb") as file:
        data = next(iter(reader.parse_nutbin(file).values())).data
    for name in run.columns:
        run.check(name, np.real(data[name]))


def test_fbespice(run):
    frame = pytest.importorskip("fbespice").read_raw(run.raw)["tran"]
    for name in run.columns:
        run.check(name, frame[name])


def test_spyci(run):
    values = pytest.importorskip("spyci.spyci").load_raw(run.text)["values"]
    for name in run.columns:
        run.check(name, values[name].real)


def test_small_signals(tmp_path):
    run = Run(tmp_path, SMALL_SIGNAL)
    reader = pytest.importorskip("spicelib")
    raw = reader.RawRead(str(run.raw), dialect="ngspice")
    values = raw.get_trace("v(out)").get_wave(0)
    names = [name for name in run.columns if "out" in name]
    real = next(name for name in names if "re" in name.lower())
    run.check(real, np.real(values))
