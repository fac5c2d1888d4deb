from __future__ import annotations

import re

from storage import new_reference


def test_a_reference_is_short_and_without_look_alikes() -> None:
    references = {new_reference() for _ in range(1000)}

    assert len(references) == 1000
    for reference in references:
        assert re.fullmatch(r"MG-[2-9A-Z]{4}-[2-9A-Z]{4}", reference)
        assert not set(reference[3:]) & set("01OILZSBU")
