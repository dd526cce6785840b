"""Reservoir computing: the readout against scikit-learn, features that remember."""

import numpy as np
import pytest

from memspice import networks, reservoir


def test_ridge_is_that_of_scikit_learn():
    linear_model = pytest.importorskip("sklearn.linear_model")
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(80, 6)), rng.normal(size=(80, 2))
    standard = (x - x.mean(axis=0)) / x.std(axis=0)
    theirs = linear_model.Ridge(alpha=0.3 * 80).fit(standard, y)
    ours = reservoir.Ridge(0.3).fit(x, y)
    assert np.allclose(ours.predict(x), theirs.predict(standard))


def test_narma10_obeys_its_equation():
    u, y = reservoir.narma10(200, seed=3)
    previous = np.append(0.0, y[:-1])
    k = 50
    window = previous[k - 9 : k + 1]
    assert y[k] == pytest.approx(0.3 * previous[k] + 0.05 * previous[k] * window.sum() + 1.5 * u[k - 9] * u[k] + 0.1)
    assert 0 <= u.min() <= u.max() <= 0.5


def test_memory_of_a_delay_line():
    """Features that are the last five inputs remember five, and nothing else."""
    u = np.random.default_rng(2).uniform(-1, 1, 2000)
    x = np.stack([np.roll(u, d) for d in range(1, 6)], axis=1)
    total, capacities = reservoir.memory_capacity(x, u, delays=10)
    assert capacities[:5] == pytest.approx(1.0, abs=1e-6)
    assert total == pytest.approx(5.0, abs=0.2)


def test_a_network_of_memristors_remembers():
    circuit = networks.random(30, degree=4, source="dc", drive="0.3", amplitude=0.0, alpha=-5.0, beta=0.005, seed=4)
    sources = [name for name in circuit.elements if name.startswith("v")]
    u = np.random.default_rng(5).uniform(-1, 1, 400)
    strengths = np.random.default_rng(6).uniform(0.5, 1.5, len(sources))
    network = reservoir.Reservoir(circuit, sources, hold=0.05, scale=0.3, offset=-0.3)
    x = network.features(np.outer(u, strengths))
    assert x.shape == (400, len(circuit.branches(memristors_only=True)))
    total, _ = reservoir.memory_capacity(x, u, delays=8, washout=50)
    assert total > 1.0
    assert reservoir.memory_capacity(x, np.roll(u, 97), delays=8, washout=50)[0] < 0.5  # of another input


def test_features_of_ones_own():
    circuit = networks.grid(3, source="dc", drive="port", amplitude=0.0)
    network = reservoir.Reservoir(circuit, "v1", hold=0.1, features=lambda s: [s["i(v1)"], s.time])
    x = network.features([0.1, 0.2])
    assert x[:, 1] == pytest.approx([0.1, 0.2])
    named = reservoir.Reservoir(circuit, "v1", hold=0.1, features=["v(n1_1)", "w(*)"]).features([0.1, 0.2])
    assert named.shape == (2, 13)
    with pytest.raises(ValueError, match="2 channels"):
        network.features([[0.1, 0.2]])


def test_inputs_of_every_kind():
    network = reservoir.Reservoir(networks.ring(4, source="dc", amplitude=0.0), "v1", hold=0.01, scale=2.0)
    expected = network.features(np.array([0.1, 0.2]))
    for given in ([0.1, 0.2], (u for u in (0.1, 0.2)), np.array([[0.1], [0.2]])):
        assert np.array_equal(network.features(given), expected)
    for given in ([], 0.1, np.ones((2, 1, 1))):
        with pytest.raises((ValueError, TypeError), match="shape|iterable"):
            network.features(given)


def test_readouts_that_cannot_be():
    ridge = reservoir.Ridge()
    with pytest.raises(RuntimeError, match="fit"):
        ridge.predict([[1.0]])
    for x, y in (([[1.0], [2.0]], [1.0]), ([1.0, 2.0], [1.0, 2.0])):
        with pytest.raises(ValueError, match="row for every step"):
            ridge.fit(x, y)
    with pytest.raises(ValueError, match="finite"):
        ridge.fit([[1.0], [np.nan]], [1.0, 2.0])
