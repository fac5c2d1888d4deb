"""What Slack answers to a post to a `response_url`: there is no method, and no one form of it.

Errors were seen as a status with a plain word, as JSON, and as JSON in an answer of status 200.
https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
"""

from __future__ import annotations

import json
import re

METHOD = "response_url"
_WORD = re.compile(r"[a-z][a-z_]{2,60}")


def refusal_of(status: int, body: str) -> str:
    """Return Slack's code for why it took nothing, or the status where it gives none; "": taken."""
    said, number = body.strip(), "unreadable_answer" if status == 200 else str(status)
    try:
        answer = json.loads(said)
    except ValueError:
        answer = None
    if isinstance(answer, dict):
        is_taken = status == 200 and answer.get("ok") is True
        return "" if is_taken else str(answer.get("error") or number)
    if status == 200 and said in {"", "ok"}:
        return ""
    return said if _WORD.fullmatch(said) else number
