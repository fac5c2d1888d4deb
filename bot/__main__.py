"""The command line; `python -m bot --help` explains it."""

from __future__ import annotations

import sys

try:
    from bot.commands.command_line import main
except ModuleNotFoundError as exc:
    if exc.name is None or exc.name.partition(".")[0] in {"bot", "handlers", "storage"}:
        raise
    sys.exit(
        f"The package {exc.name} is missing here. Run make install,"
        " then start Makegood with .venv/bin/python -m bot"
    )

if __name__ == "__main__":
    sys.exit(main())
