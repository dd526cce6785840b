"""Results: views, tables of other packages, files."""

import numpy as np
import pytest

import memspice as ms


@pytest.fixture
def plot():
    return ms.networks.grid(3, seed=1).tran(0.1, 0.01, grid=True, save=["w(*)", "v(*)", "w(y1)"])


def test_vectors_side_by_side_are_views(plot):
    states = plot["w(*)"]
    assert states.shape == (11, 12)
    assert np.shares_memory(states, plot.data)
    assert np.shares_memory(plot["w(y3)"], plot.data)
    assert np.shares_memory(plot.time, plot.data)
    assert (plot["w(y3)"] == states[:, 2]).all()
    apart = plot["?(?1)"]
    assert not np.shares_memory(apart, plot.data)
    assert plot.find("w(y1?)") == ["w(y10)", "w(y11)", "w(y12)"]


def test_rows_outlive_the_plot(plot):
    states = plot["w(*)"]
    kept = states.copy()
    del plot
    assert (states == kept).all()


def test_names_that_there_are_not(plot):
    with pytest.raises(KeyError, match=r"w\(y9\)"):
        plot["w(y99)"]
    with pytest.raises(KeyError):
        plot["z(*)"]
    assert "w(y1)" in plot
    assert "w(y99)" not in plot
    with pytest.raises(AttributeError, match="frequency"):
        plot.frequency


def test_pandas(plot):
    pytest.importorskip("pandas")
    frame = plot.to_pandas()
    assert frame.index.name == "time"
    assert frame["w(y2)"].to_numpy() == pytest.approx(plot["w(y2)"])
    assert list(frame.columns) == plot.names[1:]


def test_xarray(plot, divider):
    pytest.importorskip("xarray")
    array = plot.to_xarray()
    assert array.dims == ("time", "vector")
    assert float(array.sel(vector="w(y2)", time=0.05)) == plot["w(y2)"][5]
    assert set(array.unit.values) == {"", "V"}
    assert float(divider.op().to_xarray().sel(vector="v(out)")) == pytest.approx(4)


def test_pictures(plot, low_pass):
    pytest.importorskip("matplotlib").use("Agg")
    axes = plot.plot("w(*)")
    assert len(axes.lines) == 12
    assert axes.get_xlabel() == "time (s)"
    axes = low_pass.ac(np.logspace(1, 4, 10)).plot("v(out)")
    assert axes.get_xscale() == "log"


@pytest.mark.parametrize("name", ["a.raw", "b.csv", "c.tsv"])
def test_files_hold_what_was_saved(plot, tmp_path, name):
    path = plot.save(tmp_path / name)
    again = ms.read(path)
    assert again.only.names == plot.names
    assert np.array_equal(again.data, plot.data)
    assert again.units == plot.units or not name.endswith("raw")


def test_hdf5_files_where_the_library_is(plot, tmp_path):
    try:
        path = plot.save(tmp_path / "a.h5")
    except ms.FileError as error:
        pytest.skip(str(error))
    with open(path, "rb") as file:
        assert file.read(8) == b"\x89HDF\r\n\x1a\n"
    with pytest.raises(ms.FileError, match="HDF5"):
        ms.read(path)
    with pytest.raises(ValueError, match="ascii=True is for raw files"):
        plot.save(tmp_path / "b.h5", ascii=True)


def test_ascii_and_complex_files(low_pass, tmp_path):
    plot = low_pass.ac([1.0, 10.0, 100.0])
    plot.save(tmp_path / "a.raw", ascii=True)
    assert b"Values:" in (tmp_path / "a.raw").read_bytes()
    again = ms.read(tmp_path / "a.raw")
    assert np.allclose(again["v(out)"], plot["v(out)"], rtol=1e-12)
    assert again.frequency == pytest.approx([1, 10, 100])


def test_several_plots_in_one_file(divider, low_pass, tmp_path):
    ms.Plots([divider.op(), low_pass.tran(1e-3)]).save(tmp_path / "two.raw")
    assert [each.name for each in ms.read(tmp_path / "two.raw")] == ["Operating Point", "Transient Analysis"]


def test_suffixes_that_promise_another_format(plot, tmp_path):
    for suffix in ("png", "json", "parquet", "cir"):
        with pytest.raises(ValueError, match="promises"):
            plot.save(tmp_path / f"out.{suffix}")
    assert not list(tmp_path.iterdir())
    plot.save(tmp_path / "out.tab")
    assert ms.read(tmp_path / "out.tab").only.names == plot.names


def test_asking_for_what_is_no_name(plot, divider):
    for key in (0, None, ("v(1)",)):
        with pytest.raises(TypeError, match="name"):
            plot[key]
    several = ms.Circuit("t\nV1 a 0 1\nR1 a 0 1\n.op\n.op\n").run()
    assert not hasattr(several, "time")
    with pytest.raises(AttributeError, match="2 plots"):
        several.names
    with pytest.raises(ms.FileError, match="it is a deck"):
        ms.read(__file__.replace("tests/python/test_plots.py", "netlists/networks/k4.cir"))
