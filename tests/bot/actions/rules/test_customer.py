from __future__ import annotations

import pytest

from bot.actions.rules.customer import NOBODY, CustomerKeys, customer_of
from bot.bigcommerce.models import Order


def of(email: str, customer_id: int = 0) -> CustomerKeys:
    body = {
        "id": 1,
        "customer_id": customer_id,
        "status_id": 11,
        "total_inc_tax": "1",
        "billing_address": {"email": email},
    }
    return customer_of(Order.model_validate(body))


@pytest.mark.parametrize(
    "email", ["jo.doe@mail.example", " Jo.Doe@MAIL.example ", "jo.doe+shop@mail.example"]
)
def test_spellings_of_one_address_are_one_customer(email: str) -> None:
    assert of(email) == of("jo.doe@mail.example")
    assert "doe" not in of(email).mail


@pytest.mark.parametrize(
    "email", ["jo.doe@gmail.com", "Jodoe+b@googlemail.com.", "j.odoe@GMAIL.com"]
)
def test_dots_make_no_other_mailbox_with_google(email: str) -> None:
    assert of(email) == of("jodoe@gmail.com")
    assert of("jo.doe@mail.example") != of("jodoe@mail.example")


@pytest.mark.parametrize("email", ["", "   ", "nobody", "@mail.example", "jo@"])
def test_no_address_is_nobodys(email: str) -> None:
    assert of(email) == NOBODY


def test_different_people_differ() -> None:
    assert of("jo@mail.example") != of("joe@mail.example")
    assert of("+@mail.example") != of("@mail.example")
    assert of("jo@mail.example", 7).id == 7
