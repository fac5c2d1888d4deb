"""Faults to order: what goes wrong next, with which call, and how often."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

from bot.sandbox.control import Refusal
from bot.sandbox.slack.errors import Json
from bot.sandbox.slack.faults.calls import Call

METHOD_KINDS = frozenset({"error", "drop_after", "drop_before", "http_status", "delay", "change"})
DUPLICATE = "duplicate_delivery"
KINDS = METHOD_KINDS | {DUPLICATE}


@dataclass(slots=True)
class Fault:
    """One fault: `match` is a Web API method, or an envelope's payload type, or empty for any.

    `channel`, `user` and `contains` narrow it to calls about that conversation, about that person,
    or with that text in them; the first `skip` of these pass. `after`: the call is carried out
    first, and only its answer goes wrong. `set` and `remove` name fields of a good answer as
    `bot.sandbox.paths` does.
    """

    kind: str
    match: str
    times: int
    error: str = "internal_error"
    status: int = 503
    delay_s: float = 1.0
    retry_after_s: int | None = None
    channel: str = ""
    user: str = ""
    contains: str = ""
    skip: int = 0
    after: bool = False
    set: Json = field(default_factory=dict)
    remove: list[str] = field(default_factory=list)

    def to_json(self) -> Json:
        """Return the fault as the control API shows it."""
        shown: Json = {"kind": self.kind, "times": self.times}
        shown["type" if self.kind == DUPLICATE else "method"] = self.match
        for name in ("channel", "user", "contains", "skip", "after", "set", "remove"):
            if getattr(self, name):
                shown[name] = getattr(self, name)
        return shown

    def concerns(self, call: Call) -> bool:
        """Return whether it is this call that goes wrong."""
        return (
            self.match in {"*", call.method}
            and (not self.channel or self.channel in call.channels)
            and (not self.user or self.user in call.users)
            and self.contains in call.text
        )


_SETTINGS = tuple(
    each.name for each in fields(Fault) if each.name not in {"kind", "match", "times"}
)


class Faults:
    """The faults that are switched on, oldest first."""

    def __init__(self) -> None:
        self.active: list[Fault] = []

    def add(self, order: Json) -> None:
        """Switch a fault on, or raise Refusal when it is not known."""
        kind = str(order.get("kind", ""))
        if kind not in KINDS:
            raise Refusal("unknown_fault", kinds=sorted(KINDS))
        match = str(order.get("type" if kind == DUPLICATE else "method") or "")
        if kind in METHOD_KINDS and not match:
            raise Refusal("method_missing")
        fault = Fault(kind, match, int(order.get("times", 1)))
        for name in _SETTINGS:
            if order.get(name) is not None:
                setattr(fault, name, order[name])
        self.active.append(fault)

    def clear(self) -> None:
        """Switch every fault off."""
        self.active.clear()

    def take(self, call: Call) -> Fault | None:
        """Return the fault for this call, used up by one, or None."""
        for fault in self.active:
            if fault.kind in METHOD_KINDS and fault.concerns(call):
                if fault.skip:
                    fault.skip -= 1
                    continue
                return self._used(fault)
        return None

    def take_duplicate(self, payload_type: str) -> bool:
        """Return whether this envelope is to be delivered twice."""
        for fault in self.active:
            if fault.kind == DUPLICATE and fault.match in {"", payload_type}:
                return self._used(fault) is not None
        return False

    def _used(self, fault: Fault) -> Fault:
        fault.times -= 1
        if fault.times <= 0:
            self.active.remove(fault)
        return fault
