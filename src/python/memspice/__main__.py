"""``python -m memspice``: the command."""

import sys

from memspice._program import main

sys.exit(main())
