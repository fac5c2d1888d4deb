"""What a form of the configuration page is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from bot.config.configuration import Configuration
from handlers.block_kit.builders import Block
from handlers.desk import Desk
from handlers.settings.forms.fields import Reading
from handlers.settings.names import Wording


@dataclass(frozen=True, slots=True)
class Present:
    """What a form is drawn from, and read against."""

    desk: Desk
    configuration: Configuration
    wording: Wording


class NeedsYes(Exception):
    """The change is right, but has to be confirmed: `text` (mrkdwn) says why, `value` what."""

    def __init__(self, text: str, value: str) -> None:
        super().__init__(text)
        self.text = text
        self.value = value


@dataclass(frozen=True, slots=True)
class Editor:
    """A form for one section or a few.

    `parse` returns section -> plain value; it raises NeedsYes, or notes in the reading what is
    wrong. Its last argument is what was confirmed before.
    """

    title: str
    sections: tuple[str, ...]
    build: Callable[[Present], Awaitable[list[Block]]]
    parse: Callable[[Present, Reading, str], Awaitable[dict[str, Any]]]
    submit: str = "Save"
