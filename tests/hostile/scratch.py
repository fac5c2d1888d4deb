"""A copy of the project in which answers are not compared with what was asked."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from tests.chaos.scratch import PARTS, copy_with
from tests.hostile.acts import ACT
from tests.hostile.options import Options

# What is compared is the store's answer, and what is read after it, with what was asked for.
COMPARING = {
    "bot/actions/writing.py": (
        "        difference = self._write.differs(value)\n        #",
        '        difference = ""\n        #',
    ),
}


def prove(options: Options) -> int:
    """Show that the campaign can fail: it has to find what the copy does wrong."""
    with tempfile.TemporaryDirectory(prefix="makegood-scratch-") as folder:
        copy_with(COMPARING, (*PARTS, "tests"), Path(folder))
        # Each write in which the store does otherwise than it was asked.
        arguments = ("--kind", ACT, "--count", "0", "--jobs", str(options.jobs))
        command = [sys.executable, "-m", "tests.hostile", *arguments]
        code = subprocess.run(command, cwd=folder, check=False).returncode  # noqa: S603 - our own
    print("\nThe comparing was switched off in a scratch copy.")
    if code:
        print("The campaign tells.")
        return 0
    print("The campaign has not found that: use more cases or another seed.")
    return 1
