"""The command line; `python -m bot --help` explains it."""

from __future__ import annotations

import sys

from bot.commands import main

if __name__ == "__main__":
    sys.exit(main())
