"""Small helpers on names and numbers."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from operator import index


def squeeze(name: str) -> str:
    """A vector's name as decks have it: lower case, without blanks."""
    return name.lower().replace(" ", "")


def has_wildcard(name: str) -> bool:
    return "*" in name or "?" in name


@lru_cache(maxsize=64)
def pattern(name: str) -> re.Pattern[str]:
    """Of a name with ``*`` (anything) and ``?`` (one character)."""
    return re.compile(re.escape(name).replace(r"\*", ".*").replace(r"\?", "."))


def no_such(name: str, names: Sequence[str]) -> KeyError:
    """What to raise for a name that there is not."""
    near = difflib.get_close_matches(name, names, n=3) or list(names[:10])
    return KeyError(f"there is no vector '{name}'; there are {', '.join(near)}" + (" …" if len(names) > len(near) else ""))


def number(value: object) -> str:
    """A value as a deck spells it: a number with all digits, a text as it is."""
    if isinstance(value, str):
        return value
    return repr(float(value))  # type: ignore[arg-type]


def pairs(values: Mapping[str, object]) -> str:
    """``name=value`` of a card."""
    return " ".join(f"{name}={number(value)}" for name, value in values.items())


def whole(value: object, what: str) -> int | None:
    """A whole number from 0 on, or None."""
    if value is None:
        return None
    try:
        number = index(value)  # type: ignore[arg-type]
    except TypeError:
        raise TypeError(f"{what} is a whole number, not {value!r}") from None
    if not 0 <= number < 2**64:
        raise ValueError(f"{what} is a whole number from 0 to 2**64 - 1, not {number}")
    return number


def floats(values: Iterable[object] | object) -> list[float]:
    """Numbers of a sequence or an array, or the one number."""
    if isinstance(values, Iterable):
        return [float(value) for value in values]  # type: ignore[arg-type]
    return [float(values)]  # type: ignore[arg-type]
