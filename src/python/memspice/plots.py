"""Waveforms: what runs give and files hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import takewhile
from os import PathLike, fspath
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from memspice import _core
from memspice._text import has_wildcard, no_such, pattern, squeeze

if TYPE_CHECKING:
    import pandas
    import xarray
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from memspice.report import Report

__all__ = ["Plot", "Plots", "read"]

_OF_ROWS = ("Operating Point", "Transfer Function", "Integrated Noise", "Sensitivity Analysis", "Pole-Zero Analysis")


class Plot:
    """The rows of one analysis.

    Attributes
    ----------
    name : str
        ngspice's plot name: ``"Transient Analysis"``, ``"AC Analysis"``, …
    title : str
        The circuit's.
    names : list[str]
        Of the vectors, lower case; the scale (time, frequency, swept value) first where there is one.
    units : dict[str, str]
        ``"s" "V" "A" "W" "Ohm" "Hz"``, or ``""`` for what has none, as states.
    data : ndarray, shape (rows, vectors)
        float64, or complex128 of ``.ac``.
    mark : str
        Why the rows end early; empty for complete ones.
    report : Report | None
        What the run found beside its rows.
    values : dict[str, float]
        Of one of the :attr:`points` of a plot: its values by name.
    """

    def __init__(self, name: str, title: str, names: Sequence[str], units: Sequence[str], data: NDArray[Any],
                 mark: str = "", report: Report | None = None):
        self.name = name
        self.title = title
        self.names = list(names)
        self.units = dict(zip(names, units, strict=True))
        self.data = data
        self.mark = mark
        self.report = report
        self.values: dict[str, float] = {}
        self._places = {each.lower(): place for place, each in reversed(list(enumerate(self.names)))}

    @property
    def has_scale(self) -> bool:
        """Whether the first vector is what the others are plotted over. An operating point has none."""
        if len(self.names) < 2 or self.names[0] == "run":
            return False
        along = self.names[0] == "frequency" or "-sweep" in self.names[0]  # sensitivities, too
        return along or not self.name.startswith(_OF_ROWS)

    @property
    def _is_point(self) -> bool:
        return not self.has_scale and len(self.data) == 1

    @property
    def scale(self) -> NDArray[np.float64]:
        """Time (s), frequency (Hz) or the swept value of each row, shape (rows,)."""
        if not self.has_scale:
            raise AttributeError(f"{self.name} has no scale")
        return self.data[:, 0].real

    @property
    def time(self) -> NDArray[np.float64]:
        """s, shape (rows,)."""
        return self._named_scale("time")

    @property
    def frequency(self) -> NDArray[np.float64]:
        """Hz, shape (rows,)."""
        return self._named_scale("frequency")

    def _named_scale(self, name: str) -> NDArray[np.float64]:
        if self.names[:1] != [name]:
            raise AttributeError(f"the rows of {self.name} are not over {name}")
        return self.data[:, 0].real

    def find(self, name: str) -> list[str]:
        """The names that a pattern (``"w(*)"``) or a name in any case stands for, in their order."""
        wanted = squeeze(name)
        if not has_wildcard(wanted):
            return [self.names[self._places[wanted]]] if wanted in self._places else []
        matches = pattern(wanted).fullmatch
        return [each for each in self.names if matches(each.lower())]

    def __getitem__(self, name: str) -> Any:
        """The values of a vector, shape (rows,), or of all that a pattern stands for, shape (rows, vectors).

        A view of :attr:`data` where the vectors stand side by side, else a copy. An operating point is one row
        without a scale, and gives a number, or shape (vectors,).
        """
        if not isinstance(name, str):
            raise TypeError(f"a vector is asked for by its name or a pattern, not by {name!r}")
        wanted = squeeze(name)
        if not has_wildcard(wanted):
            place = self._places.get(wanted)
            if place is None:
                raise no_such(name, self.names)
            return self.data[0, place] if self._is_point else self.data[:, place]
        places = [self._places[each.lower()] for each in self.find(wanted)]
        if not places:
            raise no_such(name, self.names)
        side_by_side = places[-1] - places[0] + 1 == len(places)
        values = self.data[:, places[0] : places[-1] + 1] if side_by_side else self.data[:, places]
        return values[0] if self._is_point else values

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and bool(self.find(name))

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        """How many vectors."""
        return len(self.names)

    def keys(self) -> list[str]:
        return self.names

    def __repr__(self) -> str:
        shown = ", ".join(self.names[:6]) + (", …" if len(self.names) > 6 else "")
        return f"<memspice.Plot {self.name!r}: {len(self.data)} rows of {len(self.names)} vectors: {shown}>"

    def to_pandas(self) -> pandas.DataFrame:
        """A column for every vector; the scale is the index."""
        import pandas as pd

        frame = pd.DataFrame(self.data, columns=self.names, copy=False)
        if not self.has_scale:
            return frame
        return frame.iloc[:, 1:].set_axis(pd.Index(self.scale, name=self.names[0]), axis=0)

    def to_xarray(self) -> xarray.DataArray:
        """Dimensions: the scale (``time``, ``frequency``, …) and ``vector``; the units are a coordinate of it. Points
        of ``.step`` and the like that have one scale come first: a dimension of their values where one changes, else
        ``point``. Where their scales differ, as of transients without a grid, rows stand behind one another and the
        points' values are coordinates of them; :attr:`points` has each of its own."""
        import xarray as xr

        starts, of_points = self._points
        first = 1 if self.has_scale else 0
        names = [each for each in self.names[first:] if each not in of_points]
        data = self.data[:, [self._places[each.lower()] for each in names]] if of_points else self.data[:, first:]
        coordinates: dict[str, Any] = {"vector": names, "unit": ("vector", [self.units[each] for each in names])}
        if self._is_point:
            return xr.DataArray(data[0], dims=("vector",), coords=coordinates, name=self.name)
        scale = self.names[0] if first else "row"
        attributes = {"units": self.units[self.names[0]]}
        values = {each: self.data[:, self._places[each.lower()]].real for each in of_points}
        parts = np.split(self.scale, starts[1:]) if first else []
        stacked = bool(of_points) and (not first or all(np.array_equal(each, parts[0]) for each in parts))
        if not stacked:
            if first:
                coordinates[scale] = (scale, self.scale, attributes)
            coordinates |= {each: (scale, value) for each, value in values.items()}
            return xr.DataArray(data, dims=(scale, "vector"), coords=coordinates, name=self.name)
        values = {each: value[starts] for each, value in values.items()}
        varying = [each for each, value in values.items() if len(np.unique(value)) == len(value)]
        point = varying[0] if varying and len(values) == 1 else "point"
        coordinates |= {each: (point, value) for each, value in values.items()}
        if not first:
            return xr.DataArray(data, dims=(point, "vector"), coords=coordinates, name=self.name)
        coordinates[scale] = (scale, parts[0], attributes)
        return xr.DataArray(data.reshape(len(starts), len(parts[0]), len(names)), dims=(point, scale, "vector"),
                            coords=coordinates, name=self.name)

    @property
    def points(self) -> list[Plot]:
        """The plot of each point of ``.step``, ``.mc``, nested ``.dc`` or a list of temperatures: its rows, as views,
        and :attr:`values`. This plot alone where there are no points."""
        starts, names = self._points
        if len(starts) < 2:
            return [self]
        plots = []
        for first, end in zip(starts, [*starts[1:], len(self.data)], strict=True):
            plot = Plot(self.name, self.title, self.names, list(self.units.values()), self.data[first:end], self.mark,
                        self.report)
            plot.values = {name: float(self.data[first, self._places[name.lower()]].real) for name in names}
            plots.append(plot)
        return plots

    @cached_property
    def _points(self) -> tuple[list[int], list[str]]:
        """The first row of each point, and the names of the vectors that hold the points' values."""
        if len(self.data) < 2:
            return [0], []
        if not self.has_scale:  # a row a point: run r v(out)
            return list(range(len(self.data))), list(takewhile(_core.names_point_value, self.names))
        names = list(takewhile(_core.names_point_value, self.names[1:]))
        columns = np.ascontiguousarray(self.data[:, : 1 + len(names)].real.T)
        starts, values = _core.cut_points(columns, self.names[0] in ("time", "frequency"))
        return starts, names[:values]

    def plot(self, *vectors: str, x: str | None = None, ax: Axes | None = None, **style: Any) -> Axes:
        """Draws vectors (names or patterns; none: all of the first one's unit) over the scale, or over the vector
        ``x``, with matplotlib. ``style`` goes to ``Axes.plot``. Complex values are drawn as their magnitudes."""
        if ax is None:
            import matplotlib.pyplot as plt

            ax = plt.gca()
        drawn = [name for given in vectors for name in self.find(given)] if vectors else self._first_kind()
        if not drawn:
            raise no_such(" ".join(vectors), self.names)
        over = next(iter(self.find(x)), None) if x else self._scale_or_value()
        if over is None:
            raise no_such(x or "", self.names)
        curves = self.points if self.has_scale and not self._has_rows_of_points else [self]
        for point in curves:
            told = "".join(f" {name}={value:g}" for name, value in point.values.items())
            for name in drawn:
                values = point.data[:, self._places[name.lower()]]
                ax.plot(point.data[:, self._places[over.lower()]].real,
                        np.abs(values) if np.iscomplexobj(values) else values, **{"label": name + told} | style)
        if self.units[over] == "Hz":
            ax.set_xscale("log")
        ax.set_xlabel(_label(over, self.units[over]))
        kinds = {self.units[name] for name in drawn}
        ax.set_ylabel(_label(drawn[0] if len(drawn) == 1 else "", kinds.pop() if len(kinds) == 1 else ""))
        if 1 < len(drawn) * len(curves) <= 10:
            ax.legend()
        return ax

    def _scale_or_value(self) -> str:
        """What is drawn over where nothing is named: where points have one row, the value that changes from point to
        point."""
        if self._has_rows_of_points:
            return max(self._points[1], key=lambda name: np.count_nonzero(np.diff(self.data[:, self._places[name.lower()]])))
        if not self.has_scale and not self._points[1]:
            raise AttributeError(f"{self.name} has no scale: x= names a vector to draw over")
        return self.names[0]

    @property
    def _has_rows_of_points(self) -> bool:
        """Whether each point is one row although there is a scale: of one frequency, of one value of a source."""
        starts, names = self._points
        return self.has_scale and bool(names) and len(starts) == len(self.data)

    def _first_kind(self) -> list[str]:
        rest = [name for name in self.names[1 if self.has_scale else 0 :] if name not in self._points[1]]
        return [name for name in rest if self.units[name] == self.units[rest[0]]]

    def save(self, path: str | PathLike[str], *, ascii: bool = False) -> str:
        """Writes a raw file, binary or ``ascii``, or what the name's suffix says: ``.csv``, ``.tsv``, ``.h5``.
        Returns where the rows are: those that end early do not take the place of complete ones."""
        return Plots([self]).save(path, ascii=ascii)


