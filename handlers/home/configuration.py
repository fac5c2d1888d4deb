"""The configuration page: each part as it is now in words, with a button that changes it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.actions.registry import ACTIONS
from bot.actions.rules.limits import CUSTOMER_TIME, unbounded_codes
from bot.config.configuration import Configuration, People
from handlers.access.access import CHANNEL_TOLD, channel_trouble, without_effect
from handlers.access.directory import NOT_READ, SlackChannel
from handlers.block_kit.builders import (
    Block,
    actions,
    button,
    confirmation,
    context,
    divider,
    header,
    section,
)
from handlers.block_kit.mrkdwn import inert, mention_channel
from handlers.desk import Desk
from handlers.people.overview import deciders_line, members_line
from handlers.settings.changes import latest_lines
from handlers.settings.everyone_may import everyone_may
from handlers.settings.names import Wording
from handlers.settings.proposing import open_blocks
from handlers.settings.words import (
    discount_words,
    on_or_off,
    preset_names,
    rule_summary,
    section_words,
)

SHOWN_CHANGES = 8
NOT_SHOWN = (
    "Slack does not show Makegood its audit channel, so nobody can use Makegood until it does."
)
CURRENCY_CHANGED = (
    "The store's default currency was {was} within the last 30 days. All amounts here and under "
    "Approvals and Discount codes are taken as {now}: check them."
)
NO_APPROVER = "Nobody can approve yet: set who does under Approvals."


async def configuration_blocks(
    desk: Desk, viewer: str, wording: Wording, *, is_agent: bool
) -> list[Block]:
    """Return the page for an admin; `is_agent`: they are in the audit channel, too."""
    now = desk.configuration.current()
    channel = await _read_channel(desk, now)
    return [
        header("Makegood's configuration"),
        *_activation(now, wording, _no_one(channel), is_new=desk.configuration.is_new),
        actions(_buttons(is_agent)),
        *([] if is_agent else await _no_agent(desk, now)),
        *open_blocks(desk, viewer, wording),
        divider(),
        header("Actions"),
        *(_action(name, now, wording) for name in ACTIONS),
        divider(),
        header("Who, and how much"),
        _part("Audit channel", await _channel(desk, now, channel), "channel"),
        _part("Guests", _guests(now), "guests"),
        _part("Approvals", await _approvals(desk, now, wording), "approvals"),
        _part("Limits", _limits(desk, now, wording), "limits"),
        _part(
            "Record-only refunds", section_words(now, ("recorded_only",), wording), "recorded_only"
        ),
        _part("Store credit", section_words(now, ("store_credit",), wording), "store_credit"),
        divider(),
        header("What goes with it"),
        _part("E-mail to customers", _mail(desk, now, wording), "notifications"),
        _part("Cancelling", section_words(now, ("refund_before_cancel",), wording), "cancelling"),
        _part("Restocking", section_words(now, ("restocking",), wording), "restocking"),
        _part("Discount codes", _rows(discount_words(now.discount, wording)), "discount"),
        _part("Discount presets", preset_names(now.discount.presets), "presets"),
        divider(),
        header("Latest changes"),
        *_history(desk, wording),
    ]


def _activation(now: Configuration, wording: Wording, no_one: str, *, is_new: bool) -> list[Block]:
    """Return whether people may act; `no_one` says why nobody can all the same, "" if some can."""
    channel = mention_channel(now.audit_channel)
    if now.activated:
        question = confirmation(
            "Deactivate all actions?",
            "From this moment nobody can cancel, refund or create codes with Makegood. What was "
            "asked for and is not sent yet is refused; where money has moved, the rest is still "
            "done. You can activate the actions again at any time.",
            "Deactivate",
            deny="Go back",
        )
        off = button("Deactivate …", "deactivate", style="danger", confirm=question)
        said = (
            f"*Actions are activated, but nobody can use them.* {no_one}"
            if no_one
            else f"*Actions are activated.* {everyone_may(now, wording)}"
        )
        return [section(said, accessory=off)]
    if is_new:
        next_step = (
            "Look through the page, then activate them: a form asks for the amounts to begin with. "
            f"{no_one or f'The members of {channel} may then act.'}"
        )
    else:
        next_step = (
            f"{no_one or f'Once they are activated: {everyone_may(now, wording)}'} "
            "Activating them again needs a "
            "second person, unless you deactivated them yourself within the last hour."
        )
    label = "Activate actions …" if is_new else "Activate actions"
    return [
        section(f"*Actions are not activated: nobody can do anything yet.*\n{next_step}"),
        actions([button(label, "activate", style="primary")]),
    ]


def _buttons(is_agent: bool) -> list[Block]:
    first = [button("My desk", "home")] if is_agent else []
    return [
        *first,
        button("Refresh", "configuration"),
        button("Check the connections", "connection"),
    ]


async def _no_agent(desk: Desk, now: Configuration) -> list[Block]:
    """Return why this admin can't use the bot; what is wrong with the channel stands with it."""
    try:
        trouble = await desk.access.channel_trouble()
    except NOT_READ:
        return []
    channel = mention_channel(now.audit_channel)
    why = f"You are not in {channel}, so you can configure Makegood and not use it."
    return [] if trouble else [context(why)]


