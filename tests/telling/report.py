"""The tables of a campaign: methods and codes by how many cases depart, and what was found."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from tests.telling.campaign import Result
from tests.telling.cases import Case
from tests.telling.expected import KINDS_OF_FINDINGS


def table(title: str, results: Sequence[Result]) -> str:
    """Return the tables."""
    by_method: dict[str, list[Result]] = defaultdict(list)
    by_kind: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        case = Case.of(result.case)
        by_method[case.method].append(result)
        by_kind[case.kind].append(result)
    rows = [title, "", _row("method", ("cases", "not reached", "depart", "codes that depart"))]
    rows += [_counts(name, by_method[name]) for name in sorted(by_method)]
    rows += [_counts("all", results), "", _row("kind", ("cases", "not reached", "depart", ""))]
    rows += [_counts(name, by_kind[name], codes=False) for name in sorted(by_kind)]
    found = Counter(kind for result in results for kind in {f.kind for f in result.findings})
    rows += ["", f"  {'Findings':<34}{'cases':>7}{'allowed':>9}"]
    rows += [f"  {kind:<34}{found[kind]:>7}{0:>9}" for kind in KINDS_OF_FINDINGS]
    return "\n".join(rows)


def findings(results: Sequence[Result]) -> list[str]:
    """Return each finding with its case."""
    return [
        f"{result.case}\n    {each.kind}: {each.what}"
        for result in results
        for each in result.findings
    ]


def _counts(name: str, results: Sequence[Result], *, codes: bool = True) -> str:
    depart = [result for result in results if result.findings]
    unreached = sum(1 for result in results if not result.hits)
    names = sorted({Case.of(result.case).code for result in depart}) if codes else []
    shown = ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
    return _row(name, (len(results), unreached, len(depart), shown))


def _row(name: str, cells: Sequence[object]) -> str:
    *numbers, last = cells
    return f"  {name:<24}" + "".join(f"{cell!s:>13}" for cell in numbers) + f"   {last}"
