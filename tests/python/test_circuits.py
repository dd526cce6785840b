"""Circuits, the analyses and their values, against closed forms."""

import errno
import os
import pickle
import warnings

import numpy as np
import pytest
from conftest import DIVIDER, LOW_PASS, MEMRISTOR

import memspice as ms


def test_text_and_path(tmp_path, divider):
    path = tmp_path / "deck.cir"
    path.write_text(DIVIDER)
    assert ms.Circuit(str(path)).op()["v(out)"] == ms.Circuit(path).op()["v(out)"] == divider.op()["v(out)"]
    assert divider.title == "divider"
    assert divider.nodes == ["0", "in", "out"]
    assert divider.elements == ["v1", "r1", "r2"]
    assert divider.text == DIVIDER


def test_operating_point(divider):
    op = divider.op()
    assert op["v(out)"] == pytest.approx(4.0, rel=1e-12)
    assert op["V(OUT)"] == op["v( out )"]
    assert not op.has_scale
    assert op["v(*)"] == pytest.approx([6.0, 4.0])


def test_values_named(divider):
    assert divider.with_values(rtop=2e3).op()["v(out)"] == pytest.approx(3.0)
    assert divider.with_values({"r2": 1e3}, v1=4).op()["v(out)"] == pytest.approx(2.0)
    assert ms.Circuit(DIVIDER, params={"rtop": 4e3}).op()["v(out)"] == pytest.approx(2.0)
    with pytest.raises(KeyError):
        divider.with_values(nothing=1)
    with pytest.raises(KeyError):
        divider.with_values({"r1:nothing": 1})


def test_dc(divider):
    plot = divider.dc(v1=np.linspace(0, 5, 6))
    assert plot.scale == pytest.approx(np.arange(6.0))
    assert plot["v(out)"] == pytest.approx(2 / 3 * np.arange(6.0))
    nested = divider.dc({"v1": [1, 2], "r1": [1e3, 2e3]})
    assert nested["v(out)"] == pytest.approx([2 / 3, 4 / 3, 1 / 2, 1])
    assert divider.dc(rtop=[1e3, 2e3])["v(out)"] == pytest.approx([4, 3])
    with pytest.raises(ValueError, match="no values"):
        divider.dc(v1=[])


def test_ac_and_noise(low_pass):
    frequencies = np.logspace(0, 5, 21)
    plot = low_pass.ac(frequencies)
    assert plot.frequency == pytest.approx(frequencies)
    gain = 1 / (1 + 2j * np.pi * frequencies * 1e-3)
    assert np.allclose(plot["v(out)"], gain, rtol=1e-9)
    assert plot.data.dtype == np.complex128
    density = low_pass.noise("v(out)", "v1", frequencies)[0]
    boltzmann, kelvin = 1.380649e-23, 300.15
    assert np.allclose(density["onoise_spectrum"], np.sqrt(4 * boltzmann * kelvin * 1e3) * abs(gain), rtol=1e-4)
    with pytest.raises(ValueError, match="ascend"):
        low_pass.ac([10, 1])
    with pytest.raises(KeyError, match="no independent source"):
        low_pass.noise("v(out)", "r1", [1.0])


def test_transient_of_a_low_pass(low_pass):
    plot = low_pass.tran(20e-3, 50e-6)
    omega, tau = 2 * np.pi * 200, 1e-3
    t = plot.time
    exact = (np.sin(omega * t) - omega * tau * (np.cos(omega * t) - np.exp(-t / tau))) / (1 + (omega * tau) ** 2)
    assert np.abs(plot["v(out)"] - exact).max() < 2e-4
    assert t[0] == 0
    assert t[-1] == 20e-3


def test_transient_against_another_integrator(memristor):
    """dw/dt = -ron i/beta, i = v / (ron (1 - w) + roff w), by scipy's."""
    scipy_integrate = pytest.importorskip("scipy.integrate")
    plot = memristor.tran(2.0, 1e-3)

    def slope(t, w):
        return -100 * np.sin(2 * np.pi * t) / (100 * (1 - w) + 16e3 * w) / 0.02

    exact = scipy_integrate.solve_ivp(slope, (0, 2), [0.5], rtol=1e-10, atol=1e-12, t_eval=plot.time).y[0]
    assert np.abs(plot["w(y1)"] - exact).max() < 1e-4