def _action(name: str, now: Configuration, wording: Wording) -> Block:
    rule = now.rule(name)
    text = rule_summary(rule, wording)
    if rule.enabled and rule.always_approve and now.approvers == People():
        text += f"\n:warning: {NO_APPROVER}"
    return _part(f"{ACTIONS[name].title} · {on_or_off(rule.enabled)}", text, f"rules.{name}")


def _part(title: str, words: str, key: str) -> Block:
    name = title.partition(" · ")[0]
    action_id = "presets" if key == "presets" else f"configure:{key}"
    change = button("Change …", action_id, label=f"Change {name}")
    return section(f"*{inert(title)}*\n{words}", accessory=change)


def _rows(pairs: Sequence[tuple[str, str]]) -> str:
    return " · ".join(f"{label}: {words}" for label, words in pairs)


def _guests(now: Configuration) -> str:
    if now.guests:
        return "Guests of the workspace who are in the audit channel may act like its members."
    return "Guests of the workspace may do nothing, also in the audit channel."


async def _approvals(desk: Desk, now: Configuration, wording: Wording) -> str:
    words = section_words(now, ("approval_above", "approvers", "approval_hours"), wording)
    if now.approval_above is not None and now.approvers == People():
        words += f"\n:warning: {NO_APPROVER}"
    elif line := await deciders_line(desk):
        words += f"\n{line}"
    return words


def _limits(desk: Desk, now: Configuration, wording: Wording) -> str:
    words = section_words(now, ("limit", "day_limit", "hour_limit"), wording)
    if now.hour_limit is not None and now.approvers.everyone:
        words += (
            "\n:warning: Everyone is an approver, so the hourly limit for the team stops nobody."
        )
    if unbounded := unbounded_codes(now):
        words += f"\n:warning: {unbounded}"
    since = datetime.now(UTC) - CUSTOMER_TIME
    was = wording.currency and desk.log.counted_in_other(wording.currency, since)
    if was:
        words += f"\n:warning: {CURRENCY_CHANGED.format(was=inert(was), now=wording.currency)}"
    return words


async def _read_channel(desk: Desk, now: Configuration) -> SlackChannel | None:
    """Return the audit channel, None where Slack does not show it."""
    try:
        return await desk.directory.channel(now.audit_channel, fresh=True)
    except NOT_READ:
        return None


def _no_one(channel: SlackChannel | None) -> str:
    """Return why nobody can act in this audit channel, "" where its members can."""
    if channel is None:
        return NOT_SHOWN
    trouble = channel_trouble(channel)
    return without_effect(CHANNEL_TOLD[trouble]) if trouble else ""


async def _channel(desk: Desk, now: Configuration, channel: SlackChannel | None) -> str:
    shown = mention_channel(now.audit_channel)
    if channel is None:
        return f"{shown}\n:warning: Slack does not show it to Makegood. Check the connections."
    if channel.is_archived:
        return f"{shown}\n:warning: It is archived: outcomes cannot be told there."
    if not channel.has_bot:
        return f"{shown}\n:warning: Makegood is not in it. Write /invite @Makegood there."
    if channel.is_shared:
        return (
            f"{shown}\n:warning: It is shared with another organisation: nobody can use Makegood."
        )
    who = await members_line(desk)
    if channel.is_private:
        return f"{shown}, private. Its members are the people who may use Makegood.\n{who}"
    return f"{shown}\n:warning: It is public: whoever joins it may refund and cancel orders.\n{who}"


def _mail(desk: Desk, now: Configuration, wording: Wording) -> str:
    words = section_words(now, ("notifications",), wording)
    if now.notifications == "email" and not desk.can_mail:
        return f"{words}\n:warning: No mail server is set, so no e-mail is offered."
    return words


def _history(desk: Desk, wording: Wording) -> list[Block]:
    lines = latest_lines(desk, wording, SHOWN_CHANGES)
    more = "All of them: `python -m bot log --configuration`, where Makegood runs."
    return [*(context(line) for line in lines or ["Nothing has been changed yet."]), context(more)]
