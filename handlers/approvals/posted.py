"""What is posted about requests that wait for a second person, rendered when it is sent.

That is what asks for approval, the reminders, and the alarm that the hour is used up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.config.configuration import People
from handlers.access.access import CHANNEL_TOLD, Access, without_effect
from handlers.access.directory import NOT_READ
from handlers.approvals.messages import (
    approval_marker,
    approval_message,
    closed_message,
    hourly_limit_message,
)
from handlers.block_kit.builders import context
from handlers.block_kit.mrkdwn import inert
from handlers.people.words import cannot_words, told_message
from handlers.timeline.delivery import Delivery
from handlers.timeline.rendered import NotYet, Rendered
from storage.log.action_log import ActionLog
from storage.log.entries import APPROVED, DECLINED, LAPSED, OVERTAKEN, Entry
from storage.log.held_requests import ASKED, NOBODY
from storage.outbox.outbox import Outbox
from storage.outbox.posts import APPROVAL, BRAKE, CLOSED, WAITING, Post, original_key

DECISIONS = {APPROVED, DECLINED, LAPSED, OVERTAKEN}
SOON = timedelta(seconds=1)
# Before Slack is asked again who can decide, where it does not say.
UNREAD = timedelta(seconds=30)
COMES_TO_YOU = (
    "The audit channel can't be reached, so this comes to each person directly who can decide."
)


class PostedApprovals:
    """Renders them as they are when they are sent."""

    def __init__(
        self,
        *,
        channel_id: Callable[[], str],
        approvers: Callable[[], People],
        access: Access,
        log: ActionLog,
        outbox: Outbox,
    ) -> None:
        """Keep the parts."""
        self._channel_id = channel_id
        self._approvers = approvers
        self._access = access
        self._log = log
        self._outbox = outbox

    def register(self, delivery: Delivery) -> None:
        """Have them delivered."""
        delivery.register(APPROVAL, self._approval)
        delivery.register(WAITING, self._waiting)
        delivery.register(BRAKE, self._brake)

    async def _waiting(self, post: Post) -> Rendered | None:
        """Remind of a request, unless it is decided, or over: nobody need be told that it waits."""
        entry = self._log.find(str(post.content["reference"]))
        if not post.is_begun and (entry is None or not entry.is_waiting or _is_over(entry)):
            return None
        if not post.is_begun and self._is_outdated(post, entry):
            return None
        message, people = _to_one(post, told_message(post)), await self._deciders(entry)
        is_new = await self._can_decide(post, entry)
        return replace(message, is_loud=True, is_new=is_new, people=people)

    async def _approval(self, post: Post) -> Rendered | None:
        entry = self._log.get(original_key(post.key))
        if _is_over(entry):  # nobody is asked for what nobody can decide any more
            raise NotYet(datetime.now(UTC) + SOON)
        if entry.decision is not None:
            if post.shown == CLOSED:
                return _closed(entry)
            message = approval_message(entry, post, self._approvers())
            is_new = post.wanted not in DECISIONS
            return replace(message, marker=approval_marker(entry), is_new=is_new)
        if not await self._can_decide(post, entry):
            return _closed(entry)
        able = await self._access.deciders(but=entry.actor_id)
        shown = post.wanted if post.recipient is None else ASKED
        if able is not None and shown in {ASKED, NOBODY}:
            shown = ASKED if able else NOBODY
        why_nobody = await self._why_nobody(entry) if able == () else ""
        message = approval_message(entry, post, self._approvers(), able=able, why_nobody=why_nobody)
        return replace(
            _to_one(post, message),
            marker=approval_marker(entry),
            shown=shown,
            is_loud=shown == NOBODY,  # what waits for somebody is not left to a thread
            people=able or (),
        )

    async def _brake(self, post: Post) -> Rendered:
        original = self._outbox.find(original_key(post.key)) or post
        alarm = hourly_limit_message(post, self._approvers(), at=original.made_at)
        message = _to_one(post, alarm)
        people = await self._access.deciders() or ()
        is_new = await self._can_decide(post, None)
        return replace(message, is_new=is_new, people=people)

    def _is_outdated(self, post: Post, entry: Entry | None) -> bool:
        """Tell whether it says that somebody can decide, or nobody, and it is the other way now."""
        asked = self._outbox.find(entry.reference) if entry else None
        stage = post.key.partition("-")[0]
        return asked is not None and {stage, asked.wanted} == {ASKED, NOBODY}

    async def _why_nobody(self, entry: Entry) -> str:
        """Return as mrkdwn why nobody can decide it: for all of them, or for each one."""
        try:
            trouble = await self._access.channel_trouble()
        except NOT_READ:
            trouble = ""
        if trouble:
            return inert(without_effect(CHANNEL_TOLD[trouble]))
        why = await self._access.cannot_decide(but=entry.actor_id)
        return cannot_words(why or {}, self._channel_id())

    async def _can_decide(self, post: Post, entry: Entry | None) -> bool:
        """Tell whether a copy is for somebody who can decide now; it is asked before it is told.

        Raises NotYet while Slack does not say.
        """
        if post.recipient is None:
            return True
        but = entry.actor_id if entry else ""
        can = await self._access.can_decide(post.recipient, but=but, fresh=post.spot is None)
        if can is None:
            raise NotYet(datetime.now(UTC) + UNREAD)
        return can

    async def _deciders(self, entry: Entry | None) -> tuple[str, ...]:
        """Return who can decide it, as far as Slack says: they are told where no channel can be."""
        return (entry and await self._access.deciders(but=entry.actor_id)) or ()


def _closed(entry: Entry) -> Rendered:
    marker = approval_marker(entry)
    return replace(closed_message(entry), marker=marker, shown=CLOSED, is_new=False)


def _to_one(post: Post, message: Rendered) -> Rendered:
    """Return the message, with why it comes to one person where it is for the channel."""
    if post.recipient is None:
        return message
    return Rendered(f"{message.text} {COMES_TO_YOU}", [*message.blocks, context(COMES_TO_YOU)])


def _is_over(entry: Entry) -> bool:
    over = entry.held_until is not None and entry.held_until <= datetime.now(UTC)
    return entry.is_waiting and over
