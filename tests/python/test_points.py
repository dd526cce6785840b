"""Runs of .step, .mc and temperatures: a plot for each point, arrays with their values."""

import numpy as np
import pytest

import memspice as ms

STEPPED = """two widths
V1 in 0 SIN(0 1 1) AC 1
Y1 in 0 m w0=0.5
.model m memristor ron=100 roff=16k beta={b}
.param b=0.02
.step param b list 0.03 0.02
"""


def test_transients_of_points():
    plot = ms.Circuit(STEPPED + ".tran 10m 1\n").run().only
    first, second = plot.points
    assert (first.values, second.values) == ({"b": 0.03}, {"b": 0.02})
    assert len(first.data) + len(second.data) == len(plot.data)
    assert np.shares_memory(second.data, plot.data)
    assert second.time[0] == 0
    assert second["w(y1)"].min() < first["w(y1)"].min()
    array = plot.to_xarray()  # the grids differ
    assert array.dims == ("time", "vector")
    assert list(array["vector"].values) == ["v(in)", "i(v1)", "w(y1)"]
    assert set(np.unique(array["b"])) == {0.02, 0.03}


@pytest.mark.parametrize("card, scale", [(".dc v1 0 1 0.5", "v(v-sweep)"), (".ac dec 3 1 1k", "frequency")])
def test_points_on_one_scale_are_a_dimension(card, scale):
    plot = ms.Circuit(STEPPED + card + "\n").run().only
    array = plot.to_xarray()
    assert array.dims == ("b", scale, "vector")
    assert list(array["b"].values) == [0.03, 0.02]
    second = plot.points[1]
    assert np.array_equal(array.sel(b=0.02, vector="i(v1)").values, second["i(v1)"])
    assert np.array_equal(array[scale].values, second.scale)


def test_operating_points_of_points():
    text = "divider\nV1 a 0 {v}\nR1 a b 1k\nR2 b 0 {r}\n.param v=1 r=1k\n.op\n"
    plot = ms.Circuit(text + ".step param r list 1k 3k\n").run().only
    array = plot.to_xarray()
    assert array.dims == ("r", "vector")
    assert array.sel(r=3e3, vector="v(b)") == pytest.approx(0.75)
    assert [point["v(b)"] for point in plot.points] == pytest.approx([0.5, 0.75])
    both = ms.Circuit(text + ".step param r list 1k 3k\n.step param v list 1 2\n").run().only
    assert both.to_xarray().dims == ("point", "vector")
    assert [point.values["r"] for point in both.points] == list(both["r"])
    assert [point.values["v"] for point in both.points] == list(both["v"])
    draws = ms.Circuit(text.replace("R1 a b 1k", "R1 a b {agauss(1k,100,1)}") + ".mc 3\n").run().only
    assert draws.to_xarray().dims == ("run", "vector")


def test_sweeps_without_points_are_whole(low_pass):
    assert low_pass.run().only.points[0].values == {}
    nested = ms.Circuit("t\nV1 a 0 1\nV2 b 0 1\nR1 a b 1\n").dc(v1=[0, 1, 2], v2=[3, 4])
    assert [len(point.data) for point in nested.points] == [3, 3]
    pairs = ms.Circuit("t\nV1 a 0 1\nV2 b 0 1\nR1 a b {r}\n.param r=1\n").dc(v1=[0, 1], r=[3, 4, 5])
    assert [point.values for point in pairs.points] == [{"r": 3}, {"r": 4}, {"r": 5}]
    assert pairs.to_xarray().dims == ("r", "v(v-sweep)", "vector")
    there_and_back = ms.Circuit("t\nV1 a 0 1\nR1 a 0 1\n").dc(v1=[0, 1, 2, 1, 0])
    assert len(there_and_back.points) == 1


def test_what_has_no_scale():
    text = "t\nV1 a 0 DC 1 AC 1\nR1 a b 1k\nC1 b 0 1u\nR2 b c 1k\nC2 c 0 1u\n"
    plots = ms.Circuit(text + ".noise v(b) v1 dec 3 1 1k\n.sens v(b)\n.pz a 0 b 0 vol pz\n.tf v(b) v1\n.op\n.op\n").run()
    assert [plot.has_scale for plot in plots] == [True, False, False, False, False, False, False]
    assert plots[1].to_xarray().dims == ("vector",)
    assert plots[1]["v(onoise_total)"] == plots[1].data[0, 0]
    assert "onoise_total" not in plots[1].to_pandas().index.names
    along = ms.Circuit(text + ".dc v1 0 1 0.5\n.sens objfunc={v(b)} param=R1:R\n").run()
    assert along[-1].has_scale
    assert list(along[-1].scale) == [0, 0.5, 1]


def test_curves_are_one_for_each_point():
    pyplot = pytest.importorskip("matplotlib.pyplot")
    plot = ms.Circuit(STEPPED + ".tran 10m 1\n").run().only
    axes = plot.plot("w(y1)", ax=pyplot.figure().gca())
    assert [line.get_label() for line in axes.lines] == ["w(y1) b=0.03", "w(y1) b=0.02"]
    assert all((np.diff(line.get_xdata()) > 0).all() for line in axes.lines)
    assert len(plot.plot(ax=pyplot.figure().gca()).lines) == 2  # of v(in), not of b
    rows = ms.Circuit("t\nV1 a 0 1\nR1 a 0 {r}\n.param r=1\n.op\n.step param r 1 3 1\n").run()
    assert list(rows.plot("i(v1)", ax=pyplot.figure().gca()).lines[0].get_xdata()) == [1, 2, 3]
    with pytest.raises(AttributeError, match="x="):
        ms.Circuit("t\nV1 a 0 1\nR1 a 0 1\n").op().plot()
    pyplot.close("all")


def test_points_of_one_and_of_two_rows():
    text = "t\nV1 a 0 DC 1 AC 1\nV2 b 0 1\nR1 a b {r_load}\nC1 b 0 1u\n.param r_load=1k\n"
    pairs = ms.Circuit(text).dc(v1=[0, 1], v2=[0, 1, 2])
    assert [point.values for point in pairs.points] == [{"v2": 0}, {"v2": 1}, {"v2": 2}]
    lists = ms.Circuit(text).dc(v1=[0, 1, -1, 0], v2=[0, 1, 2])
    assert [len(point.data) for point in lists.points] == [4, 4, 4]
    single = ms.Circuit(text + ".ac lin 1 1k 1k\n.step param r_load list 1k 2k 3k\n").run().only
    assert [point.values for point in single.points] == [{"r_load": 1e3}, {"r_load": 2e3}, {"r_load": 3e3}]
    assert single.to_xarray().dims == ("r_load", "frequency", "vector")


def test_points_of_one_row_are_a_curve():
    pyplot = pytest.importorskip("matplotlib.pyplot")
    text = "t\nV1 a 0 DC 1 AC 1\nR1 a b {r}\nC1 b 0 1u\n.param r=1k\n.ac lin 1 1k 1k\n.step param r list 1k 2k 3k\n"
    axes = ms.Circuit(text).run().only.plot("v(b)", ax=pyplot.figure().gca())
    assert [list(line.get_xdata()) for line in axes.lines] == [[1e3, 2e3, 3e3]]
    assert axes.get_xlabel() == "r"
    pyplot.close("all")
