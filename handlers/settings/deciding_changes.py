"""Confirm, refuse and withdraw: the clicks that end a change which loosens the rules.

A button stands for one proposal, and that never changes: what is confirmed is what was shown.
"""

from __future__ import annotations

from handlers.access.directory import NOT_READ
from handlers.access.second_person import lead_refusal
from handlers.flow.click import Click
from handlers.flow.opening import NotYours
from handlers.home.page import HomePage, publish_home
from handlers.settings.proposal_words import ENDS
from handlers.settings.proposing import tell
from handlers.windows.reply import say
from storage.configuration.proposals import REFUSED, WITHDRAWN, Proposal

NO_SUCH = "There is no such change. Nothing was changed."
NOT_ASKER = "Only who asked for this change can withdraw it. Nothing was changed."
UNREADABLE = (
    "Slack did not say who may confirm changes. Nothing was changed. Try again in a minute."
)


async def confirm_change(click: Click) -> None:
    """Have the change count, as a second person agrees."""
    proposal = await _to_decide(click)
    changes = click.desk.configuration.confirm(proposal, by=click.person.user_id)
    if not changes:
        raise NotYours(await _over(click, proposal))
    await _shown(click, proposal, "Confirmed. It counts now.")


async def refuse_change(click: Click) -> None:
    """End it without any change, as another lead wants."""
    await _end(click, await _to_decide(click), REFUSED, "Refused. Nothing was changed.")


async def withdraw_change(click: Click) -> None:
    """End it without any change, as who asked wants."""
    proposal = await _open(click)
    if proposal.actor_id != click.person.user_id:
        raise NotYours(NOT_ASKER)
    await _end(click, proposal, WITHDRAWN, "Withdrawn. Nothing was changed.")


async def _end(click: Click, proposal: Proposal, state: str, said: str) -> None:
    if not click.desk.configuration.end(proposal, state, by=click.person.user_id):
        raise NotYours(await _over(click, proposal))
    await _shown(click, proposal, said)


async def _to_decide(click: Click) -> Proposal:
    """Return the proposal; NotYours where this person may not decide on it."""
    proposal = await _open(click)
    try:
        no = await lead_refusal(click.desk, proposal, click.person)
    except NOT_READ as error:
        raise NotYours(UNREADABLE) from error
    if no is not None:
        raise NotYours(no)
    return proposal


async def _open(click: Click) -> Proposal:
    proposal = click.desk.configuration.proposal(click.value)
    if proposal is None:
        raise NotYours(NO_SUCH)
    if not proposal.is_open:
        raise NotYours(await _over(click, proposal))
    return proposal


async def _over(click: Click, proposal: Proposal) -> str:
    """Return how it has ended, with its message drawn anew, which was pressed all the same."""
    await tell(click.desk, proposal)
    latest = click.desk.configuration.proposals.find(proposal.id) or proposal
    return f"{ENDS[latest.state].partition(':')[0]} already. Your click changed nothing."


async def _shown(click: Click, proposal: Proposal, said: str) -> None:
    await tell(click.desk, proposal)
    if click.body.get("view"):
        await publish_home(click.desk, click.person, HomePage.CONFIGURATION)
    else:
        await say(click.respond, said)
