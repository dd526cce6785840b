"""The command ``memspice``, for those who have it from pip."""

from __future__ import annotations

import os
import pathlib
import signal
import sys

from memspice import _core


def main() -> int:
    share = pathlib.Path(__file__).parent / "share"
    if share.is_dir():
        os.environ.setdefault("MEMSPICE_SHARE", str(share))
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # the program has handlers of its own
    return _core.run_program(["memspice", *sys.argv[1:]])
