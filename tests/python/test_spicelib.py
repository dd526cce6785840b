"""The program in the place of ngspice's, as spicelib calls it."""

import os
import pathlib
import subprocess

import numpy as np
import pytest
from conftest import LOW_PASS

import memspice as ms

ROOT = pathlib.Path(__file__).parents[2]
PROGRAM = pathlib.Path(os.environ.get("MEMSPICE_PROGRAM", ROOT / "build" / "memspice"))


@pytest.fixture
def deck(tmp_path):
    path = tmp_path / "low_pass.cir"
    path.write_text(LOW_PASS)
    return path


@pytest.fixture
def program(deck):
    if not PROGRAM.exists():
        pytest.skip(f"there is no {PROGRAM}")
    probe = subprocess.run([PROGRAM, "-b", "-r", deck.with_suffix(".x.raw"), "-o", deck.with_suffix(".x.log"), deck],
                           capture_output=True, text=True, timeout=60)
    if probe.returncode == 2:
        pytest.skip("this memspice does not take -r and -o together")
    return PROGRAM


def test_simulator_of_spicelib(deck, program):
    simulators = pytest.importorskip("spicelib.simulators.ngspice_simulator")
    raw_read = pytest.importorskip("spicelib.raw.raw_read")
    simulator = simulators.NGspiceSimulator.create_from(program)
    assert simulator.run(deck, exe_log=True) == 0
    rows = raw_read.RawRead(deck.with_suffix(".raw"), dialect="ngspice")
    ours = ms.read(deck.with_suffix(".raw"))
    assert np.allclose(rows.get_wave("v(out)"), ours["v(out)"])
    assert np.abs(ours["v(out)"]).max() == pytest.approx(ms.Circuit(LOW_PASS).tran(20e-3, 50e-6)["v(out)"].max())
    assert deck.with_suffix(".log").exists()
