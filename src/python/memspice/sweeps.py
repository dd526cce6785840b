"""Many runs of one circuit with other values."""

from __future__ import annotations

import itertools
import os
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, Any

import numpy as np

from memspice._progress import Progress, sweep_look, watching
from memspice._text import whole
from memspice.circuits import Circuit
from memspice.errors import MemspiceError
from memspice.plots import Plot, Plots

if TYPE_CHECKING:
    import xarray

__all__ = ["sweep"]


class _Stopped(Exception):
    pass


def sweep(circuit: Circuit, values: Mapping[str, Iterable[float] | float], run: Callable[[Circuit], Any] | None,
          save: Sequence[str] | str | None, threads: int, progress: Progress) -> xarray.DataArray:
    """:meth:`Circuit.sweep`."""
    import xarray as xr

    if circuit._core.analyses != 1 and run is None:
        raise ValueError(f"the deck has {circuit._core.analyses} analyses: run= says what is done with each circuit, "
                         "run=lambda c: c.tran(1.0, step=1e-3)")
    axes = {name: _values(each) for name, each in values.items()}
    if "seed" in axes:
        axes["seed"] = [whole(each, "seed") for each in axes["seed"]]  # a mistake ends all
    if not axes or not all(axes.values()):
        raise ValueError("what is to be swept? sweep(beta=[0.05, 0.1], seed=range(100))")
    points = list(itertools.product(*axes.values()))
    stopped = threading.Event()

    def look(*_: float) -> None:
        if stopped.is_set():
            raise _Stopped

    def point(given: tuple[float, ...]) -> xr.DataArray | str:
        look()
        sweep_look.set(look)
        changes = dict(zip(axes, given, strict=True))
        seed = changes.pop("seed", None)
        try:
            changed = circuit.with_values(changes, seed=whole(seed, "seed"))
            if run is not None:
                return _array(run(changed))
            core = changed._saving(save).on_grid()
            return _array(changed._run(core, threads=1, quiet=True))
        except (MemspiceError, ValueError) as error:
            return str(error) or type(error).__name__

    with ThreadPoolExecutor(threads or os.cpu_count()) as pool, watching(progress) as tell:
        waiting: set[Future[Any]] = set()
        try:
            futures = [pool.submit(point, each) for each in points]
            waiting = set(futures)
            while waiting:
                done, waiting = wait(waiting, timeout=0.2, return_when=FIRST_COMPLETED)
                for each in done:
                    each.result()  # a mistake ends it at once
                if tell is not None:
                    tell(len(points) - len(waiting), len(points))
        except BaseException:
            stopped.set()
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    return _joined(axes, [future.result() for future in futures])


def _array(result: Any) -> xarray.DataArray:
    import xarray as xr

    if isinstance(result, Plots):
        result = result.only
    if isinstance(result, Plot):
        return result.to_xarray()
    if isinstance(result, xr.DataArray):
        return result
    values = np.asarray(result)
    if not (np.issubdtype(values.dtype, np.number) or values.dtype == bool):
        raise TypeError(f"run gives a Plot, an array or a number of each circuit, not {result!r}")
    return xr.DataArray(values)


def _values(given: Iterable[float] | float) -> list[Any]:
    """Of one name: several, or one."""
    return list(given) if isinstance(given, Iterable) and not isinstance(given, str) else [given]


def _joined(axes: Mapping[str, list[float]], results: Sequence[xarray.DataArray | str]) -> xarray.DataArray:
    import xarray as xr

    fine = [each for each in results if not isinstance(each, str)]
    if not fine:
        raise MemspiceError(f"all {len(results)} points failed, the first one so:\n{results[0]}")
    like = fine[0]
    rows = np.full((len(results), *like.shape), np.nan, dtype=np.result_type(like.dtype, np.float64))
    errors = np.full(len(results), "", dtype=object)
    for place, each in enumerate(results):
        if isinstance(each, str):
            errors[place] = each
        elif each.shape != like.shape:
            errors[place] = f"the result has shape {each.shape}, that of the first point {like.shape}"
        else:
            rows[place] = each.values
    sizes = tuple(len(each) for each in axes.values())
    coordinates: dict[Any, Any] = {name: np.asarray(each) for name, each in axes.items()}
    coordinates |= dict(like.coords) | {"error": (tuple(axes), errors.reshape(sizes).astype(str))}
    return xr.DataArray(rows.reshape(*sizes, *like.shape), dims=(*axes, *like.dims), coords=coordinates, name=like.name)
