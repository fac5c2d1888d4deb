"""How the workspace says no: Slack's error code, with what comes along."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]  # a JSON object, as Slack's API carries it


class SlackError(Exception):
    """A refusal in Slack's shape: `error` is the code, `extra` the further fields of the answer."""

    def __init__(self, error: str, *messages: str, **extra: Any) -> None:
        super().__init__(error)
        self.error = error
        self.extra: Json = dict(extra)
        if messages:
            self.extra["response_metadata"] = {"messages": list(messages)}

    def body(self) -> Json:
        """Return the answer's body."""
        return {"ok": False, "error": self.error, **self.extra}


class RateLimited(SlackError):
    """Too fast: answered as HTTP 429 with `Retry-After` in whole seconds."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__("ratelimited")
        self.retry_after_s = retry_after_s
