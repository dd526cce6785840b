"""What runs find beside their rows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from memspice import _core

__all__ = ["Eigen", "FixedPoint", "Report"]


class _Findings(Mapping[str, Any]):
    """A mapping whose keys are attributes, too."""

    _made: dict[str, Any] | None

    @property
    def _data(self) -> dict[str, Any]:
        assert self._made is not None
        return self._made

    def __getitem__(self, key: str) -> Any:
        return self._data[key]

    def __getattr__(self, key: str) -> Any:
        if key.startswith("_") or key not in self._data:
            raise AttributeError(key)
        return self._data[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._data)

    def __len__(self) -> int:
        return len(self._data)


class Report(_Findings):
    """The report of a run, as ``memspice --report`` writes it: docs/file-formats.md has the keys.

    It is made when it is first asked for. The keys are attributes, too: ``report.analyses[0]["statistics"]``.
    """

    def __init__(self, findings: _core.Findings):
        self._findings: _core.Findings | None = findings
        self._made = None

    @property
    def _data(self) -> dict[str, Any]:
        if self._made is None:
            assert self._findings is not None
            self._made = json.loads(self._findings.json())
        return self._made

    def __reduce__(self) -> tuple[Any, ...]:
        return _report_of, (self._data,)

    def __repr__(self) -> str:
        return f"<memspice.Report: {self['outcome']}, {', '.join(key for key, value in self.items() if value)}>"

    @property
    def measures(self) -> dict[str, float]:
        """Values of ``.measure`` by name; those that failed are NaN, and of equal names the last one counts."""
        return {each["name"]: float("nan") if each["value"] is None else each["value"] for each in self["measures"]}


def _report_of(data: dict[str, Any]) -> Report:
    report = Report.__new__(Report)
    report._findings, report._made = None, data
    return report


class Network(_Findings):
    """What ``.network`` tells of the graph: ``nodes branches loops bridges blocks components``, the logarithm of the
    number of spanning trees, effective memories, the projector's rank, …: docs/file-formats.md, ``network``."""

    def __init__(self, data: dict[str, Any]):
        self._made = data

    def __repr__(self) -> str:
        shown = ", ".join(f"{key}={self[key]}" for key in ("nodes", "branches", "memristors", "loops", "components"))
        return f"<memspice.Network: {shown}>"


class FixedPoint(Mapping[str, float]):
    """Where dw/dt = 0: states by their names. ``residual`` is the largest ``|dw/dt|`` left, 1/s; ``held`` are the states
    at a bound."""

    def __init__(self, data: dict[str, Any]):
        self.states: dict[str, float] = data["states"]
        self.residual: float = data["residual"]
        self.held: list[str] = data["held"]
        self.method: str = data["method"]

    def __getitem__(self, key: str) -> float:
        return self.states[key.lower().replace(" ", "")]

    def __iter__(self) -> Iterator[str]:
        return iter(self.states)

    def __len__(self) -> int:
        return len(self.states)

    def __repr__(self) -> str:
        return f"<memspice.FixedPoint: {len(self)} states, residual {self.residual:.2g} 1/s>"


class Eigen:
    """The spectrum of the linearised circuit: ``values``, complex, 1/s, by falling real part.

    ``complete`` is False where only the extreme ones of a large circuit are there, ``held`` counts the states at a
    bound, which are no part of the spectrum; ``closed_form_difference`` is the largest one, relative to the largest
    value, or None.
    """

    def __init__(self, data: dict[str, Any]):
        self.values: NDArray[np.complex128] = np.array(
            [complex(each["re"], each["im"]) for each in data["values"]], dtype=np.complex128)
        self.complete: bool = data["complete"]
        self.held: int = data["held"]
        self.closed_form_difference: float | None = data["closed_form_difference"]

    def __len__(self) -> int:
        return len(self.values)

    def __repr__(self) -> str:
        return f"<memspice.Eigen: {len(self)} values, from {self.values[-1]:.4g} to {self.values[0]:.4g} 1/s>" if len(
            self) else "<memspice.Eigen: no values>"
