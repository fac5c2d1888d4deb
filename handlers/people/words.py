"""What is said of people: who came, what they may do now, and that nobody can decide. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.actions.registry import ACTIONS
from bot.actions.requested import describe_request
from handlers.access.profile import Unfit
from handlers.block_kit.builders import section
from handlers.block_kit.mrkdwn import (
    date,
    in_mid_sentence,
    inert,
    mention,
    mention_channel,
    one_of,
    typed,
)
from handlers.timeline.rendered import Rendered
from storage.log.entries import Entry
from storage.outbox.posts import OVER, Post

SHOWN = 12
LONGEST = 2900  # a section takes 3,000
WAYS_OUT = "An admin sets approvers in the Home tab of Makegood, or somebody invites one to {}."


@dataclass(frozen=True, slots=True)
class Powers:
    """What somebody may do now. `unfit`: nothing, and why; `actions` are those they may do."""

    unfit: Unfit | None = None
    activated: bool = True
    actions: tuple[str, ...] = ()
    is_approver: bool = False
    is_admin: bool = False


def told_message(notice: Post) -> Rendered:
    """Return the message of a notice that has its words, of an alarm also those for its end."""
    over = notice.content.get("over") if notice.wanted == OVER else None
    text = str(over or notice.content["mrkdwn"])[:LONGEST]
    return Rendered(text, [section(text)])


def joined_words(
    channel_id: str, joined: Mapping[str, Powers], inviters: Mapping[str, str], count: int
) -> str:
    """Return who joined the channel, who added them where Slack said it, and what they may do.

    `count` is how many there are; `joined` has the first of them.
    """
    lines = [
        f"*{mention(user)} joined {mention_channel(channel_id)}*{_added_by(inviters.get(user))}. "
        f"{powers_words(powers)}"
        for user, powers in joined.items()
    ]
    return _listed(lines, count)


def able_words(able: Mapping[str, Powers], count: int) -> str:
    """Return that members of the channel may act who could not before."""
    lines = [f"*{mention(user)} may act now*. {powers_words(each)}" for user, each in able.items()]
    return _listed(lines, count)


def group_words(handle: str, joined: Mapping[str, Powers], count: int) -> str:
    """Return who joined a user group that the configuration names; no mention, which calls all."""
    lines = [
        f"*{mention(user)} joined the user group {typed(handle)}*, which Makegood's configuration "
        f"names. {powers_words(powers)}"
        for user, powers in joined.items()
    ]
    return _listed(lines, count)


def gone_words(gone: Mapping[str, str], deciders: Sequence[str] | None) -> str:
    """Return which approvers can decide no more, each with why, and who still can."""
    lines = [f"*{mention(user)} {why}* and can no longer approve." for user, why in gone.items()]
    if deciders is not None:
        left = names(deciders)
        lines.append(f"{left} still can." if left else "*Nobody is left who can approve.*")
    return _listed(lines, len(lines))


def powers_words(powers: Powers) -> str:
    """Return what somebody may do now, in a sentence or two."""
    admin = " They are an admin of the workspace." if powers.is_admin else ""
    if powers.unfit is not None:
        who = {Unfit.GUEST: "a guest", Unfit.BOT: "an app"}.get(powers.unfit)
        why = f"as {who}" if who else f"since this account {powers.unfit}"
        return f"They may do nothing with Makegood, {why}."
    if not powers.activated:
        return (
            "They may look up orders; more than that nobody may yet, as the actions are not "
            f"activated.{admin}"
        )
    titles = [inert(ACTIONS[name].title) for name in powers.actions]
    also = f" and do: {', '.join(titles)}" if titles else ", and do nothing with them"
    approves = " They may approve what others ask for." if powers.is_approver else ""
    return f"They may look up orders{also}.{approves}{admin}"


def nobody_words(entry: Entry, channel_id: str, why: Mapping[str, str]) -> str:
    """Return that nobody can decide a request, why, and what to do about it."""
    return (
        f":rotating_light: *Nobody can approve this now: {_request(entry)}*, asked by "
        f"{mention(entry.actor_id)}.\n{cannot_words(why, channel_id)}{_over(entry)}"
    )


def cannot_words(why: Mapping[str, str], channel_id: str) -> str:
    """Return why nobody can approve: `why` says it of each approver who is set."""
    said = _reasons(why) or "There is nobody else who may approve"
    return f"{said}. {WAYS_OUT.format(mention_channel(channel_id))}"


def reasons_line(before: str, why: Mapping[str, str]) -> str:
    """Return people with why each of them cannot, as mrkdwn; "" for none."""
    reasons = _reasons(why)
    return f"{before}: {reasons}." if reasons else ""


def again_words(entry: Entry, deciders: str, link: str | None) -> str:
    """Return that a request can be decided again, to those who can, named as mrkdwn."""
    return (
        f":raised_hand: *{_request(entry, link)}*, asked by {mention(entry.actor_id)}, waits for "
        f"approval. {deciders}: please decide.{_over(entry)}"
    )


def reminder_words(entry: Entry, deciders: str, link: str | None) -> str:
    """Return a reminder of what still waits, to those who can decide, named as mrkdwn."""
    who = f"{deciders}: please decide." if deciders else "Please decide."
    return (
        f":hourglass_flowing_sand: *Still waiting for approval: {_request(entry, link)}*, asked by "
        f"{mention(entry.actor_id)}. {who}{_over(entry)}"
    )


def names(users: Sequence[str]) -> str:
    """Return people as mentions: "A, B or C"."""
    shown = [mention(user) for user in users[:SHOWN]]
    if len(users) > SHOWN:
        shown.append(f"{len(users) - SHOWN} others")
    return one_of(shown)


def shared_words(trouble: str, channel_id: str) -> str:
    """Return that the audit channel lets nobody act any more."""
    shown = mention_channel(channel_id)
    if trouble == "shared":
        return (
            f":rotating_light: *{shown} is shared with another organisation, so nobody can use "
            "Makegood now.* Its people could read every order here. It goes on when the sharing "
            "ends, or when an admin chooses another audit channel in the Home tab."
        )
    if trouble == "archived":
        return (
            f":rotating_light: *{shown} is archived, so nobody can use Makegood now.* It goes on "
            "when the channel is opened again, or when an admin chooses another audit channel in "
            "the Home tab."
        )
    return (
        f":rotating_light: *Makegood is not in {shown} any more, so nobody can use it now.* "
        "Write /invite @Makegood there; or an admin chooses another audit channel in the Home "
        "tab."
    )


def again_usable_words(was: str, channel_id: str) -> str:
    """Return that the audit channel, which had this trouble, lets its members act again."""
    shown = mention_channel(channel_id)
    if was == "shared":
        return f"*{shown} is the team's alone again*, so its members can use Makegood."
    if was == "archived":
        return f"*{shown} is open again*, so its members can use Makegood."
    return f"*Makegood is in {shown} again*, so its members can use it."


def over_words(trouble: str, channel_id: str) -> str:
    """Return what becomes of an alarm once it is over, also where the channel is another one."""
    shown = mention_channel(channel_id)
    if trouble == "archived":
        return f"*{shown} was archived, so nobody could use Makegood.* It can be used again."
    return f"*Makegood was not in {shown}, so nobody could use it.* It can be used again."


def _reasons(why: Mapping[str, str]) -> str:
    return "; ".join(f"{mention(user)} {reason}" for user, reason in list(why.items())[:SHOWN])


def _request(entry: Entry, link: str | None = None) -> str:
    what = typed(describe_request(entry))
    what = in_mid_sentence(what)
    return f"<{link}|{what}>" if link else what


def _over(entry: Entry) -> str:
    if entry.held_until is None:
        return ""
    return f" It expires {date(entry.held_until, time=True)}; nothing is sent then."


def _added_by(inviter: str | None) -> str:
    return f", added by {mention(inviter)}" if inviter else ""


def _listed(lines: Sequence[str], count: int) -> str:
    more = [f"… and {count - len(lines)} more."] if count > len(lines) else []
    return ":busts_in_silhouette: " + "\n".join([*lines, *more])
