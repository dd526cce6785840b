"""Transients that go on step by step."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from memspice import _core
from memspice._text import floats, has_wildcard, no_such, pattern, squeeze
from memspice.errors import RunWarning
from memspice.plots import Plot

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from memspice.circuits import Circuit

__all__ = ["Simulation"]


class Simulation:
    """A transient that goes on as far as is wanted, is looked at, driven, saved and restored:
    ``circuit.simulation(stop)``.

    ``s["v(out)"]`` is the value of a voltage, a current, a state or another vector at :attr:`time`, in its SI unit,
    and ``s["w(*)"]`` an array of all states or node voltages that the pattern stands for.
    """

    def __init__(self, circuit: Circuit, stop: float | None = None, step: float = 0.0, *,
                 max_step: float = float("inf"), uic: bool = False, rows: bool = False):
        self._core = _core.Simulation(circuit._core, stop, step, max_step, uic, rows)
        self._circuit = circuit
        self._rows = rows
        self._patterns: dict[str, list[int]] = {}  # of states
        self._tell()

    @property
    def time(self) -> float:
        """Where the simulation is, s."""
        return self._core.time

    @property
    def stop(self) -> float:
        """Where it ends, s."""
        return self._core.stop_time

    @property
    def done(self) -> bool:
        return not self.time < self.stop

    def step(self, until: float | None = None, inputs: Mapping[str, float] | None = None, *,
             linear: bool = False) -> None:
        """Goes on to the time ``until`` (s); without it to the next point that the integrator accepts.

        ``inputs`` are values (V, A) of independent sources: they are held over the step or, with ``linear``, reached
        on straight lines at its end. Sources keep their last value, and have no waveform of their own from then on.
        """
        if until is None:
            if inputs:
                raise ValueError("inputs need a time: step(until=…, inputs=…)")
            self._core.step()
        else:
            stop = self._core.stop_time
            if abs(until - stop) <= 1e-9 * stop:  # a sum of steps
                until = stop
            self._core.run_until(until, [(name, float(value)) for name, value in (inputs or {}).items()], linear)
        self._tell()

    def run(self) -> None:
        """Goes on to the end."""
        self.step(until=self.stop)

    def __getitem__(self, name: str) -> Any:
        if not isinstance(name, str):
            raise TypeError(f"a value is asked for by its vector's name or a pattern, not by {name!r}")
        wanted = squeeze(name)
        if not has_wildcard(wanted):
            return float(self._core.values([wanted])[0])
        if wanted not in self._patterns:
            matches = pattern(wanted).fullmatch
            self._patterns[wanted] = [place for place, each in enumerate(self.state_names) if matches(each)]
        if places := self._patterns[wanted]:
            return self.states[places]
        voltages = [f"v({node})" for node in self._circuit.nodes[1:]]
        names = [each for each in voltages if pattern(wanted).fullmatch(each)]
        if not names:
            raise no_such(name, self.state_names + voltages)
        return self._core.values(names)

    @property
    def state_names(self) -> list[str]:
        """``"w(y1)"`` …, in the order of :attr:`states`."""
        return self._core.state_names

    @property
    def states(self) -> NDArray[np.float64]:
        """The states of all devices at :attr:`time`, shape (states,); a copy."""
        return self._core.states()

    def set_states(self, states: ArrayLike | Mapping[str, float]) -> None:
        """Gives states other values, all of them in the order of :attr:`states` or some by name; voltages and currents
        jump with them. ValueError for one outside of its bounds."""
        if isinstance(states, Mapping):
            values = list(self.states)
            names = self.state_names
            for name, value in states.items():
                if squeeze(name) not in names:
                    raise no_such(name, names)
                values[names.index(squeeze(name))] = float(value)
        else:
            values = floats(states)
        self._core.set_states(values)
        self._tell()

    def save(self) -> bytes:
        """All that is needed to go on from :attr:`time`. Waveforms and values of sources are not part of it."""
        return self._core.save()

    def restore(self, state: bytes) -> None:
        """Goes to where a state was saved, by this simulation or another one of a circuit with the same elements and
        nodes; values may be others. ValueError for a state that does not fit."""
        self._core.restore(state)
        self._tell()

    def finish(self) -> Plot | None:
        """Ends the simulation. With ``rows=True`` the rows since the beginning, or since the last :meth:`restore`."""
        tables: Sequence[Any] = self._core.finish()
        self._tell()
        return Plot(*tables[-1]) if self._rows and tables else None

    def __repr__(self) -> str:
        return f"<memspice.Simulation of {self._circuit.title!r} at {self.time:.6g} s of {self.stop:.6g} s>"

    def _tell(self) -> None:
        for warning in self._core.take_warnings():
            warnings.warn(str(warning), RunWarning, stacklevel=3)
