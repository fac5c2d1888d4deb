"""Discount codes that no longer work: since when, and by whom. Their messages are drawn anew."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from storage.log.entries import CODE_EXPIRED, CODE_GONE, CODE_OFF, CODE_WORKS, Entry
from storage.log.writing import LogWriting
from storage.values import now, time_text

# The index log_codes has what is still said to work.
_EXPIRED = """
    SELECT
        reference,
        strftime('%Y-%m-%dT%H:%M:%f+00:00', json_extract(request, '$.expires_at'))
    FROM action_log
    WHERE action = 'create_discount_code' AND status = 'succeeded' AND code_over IS NULL
    AND CASE WHEN json_valid(request) THEN julianday(json_extract(request, '$.expires_at')) END
        <= julianday(?)
"""


class EndedCodes(LogWriting):
    """Ends of codes, by the reference of the request that created them."""

    def end_code(
        self, reference: str, over: str, *, at: datetime, actor_id: str | None = None
    ) -> bool:
        """Note that the code no longer works, for one of the CODE_ reasons, known since then.

        `actor_id` is who did it, None where it was found so. False: that is noted already.
        """
        with self._db.atomic():
            entry = self.find(reference)
            if entry is None or entry.code_over == over:
                return False
            self._write(entry, over, at, actor_id)
            return True

    def code_works(self, reference: str, *, at: datetime) -> bool:
        """Note that a code works after all. False: nobody has said otherwise."""
        with self._db.atomic():
            entry = self.find(reference)
            if entry is None or not entry.is_code_over:
                return False
            self._write(entry, CODE_WORKS, at, None)
            return True

    def expire_codes(self, at: datetime) -> int:
        """Note the end of the codes whose time is over by then; return how many those are."""
        found = self._db.execute(_EXPIRED, [time_text(at)]).fetchall()
        for reference, expired_at in found:
            self.end_code(reference, CODE_EXPIRED, at=datetime.fromisoformat(expired_at))
        return len(found)

    def _end_its_code(self, entry: Entry, status: str, outcome: dict[str, Any]) -> None:
        """Note what a request to switch off a code has done to it, or has found."""
        created, at = str(entry.request.get("creation") or ""), now()
        changes = outcome.get("changes") or []
        if not created:
            return
        if any(change["after"] == CODE_GONE for change in changes):
            self.end_code(created, CODE_GONE, at=at)
        elif status == "succeeded":
            # Without a change it was off before.
            self.end_code(created, CODE_OFF, at=at, actor_id=entry.actor_id if changes else None)

    def _write(self, entry: Entry, over: str, at: datetime, actor_id: str | None) -> None:
        self._set(
            entry.reference, code_over=over, code_over_at=time_text(at), code_over_by=actor_id
        )
        detail = {"over": over, "since": time_text(at), "actor_id": actor_id}
        known = {name: value for name, value in detail.items() if value is not None}
        self._note(entry.reference, "code", **known)
        self.draw_anew(entry.reference)
