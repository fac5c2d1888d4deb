from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from bot.actions.discounts.request import CreateDiscountCode
from bot.bigcommerce.coupons import CouponType
from storage.log.references import derived_reference, new_code, new_reference


def test_a_reference_is_short_and_without_look_alikes() -> None:
    references = {new_reference() for _ in range(1000)}

    assert len(references) == 1000
    for reference in references:
        assert re.fullmatch(r"MG-[2-9A-Z]{4}-[2-9A-Z]{4}", reference)
        assert not set(reference[3:]) & set("01OILZSBU")


@given(prefix=st.from_regex(r"[A-Za-z0-9]{1,20}", fullmatch=True))
def test_a_made_up_code_is_one_that_can_be_created_and_read_out(prefix: str) -> None:
    code = new_code(prefix)

    request = CreateDiscountCode(code=code, type=CouponType.FREE_SHIPPING, value="0")
    assert request.code == code
    assert code.startswith(f"{prefix}-")
    made_up = code.removeprefix(f"{prefix}-")
    assert re.fullmatch(r"[2-9A-Z]{6}", made_up)
    assert not set(made_up) & set("01OILZSBU")


def test_made_up_codes_differ() -> None:
    assert len({new_code("SORRY") for _ in range(1000)}) == 1000


@given(number=st.integers(1, 10_000))
def test_a_derived_reference_is_always_the_same_and_reads_like_any_other(number: int) -> None:
    derived = derived_reference("MG-7F3K-2Q9D", f"off {number}")

    assert derived == derived_reference("MG-7F3K-2Q9D", f"off {number}")
    assert derived != derived_reference("MG-7F3K-2Q9D", f"off {number + 1}")
    assert re.fullmatch(r"MG-[2-9A-Z]{4}-[2-9A-Z]{4}", derived)
    assert not set(derived[3:]) & set("01OILZSBU")
