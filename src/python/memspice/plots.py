"""Waveforms: what runs give and files hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
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

_SCALES = {"s": "time", "Hz": "frequency"}


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
        self._places = {each.lower(): place for place, each in reversed(list(enumerate(self.names)))}

    @property
    def has_scale(self) -> bool:
        """Whether the first vector is what the others are plotted over. An operating point has none."""
        return self.name not in ("Operating Point", "Transfer Function") and len(self.names) > 1

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
        """Dimensions: the scale (``time``, ``frequency``, …) and ``vector``; the units are a coordinate of it."""
        import xarray as xr

        first = 1 if self.has_scale else 0
        names = self.names[first:]
        coordinates: dict[str, Any] = {"vector": names, "unit": ("vector", [self.units[each] for each in names])}
        if self._is_point:
            return xr.DataArray(self.data[0], dims=("vector",), coords=coordinates, name=self.name)
        if not first:
            return xr.DataArray(self.data, dims=("row", "vector"), coords=coordinates, name=self.name)
        scale = self.names[0]
        coordinates[scale] = (scale, self.scale, {"units": self.units[scale]})
        return xr.DataArray(self.data[:, 1:], dims=(scale, "vector"), coords=coordinates, name=self.name)

    def plot(self, *vectors: str, x: str | None = None, ax: Axes | None = None, **style: Any) -> Axes:
        """Draws vectors (names or patterns; none: all of the first one's unit) over the scale, or over the vector
        ``x``, with matplotlib. ``style`` goes to ``Axes.plot``. Complex values are drawn as their magnitudes."""
        if ax is None:
            import matplotlib.pyplot as plt

            ax = plt.gca()
        drawn = [name for given in vectors for name in self.find(given)] if vectors else self._first_kind()
        if not drawn:
            raise no_such(" ".join(vectors), self.names)
        horizontal = self[x] if x else self.scale
        for name in drawn:
            values = self[name]
            ax.plot(horizontal, np.abs(values) if np.iscomplexobj(values) else values, **{"label": name} | style)
        over = self.find(x)[0] if x else self.names[0]
        if self.units[over] == "Hz":
            ax.set_xscale("log")
        ax.set_xlabel(_label(over, self.units[over]))
        kinds = {self.units[name] for name in drawn}
        ax.set_ylabel(_label(drawn[0] if len(drawn) == 1 else "", kinds.pop() if len(kinds) == 1 else ""))
        if 1 < len(drawn) <= 10:
            ax.legend()
        return ax

    def _first_kind(self) -> list[str]:
        rest = self.names[1:]
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
        return getattr(self.only, name)

    def __repr__(self) -> str:
        return "[" + ",\n ".join(map(repr, self._plots)) + "]"

    def save(self, path: str | PathLike[str], *, ascii: bool = False) -> str:
        """As :meth:`Plot.save`, all plots in one file."""
        text = fspath(path)
        suffix = text.lower().rpartition(".")[2]
        form = {"csv": "csv", "tsv": "tsv", "h5": "hdf5", "hdf5": "hdf5"}.get(suffix, "raw")
        if form != "raw" and ascii:
            raise ValueError(f"ascii=True is for raw files: leave it out, or name the file .raw instead of .{suffix}")
        marks = [plot.mark for plot in self._plots if plot.mark]
        plots = [(plot.name, plot.title, plot.names, [plot.units[each] for each in plot.names], plot.data)
                 for plot in self._plots]
        return _core.write(text, "ascii" if ascii else form, plots, marks[0] if marks else "")


def read(path: str | PathLike[str]) -> Plots:
    """Reads a waveform file: raw as ngspice (binary, ASCII, several plots, complex), LTspice or Xyce write it, or
    CSV; told apart by content. Raises :class:`FileError`."""
    return Plots(Plot(*arguments, mark=mark) for arguments, mark in _core.read(fspath(path)))
