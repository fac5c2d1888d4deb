"""The action that the guide adds: put into a copy of the project, type-checked and driven."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
GUIDE = ROOT / "docs" / "adding-an-action.md"
BLOCK = re.compile(r"^```(python|diff)\n# (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# What has to hold for the new action as for all the others, besides its own flow.
HELD = (
    "tests/test_action_names.py",
    "tests/test_manifest.py",
    "tests/bot/actions/rules/test_eligibility.py",
)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("project")
    for name in ("bot", "handlers", "storage", "tests", "docs"):
        leave = shutil.ignore_patterns("__pycache__", "build")
        shutil.copytree(ROOT / name, copy / name, ignore=leave)
    for path in (ROOT / "pyproject.toml", ROOT / "README.md", ROOT / "manifest.yml"):
        shutil.copy2(path, copy)
    if (ROOT / ".mypy_cache").exists():  # or it takes a minute
        shutil.copytree(ROOT / ".mypy_cache", copy / ".mypy_cache")
    for kind, path, block in BLOCK.findall(GUIDE.read_text(encoding="utf-8")):
        add(copy / path, block) if kind == "python" else change(copy / path, block)
    manifest = run(copy, "bot", "manifest")
    (copy / "manifest.yml").write_text(manifest.stdout, encoding="utf-8")
    return copy


def add(path: Path, text: str) -> None:
    assert not path.exists(), path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def change(path: Path, diff: str) -> None:
    lines = diff.splitlines(keepends=True)
    before = "".join(line[1:] for line in lines if line.startswith(" "))
    after = "".join(line[1:] for line in lines)
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1, f"{path}: not found once:\n{before}"
    path.write_text(text.replace(before, after), encoding="utf-8")


def run(project: Path, *module: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", *module]
    return subprocess.run(  # noqa: S603 - our own
        command, cwd=project, capture_output=True, text=True, check=False
    )


def test_its_types_hold(project: Path) -> None:
    files = [path for kind, path, _ in BLOCK.findall(GUIDE.read_text("utf-8")) if kind == "python"]

    checked = run(project, "mypy", *files, "handlers/forms.py")

    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_its_flow_passes_and_nothing_else_breaks(project: Path) -> None:
    tests = ("tests/flows/holds/test_flow_hold_order.py", *HELD)

    tested = run(project, "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *tests)

    assert tested.returncode == 0, tested.stdout[-4000:] + tested.stderr
