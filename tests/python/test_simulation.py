"""Transients step by step."""

import numpy as np
import pytest

from conftest import MEMRISTOR

import memspice as ms

RC = "an RC element\nV1 in 0 0\nR1 in out 1k\nC1 out 0 1u\n"


def test_held_inputs_charge_a_capacitor():
    s = ms.Circuit(RC).simulation(10e-3)
    v, dt = 0.0, 1e-3
    for k, u in enumerate([1.0, -0.5, 2.0, 2.0, 0.0]):
        s.step(until=(k + 1) * dt, inputs={"V1": u})
        v = u + (v - u) * np.exp(-dt / 1e-3)
        assert s["v(out)"] == pytest.approx(v, abs=2e-4)
        assert s["v(in)"] == pytest.approx(u)
        assert s.time == (k + 1) * dt
    s.step(until=6e-3)  # the last value stays
    assert s["v(in)"] == pytest.approx(0.0)


def test_linear_inputs_are_ramps():
    s = ms.Circuit(RC).simulation(4e-3)
    tau, v = 1e-3, 0.0
    for begin, end in [(0.0, 1.0), (1.0, 3.0), (3.0, -1.0)]:
        slope = (end - begin) / 1e-3
        # v' = (u - v)/tau, u = begin + slope t
        v = end - slope * tau + (v - begin + slope * tau) * np.exp(-1e-3 / tau)
        s.step(until=round(s.time + 1e-3, 9), inputs={"v1": end}, linear=True)
        assert s["v(out)"] == pytest.approx(v, abs=3e-4)


def test_driven_by_pieces_is_a_piecewise_linear_source():
    rng = np.random.default_rng(3)
    values = rng.uniform(-1, 1, 40)
    circuit = ms.networks.nanowire(60, density=12, source="dc", amplitude=0.0, seed=2, tran="0.01 1")
    s = circuit.simulation(0.4)
    for k, u in enumerate(values):
        s.step(until=(k + 1) * 0.01, inputs={"v1": u})
    points = "0 0 " + " ".join(f"{k * 0.01:.9g} {u:.17g} {(k + 1) * 0.01:.9g} {u:.17g}" for k, u in enumerate(values))
    lines = circuit.text.splitlines()
    place = next(k for k, line in enumerate(lines) if line.startswith("V1 "))
    lines[place] = "V1 left 0 PWL(" + points + ")"
    whole = ms.Circuit("\n".join(lines) + "\n").tran(0.4, 0.01, save="w(*)")
    assert np.abs(whole["w(*)"][-1] - s.states).max() < 2e-4


def test_large_networks_can_be_driven():
    """By the network integrator."""
    circuit = ms.networks.grid(25, source="dc", drive="port", amplitude=0.0, seed=1)
    s, pieces = circuit.simulation(0.1), circuit.simulation(0.1)
    s.step(until=0.1, inputs={"v1": 5.0})
    for k in range(10):
        pieces.step(until=(k + 1) * 0.01, inputs={"v1": 5.0})
    assert len(s.states) == 1200
    assert np.abs(s.states - pieces.states).max() < 1e-4
    assert np.abs(s.states - np.array(circuit.simulation(0.1).states)).max() > 1e-3


def test_states_read_and_set(memristor):
    s = memristor.simulation(2.0)
    assert s.state_names == ["w(y1)"]
    s.step(until=0.25)
    before = s.states
    assert s["w(y1)"] == before[0]
    s.set_states([0.9])
    assert s.states == pytest.approx([0.9])
    assert s["i(y1)"] == pytest.approx(np.sin(2 * np.pi * 0.25) / (100 * 0.1 + 16e3 * 0.9))
    s.set_states({"W(Y1)": 0.25})
    assert s["w(y1)"] == pytest.approx(0.25)
    with pytest.raises(ValueError, match="bounds"):
        s.set_states([1.5])
    with pytest.raises(ValueError, match="1 states"):
        s.set_states([0.5, 0.5])
    s.run()
    assert s.done


def test_set_states_goes_on_from_there(memristor):
    """Flux moves w by the same law from any beginning: d/dt (w + (roff/ron - 1) w²/2) = -v/beta."""
    s = memristor.simulation(2.0)
    s.step(until=0.25)
    s.set_states([0.3])
    s.step(until=0.27)
    flux = (np.cos(2 * np.pi * 0.25) - np.cos(2 * np.pi * 0.27)) / (2 * np.pi)
    moved = 0.3 + 159 * 0.3**2 / 2 - flux / 0.02
    exact = (-1 + np.sqrt(1 + 2 * 159 * moved)) / 159
    assert s["w(y1)"] == pytest.approx(exact, abs=1e-4)


def test_save_and_restore(memristor):
    s = memristor.simulation(2.0)
    s.step(until=0.5)
    kept = s.save()
    s.step(until=1.0)
    once = s.states
    s.restore(kept)
    assert s.time == 0.5
    s.step(until=1.0)
    assert s.states == pytest.approx(once, abs=1e-5)
    with pytest.raises(ValueError, match="damaged|no state"):
        s.restore(kept[:-3] + b"abc")


def test_closed_loop():
    """A controller that holds a capacitor's voltage."""
    s = ms.Circuit(RC).simulation(50e-3)
    while not s.done:
        s.step(until=s.time + 0.5e-3, inputs={"v1": 2 * (0.7 - s["v(out)"]) + s["v(out)"]})
    assert s["v(out)"] == pytest.approx(0.7, abs=1e-3)


def test_rows_of_a_simulation():
    s = ms.Circuit(RC).simulation(2e-3, 1e-4, rows=True)
    s.step(until=1e-3, inputs={"v1": 1.0})
    s.step(until=2e-3, inputs={"v1": 0.0})
    plot = s.finish()
    assert (np.diff(plot.time) > 0).all()
    assert plot.time[-1] == 2e-3
    assert plot["v(out)"].max() == pytest.approx(1 - np.exp(-1), abs=1e-3)


def test_mistakes():
    circuit = ms.Circuit(RC)
    with pytest.raises(ValueError, match="tran"):
        circuit.simulation()
    s = circuit.simulation(1.0)
    with pytest.raises(KeyError, match="source"):
        s.step(until=0.1, inputs={"r1": 1.0})
    with pytest.raises(ValueError, match="2 s"):
        s.step(until=2.0)
    with pytest.raises(ValueError, match="until"):
        s.step(inputs={"v1": 1.0})
    with pytest.raises(ValueError, match="inf|nan"):
        s.step(until=0.1, inputs={"v1": float("nan")})
    with pytest.raises(KeyError):
        s["v(nowhere)"]


@pytest.mark.parametrize("parts", [3, 7, 1000, 977])
def test_sums_of_steps_end_at_the_stop(parts):
    s = ms.Circuit(MEMRISTOR).simulation(stop=10.0)
    steps = 0
    while not s.done:
        s.step(until=s.time + 10.0 / parts, inputs={"v1": 0.1})
        steps += 1
    assert steps == parts and s.time == 10.0
