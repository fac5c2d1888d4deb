"""Block Kit builders that keep Slack's limits, so that no view is refused for its length.

Limits: docs.slack.dev/reference/block-kit. `text` arguments named `mrkdwn` are markup and must be
made with `handlers.block_kit.mrkdwn`; all others are shown as they are. slack_sdk's models check
lengths, and raise; here what is too long is cut where it may be, so that no odd name keeps an order
from view.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from handlers.block_kit.mrkdwn import clean, shorten, without_emoji

Block = dict[str, Any]
Option = dict[str, Any]


def plain(text: str, limit: int) -> dict[str, Any]:
    """Return a plain_text object, in which codes show no emoji; Slack refuses an empty one."""
    shown = without_emoji(clean(text, limit=limit))
    return {"type": "plain_text", "text": shown or "–", "emoji": True}


def markup(mrkdwn: str, limit: int) -> dict[str, Any]:
    """Return a mrkdwn object; Slack refuses an empty one.

    Verbatim: Slack makes no links, channels or mentions of its own out of what somebody typed.
    """
    return {"type": "mrkdwn", "text": shorten(mrkdwn, limit) or "–", "verbatim": True}


def section(mrkdwn: str, *, accessory: Block | None = None, block_id: str | None = None) -> Block:
    """Return a paragraph."""
    block: Block = {"type": "section", "text": markup(mrkdwn, 3000)}
    return _with(block, accessory=accessory, block_id=block_id)


def paragraphs(rows: Sequence[str]) -> list[Block]:
    """Return rows of mrkdwn one below the other, in as many blocks as they need; none is cut."""
    blocks: list[list[str]] = []
    for row in rows:
        if not blocks or len("\n".join([*blocks[-1], row])) > 3000:
            blocks.append([])
        blocks[-1].append(row)
    return [section("\n".join(block)) for block in blocks]


def facts(pairs: Iterable[tuple[str, str]]) -> list[Block]:
    """Return label-and-value pairs (both mrkdwn) in two columns, ten to a section."""
    fields = [markup(f"*{label}*\n{value}", 2000) for label, value in pairs]
    return [
        {"type": "section", "fields": fields[start : start + 10]}
        for start in range(0, len(fields), 10)
    ]


def header(text: str) -> Block:
    """Return a heading."""
    return {"type": "header", "text": plain(text, 150)}


def context(*mrkdwn: str) -> Block:
    """Return small print."""
    return {"type": "context", "elements": [markup(text, 2000) for text in mrkdwn[:10]]}


def divider() -> Block:
    """Return a line."""
    return {"type": "divider"}


def alert(mrkdwn: str, *, level: str = "warning") -> Block:
    """Return a notice that stands out (modals only). Level: info, warning, error, success."""
    return {
        "type": "alert",
        "level": level,
        "text": markup(mrkdwn, 3000),
    }


def actions(elements: Sequence[Block], *, block_id: str | None = None) -> Block:
    """Return a row of buttons."""
    return _with({"type": "actions", "elements": list(elements)[:25]}, block_id=block_id)


def button(
    text: str,
    action_id: str,
    value: str = "",
    *,
    style: str | None = None,
    url: str | None = None,
    label: str | None = None,
    confirm: Block | None = None,
) -> Block:
    """Return a button; `label` is what a screen reader says when the text is terse.

    `confirm` is a `confirmation` that comes before the click.
    """
    block: Block = {"type": "button", "text": plain(text, 75), "action_id": action_id}
    return _with(
        block,
        value=value[:2000] or None,
        style=style,
        url=url,
        accessibility_label=label and clean(label, limit=75),
        confirm=confirm,
    )


def confirmation(
    title: str, text: str, confirm: str, *, deny: str = "Keep it", style: str = "danger"
) -> Block:
    """Return the question that Slack asks before a button counts; all of it plain text."""
    return {
        "title": plain(title, 100),
        "text": plain(text, 300),
        "confirm": plain(confirm, 30),
        "deny": plain(deny, 30),
        "style": style,
    }


def option(text: str, value: str, description: str = "") -> Option:
    """Return one entry of a select or radio group."""
    entry: Option = {"text": plain(text, 75), "value": value}
    return _with(entry, description=plain(description, 75) if description else None)


def select(
    action_id: str, options: Sequence[Option], *, initial: str | None = None, placeholder: str = ""
) -> Block:
    """Return a drop-down of at most 100 options."""
    block: Block = {"type": "static_select", "action_id": action_id, "options": [*options][:100]}
    return _with(
        block,
        initial_option=_find(options, initial),
        placeholder=plain(placeholder, 150) if placeholder else None,
    )


def radio(action_id: str, options: Sequence[Option], *, initial: str | None = None) -> Block:
    """Return a choice of at most ten."""
    block: Block = {"type": "radio_buttons", "action_id": action_id, "options": [*options][:10]}
    return _with(block, initial_option=_find(options, initial))


def checkboxes(action_id: str, options: Sequence[Option], *, initial: Sequence[str] = ()) -> Block:
    """Return at most ten boxes to tick; `initial` are the values of the ticked ones."""
    block: Block = {"type": "checkboxes", "action_id": action_id, "options": [*options][:10]}
    ticked = [entry for entry in block["options"] if entry["value"] in initial]
    return _with(block, initial_options=ticked or None)


def text_input(
    action_id: str,
    *,
    initial: str = "",
    placeholder: str = "",
    multiline: bool = False,
    max_length: int = 500,
    focus: bool = False,
) -> Block:
    """Return a text field."""
    block: Block = {
        "type": "plain_text_input",
        "action_id": action_id,
        "multiline": multiline,
        "max_length": max_length,
    }
    return _with(
        block,
        initial_value=initial[:max_length] or None,
        placeholder=plain(placeholder, 150) if placeholder else None,
        focus_on_load=focus or None,
    )


def number_input(action_id: str, *, minimum: int, maximum: int, initial: str = "") -> Block:
    """Return a field for a whole number. Slack wants the bounds as strings."""
    block: Block = {
        "type": "number_input",
        "action_id": action_id,
        "is_decimal_allowed": False,
        "min_value": str(minimum),
        "max_value": str(maximum),
    }
    return _with(block, initial_value=initial or None)


def input_block(
    block_id: str,
    label: str,
    element: Block,
    *,
    hint: str = "",
    optional: bool = False,
    dispatch: bool = False,
) -> Block:
    """Return a field with its label."""
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain(label, 2000),
        "element": element,
        "optional": optional,
    }
    return _with(
        block,
        hint=plain(hint, 2000) if hint else None,
        dispatch_action=dispatch or None,
    )


def modal(
    *,
    callback_id: str,
    title: str,
    blocks: Sequence[Block],
    submit: str | None = None,
    close: str = "Close",
    private_metadata: str = "",
    tells_close: bool = False,
) -> dict[str, Any]:
    """Return a modal view; Slack allows 100 blocks and 24 characters for title and buttons.

    `tells_close`: Slack says when somebody closes it.
    """
    view: dict[str, Any] = {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title, 24),
        "close": plain(close, 24),
        "blocks": [*blocks][:100],
        "private_metadata": private_metadata,
    }
    return _with(
        view, submit=plain(submit, 24) if submit else None, notify_on_close=tells_close or None
    )


def _find(options: Sequence[Option], value: str | None) -> Option | None:
    return next((entry for entry in options if entry["value"] == value), None)


def _with(block: Block, **extra: Any) -> Block:
    return block | {key: value for key, value in extra.items() if value is not None}
