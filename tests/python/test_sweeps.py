"""Sweeps over values and seeds."""

import numpy as np
import pytest

import memspice as ms

xarray = pytest.importorskip("xarray")


def test_operating_points(divider):
    runs = divider.sweep(rtop=[1e3, 2e3], v1=[1.0, 2.0, 3.0], run=lambda c: c.op())
    assert runs.dims == ("rtop", "v1", "vector")
    assert float(runs.sel(rtop=2e3, v1=2.0, vector="v(out)")) == pytest.approx(1.0)
    assert (runs.error == "").all()


def test_numbers(divider):
    runs = divider.sweep({"r2": [1e3, 2e3]}, run=lambda c: c.op()["v(out)"])
    assert runs.dims == ("r2",)
    assert runs.values == pytest.approx([3, 4])


def test_transients_on_one_grid(memristor):
    runs = memristor.sweep({"flat:beta": [0.02, 0.04]}, save="w(*)", threads=2)
    assert runs.dims == ("flat:beta", "time", "vector")
    assert runs.sizes["time"] == 2001
    alone = memristor.with_values({"flat:beta": 0.04}).tran(2.0, 1e-3, grid=True, save="w(*)")
    assert np.array_equal(runs.isel({"flat:beta": 1}).values[:, 0], alone["w(y1)"])


def test_seeds_of_networks():
    runs = ms.networks.ring(4, tran="0.01 0.1").sweep(seed=range(5), save="w(*)")
    assert runs.sizes["seed"] == 5
    assert len(np.unique(runs.isel(time=0, vector=0))) == 5


def test_failed_points_are_kept(divider):
    runs = divider.sweep(v1=[1.0, 2.0], run=lambda c: _only_small(c.op()["v(in)"]))
    assert runs.values[0] == 1.0
    assert np.isnan(runs.values[1])
    assert "too large" in str(runs.error.values[1])
    with pytest.raises(ms.MemspiceError, match="all 2 points"):
        divider.sweep(v1=[3.0, 4.0], run=lambda c: _only_small(c.op()["v(in)"]))


def _only_small(value):
    if value > 1.5:
        raise ValueError("too large")
    return value


def test_mistakes(divider):
    with pytest.raises(ValueError, match="what is to be swept"):
        divider.sweep()
    with pytest.raises(KeyError, match="nothing"):
        divider.sweep(nothing=[1.0], run=lambda c: c.op())
    with pytest.raises(TypeError, match="whole number"):
        divider.sweep(seed=[1.5])
    with pytest.raises(ValueError, match="2 analyses"):
        ms.Circuit("t\nV1 a 0 1\nR1 a 0 1\n.op\n.op\n").sweep(v1=[1.0])
    for result in (None, "text", {"a": 1}):
        with pytest.raises(TypeError, match="a Plot, an array or a number"):
            divider.sweep(v1=[1.0], run=lambda c, result=result: result)


def test_one_value_is_a_list_of_one(divider):
    assert divider.sweep(v1=3.0, rtop=[1e3, 2e3]).shape[:2] == (1, 2)


def test_a_mistake_ends_the_sweep(memristor):
    begun = []

    def run(circuit):
        begun.append(circuit)
        if len(begun) == 1:
            raise ZeroDivisionError
        return circuit.tran(2.0, 1e-4)

    with pytest.raises(ZeroDivisionError):
        memristor.sweep({"flat:beta": np.linspace(0.02, 0.03, 2000)}, run=run, threads=2)
    assert len(begun) < 2000


def test_seeds_of_changed_networks():
    runs = ms.networks.ring(4, tran="0.01 0.1").with_values(beta=0.1).sweep(seed=range(3), save="w(*)")
    assert len(np.unique(runs.isel(time=0, vector=0))) == 3
