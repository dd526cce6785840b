"""Circuits of graphs that other packages made."""

from __future__ import annotations

import math
import re
from collections.abc import Hashable, Iterable, Mapping
from numbers import Integral
from typing import Any

from memspice._text import number, pairs
from memspice.circuits import Circuit

__all__ = ["from_adjacency", "from_graph"]

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def _node_names(nodes: Iterable[Hashable], ground: Hashable | None) -> dict[Hashable, str]:
    """Words are their own names, whole numbers k are ``n<k>``, other nodes are counted; ``ground`` is 0."""
    order = list(nodes)
    if not order:
        raise ValueError("the graph has no nodes")
    ground = order[0] if ground is None else ground
    if ground not in order:
        raise ValueError(f"the graph has no node {ground!r} to be ground")
    names: dict[Hashable, str] = {}
    for place, node in enumerate(order):
        if node == ground:
            names[node] = "0"
        elif isinstance(node, str) and _WORD.fullmatch(node) and node.lower() != "gnd":
            names[node] = node.lower()
        elif isinstance(node, Integral) and not isinstance(node, bool):  # numpy's, too
            names[node] = f"n{int(node)}"
        else:
            names[node] = f"node{place}"
    if len(set(names.values())) != len(names):
        raise ValueError("two nodes of the graph have one name in a deck: names are taken in lower case")
    return names


def _circuit(nodes: Iterable[Hashable], edges: Iterable[tuple[Hashable, Hashable, Mapping[str, Any]]], *,
             ground: Hashable | None, port: Hashable | None, source: str | float | None, title: str,
             cards: Iterable[str] | str, model: str | int, parameters: Mapping[str, Any]) -> Circuit:
    names = _node_names(nodes, ground)
    taken = set(names.values())
    level = f"level={model} " if model != "linear" else ""
    lines = [title, f".model memory memristor({level}{pairs(parameters)})", ".options dangling"]  # leaves are meant
    if source is not None:
        at = list(names)[-1] if port is None else port
        if at not in names or names[at] == "0":
            raise ValueError(f"the source needs a node of the graph other than ground, not {at!r}")
        lines.append(f"V1 {names[at]} 0 {number(source)}")
    ends: set[Hashable] = set()
    for place, (plus, minus, given) in enumerate(edges, start=1):
        ends |= {plus, minus}
        values = dict(given)
        first = names[plus]
        if (emf := values.pop("source", None)) is not None:
            first = f"x{place}"
            while first in taken:
                first += "_"
            lines.append(f"Vs{place} {first} {names[plus]} {number(emf)}")
        lines.append(f"Y{place} {first} {names[minus]} memory {pairs(values)}")
    if source is not None and at not in ends:
        raise ValueError(f"no edge ends at node {at!r}, where the source is: port= names another one")
    more = [cards] if isinstance(cards, str) else cards
    circuit = Circuit("\n".join([*lines, *more, ".end", ""]))
    circuit.node_names = names
    return circuit


def from_graph(graph: Any, *, ground: Hashable | None = None, source: str | float | None = None,
               port: Hashable | None = None, model: str | int = "linear", cards: Iterable[str] | str = (),
               attributes: Iterable[str] = ("w0", "ron", "roff", "alpha", "beta", "polarity", "source"),
               **parameters: Any) -> Circuit:
    """A memristor for every edge of a ``networkx`` graph.

    Parameters
    ----------
    ground : node
        Of the graph; the first one.
    source : number or text
        A voltage (V) or a waveform (``"SIN(0 1 1)"``) of V1 from ``ground`` to ``port``; None: there is none.
    port : node
        Where the source is; the last one.
    model, parameters
        Level of the memristors (a name or a number; ``"linear"``) and what they share: ``ron=100, roff=16e3``, ohm;
        ``beta=0.05``, V s; ``w0``.
    attributes
        Names of attributes of edges that are parameters of their memristor, or ``source``: an EMF in series with it.
    cards
        More lines of the deck: a text or several.

    ``node_names`` of the circuit has the names in it of the graph's nodes: words as they are, whole numbers k as
    ``n<k>``. Y1, Y2, … are the edges in the graph's order.
    """
    if not hasattr(graph, "edges"):
        raise TypeError(f"a networkx graph has edges, {type(graph).__name__} has none")
    wanted = set(attributes)
    edges = ((a, b, {name: value for name, value in given.items() if name in wanted})
             for a, b, given in graph.edges(data=True))
    return _circuit(graph.nodes, edges, ground=ground, port=port, source=source, model=model, cards=cards,
                    title=f"graph of {graph.number_of_nodes()} nodes and {graph.number_of_edges()} edges",
                    parameters=parameters)


def from_adjacency(matrix: Any, *, weight: str | None = None, ground: int = 0, source: str | float | None = None,
                   port: int | None = None, model: str | int = "linear", cards: Iterable[str] | str = (),
                   **parameters: Any) -> Circuit:
    """A memristor for every entry above the diagonal of a ``scipy`` sparse or ``numpy`` matrix that is not 0. The matrix
    is symmetric, or has nothing below the diagonal. ``weight`` names the parameter that the entries are, ``"w0"`` or
    ``"ron"`` say; the rest as :func:`from_graph`."""
    import numpy as np

    if hasattr(matrix, "tocsr"):
        shape = matrix.shape
        entries = matrix.tocsr().tocoo()  # what stands twice is summed
        rows, columns, values = entries.row, entries.col, entries.data
    else:
        dense = np.asarray(matrix)
        shape = dense.shape
        if len(shape) != 2:
            raise ValueError(f"an adjacency matrix has two dimensions, not {len(shape)}")
        rows, columns = np.nonzero(dense)
        values = dense[rows, columns]
    if shape[0] != shape[1]:
        raise ValueError(f"an adjacency matrix is square, not {shape[0]} by {shape[1]}")
    if np.iscomplexobj(values) or not np.isfinite(values.astype(float)).all():
        raise ValueError("the entries of an adjacency matrix are real and finite")
    given = {(int(row), int(column)): float(value) for row, column, value in zip(rows, columns, values, strict=True)
             if value != 0}
    for (row, column), value in given.items():
        if row > column and not math.isclose(given.get((column, row), 0.0), value):
            raise ValueError(f"the matrix is not symmetric: its entry ({row}, {column}) is {value:g}, that across the "
                             f"diagonal {given.get((column, row), 0.0):g}; an edge has one entry, or both the same")
    upper = [(row, column, {weight: value} if weight else {}) for (row, column), value in given.items() if row < column]
    return _circuit(range(shape[0]), upper, ground=ground, port=port, source=source, model=model, cards=cards,
                    title=f"matrix of {shape[0]} nodes and {len(upper)} edges", parameters=parameters)
