"""What workspaces differ in, or what is not known of Slack: settings of the whole workspace."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Literal, get_args, get_origin, get_type_hints

from bot.sandbox.control import Refusal
from bot.sandbox.slack.errors import Json

DeadRoot = Literal["top_level", "threaded", "refused"]
ErrorShape = Literal["word", "json", "ok_false"]


@dataclass(slots=True)
class Rules:
    """The settings; POST /control/rules changes them.

    `dead_root`: what becomes of a reply to a root that was deleted: it lands in the channel itself
    (as reported), hangs on the tombstone where there is one, or is refused with thread_not_found.
    `edit_window_s`: for how long a message can be edited, None for ever. `token`: the code with
    which the app's bot token is refused, empty while it is good. `response_url_errors`: how an
    error of a response URL is told: a status with a word, JSON with a status, 200 with `ok` false.
    """

    dead_root: DeadRoot = "top_level"
    edit_window_s: float | None = None
    token: str = ""
    response_url_errors: ErrorShape = "word"

    def change(self, given: Json) -> None:
        """Set what is given, or raise Refusal and change nothing."""
        known = {field.name for field in fields(self)}
        if unknown := given.keys() - known:
            raise Refusal("unknown_rule", rules=sorted(unknown), known=sorted(known))
        hints = get_type_hints(type(self))
        for name, value in given.items():
            allowed = get_args(hints[name])
            if get_origin(hints[name]) is Literal and value not in allowed:
                raise Refusal("unknown_value", rule=name, allowed=list(allowed))
        for name, value in given.items():
            setattr(self, name, value)

    def to_json(self) -> Json:
        """Return the settings as they are."""
        return asdict(self)
