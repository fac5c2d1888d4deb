"""The code and the reply to copy, and the buttons of a code's message."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox.slack.blocks.checks import check_message
from bot.values.outcome import Outcome, Status
from handlers.discounts.code_message import code_blocks, code_buttons, code_details
from storage.log.entries import CODE_GONE, CODE_OFF, Entry
from tests.handlers.entries import entry
from tests.support.agent import words


def made(**changes: Any) -> Entry:
    return entry(action="create_discount_code", request={"code": "SORRY-7F3K2Q"}, **changes)


def outcome(reply: str = "Here is a code.\n\nSORRY-7F3K2Q") -> Outcome:
    return Outcome(status=Status.SUCCEEDED, message="Created.", reply=reply)


def shown(about: Entry) -> list[str]:
    rows = code_buttons(about, outcome())
    return [each["text"]["text"] for row in rows for each in row["elements"]]


def test_the_code_and_the_reply_can_be_copied() -> None:
    assert words(code_blocks(made(), outcome())) == (
        "To copy: `SORRY-7F3K2Q`\n"
        "Reply to the customer, to copy:\n```Here is a code.\n\nSORRY-7F3K2Q```"
    )
    assert words(code_blocks(made(), outcome(reply=""))) == "To copy: `SORRY-7F3K2Q`"


def test_switching_it_off_is_asked_for_once_more() -> None:
    (row,) = code_buttons(made(), outcome())
    used, off = row["elements"]

    assert [used["text"]["text"], off["text"]["text"]] == ["Was it used?", "Switch it off"]
    assert off["style"] == "danger"
    assert off["confirm"]["title"]["text"] == "Switch off SORRY-7F3K2Q?"
    assert off["value"] == used["value"] == "MG-7F3K-2Q9D"


@pytest.mark.parametrize(
    ("over", "buttons"),
    [(None, ["Was it used?", "Switch it off"]), (CODE_OFF, ["Was it used?"]), (CODE_GONE, [])],
)
def test_a_code_that_is_over_offers_only_what_does_something(
    over: str | None, buttons: list[str]
) -> None:
    assert shown(made(code_over=over)) == buttons
    assert bool(code_blocks(made(code_over=over), outcome())) == (over is None)


@pytest.mark.parametrize("status", [each for each in Status if each is not Status.SUCCEEDED])
def test_a_code_that_was_not_created_has_neither(status: Status) -> None:
    ended = Outcome(status=status, message="x", reply="y")

    assert code_blocks(made(), ended) == code_buttons(made(), ended) == []
    assert not code_details(made(), None).blocks


@settings(max_examples=30)
@given(st.lists(st.text(max_size=300) | st.sampled_from(["&" * 1500, "```" * 300]), max_size=6))
def test_a_reply_stays_in_its_code_block_and_slack_takes_it(lines: list[str]) -> None:
    blocks = [*code_blocks(made(), outcome("\n".join(lines))), *code_buttons(made(), outcome())]

    assert check_message(blocks) == []
    reply = words(blocks[1:2])
    if reply.startswith("Reply to the customer"):
        assert reply.count("```") == 2
        assert reply.endswith("```")
        assert "<" not in reply
