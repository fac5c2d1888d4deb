"""The line that tells who asked that what was on its way has come to its end."""

from __future__ import annotations

from typing import Any

from handlers.timeline.outcomes.settled import render_settled
from tests.handlers.timeline.outcomes.test_outcome_message import entry

URL = "https://fern.slack.com/archives/C1/p1"
DONE = {"status": "succeeded", "message": "Refunded 54.10 USD for order 1042 through Braintree."}
DECLINED = {
    "status": "failed",
    "message": "The refund of 54.10 USD for order 1042 was declined; no money moved.",
}


def shown(outcome: dict[str, Any], url: str | None = URL, *, mentions: bool = False) -> str:
    message = render_settled(
        entry(status=outcome["status"], outcome=outcome), url, mentions=mentions
    )
    assert message is not None
    return str(message.blocks[0]["text"]["text"])


def test_a_message_says_the_result_and_where_the_record_is() -> None:
    assert shown(DONE) == (
        ":white_check_mark: Refunded 54.10 USD for order 1042 through Braintree. It was on its way "
        f"until now · <{URL}|Full record>"
    )


def test_in_the_thread_the_person_is_mentioned() -> None:
    assert shown(DECLINED, mentions=True) == (
        "<@UANNA> :x: The refund of 54.10 USD for order 1042 was declined; no money moved. It was "
        f"on its way until now · <{URL}|Full record>"
    )


def test_without_a_link_the_reference_leads_there() -> None:
    assert shown(DONE, None).endswith("It was on its way until now · MG-7F3K-2Q9D")


def test_the_text_alone_says_all_of_it() -> None:
    message = render_settled(entry(status="succeeded", outcome=DONE), URL, mentions=True)

    assert message is not None
    assert message.text == (
        "<@UANNA> Refunded 54.10 USD for order 1042 through Braintree. It was on its way until now "
        "(MG-7F3K-2Q9D)."
    )


def test_what_is_on_its_way_again_is_not_called_settled() -> None:
    on_its_way = {"status": "pending", "message": "BigCommerce accepted a refund."}

    assert render_settled(entry(status="pending", outcome=on_its_way), URL, mentions=False) is None