def test_grid_of_rows_and_saved_vectors(memristor):
    plot = memristor.tran(1.0, 0.01, grid=True, save=["w(*)", "@y1[p]"])
    assert plot.time == pytest.approx(np.arange(101) / 100)
    assert plot.names == ["time", "w(y1)", "p(y1)"]
    with pytest.raises(ms.DeckError, match="nowhere"):
        memristor.tran(1.0, save="v(nowhere)")


def test_times_that_make_no_sense(low_pass):
    for times in ({"stop": 0.0}, {"stop": -1.0}, {"stop": 1.0, "step": 2.0}, {"stop": 1.0, "start": 1.0},
                  {"stop": float("nan")}, {"stop": 1.0, "max_step": 0.0}):
        with pytest.raises(ValueError, match="a transient needs"):
            low_pass.tran(**times)
    with pytest.raises(ValueError, match="step above 0"):
        low_pass.tran(1e-3, grid=True)


def test_own_cards_with_measures():
    plots = ms.Circuit(LOW_PASS + ".op\n.measure tran top max v(out)\n").run()
    assert [plot.name for plot in plots] == ["Transient Analysis", "Operating Point"]
    assert plots.report.measures["top"] == pytest.approx(plots[0]["v(out)"].max(), rel=1e-3)
    assert plots.report["outcome"] == "complete"
    with pytest.raises(LookupError, match="2 plots"):
        plots["v(out)"]


def test_points_of_step():
    plots = ms.Circuit(DIVIDER + ".step param rtop 1k 3k 1k\n").run(threads=2)
    assert plots.only["rtop"] == pytest.approx([1e3, 2e3, 3e3])
    assert plots.only["v(out)"] == pytest.approx([4, 3, 2.4])


def test_network_fixed_point_and_eigenvalues(netlists):
    circuit = ms.Circuit(netlists / "networks" / "k4.cir")
    network = circuit.network()
    assert (network.memristors, network.loops, network["components"]) == (6, 3, 1)


def test_equilibrium_of_one_memristor():
    """0 = alpha w - ron i/beta with i = v/(ron (1 - w) + roff w): 0.18 = w (1 + 9 w) of these values."""
    deck = "driven\nV1 a 0 {v}\nY1 a 0 m w0=0.1\n.model m memristor ron=100 roff=1k beta=0.1 alpha=-3\n.param v={v}\n"
    circuit = ms.Circuit(deck.format(v="{v}").replace("v={v}\n", "v=0\n"))
    assert circuit.eigen().values == pytest.approx([-3.0])
    v = -0.054
    point = circuit.with_values(v=v).fixed_point()
    w = point["w(y1)"]
    assert 3 * w == pytest.approx(-v / (1 + 9 * w) / 0.1, rel=1e-6)
    assert not point.held


def test_omega_that_fails_is_a_warning(netlists):
    circuit = ms.Circuit(netlists / "networks" / "k4.cir")
    plots = circuit.run()
    assert plots.report["omega"][0]["passed"]


def test_warnings_of_decks_are_python_warnings():
    with pytest.warns(ms.DeckWarning, match="only this one"):
        ms.Circuit("a dangling node\nV1 in 0 1\nR1 in out 1k\n.op\n")


def test_errors_say_where():
    deck = "three mistakes\nV1 in 0 1\nR1 in 0 1k\nR2 in 0\n.modle d d\n.op\n"
    with pytest.raises(ms.DeckError) as caught:
        ms.Circuit(deck)
    error = caught.value
    assert (error.file, error.line) == ("deck", 4)
    assert error.column > 0
    assert len(error.diagnostics) >= 2
    assert ".model" in error.diagnostics[1].hint
    assert "deck:4:" in str(error)
    assert isinstance(error, ValueError)


