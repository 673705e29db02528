"""`python -m tb_lossgap.cli`: the command line of exactly this interpreter."""

from __future__ import annotations

import sys

from tb_lossgap.cli import main

if __name__ == "__main__":
    sys.exit(main())