def _label(name: str, unit: str) -> str:
    return f"{name} ({unit})" if name and unit else name or unit


class Plots(Sequence[Plot]):
    """The plots of several analyses, in their order. Where there is one, it can be asked directly:
    ``plots["v(out)"]``, ``plots.time``."""

    def __init__(self, plots: Iterable[Plot], report: Report | None = None):
        self._plots = list(plots)
        self.report = report

    @overload
    def __getitem__(self, key: int) -> Plot: ...
    @overload
    def __getitem__(self, key: slice) -> list[Plot]: ...
    @overload
    def __getitem__(self, key: str) -> Any: ...
    def __getitem__(self, key: int | slice | str) -> Any:
        if isinstance(key, str):
            return self.only[key]
        return self._plots[key]

    def __len__(self) -> int:
        return len(self._plots)

    @property
    def only(self) -> Plot:
        """The plot, where there is one."""
        if len(self._plots) != 1:
            raise LookupError(f"there are {len(self._plots)} plots: choose one by its number")
        return self._plots[0]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if len(self._plots) != 1:
            raise AttributeError(f"there are {len(self._plots)} plots: choose one by its number to ask for its {name}")
        return getattr(self.only, name)

    def __repr__(self) -> str:
        return "[" + ",\n ".join(map(repr, self._plots)) + "]"

    def save(self, path: str | PathLike[str], *, ascii: bool = False) -> str:
        """As :meth:`Plot.save`, all plots in one file."""
        text = fspath(path)
        suffix = text.lower().rpartition(".")[2]
        if ascii and suffix in ("csv", "tsv", "tab", "h5", "hdf5", "hdf"):
            raise ValueError(f"ascii=True is for raw files: leave it out, or name the file .raw instead of .{suffix}")
        marks = [plot.mark for plot in self._plots if plot.mark]
        plots = [(plot.name, plot.title, plot.names, [plot.units[each] for each in plot.names], plot.data)
                 for plot in self._plots]
        try:
            return _core.write(text, "ascii" if ascii else "", plots, marks[0] if marks else "")
        except ValueError as error:  # its hints are of the command line
            raise ValueError(str(error).partition("\n")[0] + ": it writes .raw, .csv, .tsv and .h5") from None


def read(path: str | PathLike[str]) -> Plots:
    """Reads a waveform file: raw as ngspice (binary, ASCII, several plots, complex), LTspice or Xyce write it, or
    CSV; told apart by content. Raises :class:`FileError`."""
    return Plots(Plot(*arguments, mark=mark) for arguments, mark in _core.read(fspath(path)))
