"""memspice: SPICE-style circuit simulation for memristive networks.

::

    import memspice as ms

    r = ms.Circuit("deck.cir").tran(2.0, step=1e-3)
    r.time, r["w(*)"], r["v(out)"]

docs/python.md has the rest. Values are in SI units: volt, ampere, ohm, second, hertz; temperatures are in degrees
Celsius, states of memristors without a unit. Names are those of a deck, in any case.
"""

from __future__ import annotations

from memspice import networks, reservoir
from memspice._core import __version__
from memspice.circuits import Circuit
from memspice.errors import (DeckError, DeckWarning, Diagnostic, FileError, MemspiceError, MemspiceWarning, RunWarning,
                             SimulationError)
from memspice.graphs import from_adjacency, from_graph
from memspice.plots import Plot, Plots, read
from memspice.report import Eigen, FixedPoint, Network, Report
from memspice.simulations import Simulation

__all__ = ["Circuit", "DeckError", "DeckWarning", "Diagnostic", "Eigen", "FileError", "FixedPoint", "MemspiceError",
           "MemspiceWarning", "Network", "Plot", "Plots", "Report", "RunWarning", "Simulation", "SimulationError",
           "__version__", "from_adjacency", "from_graph", "networks", "read", "reservoir"]

