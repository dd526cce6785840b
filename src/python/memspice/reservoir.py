"""Reservoir computing with memristive networks: a circuit is driven, its states are features, a linear readout learns.

::

    circuit = ms.networks.nanowire(200, source="dc", seed=1)
    network = ms.reservoir.Reservoir(circuit, "v1", hold=0.01, scale=2.0)
    u, y = ms.reservoir.narma10(2000, seed=1)
    x = network.features(u)
    readout = ms.reservoir.Ridge(1e-6).fit(x[200:1500], y[200:1500])
    ms.reservoir.nrmse(readout.predict(x[1500:]), y[1500:])
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from memspice._progress import Progress, watching
from memspice.circuits import Circuit
from memspice.simulations import Simulation

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["Reservoir", "Ridge", "memory_capacity", "narma10", "nrmse"]

Features = str | Sequence[str] | Callable[[Simulation], "ArrayLike"]


class Reservoir:
    """A circuit that is fed one value after the other.

    Parameters
    ----------
    circuit : Circuit
    inputs : str or sequence of str
        Independent sources that take the input, one for each of its channels.
    hold : float
        How long each value lasts, s.
    scale, offset : float
        A source has ``scale * u + offset``, V or A.
    features : pattern, sequence of patterns, or function
        What is read at the end of each value: ``"w(*)"``, ``["w(*)", "v(n1)"]``, or of the simulation an array.
    linear : bool
        Values are reached on straight lines instead of held.
    """

    def __init__(self, circuit: Circuit, inputs: str | Sequence[str], *, hold: float, scale: float = 1.0,
                 offset: float = 0.0, features: Features = "w(*)", linear: bool = False):
        self.circuit = circuit
        self.inputs = [inputs] if isinstance(inputs, str) else list(inputs)
        self.hold = hold
        self.scale = scale
        self.offset = offset
        self.linear = linear
        self._features = features

    def features(self, u: ArrayLike, *, progress: Progress = None) -> NDArray[np.float64]:
        """What the circuit does with an input of shape (steps,) or (steps, channels), from its initial states on:
        shape (steps, features)."""
        fed = np.asarray(u if hasattr(u, "__len__") else list(u), dtype=float)  # type: ignore[arg-type]
        if fed.ndim == 1:
            fed = fed[:, None]
        if fed.ndim != 2 or len(fed) == 0:
            raise ValueError(f"the input has shape (steps,) or (steps, channels), not {fed.shape}")
        if fed.shape[1] != len(self.inputs):
            raise ValueError(f"the input has {fed.shape[1]} channels for {len(self.inputs)} sources")
        simulation = self.circuit.simulation(len(fed) * self.hold)
        rows = []
        with watching(progress) as look:
            for step, values in enumerate(self.scale * fed + self.offset, start=1):
                simulation.step(until=step * self.hold, inputs=dict(zip(self.inputs, values, strict=True)),
                                linear=self.linear)
                rows.append(self._read(simulation))
                if look is not None and step % 20 == 0:
                    look(step, len(fed))
        return np.array(rows)

    def _read(self, simulation: Simulation) -> NDArray[np.float64]:
        if callable(self._features):
            return np.asarray(self._features(simulation), dtype=float).ravel()
        names = [self._features] if isinstance(self._features, str) else self._features
        return np.concatenate([np.atleast_1d(simulation[name]) for name in names])


class Ridge:
    """A linear readout with Tikhonov's penalty ``alpha`` on the weights of standardised features; the intercept is
    free. Any regressor of scikit-learn does in its place."""

    def __init__(self, alpha: float = 1e-6):
        self.alpha = alpha

    def fit(self, x: ArrayLike, y: ArrayLike) -> Ridge:
        """Of features (steps, features) and targets (steps,) or (steps, targets)."""
        features, targets = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
        if features.ndim != 2 or targets.shape[:1] != features.shape[:1]:
            raise ValueError(f"features of shape {features.shape} do not go with targets of shape {targets.shape}: both "
                             "have a row for every step")
        if not (np.isfinite(features).all() and np.isfinite(targets).all()):
            raise ValueError("features and targets have to be finite")
        self._mean = features.mean(axis=0)
        deviation = features.std(axis=0)
        self._deviation = np.where(deviation > 0, deviation, 1.0)
        standard = (features - self._mean) / self._deviation
        self.intercept_ = targets.mean(axis=0)
        # By singular values: alpha may be so small that the normal equations are singular to rounding.
        left, singular, right = np.linalg.svd(standard, full_matrices=False)
        damped = singular / (singular**2 + self.alpha * len(features))
        self._weights = right.T @ (damped[:, None] * (left.T @ (targets - self.intercept_).reshape(len(features), -1)))
        self.coef_ = (self._weights / self._deviation[:, None]).reshape(features.shape[1], *targets.shape[1:])
        return self

    def predict(self, x: ArrayLike) -> NDArray[Any]:
        if not hasattr(self, "coef_"):
            raise RuntimeError("this readout has not been fitted: call fit(x, y) before")
        return np.asarray((np.asarray(x, dtype=float) - self._mean) @ self.coef_ + self.intercept_)


def nrmse(predicted: ArrayLike, target: ArrayLike) -> float:
    """Root of the mean square error, in standard deviations of the target: 1 is what its mean achieves."""
    wanted = np.asarray(target, dtype=float)
    return float(np.sqrt(np.mean((np.asarray(predicted, dtype=float) - wanted) ** 2)) / np.std(wanted))


def narma10(steps: int, *, seed: int = 1) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Input u, even in [0, 0.5], and target y of the tenth-order nonlinear autoregressive moving average:
    y[k+1] = 0.3 y[k] + 0.05 y[k] (y[k] + … + y[k-9]) + 1.5 u[k-9] u[k] + 0.1 (Atiya and Parlos, IEEE Transactions on
    Neural Networks 11 (2000) 697). ``y[k]`` is the target beside ``u[k]``: it depends on inputs up to u[k].
    """
    u = np.random.default_rng(seed).uniform(0.0, 0.5, steps)
    y = np.zeros(steps)
    for k in range(9, steps - 1):
        y[k + 1] = 0.3 * y[k] + 0.05 * y[k] * y[k - 9 : k + 1].sum() + 1.5 * u[k - 9] * u[k] + 0.1
    return u, np.append(y[1:], y[-1:])


def memory_capacity(x: ArrayLike, u: ArrayLike, *, delays: int = 20, washout: int = 100, train: float = 0.7,
                    alpha: float = 1e-6) -> tuple[float, NDArray[np.float64]]:
    """How much of an input of independent values features remember: the squared correlation of u[k-d] with what a
    readout of x[k] says, for d = 1 … ``delays`` and their sum (Jaeger, GMD report 152 (2001)), on steps that the readout
    has not seen. ``washout`` steps are left out, of the others the fraction ``train`` is for learning."""
    features, signal = np.asarray(x, dtype=float), np.asarray(u, dtype=float)
    first = max(washout, delays)
    split = first + int(train * (len(signal) - first))
    targets = np.stack([np.roll(signal, delay) for delay in range(1, delays + 1)], axis=1)
    predicted = Ridge(alpha).fit(features[first:split], targets[first:split]).predict(features[split:])
    capacities = np.array([np.corrcoef(predicted[:, k], targets[split:, k])[0, 1] ** 2 for k in range(delays)])
    capacities = np.nan_to_num(capacities)
    return float(capacities.sum()), capacities
