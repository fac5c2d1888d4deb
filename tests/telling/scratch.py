"""Copies of the project with an important line switched off, to see the campaign fail."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from tests.chaos.scratch import PARTS, copy_with
from tests.telling.options import Options

# What was posted although it was refused, or the answer lost, is looked for: here never.
READING_BACK = {
    "handlers/timeline/read_back.py": (
        "        if ts is not None:\n            return [Spot(channel, doubt.thread_ts, ts)]\n",
        "        if ts is doubt:\n            return [Spot(channel, doubt.thread_ts, ts)]\n",
    ),
}
# What is refused in its own place is told in the next one: here it waits for its own.
FALLING = {
    "handlers/timeline/delivery_attempt.py": (
        "                if self._standing.passes(error) or self.post.kind == ROOT:\n",
        "                if error:\n",
    ),
}
OFF = {
    "reading-back": (
        READING_BACK,
        (
            "outcome/chat.postMessage/lost/after/once/any",
            "code/chat.postMessage/503/after/once/thread",
        ),
    ),
    "falling": (
        FALLING,
        (
            "outcome/chat.postMessage/restricted_action_read_only_channel/before/ever/audit",
            "outcome/chat.postMessage/a_code_nobody_has_heard_of/before/ever/thread",
        ),
    ),
}


def prove(options: Options) -> int:
    """Show that the campaign can fail: it has to find what the copy does wrong."""
    changes, cases = OFF[options.proves]
    with tempfile.TemporaryDirectory(prefix="makegood-scratch-") as folder:
        copy_with(changes, (*PARTS, "tests"), Path(folder))
        arguments = [argument for case in cases for argument in ("--case", case)]
        command = [sys.executable, "-m", "tests.telling", *arguments]
        code = subprocess.run(command, cwd=folder, check=False).returncode  # noqa: S603 - our own
    print(f"\nIn a scratch copy, {options.proves} was switched off.")
    print("The campaign tells." if code else "The campaign has not found that.")
    return 0 if code else 1
