"""What is said of changes that loosen the rules: what, who can confirm them, and when."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config.live_configuration import FOR_ASKER, FOR_OTHERS
from bot.sandbox.slack.blocks.checks import check_message
from handlers.block_kit.mrkdwn import date, typed
from handlers.settings.proposal_words import (
    ENDS,
    in_effect_message,
    in_person_words,
    names_of,
    proposal_blocks,
    proposal_content,
    proposal_message,
)
from storage.configuration.proposals import (
    CONFIRMED,
    IN_FORCE,
    LAPSED,
    OPEN,
    OVERTAKEN,
    REFUSED,
    REPLACED,
    WITHDRAWN,
    Proposal,
)
from tests.handlers.entries import AT, NOON
from tests.support.agent import words

LINE = "Limit per request: 100.00 USD → 500.00 USD"


def content(state: str = OPEN, lines: tuple[str, ...] = (LINE,), **changes: Any) -> dict[str, Any]:
    fields: dict[str, Any] = {"alone_since": None, "ended_at": None, "ended_by": None}
    fields |= {"held_until": None, "told": None} | changes
    proposal = Proposal(7, NOON, "T1", "UCHIARA", (), state=state, **fields)
    return proposal_content(proposal, lines, "<@UBEN>, or another admin")


def buttons(about: dict[str, Any], viewer: str = "") -> list[str]:
    rows = [block for block in proposal_blocks(about, viewer) if block["type"] == "actions"]
    return [each["text"]["text"] for row in rows for each in row["elements"]]


def test_what_is_asked_for_says_that_it_does_not_count_yet() -> None:
    said = words(proposal_message(content()).blocks)

    assert said.startswith(
        ":rotating_light: *<@UCHIARA> asks to loosen Makegood's rules. Nothing of this counts yet*"
        f"\n{LINE}\nA second person has to confirm it: <@UBEN>, or another admin.\n"
    )
    assert said.endswith(f"Change 7 · asked {AT}")


def test_where_nobody_else_can_confirm_it_it_is_said_when_it_takes_effect() -> None:
    said = words(proposal_blocks(content(alone_since=NOON)))

    assert (
        "No one else can confirm it now. So it takes effect "
        f"{date(NOON + FOR_OTHERS, time=True)}, and for <@UCHIARA> "
        f"{date(NOON + FOR_ASKER, time=True)}."
    ) in said


@pytest.mark.parametrize(
    ("state", "by", "said"),
    [
        (CONFIRMED, "UBEN", "Confirmed by <@UBEN>."),
        (REFUSED, "UBEN", "Refused by <@UBEN>: nothing was changed."),
        (WITHDRAWN, "UCHIARA", "Withdrawn: nothing was changed."),
        (REPLACED, None, "Replaced by a later one."),
        (
            OVERTAKEN,
            None,
            "No longer possible: one of these settings was changed meanwhile.",
        ),
        (LAPSED, None, "Expired: not confirmed within 7 days. Nothing was changed."),
        (IN_FORCE, None, "In effect: no one else could confirm it."),
    ],
)
def test_each_end_is_told_and_has_no_buttons(state: str, by: str | None, said: str) -> None:
    about = content(state, ended_by=by, ended_at=NOON)

    blocks = proposal_blocks(about)

    assert blocks[0]["text"]["text"] == ":gear: *<@UCHIARA> asked to loosen Makegood's rules*"
    assert blocks[2]["text"]["text"] == said
    assert buttons(about) == []


def test_every_end_has_its_words() -> None:
    assert set(ENDS) == {
        CONFIRMED, REFUSED, WITHDRAWN, REPLACED, OVERTAKEN, LAPSED, IN_FORCE,
    }  # fmt: skip


def test_the_one_who_asked_waits_longer() -> None:
    later = NOON + timedelta(days=2)

    said = words(proposal_blocks(content(IN_FORCE, held_until=later)))

    assert (
        "In effect: no one else could confirm it. For <@UCHIARA> it takes effect "
        f"{date(later, time=True)}."
    ) in said


@pytest.mark.parametrize(
    ("viewer", "shown"),
    [
        ("", ["Confirm change", "Refuse", "Withdraw"]),
        ("UBEN", ["Confirm change", "Refuse"]),
        ("UCHIARA", ["Withdraw"]),
    ],
)
def test_each_sees_the_buttons_that_do_something(viewer: str, shown: list[str]) -> None:
    assert buttons(content(), viewer) == shown


def test_whoever_loosened_the_rules_is_named_when_they_are_looser() -> None:
    said = in_effect_message(content(CONFIRMED, ended_by="UBEN")).text

    assert said == (
        f"The rules are looser now. {LINE} <@UCHIARA> asked for it. Confirmed by <@UBEN>."
    )


def test_each_who_can_confirm_it_is_told_where_the_channel_cannot() -> None:
    assert in_person_words(content()) == (
        ":rotating_light: *<@UCHIARA> asks to loosen Makegood's rules. Nothing of this counts yet, "
        "and the audit channel cannot be told.* You can confirm or refuse it in the Home tab of "
        f"Makegood.\n{LINE}"
    )


def test_admins_can_always_confirm() -> None:
    assert names_of("") == "another admin"
    assert names_of("<@UBEN>") == "<@UBEN>, or another admin"


@given(st.lists(st.text(max_size=700), max_size=30), st.sampled_from([OPEN, *ENDS]))
def test_however_much_is_loosened_slack_takes_it(lines: list[str], state: str) -> None:
    about = content(state, tuple(map(typed, lines)))

    for message in (proposal_message(about), in_effect_message(about | {"state": IN_FORCE})):
        assert check_message(message.blocks) == []
        assert len(message.text) <= 3000
    assert len(in_person_words(about)) <= 3000