def test_files_that_are_not_there():
    with pytest.raises(ms.FileError, match="nowhere.cir"):
        ms.Circuit("nowhere.cir")
    with pytest.raises(OSError, match="nowhere.raw"):
        ms.read("nowhere.raw")


def told_by(call, kind):
    with pytest.raises(kind) as caught:
        call()
    error = caught.value
    assert isinstance(error, ms.FileError) and isinstance(error, ms.MemspiceError) and isinstance(error, OSError)
    assert str(error) == error.args[0] and str(error).startswith("cannot ")
    other = pickle.loads(pickle.dumps(error))
    assert (type(other), str(other), other.errno, other.filename) == (type(error), str(error), error.errno, error.filename)
    return error


def test_errors_of_files_are_those_of_the_system(tmp_path, low_pass):
    missing, folder, file = tmp_path / "no.cir", tmp_path / "folder.raw", tmp_path / "file.csv"
    folder.mkdir()
    file.write_text("")
    for read in (ms.Circuit, ms.read):
        error = told_by(lambda: read(missing), FileNotFoundError)
        assert (error.errno, error.strerror, error.filename) == (errno.ENOENT, os.strerror(errno.ENOENT), str(missing))
        told_by(lambda: read(folder), IsADirectoryError)
        told_by(lambda: read(file / "deck.cir"), NotADirectoryError)
    plots = low_pass.run()
    told_by(lambda: plots.save(folder), IsADirectoryError)
    assert told_by(lambda: plots.save(tmp_path / "none" / "x.raw"), FileNotFoundError).filename == str(tmp_path / "none" / "x.raw")
    told_by(lambda: plots.save(file / "x.raw"), NotADirectoryError)
    loop = tmp_path / "loop.cir"
    loop.symlink_to(loop)
    assert told_by(lambda: ms.Circuit(loop), ms.FileError).errno == errno.ELOOP
    of_no_use = told_by(lambda: ms.read(file), ms.FileError)
    assert type(of_no_use) is ms.FileError
    assert (of_no_use.errno, of_no_use.filename) == (None, str(file))
    if os.geteuid() != 0:
        file.chmod(0)
        told_by(lambda: ms.read(file), PermissionError)
    assert type(ms.FileError("made by hand")) is ms.FileError
    assert isinstance(ms.FileError("by hand", errno.EACCES), PermissionError)


def test_what_cannot_be_computed_has_its_rows():
    deck = MEMRISTOR + ".options max_steps=20\n"
    with pytest.raises(ms.SimulationError, match="max_steps") as caught:
        ms.Circuit(deck).run()
    rows = caught.value.result.only
    assert 0 < rows.time[-1] < 2
    assert rows.mark
    with pytest.raises(ms.DeckError, match="loop"):
        ms.Circuit("a loop\nV1 a 0 1\nV2 a 0 2\nR1 a 0 1\n").op()


def test_random_functions_have_seeds():
    deck = "random\n.param r={gauss(1k, 0.1, 1)}\nV1 a 0 1\nR1 a b {r}\nR2 b 0 1k\n.op\n"
    a, b, again = (ms.Circuit(deck, seed=seed).op()["v(b)"] for seed in (1, 2, 1))
    assert a == again != b
    assert ms.Circuit(deck).with_values(seed=2).op()["v(b)"] == b


def test_repr_tells_what_it_is(divider):
    assert repr(divider) == "<memspice.Circuit 'divider': 2 nodes, 3 elements>"
    assert "Operating Point" in repr(divider.op())


def test_no_warnings_of_a_clean_deck(divider):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        divider.run()


def test_names_and_numbers_that_there_cannot_be(divider):
    for ask in (lambda: divider.with_values(nothing=1.0), lambda: divider.dc(nothing=[1.0]),
                lambda: divider.with_values({"r9:r": 1.0})):
        with pytest.raises(KeyError):
            ask()
    for ask in (lambda: divider.dc(v1=[1.0, float("nan")]), lambda: divider.with_values(seed=-1),
                lambda: ms.Circuit("t\nV1 a 0 1\nR1 a 0 1\n", seed=-1), lambda: divider.op(save=[])):
        with pytest.raises(ValueError):
            ask()
