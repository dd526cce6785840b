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
    with pytest.raises(ms.MemspiceError, match="nothing"):
        divider.sweep(nothing=[1.0], run=lambda c: c.op())
