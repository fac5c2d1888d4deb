"""Part the journals from the exchanges of endpoints that no specification at hand describes.

    set_aside.py SPECIFICATIONS JOURNALS HELD

Writes to the folder HELD what can be held against the SPECIFICATIONS, and says how much cannot.
BigCommerce describes the list of products in products_catalog.v3.yml; once that file is there,
nothing is set aside.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

DESCRIBED_IN = {r"/v3/catalog/products": "products_catalog.v3.yml"}


def main(specifications: Path, journals: Path, held: Path) -> None:
    """Write the exchanges that can be held to the folder, and print how many cannot."""
    missing = [path for path, file in DESCRIBED_IN.items() if not (specifications / file).exists()]
    aside = re.compile("|".join(f"(?:{path}$)" for path in missing) or r"(?!)")
    held.mkdir(parents=True, exist_ok=True)
    count = 0
    for journal in journals.glob("*.jsonl"):
        lines = journal.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if not aside.search(json.loads(line)["path"])]
        count += len(lines) - len(kept)
        (held / journal.name).write_text("".join(kept), encoding="utf-8")
    print(f"{count} exchanges are not held: no specification at hand describes {missing}")


main(*(Path(argument) for argument in sys.argv[1:]))
