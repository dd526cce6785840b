"""Circuits, and what can be asked of them."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING, Any

from memspice import _core
from memspice._progress import Progress, watched_by_sweep, watching
from memspice._text import floats, whole
from memspice.errors import DeckWarning, RunWarning, SimulationError
from memspice.plots import Plot, Plots
from memspice.report import Eigen, FixedPoint, Network, Report

if TYPE_CHECKING:
    import xarray
    from numpy.typing import ArrayLike

    from memspice.simulations import Simulation

__all__ = ["Circuit"]


class Circuit:
    """A circuit: what a deck says. It does not change; :meth:`with_values` gives others.

    Raises :class:`DeckError` and :class:`FileError`; what the deck may mean otherwise is a :class:`DeckWarning`.

    The analyses take numbers in SI units and give a :class:`Plot`. ``save`` names the vectors that rows have
    (patterns, ``["w(*)", "v(out)", "@r1[p]"]``) instead of what the deck or the default says. ``progress`` is ``True``
    (tqdm, where it is there) or a function that is called with the fraction done. They raise
    :class:`SimulationError` where the computation cannot go on; its ``result`` has the rows so far.

    Parameters
    ----------
    deck : str or path
        A text with a line break is a deck, its first line the title; anything else is the path of one.
    params : mapping
        Values of ``.param`` of the top level, instead of the deck's.
    seed : int
        Of the random functions, instead of ``.options seed``.
    """

    def __init__(self, deck: str | PathLike[str], *, params: Mapping[str, float] | None = None, seed: int | None = None):
        text = fspath(deck)
        is_text = isinstance(deck, str) and "\n" in text
        self.text: str | None = text if is_text else None
        self.node_names: dict[Any, str] | None = None  # of a graph's nodes
        values = [(name, float(value)) for name, value in (params or {}).items()]
        self._core = _core.read_circuit(text, not is_text, "deck", values, whole(seed, "seed"))
        self._origin = (text if is_text else Path(text).absolute(), dict(values), seed)
        self._changes: tuple[tuple[list[tuple[str, float]], int | None], ...] = ()  # since then
        # Makes the circuit anew for another seed, where the circuit itself is random.
        self._make: Callable[[int], Circuit] | None = None
        for warning in self._core.warnings:
            warnings.warn(str(warning), DeckWarning, stacklevel=2)

    @classmethod
    def _of(cls, core: _core.Circuit, like: Circuit) -> Circuit:
        circuit = cls.__new__(cls)
        circuit.text = like.text
        circuit.node_names = like.node_names
        circuit._core = core
        circuit._origin = like._origin
        circuit._changes = like._changes
        circuit._make = like._make
        return circuit

    def __reduce__(self) -> tuple[Any, ...]:
        return _read_again, (self._origin, self._changes, self.node_names, self._make)

    @classmethod
    def from_graph(cls, graph: Any, **options: Any) -> Circuit:
        """The network of a ``networkx`` graph: :func:`memspice.graphs.from_graph`; a matrix goes to
        :meth:`from_adjacency`."""
        from memspice import graphs

        is_matrix = hasattr(graph, "shape") or isinstance(graph, (list, tuple))
        return (graphs.from_adjacency if is_matrix else graphs.from_graph)(graph, **options)

    @classmethod
    def from_adjacency(cls, matrix: Any, **options: Any) -> Circuit:
        """The network of a ``scipy`` sparse or ``numpy`` matrix: :func:`memspice.graphs.from_adjacency`."""
        from memspice import graphs

        return graphs.from_adjacency(matrix, **options)

    @property
    def title(self) -> str:
        return self._core.title

    @property
    def elements(self) -> list[str]:
        """Names of all elements, lower case."""
        return self._core.elements

    @property
    def nodes(self) -> list[str]:
        """Names of all nodes, ``"0"`` first."""
        return self._core.nodes

    def branches(self, *, memristors_only: bool = False) -> list[tuple[str, str, str]]:
        """(element, node, node) of all devices with two terminals, for ``networkx.MultiGraph`` and pictures."""
        return self._core.branches(memristors_only)

    def __repr__(self) -> str:
        return f"<memspice.Circuit {self.title!r}: {len(self.nodes) - 1} nodes, {len(self.elements)} elements>"

    def with_values(self, values: Mapping[str, float] | None = None, *, seed: int | None = None,
                    **named: float) -> Circuit:
        """The same circuit with other values: of a parameter of the deck (``rload``), of a source (``v1``) or an
        element (``r1``), of a parameter of an element (``"y1:w0"``) or a model (``"flat:ron"``), or ``temp`` (degrees
        Celsius). ``seed`` draws the random functions, or a generated network, anew.

        Raises KeyError for what there is not, ValueError for a value out of range.
        """
        seed = whole(seed, "seed")
        changes = [(name, float(value)) for name, value in {**(values or {}), **named}.items()]
        if seed is not None and self._make is not None:
            return self._make(seed)._changed(*self._changes, (changes, None))
        return self._changed((changes, seed))

    def _changed(self, *changes: tuple[list[tuple[str, float]], int | None]) -> Circuit:
        core = self._core
        for values, seed in changes:
            core = core.with_values(values, seed)
        circuit = Circuit._of(core, self)
        circuit._changes += changes
        return circuit

    # --- analyses

    def run(self, *, threads: int = 0, verify: bool = False, progress: Progress = None) -> Plots:
        """Does what the deck's own cards ask for, in their order. ``report`` of the result has measures, ``.omega``
        and the like; what of these failed is a :class:`RunWarning`."""
        if self._core.analyses == 0:
            raise ValueError("the deck has no analysis card: call tran(), op(), dc(), ac() or another method")
        return self._run(self._core, threads=threads, verify=verify, progress=progress)

    def tran(self, stop: float, step: float = 0.0, *, start: float = 0.0, max_step: float = float("inf"),
             uic: bool = False, grid: bool = False, save: Sequence[str] | str | None = None, threads: int = 0,
             progress: Progress = None) -> Plot:
        """A transient from 0 to ``stop`` (s): ``.tran step stop start max_step``.

        ``step`` (s) is the largest distance of rows, 0: rows where the integrator steps; with ``grid`` they stand at
        multiples of it and nowhere else. ``uic`` takes initial conditions instead of an operating point.
        """
        if grid and not step > 0:
            raise ValueError("rows on a grid need a step above 0")
        core = self._saving(save).tran(stop, step, start, max_step, uic)
        return self._run(core.on_grid() if grid else core, threads=threads, progress=progress).only

    def op(self, *, save: Sequence[str] | str | None = None) -> Plot:
        """The operating point: one row, so that ``op["v(out)"]`` is a number."""
        return self._run(self._saving(save).op()).only

    def dc(self, sweeps: Mapping[str, ArrayLike] | None = None, *, save: Sequence[str] | str | None = None,
           threads: int = 0, progress: Progress = None, **named: ArrayLike) -> Plot:
        """Operating points along values of sources, parameters, elements or the temperature, named as in
        :meth:`with_values`; the first sweep is the innermost loop: ``dc(v1=np.linspace(0, 5, 51))``."""
        swept = [(name, floats(values)) for name, values in {**(sweeps or {}), **named}.items()]
        if not swept:
            raise ValueError("what is to be swept? dc(v1=np.linspace(0, 5, 51))")
        return self._run(self._saving(save).dc(swept), threads=threads, progress=progress).only

    def ac(self, frequencies: ArrayLike, *, save: Sequence[str] | str | None = None, threads: int = 0) -> Plot:
        """Complex amplitudes over frequencies (Hz, ascending), of sources with ``AC`` in the deck."""
        return self._run(self._saving(save).ac(floats(frequencies)), threads=threads).only

    def noise(self, output: str, input: str, frequencies: ArrayLike, *, threads: int = 0) -> Plots:
        """Noise of the voltage ``output`` (``"v(a)"`` or ``"v(a,b)"``), and as one of the source ``input``: densities
        over frequencies (Hz, ascending), V/√Hz, and the integrals over them."""
        return self._run(self._core.noise(output, input, floats(frequencies)), threads=threads)

    def network(self, file: str | PathLike[str] = "") -> Network:
        """What the graph of a memristive network tells; matrices go to files that begin with ``file``."""
        report = self._run(self._core.network(fspath(file))).report
        assert report is not None
        return Network(report["network"])

    def fixed_point(self, *, tolerance: float = 1e-9) -> FixedPoint:
        """Solves dw/dt = 0 from the operating point on. ``tolerance``: the largest \\|dw/dt\\| left, relative to the
        largest one seen."""
        report = self._run(self._core.fixed_point(tolerance), strict=True).report
        assert report is not None
        return FixedPoint(report["fixed_points"][0])

    def eigen(self, at: str = "op") -> Eigen:
        """The spectrum of the circuit, linearised at its operating point (``"op"``) or its fixed point
        (``"fixed"``)."""
        if at not in ("op", "fixed"):
            raise ValueError(f"a spectrum is taken at 'op' or at 'fixed', not at '{at}'")
        report = self._run(self._core.eigen(at == "fixed"), strict=True).report
        assert report is not None
        return Eigen(report["eigenvalues"][0])

    def sweep(self, values: Mapping[str, Iterable[float] | float] | None = None, *,
              run: Callable[[Circuit], Any] | None = None, save: Sequence[str] | str | None = None, threads: int = 0,
              progress: Progress = None, **named: Iterable[float] | float) -> xarray.DataArray:
        """Runs every combination of values (named as in :meth:`with_values`, ``seed`` too), several at once.

        ``run`` is what is done with each circuit, and gives a :class:`Plot`, an array or a number; without it the
        deck's own analysis, a transient on the grid of its ``tstep``. The result has a dimension for every name, in
        their order, and those of what a point gives; its coordinate ``error`` is empty where a point came out and
        tells otherwise why not: there the values are NaN.
        """
        from memspice.sweeps import sweep

        return sweep(self, {**(values or {}), **named}, run, save, threads, progress)

    def simulation(self, stop: float | None = None, step: float = 0.0, *, max_step: float = float("inf"),
                   uic: bool = False, rows: bool = False) -> Simulation:
        """A transient that goes on step by step, for closed loops. Times as in :meth:`tran`; without ``stop`` those of
        the deck's ``.tran``. With ``rows`` it keeps rows, which ``finish()`` gives."""
        from memspice.simulations import Simulation

        return Simulation(self, stop, step, max_step=max_step, uic=uic, rows=rows)

    # --- how

    def _saving(self, patterns: Sequence[str] | str | None) -> _core.Circuit:
        if patterns is None:
            return self._core
        wanted = [patterns] if isinstance(patterns, str) else list(patterns)
        if not wanted:
            raise ValueError("save names no vector: without it rows have what the deck or the default says")
        return self._core.save(wanted)

    def _run(self, core: _core.Circuit, *, threads: int = 0, verify: bool = False, progress: Progress = None,
             quiet: bool = False, strict: bool = False) -> Plots:
        """``strict``: what was asked for is not in rows, and has failed with the findings."""
        with watching(progress) as look:
            tables, findings = core.run(threads, verify, watched_by_sweep(look))
        errors = findings.errors
        report = Report(findings)
        mark = errors[0].splitlines()[0] if errors else ""
        plots = Plots((Plot(*table, mark=mark, report=report) for table in tables), report)
        failures = findings.failures
        if errors or (strict and failures):
            error = SimulationError("\n".join(errors or failures))
            error.result = plots
            raise error
        if not quiet:
            for warning in findings.warnings:
                warnings.warn(str(warning), RunWarning, stacklevel=4)
            for failure in failures:
                warnings.warn(failure, RunWarning, stacklevel=4)
        return plots


def _read_again(origin: tuple[str | Path, dict[str, float], int | None],
                changes: tuple[tuple[list[tuple[str, float]], int | None], ...],
                node_names: dict[Any, str] | None, make: Callable[[int], Circuit] | None) -> Circuit:
    """A circuit that was pickled: of its text, or of its file, which must be there."""
    deck, params, seed = origin
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeckWarning)  # they have been given
        circuit = Circuit(deck, params=params, seed=seed)
    circuit.node_names = node_names
    circuit._make = make
    return circuit._changed(*changes) if changes else circuit
