"""Circuits made with PySpice and InSpice, simulated by memspice and by ngspice."""
import importlib
import shutil
import subprocess

import numpy as np
import pytest

memspice = pytest.importorskip("memspice")
pyspice = importlib.import_module("memspice.pyspice")
packages = pytest.mark.parametrize("package", ["PySpice", "InSpice"])


def amplifier(package):
    """Sources, passive elements, a diode and a transistor."""
    circuit = importlib.import_module(f"{package}.Spice.Netlist").Circuit("one transistor")
    ground = circuit.gnd
    circuit.SinusoidalVoltageSource("input", "In", ground, amplitude=0.01, frequency=1e3, ac_magnitude=1)
    circuit.V("supply", "vcc", ground, 10)
    circuit.C("in", "In", "base", 1e-6)
    circuit.R(1, "vcc", "base", 100e3)
    circuit.R(2, "base", ground, 22e3)
    circuit.R("c", "vcc", "out", 4.7e3)
    circuit.R("e", "emitter", ground, 1e3)
    circuit.C("e", "emitter", ground, 10e-6)
    circuit.model("npn", "npn", bf=100, cje=10e-12, cjc=5e-12)
    circuit.BJT(1, "out", "base", "emitter", model="npn")
    circuit.model("clip", "D", is_=1e-14)
    circuit.D(1, "out", "vcc", model="clip")
    return circuit


class Reference:
    """ngspice in a batch, with PySpice's text of the circuit and the analysis. (PySpice's own way to start it stumbles over ngspice 39's
    notes, InSpice's needs Python 3.12.)"""

    def __init__(self, folder):
        if not shutil.which("ngspice"):
            pytest.skip("ngspice is not there")
        self.folder = folder

    def run(self, analysis, **options):
        simulation = importlib.import_module("PySpice.Spice.Simulation").CircuitSimulation(
            amplifier("PySpice"), temperature=27, nominal_temperature=27)
        simulation.SIMULATOR = "ngspice"
        getattr(simulation, analysis)(**options)
        (self.folder / "deck.cir").write_text(str(simulation))
        subprocess.run(["ngspice", "-b", "deck.cir", "-r", "out.raw"], cwd=self.folder, check=True, capture_output=True)
        return memspice.read(self.folder / "out.raw").only


def ours(circuit):
    return pyspice.simulator(circuit, temperature=27, nominal_temperature=27)


def numbers(waveform):
    return np.asarray(waveform, dtype=complex)


@packages
@pytest.mark.parametrize("analysis, scale, options, tolerance", [
    ("operating_point", None, {}, 1e-5),
    ("dc", "sweep", {"Vsupply": slice(5, 12, 0.5)}, 1e-4),
    ("ac", "frequency", {"start_frequency": 10, "stop_frequency": 1e6, "number_of_points": 10, "variation": "dec"}, 1e-4),
    ("transient", "time", {"step_time": 1e-6, "end_time": 3e-3}, 2e-3)])
def test_analyses_are_those_of_ngspice(package, analysis, scale, options, tolerance, tmp_path):
    found = getattr(ours(amplifier(package)), analysis)(**options)
    reference = Reference(tmp_path).run(analysis, **options)
    for name, theirs in (("out", "v(out)"), ("base", "v(base)"), ("In", "v(in)"), ("Vsupply", "i(vsupply)")):
        expected = numbers(reference[theirs])
        if scale:
            expected = np.interp(numbers(getattr(found, scale)).real, reference.scale, expected)
        assert np.max(np.abs(numbers(found[name]) - expected)) <= tolerance * np.max(np.abs(expected)), name


@packages
def test_states_of_memristors_are_in_it(package):
    circuit = importlib.import_module(f"{package}.Spice.Netlist").Circuit("a memristor")
    circuit.SinusoidalVoltageSource("input", "in", circuit.gnd, amplitude=1, frequency=1)
    circuit.raw_spice += "Y1 in 0 flat w0=0.5\n.model flat memristor ron=100 roff=16k beta=0.02\n"
    analysis = ours(circuit).transient(step_time=1e-2, end_time=2)
    state = np.asarray(analysis["w(y1)"], dtype=float)
    assert state[0] == pytest.approx(0.5) and state.min() < 0.5
    assert len(state) == len(np.asarray(analysis.time)) == len(np.asarray(analysis["in"]))


def test_errors_and_other_circuits_are_told():
    circuit = importlib.import_module("PySpice.Spice.Netlist").Circuit("an error")
    circuit.raw_spice += "Y1 in 0 nothing\n"
    with pytest.raises(memspice.DeckError, match="nothing"):
        pyspice.simulator(circuit).operating_point()
    with pytest.raises(TypeError, match="PySpice or InSpice"):
        pyspice.simulator("deck.cir")
