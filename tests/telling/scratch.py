"""Copies of the project with an important line switched off, to see the campaign fail."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from tests.chaos.scratch import PARTS, copy_with
from tests.telling.cases import LOST
from tests.telling.options import Options

# What was posted although the answer was lost is looked for: here it is never found.
READING_BACK = {
    "handlers/posting.py": (
        '            for message in answer["messages"]:\n',
        "            for message in ():\n",
    ),
}
OFF = {
    "reading-back": (READING_BACK, ("--only", "chat.postMessage", "--code", LOST)),
}


def prove(options: Options) -> int:
    """Show that the campaign can fail: it has to find what the copy does wrong."""
    changes, meant = OFF[options.proves]
    with tempfile.TemporaryDirectory(prefix="makegood-scratch-") as folder:
        copy_with(changes, (*PARTS, "tests"), Path(folder))
        arguments = (*meant, "--cases", "60", "--seed", str(options.seed))
        command = [sys.executable, "-m", "tests.telling", *arguments]
        code = subprocess.run(command, cwd=folder, check=False).returncode  # noqa: S603 - our own
    print(f"\nThe {options.proves} was switched off in a scratch copy.")
    if code:
        print("The campaign tells.")
        return 0
    print("The campaign has not found that: use another seed.")
    return 1
