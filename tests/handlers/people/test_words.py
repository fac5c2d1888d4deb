"""What is said of people: who came, what they may do now, and that nobody can decide."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.access.profile import Unfit
from handlers.people.words import (
    Powers,
    able_words,
    again_usable_words,
    again_words,
    cannot_words,
    gone_words,
    group_words,
    joined_words,
    names,
    nobody_words,
    over_words,
    powers_words,
    reasons_line,
    reminder_words,
    shared_words,
)
from tests.handlers.entries import AT, NOON, entry

LOOKS = Powers(actions=("refund_order", "cancel_order"))


@pytest.mark.parametrize(
    ("powers", "said"),
    [
        (LOOKS, "They may look up orders and do: Full refund, Cancel order."),
        (Powers(), "They may look up orders, and do nothing with them."),
        (
            Powers(actions=("refund_order",), is_approver=True, is_admin=True),
            "They may look up orders and do: Full refund. They may approve what others ask for. "
            "They are an admin of the workspace.",
        ),
        (
            Powers(activated=False, is_admin=True),
            "They may look up orders; more than that nobody may yet, as the actions are not "
            "activated. They are an admin of the workspace.",
        ),
        (Powers(Unfit.GUEST), "They may do nothing with Makegood, as a guest."),
        (Powers(Unfit.BOT), "They may do nothing with Makegood, as an app."),
        (
            Powers(Unfit.FOREIGN),
            "They may do nothing with Makegood, since this account belongs to another "
            "organisation.",
        ),
    ],
)
def test_it_is_said_what_somebody_may_do_now(powers: Powers, said: str) -> None:
    assert powers_words(powers) == said


def test_who_joined_is_told_with_who_added_them() -> None:
    said = joined_words("C1", {"UDEV": LOOKS, "UEVE": Powers()}, {"UDEV": "UBEN"}, 5)

    assert said == (
        ":busts_in_silhouette: *<@UDEV> joined <#C1>*, added by <@UBEN>. They may look up orders "
        "and do: Full refund, Cancel order.\n"
        "*<@UEVE> joined <#C1>*. They may look up orders, and do nothing with them.\n"
        "… and 3 more."
    )


def test_who_may_act_now_is_told() -> None:
    assert able_words({"UDEV": Powers()}, 1) == (
        ":busts_in_silhouette: *<@UDEV> may act now*. They may look up orders, and do nothing with "
        "them."
    )


@given(st.text(max_size=80))
def test_a_groups_name_calls_nobody(handle: str) -> None:
    said = group_words(handle, {"UDEV": Powers()}, 1)

    name = said.removeprefix(":busts_in_silhouette: *<@UDEV> joined the user group ").partition(
        "*, which Makegood's configuration names."
    )[0]
    assert not set(name) & set("<>*~`\n")


@pytest.mark.parametrize(
    ("deciders", "last"),
    [
        (None, ""),
        ([], "\n*Nobody is left who can approve.*"),
        (["UCHIARA", "UDEV"], "\n<@UCHIARA> or <@UDEV> still can."),
    ],
)
def test_which_approvers_are_gone_and_who_is_left(deciders: list[str] | None, last: str) -> None:
    assert gone_words({"UBEN": "left the channel"}, deciders) == (
        f":busts_in_silhouette: *<@UBEN> left the channel* and can no longer approve.{last}"
    )


def test_that_nobody_can_decide_says_why_and_what_to_do() -> None:
    said = nobody_words(entry(held_until=NOON), "C1", {"UBEN": "is deactivated"})

    assert said == (
        ":rotating_light: *Nobody can approve this now: full refund for order 1042*, asked by "
        "<@UANNA>.\n<@UBEN> is deactivated. An admin sets approvers in the Home tab of Makegood, "
        f"or somebody invites one to <#C1>. It expires {AT}; nothing is sent then."
    )
    assert cannot_words({}, "C1").startswith("There is nobody else who may approve. An admin sets")


def test_those_who_can_decide_are_asked_to() -> None:
    about = entry(held_until=NOON)

    assert again_words(about, "<@UBEN>", "https://x.slack.com/1") == (
        ":raised_hand: *<https://x.slack.com/1|full refund for order 1042>*, asked by <@UANNA>, "
        f"waits for approval. <@UBEN>: please decide. It expires {AT}; nothing is sent then."
    )
    assert reminder_words(about, "", None) == (
        ":hourglass_flowing_sand: *Still waiting for approval: full refund for order 1042*, asked "
        f"by <@UANNA>. Please decide. It expires {AT}; nothing is sent then."
    )


def test_people_are_listed_with_or_and_not_without_end() -> None:
    many = [f"U{number:02}" for number in range(20)]

    assert names(["UBEN"]) == "<@UBEN>"
    assert names(["UBEN", "UDEV", "UEVE"]) == "<@UBEN>, <@UDEV> or <@UEVE>"
    assert names(many).endswith("<@U11> or 8 others")
    assert reasons_line("Not asked", {}) == ""
    assert reasons_line("Not asked", {"UBEN": "is away", "UDEV": "left"}) == (
        "Not asked: <@UBEN> is away; <@UDEV> left."
    )


@pytest.mark.parametrize(
    ("trouble", "now", "again", "over"),
    [
        (
            "archived",
            ":rotating_light: *<#C1> is archived, so nobody can use Makegood now.*",
            "*<#C1> is open again*, so its members can use Makegood.",
            "*<#C1> was archived, so nobody could use Makegood.* It can be used again.",
        ),
        (
            "left",
            ":rotating_light: *Makegood is not in <#C1> any more, so nobody can use it now.*",
            "*Makegood is in <#C1> again*, so its members can use it.",
            "*Makegood was not in <#C1>, so nobody could use it.* It can be used again.",
        ),
    ],
)
def test_an_alarm_about_the_channel_is_told_and_its_end(
    trouble: str, now: str, again: str, over: str
) -> None:
    assert shared_words(trouble, "C1").startswith(now)
    assert again_usable_words(trouble, "C1") == again
    assert over_words(trouble, "C1") == over


def test_a_shared_channel_is_an_alarm_too() -> None:
    assert shared_words("shared", "C1").startswith(
        ":rotating_light: *<#C1> is shared with another organisation, so nobody can use Makegood "
        "now.* Its people could read every order here."
    )
    assert again_usable_words("shared", "C1") == (
        "*<#C1> is the team's alone again*, so its members can use Makegood."
    )
