"""Faults to order: what goes wrong next, and how often."""

from __future__ import annotations

from dataclasses import dataclass

from bot.sandbox.workspace.errors import Json, Refusal

METHOD_KINDS = frozenset({"error", "drop_after", "drop_before", "http_status", "delay"})
DUPLICATE = "duplicate_delivery"


@dataclass(slots=True)
class Fault:
    """One fault: `match` is a Web API method, or an envelope's payload type, or empty for any."""

    kind: str
    match: str
    times: int
    error: str = "internal_error"
    status: int = 503
    delay_s: float = 1.0
    retry_after_s: int | None = None

    def to_json(self) -> Json:
        """Return the fault as the control API shows it."""
        name = "type" if self.kind == DUPLICATE else "method"
        return {"kind": self.kind, name: self.match, "times": self.times}


class Faults:
    """The faults that are switched on, oldest first."""

    def __init__(self) -> None:
        self.active: list[Fault] = []

    def add(self, order: Json) -> None:
        """Switch a fault on, or raise Refusal when it is not known."""
        kind = str(order.get("kind", ""))
        if kind not in METHOD_KINDS | {DUPLICATE}:
            raise Refusal("unknown_fault", kinds=sorted(METHOD_KINDS | {DUPLICATE}))
        match = str(order.get("type" if kind == DUPLICATE else "method") or "")
        if kind in METHOD_KINDS and not match:
            raise Refusal("method_missing")
        fault = Fault(kind, match, int(order.get("times", 1)))
        for name in ("error", "status", "delay_s", "retry_after_s"):
            if order.get(name) is not None:
                setattr(fault, name, order[name])
        self.active.append(fault)

    def clear(self) -> None:
        """Switch every fault off."""
        self.active.clear()

    def take(self, name: str) -> Fault | None:
        """Return the fault for this Web API method, used up by one, or None."""
        return self._take(name, METHOD_KINDS)

    def take_duplicate(self, payload_type: str) -> bool:
        """Return whether this envelope is to be delivered twice."""
        return self._take(payload_type, frozenset({DUPLICATE})) is not None

    def _take(self, name: str, kinds: frozenset[str]) -> Fault | None:
        for fault in self.active:
            if fault.kind in kinds and fault.match in {"", name}:
                fault.times -= 1
                if fault.times <= 0:
                    self.active.remove(fault)
                return fault
        return None
