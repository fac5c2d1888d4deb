"""The short form of the campaign: one case or two of each kind, in which nothing departs."""

from __future__ import annotations

from pathlib import Path

from tests.telling.__main__ import run
from tests.telling.options import Options
from tests.telling.report import findings

CASES = (
    "outcome/chat.postMessage/a_code_nobody_has_heard_of/before/once/any",
    "outcome/chat.postMessage/lost/after/once/any",
    "reply/chat.postMessage/restricted_action_thread_locked/before/ever/this",
    "outcome/chat.postMessage/restricted_action_read_only_channel/before/ever/audit",
    "outcome/chat.postMessage/invalid_blocks/before/ever/any",
    "correction/chat.update/edit_window_closed/before/ever/any",
    "approval/chat.postMessage/lost/after/once/any",
    "elsewhere/chat.postMessage/cannot_reply_to_message/before/once/any",
    "code/chat.postMessage/no_permission/after/once/any",
    "code_off/chat.update/update_failed/before/few/any",
    "window/views.open/expired_trigger_id/before/once/any",
    "window_end/views.update/hash_conflict/before/once/any",
    "card/response_url/ok:used_url/before/ever/any",
    "reply/workspace/root_deleted/before/ever/any",
    "elsewhere/workspace/root_deleted_refused/before/ever/any",
    "home/views.publish/internal_error/before/few/any",
)


async def test_everything_is_told_once_whatever_slack_answers(tmp_path: Path) -> None:
    results = await run(Options(cases=CASES, build=tmp_path))

    assert findings(results) == []
    assert len(results) == len(CASES)
