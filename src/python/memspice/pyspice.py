"""memspice as the simulator of a circuit that was made with PySpice or InSpice::

    from memspice.pyspice import simulator

    analysis = simulator(circuit, temperature=25).transient(step_time=1e-6, end_time=1e-3)
    analysis["out"], analysis.time

What comes back is what those packages' own simulators return. States of memristors are in it as ``w(y1)``; memristors are
written with ``circuit.raw_spice``.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from .circuits import Circuit
from .plots import Plot

_QUANTITIES = {"s": "time", "Hz": "frequency", "V": "voltage", "A": "current"}


def simulator(circuit: Any, **options: Any) -> Any:
    """The simulator of a ``Circuit`` of PySpice or InSpice, with the methods ``operating_point``, ``dc``, ``ac``, ``transient``. ``options``
    are those of the package's own (``temperature``, ``nominal_temperature``). Raises :class:`TypeError` for another
    circuit; the methods raise memspice's errors."""
    package = next((each.__module__.partition(".")[0] for each in type(circuit).__mro__
                    if each.__module__.partition(".")[0] in ("PySpice", "InSpice")), None)
    if package is None:
        raise TypeError("a circuit of PySpice or InSpice is wanted: memspice.Circuit takes decks, graphs and matrices")
    to_analysis = _reader(package)
    if package == "InSpice":
        base = import_module("InSpice.Spice.Simulator").Simulator

        class Simulator(base):  # type: ignore[misc, valid-type]
            SIMULATOR = "ngspice"  # whose language the deck is in
            _AS_SIMULATOR = "memspice"

            def run(self, simulation: Any) -> Any:
                return to_analysis(simulation)

        return Simulator().simulation(circuit, **options)

    base = import_module("PySpice.Spice.Simulation").CircuitSimulator

    class CircuitSimulator(base):  # type: ignore[misc, valid-type]
        SIMULATOR = "ngspice"

        def _run(self, analysis_method: str, *arguments: Any, **keywords: Any) -> Any:
            super()._run(analysis_method, *arguments, **keywords)
            try:
                return to_analysis(self)
            finally:
                self.reset_analysis()

    return CircuitSimulator(circuit, **options)


def _reader(package: str) -> Callable[[Any], Any]:
    """Runs the deck of a simulation of this package, and makes the package's analysis of the rows."""
    raw = import_module(f"{package}.Spice.NgSpice.RawFile")

    class Rows(raw.RawFile):  # type: ignore[misc, name-defined]
        def __init__(self, plot: Plot, simulation: Any):
            self.simulation = simulation
            self.plot_name, self.title = plot.name, plot.title
            self.warnings: list[str] = []
            self.flags = "complex" if plot.data.dtype.kind == "c" else "real"
            self.number_of_points, self.number_of_variables = plot.data.shape[0], len(plot.names)
            self.variables = {}
            for index, name in enumerate(plot.names):
                quantity = _QUANTITIES.get(plot.units[name])
                unit = self._name_to_unit[quantity] if quantity else None
                self.variables[name] = raw.Variable(index, name, unit)
                self.variables[name].data = plot.data[:, index]

        def internal_parameters(self, to_float: bool = False, abscissa: Any = None) -> list[Any]:
            others = list(self.variables.values())[0 if self.plot_name == "Operating Point" else 1:]
            return [each.to_waveform(abscissa, to_float=to_float) for each in others
                    if not each.is_voltage_node() and not each.is_branch_current()]

        def _to_dc_analysis(self) -> Any:
            scale = next(iter(self.variables))
            sweep = self.variables.pop(scale)
            return super(raw.RawFile, self)._to_dc_analysis(sweep)

    return lambda simulation: Rows(Circuit(str(simulation)).run()[-1], simulation).to_analysis()
