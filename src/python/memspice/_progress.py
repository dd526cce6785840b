"""How far a run is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

Progress = bool | Callable[[float], Any] | None
Look = Callable[[float, float], Any]


# What a run in a thread of sweep() calls besides: it raises where the sweep has been stopped.
sweep_look: ContextVar[Look | None] = ContextVar("sweep_look", default=None)


def watched_by_sweep(look: Look | None) -> Look | None:
    """What calls both."""
    stop = sweep_look.get()
    if stop is None or look is None:
        return stop or look

    def both(done: float, total: float) -> None:
        stop(done, total)
        look(done, total)

    return both


@contextmanager
def watching(progress: Progress) -> Iterator[Look | None]:
    """What a run calls with (done, all); None: nobody wants to know."""
    if not progress:
        yield None
        return
    if callable(progress):
        yield lambda done, total: progress(done / total)
        progress(1.0)
        return
    try:
        from tqdm.auto import tqdm
    except ImportError:
        yield None
        return
    with tqdm(total=100, unit="%", bar_format="{l_bar}{bar}| {elapsed}<{remaining}") as bar:

        def look(done: float, total: float) -> None:
            bar.n = round(100 * done / total, 1)
            bar.refresh()

        yield look
        look(1, 1)
