"""The documents lead where they say, to other documents and to the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCUMENTS = [
    path
    for path in sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
    if path.name != "CHANGELOG.md"  # tells of what was
]
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)[^)]*\)")
CODE = re.compile(r"`((?:bot|handlers|storage|tests|docs)/[\w/.-]*\w)`")
TARGET = re.compile(r"^make ([a-z-]+)", re.MULTILINE)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_and_paths_lead_somewhere(document: Path) -> None:
    text = document.read_text(encoding="utf-8")

    lost = [link for link in LINK.findall(text) if not (document.parent / link).exists()]
    lost += [path for path in CODE.findall(text) if not (ROOT / path).exists()]

    assert lost == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_is_said_to_be_made_can_be_made(document: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))

    assert set(TARGET.findall(document.read_text(encoding="utf-8"))) <= targets
