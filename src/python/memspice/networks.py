"""Generated networks: ``memspice generate`` from Python.

Every function gives a :class:`memspice.Circuit`; its ``text`` is the deck. The same seed gives the same deck, byte for
byte, on every machine. docs/generate.md says what the families are and what the options mean, which have the names of
the command line's::

    ms.networks.grid(30, 30, seed=1, source="dc", amplitude=(0, 0.5), ron=(50, 200, "log"))

A value is a number, a text as the command line takes it, or a pair or triple that draws: ``(low, high)``,
``(low, high, "log")``, ``(mean, deviation, "normal")``. ``cards`` adds cards, ``parameters`` those of a ``model``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from memspice import _core
from memspice._text import number
from memspice.circuits import Circuit

__all__ = ["complete", "crossbar", "deck", "grid", "ladder", "nanowire", "random", "regular", "ring", "scale_free",
           "small_world", "torus"]


def _text_of(value: Any) -> str:
    if isinstance(value, (str, float)) or not isinstance(value, (Sequence, int)):
        return number(value)
    if isinstance(value, int):
        return str(value)
    return ":".join(_text_of(part) for part in value)


def deck(family: str, size: str | int, *, seed: int = 1, cards: Sequence[str] | str = (),
         parameters: Mapping[str, Any] | None = None, **options: Any) -> str:
    """The text of a network's deck. ValueError for options that mean nothing."""
    texts = {name: _text_of(value) for name, value in options.items() if value is not None}
    given = [f"{name}={_text_of(value)}" for name, value in (parameters or {}).items()]
    return _core.generate_deck(family, texts | {"size": str(size), "seed": str(seed)}, given,
                               [cards] if isinstance(cards, str) else list(cards))


def _network(family: str, size: str | int, seed: int, options: dict[str, Any]) -> Circuit:
    circuit = Circuit(deck(family, size, seed=seed, **options))
    circuit._make = partial(_made_of, family, size, options)
    return circuit


def _made_of(family: str, size: str | int, options: dict[str, Any], seed: int) -> Circuit:
    return _network(family, size, seed, options)


def ring(nodes: int, *, seed: int = 1, **options: Any) -> Circuit:
    """A necklace."""
    return _network("ring", nodes, seed, options)


def complete(nodes: int, *, seed: int = 1, **options: Any) -> Circuit:
    """Every node joined to every other one."""
    return _network("complete", nodes, seed, options)


def grid(rows: int, columns: int | None = None, *, seed: int = 1, **options: Any) -> Circuit:
    """Nodes in rows and columns, each joined to its neighbours."""
    return _network("grid", f"{rows}x{columns or rows}", seed, options)


def torus(rows: int, columns: int | None = None, *, seed: int = 1, **options: Any) -> Circuit:
    """A grid without edges."""
    return _network("torus", f"{rows}x{columns or rows}", seed, options)


def ladder(rungs: int, *, seed: int = 1, **options: Any) -> Circuit:
    """Two rails with rungs between them."""
    return _network("ladder", rungs, seed, options)


def random(nodes: int, *, degree: float | None = None, probability: float | None = None, seed: int = 1,
           **options: Any) -> Circuit:
    """Erdős–Rényi: every pair of nodes joined with a probability, or so that the mean degree is ``degree`` (4)."""
    return _network("random", nodes, seed, {"degree": degree, "probability": probability, **options})


def regular(nodes: int, *, degree: int | None = None, seed: int = 1, **options: Any) -> Circuit:
    """Every node with the same number of neighbours (4), otherwise random."""
    return _network("regular", nodes, seed, {"degree": degree, **options})


def small_world(nodes: int, *, degree: int | None = None, rewire: float | None = None, seed: int = 1,
                **options: Any) -> Circuit:
    """Watts–Strogatz: a ring of near neighbours with a few short cuts."""
    return _network("small-world", nodes, seed, {"degree": degree, "rewire": rewire, **options})


def scale_free(nodes: int, *, links: int | None = None, seed: int = 1, **options: Any) -> Circuit:
    """Barabási–Albert: newcomers join whom many have joined."""
    return _network("scale-free", nodes, seed, {"links": links, **options})


def crossbar(rows: int, columns: int | None = None, *, rline: float | None = None, seed: int = 1,
             **options: Any) -> Circuit:
    """Rows of wire over columns of wire, a memristor at every crossing; ``rline``: ohm from one to the next (1)."""
    return _network("crossbar", f"{rows}x{columns or rows}", seed, {"rline": rline, **options})


def nanowire(wires: int, *, density: float | None = None, length: float | None = None, seed: int = 1,
             **options: Any) -> Circuit:
    """Wires thrown into a box, a memristor where two cross, electrodes left (node ``left``) and right (ground)."""
    return _network("nanowire", wires, seed, {"density": density, "length": length, **options})
