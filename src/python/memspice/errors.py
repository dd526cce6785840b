"""What can go wrong, as exceptions and warnings."""

from __future__ import annotations

import os
from dataclasses import dataclass
from errno import EACCES, EISDIR, ENOENT, ENOTDIR, EPERM
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["DeckError", "DeckWarning", "Diagnostic", "FileError", "MemspiceError", "MemspiceWarning", "RunWarning",
           "SimulationError"]


@dataclass(frozen=True)
class Diagnostic:
    """One message about a deck.

    ``file`` is empty and ``line`` 0 where it belongs to no place; lines and columns count from 1. ``str()`` is what
    the command line prints: the place, the line, a caret, the hint.
    """

    message: str
    hint: str
    file: str
    line: int
    column: int
    text: str
    formatted: str

    def __str__(self) -> str:
        return self.formatted.rstrip()


class MemspiceError(Exception):
    """Everything that memspice raises of its own."""


class DeckError(MemspiceError, ValueError):
    """The deck or the circuit makes no sense. ``diagnostics`` has all that was found; ``file``, ``line``, ``column``
    and ``hint`` are those of the first."""

    def __init__(self, diagnostics: Sequence[Diagnostic]):
        super().__init__("\n".join(str(each) for each in diagnostics))
        self.diagnostics = tuple(diagnostics)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.diagnostics,)

    @property
    def file(self) -> str:
        return self.diagnostics[0].file

    @property
    def line(self) -> int:
        return self.diagnostics[0].line

    @property
    def column(self) -> int:
        return self.diagnostics[0].column

    @property
    def hint(self) -> str:
        return self.diagnostics[0].hint


class FileError(MemspiceError, OSError):
    """A file cannot be read or written.

    Where the system refuses, ``errno``, ``strerror`` and ``filename`` are set as those of an ``OSError``, and the error
    is a ``FileNotFoundError``, ``PermissionError``, … too; ``errno`` is ``None`` where a file is there and is of no use.
    """

    def __new__(cls, message: str, errno: int = 0, filename: str = "") -> FileError:
        if cls is FileError:  # as OSError does
            cls = _OF_SYSTEM.get(errno, cls)
        return super().__new__(cls, message)

    def __init__(self, message: str, errno: int = 0, filename: str = ""):
        super().__init__(message)
        if errno:
            self.errno, self.strerror = errno, os.strerror(errno)
        if filename:
            self.filename = filename

    def __str__(self) -> str:
        return str(self.args[0])

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.args[0], self.errno or 0, self.filename or "")


class FileNotFound(FileError, FileNotFoundError):
    """There is no such file or folder."""


class FileForbidden(FileError, PermissionError):
    """The system does not allow it."""


class FileIsFolder(FileError, IsADirectoryError):
    """A file is meant, and a folder is there."""


class FolderIsFile(FileError, NotADirectoryError):
    """A folder is meant, and a file is there."""


_OF_SYSTEM: dict[int, type[FileError]] = {ENOENT: FileNotFound, EACCES: FileForbidden, EPERM: FileForbidden,
                                          EISDIR: FileIsFolder, ENOTDIR: FolderIsFile}


class SimulationError(MemspiceError, RuntimeError):
    """The computation cannot go on: when, which unknowns, what to try. ``result`` has the rows so far, where there
    are any."""

    result: Any = None


class MemspiceWarning(UserWarning):
    """Everything that memspice warns of."""


class DeckWarning(MemspiceWarning):
    """Of a deck: it may mean something else than you think."""


class RunWarning(MemspiceWarning):
    """Of a run: how it went, and what .measure, .four, .omega or .fixedpoint has not found."""
