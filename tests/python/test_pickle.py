"""What goes to other processes, as joblib and multiprocessing send it."""

import copy
import pickle

import numpy as np
import pytest

import memspice as ms


def again(thing):
    return pickle.loads(pickle.dumps(thing))


def test_results(memristor):
    plots = memristor.run()
    other = again(plots)
    assert np.array_equal(other.only.data, plots.only.data)
    assert other.report["outcome"] == "complete"
    assert dict(copy.deepcopy(plots.report)) == dict(plots.report)
    assert again(memristor.network()).loops == memristor.network().loops


def test_circuits(memristor, tmp_path):
    changed = memristor.with_values({"flat:beta": 0.05}).with_values(v1=0.1)
    assert np.array_equal(again(changed).tran(1.0).data, changed.tran(1.0).data)
    assert not np.array_equal(again(memristor).tran(1.0).data, changed.tran(1.0).data)
    path = tmp_path / "deck.cir"
    path.write_text("t\nV1 a 0 1\nR1 a b {r}\nR2 b 0 1k\n.param r=1k\n")
    assert again(ms.Circuit(path, params={"r": 3e3})).op()["v(b)"] == pytest.approx(0.25)


def test_networks_keep_their_generator():
    changed = ms.networks.ring(4, tran="0.01 0.1").with_values(beta=0.1)
    for circuit in (changed, again(changed)):
        other = circuit.with_values(seed=2)
        assert other.text != changed.text
        expected = ms.networks.ring(4, tran="0.01 0.1", seed=2).with_values(beta=0.1)
        assert np.array_equal(other.run().only.data, expected.run().only.data)


def test_errors():
    with pytest.raises(ms.DeckError) as caught:
        ms.Circuit("t\nR1 a 0\n.op\n")
    error = again(caught.value)
    assert str(error) == str(caught.value)
    assert (error.line, error.diagnostics) == (2, caught.value.diagnostics)
