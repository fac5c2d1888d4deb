"""`python -m bot.sandbox --help` explains it."""

from __future__ import annotations

import sys

from bot.sandbox.command import main

if __name__ == "__main__":
    sys.exit(main())
