"""What is said about approvals and the brake. Pure: what is known in, words and messages out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from bot.actions import CREATE_DISCOUNT_CODE
from bot.actions.rules.limits import FOUND, LimitCheck, has_approver, moves_money
from bot.actions.rules.sums import Sums
from bot.configuration import AMOUNT_NAMES, Configuration, People
from bot.money import Money
from bot.runner import amount_of, describe_request
from handlers.blocks import Block, actions, button, context, section
from handlers.decision_words import decision_line
from handlers.fact_blocks import fact_blocks
from handlers.outcome_message import Message
from handlers.text import date, in_mid_sentence, inert, mention, mention_group, one_of, typed
from storage.entries import APPROVED, Entry
from storage.posts import Post

SHOWN_APPROVERS = 12
CODE_COUNTS = "A code counts what it takes off one order at most, times its uses."
SIGNS = {APPROVED: ":white_check_mark:"}
NOT_APPROVED = ":no_entry_sign:"


def approver_names(approvers: People, *, but: str = "", able: Sequence[str] | None = None) -> str:
    """Return who may approve, as mrkdwn; `but` is the one who asks and may not.

    `able` are those who can decide now, where that is known: others are not named.
    """
    if approvers.everyone:
        return "any other member of the channel"
    names = [mention_group(group_id) for group_id in approvers.group_ids]
    users = [user_id for user_id in approvers.user_ids if able is None or user_id in able]
    names += [mention(user_id) for user_id in users if user_id != but]
    more = len(names) - SHOWN_APPROVERS
    shown = names[:SHOWN_APPROVERS] + ([f"{more} others"] if more > 0 else [])
    return one_of(shown)


def marker_of(notice: Post) -> str:
    """Return what tells this notice's message from all others when it is read back.

    Never the reference as it stands: an outcome is found by that.
    """
    return f"({notice.kind} {notice.key.removeprefix('MG-')})"


def approval_message(
    entry: Entry,
    notice: Post,
    approvers: People,
    *,
    able: Sequence[str] | None = None,
    why_nobody: str = "",
) -> Message:
    """Return the message that asks for a decision, or that says what it was.

    `able` are those who can decide now, None where Slack does not say; `why_nobody` says as mrkdwn
    why there is nobody.
    """
    what = typed(describe_request(entry))
    if entry.decision is None:
        what = in_mid_sentence(what)
        asks = f"{mention(entry.actor_id)} asks for approval: {what}"
        call = _call(entry, approvers, able, why_nobody)
        first = f":raised_hand: *{asks}*\n{call}"
        buttons = [actions(approval_buttons(entry))]
        said = f"{asks}. {call}"
    else:
        said = (
            f"{what}: {in_mid_sentence(decision_line(entry))}, asked by {mention(entry.actor_id)}."
        )
        first, buttons = f"{SIGNS.get(entry.decision, NOT_APPROVED)} *{said}*", []
        if entry.decision_reason:
            first += f"\nReason: {typed(entry.decision_reason)}"
    blocks = [section(first), *_shown(notice), *buttons, context(entry.reference)]
    return Message(f"{said} {marker_of(notice)}", blocks)


def approval_buttons(entry: Entry) -> list[Block]:
    """Return the buttons of the two decisions, the exact amount on the first one."""
    amount = amount_of(entry)
    label = f"Approve {amount}" if amount else "Approve"
    said = f"{describe_request(entry)} will be carried out at once."
    confirm = {
        "title": {"type": "plain_text", "text": "Approve this?"},
        "text": {
            "type": "plain_text",
            "text": said[:300],
        },
        "confirm": {"type": "plain_text", "text": label[:30]},
        "deny": {"type": "plain_text", "text": "Not yet"},
    }
    approve = button(label, "approve", entry.reference, style="primary")
    return [{**approve, "confirm": confirm}, button("Decline …", "decline", entry.reference)]


def brake_message(notice: Post, approvers: People) -> Message:
    """Return the loud message about the brake."""
    about = notice.content
    where = f" for order {about['order_id']}" if about["order_id"] else ""
    of = f" of {about['worth']}" if about["worth"] else ""
    said = (
        f"Hourly limit for the team: {mention(about['actor_id'])}'s "
        f"{inert(about['title'].lower())}{of}{where} was not sent."
    )
    more = (
        f"{about['spent'] or 'An amount that is not all known'} of {about['limit']} was given in "
        f"the last 60 minutes. {_look(approvers)}look whether all of this is meant "
        "(`/makegood log`). Approvers can still send; others can once the last 60 minutes hold "
        "less."
    )
    blocks = [section(f":rotating_light: *{said}*\n{more}")]
    return Message(f"{said} {more} {marker_of(notice)}", blocks)


def limit_lines(
    configuration: Configuration, check: LimitCheck, sums: Sums, comes_to: str = ""
) -> list[str]:
    """Return what limits a request, as mrkdwn, most important first.

    `comes_to` is its amount where it is known already that this needs approval.
    """
    currency, is_code = check.currency, check.action == CREATE_DISCOUNT_CODE.name

    def amount(value: Decimal) -> str:
        return str(_money(value, currency))

    lines = [
        approval_line(configuration, check.action, currency, check.actor_id, comes_to=comes_to),
        _given_line(configuration.approval_above, check, sums),
        *(f"{line}." for line in amount_lines(configuration, sums, amount)),
    ]
    said = [line for line in lines if line]
    return [*said, CODE_COUNTS] if said and is_code else said


def amount_lines(
    configuration: Configuration, sums: Sums, amount: Callable[[Decimal], str]
) -> list[str]:
    """Return the limits that are set and what is left of each, without a full stop."""
    said = []
    if configuration.limit is not None:
        said.append(f"{AMOUNT_NAMES['limit']}: {amount(configuration.limit)}")
    for name, limit, given in (
        ("Your daily limit", configuration.day_limit, sums.person),
        (AMOUNT_NAMES["hour_limit"], configuration.hour_limit, sums.hour),
    ):
        if limit is None:
            continue
        if given is None:
            said.append(f"{name}: {amount(limit)}, and what is used of it is not all known")
        else:
            rest = max(limit - given, Decimal(0))
            said.append(f"{name}: {amount(rest)} left of {amount(limit)}")
    if configuration.day_limit is not None and sums.found_until is not None:
        what = "A part" if sums.found is None else amount(sums.found)
        said.append(f"{what} of what is used {FOUND} {date(sums.found_until, time=True)}")
    return said


def _given_line(above: Decimal | None, check: LimitCheck, sums: Sums) -> str:
    """Return what was given before, and what more needs no second person; "" for nothing."""
    if above is None or not moves_money(check.action):
        return ""
    known = [each for each in (sums.order, sums.customer) if each is not None]
    given = max(known, default=Decimal(0))
    if not given:
        return ""
    where = "on this order" if given == sums.order else "to this customer in the last 30 days"
    rest = above - given
    more = (
        f"{_money(rest, check.currency)} more needs no approval"
        if rest > 0
        else "anything more needs approval"
    )
    return f"{_money(given, check.currency)} was given or asked for {where}, so {more}."


def approval_line(
    configuration: Configuration,
    action: str,
    currency: str,
    but: str,
    able: Sequence[str] | None = None,
    comes_to: str = "",
) -> str:
    """Return from which amount on a second person must agree, and who that is; "" for none.

    `able` are those who can decide now, where that is known. `comes_to` is an amount of which it is
    known that it needs approval.
    """
    above, always = configuration.approval_above, configuration.rule(action).always_approve
    if above is None and not always:
        return ""
    from_here = "always" if not above or always else f"above {_money(above, currency)}"
    if not has_approver(configuration.approvers, but=but):
        return (
            f"Needs approval {from_here}, and nobody else is set as approver; an admin sets them "
            "in the Home tab."
        )
    if able is not None and not able:
        return f"Needs approval {from_here}, and nobody can approve now."
    names = approver_names(configuration.approvers, but=but, able=able)
    if comes_to:
        return f"*This comes to {comes_to} and needs approval by {names}* ({from_here})."
    return f"Needs approval by {names} {from_here}."


def _look(approvers: People) -> str:
    names = approver_names(approvers)
    return f"{names}: " if names else "Nobody is set as approver. Everybody: "


def _call(entry: Entry, approvers: People, able: Sequence[str] | None, why_nobody: str) -> str:
    names = approver_names(approvers, but=entry.actor_id, able=able)
    until = date(entry.held_until, time=True) if entry.held_until else ""
    if able is not None and not able:
        return f"*Nobody can approve this now.* {why_nobody} It expires {until}."
    if not names:
        return f"Nobody is set as approver any more; it expires {until}."
    return f"{names}: please decide by {until}."


def _shown(notice: Post) -> list[Block]:
    pairs: Sequence[tuple[str, str]] = [(label, value) for label, value in notice.content["facts"]]
    blocks = fact_blocks(pairs[:20])
    warnings = [f":warning: {typed(text, limit=600)}" for text in notice.content["warnings"][:5]]
    return [*blocks, *([section("\n".join(warnings))] if warnings else [])]


def _money(amount: Decimal, currency: str) -> Money:
    return Money(amount=amount, currency=currency)
