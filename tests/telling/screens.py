"""What is looked at besides outcomes and notices: whether what a screen shows is so."""

from __future__ import annotations

from collections.abc import Iterator

from bot.sandbox.bigcommerce.orders.statuses import NAMES
from tests.hostile.audit_codes import all_codes, works
from tests.support.agent import words
from tests.support.looking import button_labels
from tests.telling.expected import FALSE, NOTICES, SILENT, WAITING, Finding
from tests.telling.stage import Stage, kind_of
from tests.telling.states import HOME, NOWHERE

# A message of which Slack says this stays as it is.
FOR_GOOD = {"cant_update_message", "edit_window_closed"}


def root(stage: Stage) -> Iterator[Finding]:
    """The order's root message shows the order as it is, and what runs no more is not shown."""
    if not (roots := stage.roots()):
        return
    unchangeable = stage.world.unchangeable
    kept = [each for each in roots if (stage.channel, each["ts"]) not in unchangeable]
    if len(kept) > 1:
        yield Finding(NOTICES, f"{len(kept)} root messages: {[each['ts'] for each in kept]}")
    is_fixed = stage.case.code in FOR_GOOD and roots[-1] not in kept
    if is_fixed or _cannot_edit(stage):
        return
    shown = words(roots[-1].get("blocks", [])) or roots[-1]["text"]
    name = NAMES[stage.order.status_id]
    if name not in shown:
        yield Finding(FALSE, f"the root does not say {name}: {shown[:200]!r}")
    for word in ("Under way", "On its way", "aits for approval"):
        if word in shown:
            yield Finding(FALSE, f"the root says {word!r}: {shown[:300]!r}")


def decided(stage: Stage) -> Iterator[Finding]:
    """What asked for approval has no buttons any more."""
    if _cannot_edit(stage) or (stage.case.hides and not stage.is_lifted):
        return
    for message in stage.messages():
        if "Request MG-" in message["text"] and button_labels(message):
            yield Finding(FALSE, f"decided, and it still asks: {message['text'][:120]!r}")


def code(stage: Stage) -> Iterator[Finding]:
    """A code that does not work is not offered."""
    if _cannot_edit(stage):
        return
    name = f"SORRY-{stage.order_id}"
    is_on = any(works(each, name) for each in all_codes(stage.world.books))
    for message in stage.messages():
        labels = button_labels(message)
        if not is_on and "Switch it off" in labels:
            yield Finding(FALSE, f"{name} is off, and the message offers it: {labels}")


def window(stage: Stage) -> Iterator[Finding]:
    """No window is left waiting, unless its person was told otherwise how it went on."""
    if _is_mute(stage):
        return
    view = stage.world.modal_of(stage.agent.user)
    if view is not None and kind_of(view) == "loading" and not _messages_to(stage):
        yield Finding(WAITING, repr(words(view["blocks"])[:120]))


def answered(stage: Stage) -> Iterator[Finding]:
    """The person has been shown something: a window, an answer or a direct message."""
    view = stage.world.modal_of(stage.agent.user)
    if (view is None or kind_of(view) == "loading") and not _messages_to(stage):
        yield Finding(SILENT, "neither a window, nor an answer, nor a direct message")


def _messages_to(stage: Stage) -> list[str]:
    """Return what the agent alone has been told since the case began."""
    slack, user = stage.world.slack, stage.agent.user
    answers = [each["message"] for each in slack.ephemerals if each["user"] == user]
    return [
        str(message["text"])
        for message in (*answers, *slack.messages[f"D{user[1:]}"])
        if message["ts"] > stage.began_ts
    ]


def home(stage: Stage) -> Iterator[Finding]:
    """The Home tab is drawn, and shows what there is to show."""
    if stage.case.lasts and not stage.is_lifted:
        return
    view = stage.world.slack.homes.get(stage.agent.user)
    shown = words(view) if view else ""
    if not view or view["hash"] == stage.facts.get("home"):
        yield Finding(SILENT, "the Home tab was not drawn")
    elif "review" in stage.facts and str(stage.order_id) not in shown:
        yield Finding(FALSE, "the Home tab does not show the refund")
    elif "nder way" in shown:
        yield Finding(FALSE, f"the Home tab says that it is under way: {shown[:300]!r}")


def untold(stage: Stage) -> Iterator[Finding]:
    """The Home tab has what could be told nowhere else."""
    if stage.case.lasts and not stage.is_lifted:
        return
    shown = words(stage.world.slack.homes.get(stage.agent.user) or {})
    if not all(each in shown for each in stage.references()):
        yield Finding(SILENT, f"the Home tab does not tell the refund: {shown[:300]!r}")


def _cannot_edit(stage: Stage) -> bool:
    """Whether nothing can be corrected for now."""
    if stage.is_lifted:
        return False
    if stage.state is not None:
        return not stage.state.can_edit
    return stage.case.method == "chat.update" and stage.case.lasts


def _is_mute(stage: Stage) -> bool:
    """Whether nobody can be told anything for now."""
    return stage.state is not None and not stage.is_lifted and stage.state.floor in {HOME, NOWHERE}
