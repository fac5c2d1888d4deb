from __future__ import annotations

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.errors import Meaning, is_outcome_unknown, meaning, meaning_of


@pytest.mark.parametrize(
    ("method", "code", "expected"),
    [
        ("chat.postMessage", "ratelimited", Meaning.TRANSIENT),
        ("chat.postMessage", "rate_limited", Meaning.TRANSIENT),
        ("chat.postMessage", "message_limit_exceeded", Meaning.TRANSIENT),
        ("chat.postMessage", "503", Meaning.TRANSIENT),
        ("chat.postMessage", "thread_not_found", Meaning.THREAD_GONE),
        ("chat.postMessage", "cannot_reply_to_message", Meaning.THREAD_GONE),
        ("chat.postMessage", "restricted_action_thread_locked", Meaning.THREAD_GONE),
        ("chat.postMessage", "restricted_action_non_threadable_channel", Meaning.THREAD_GONE),
        ("chat.postMessage", "restricted_action_read_only_channel", Meaning.CHANNEL_GONE),
        ("chat.postMessage", "restricted_action_thread_only_channel", Meaning.CHANNEL_GONE),
        ("chat.postMessage", "is_archived", Meaning.CHANNEL_GONE),
        ("chat.postMessage", "ekm_access_denied", Meaning.CHANNEL_GONE),
        ("chat.postMessage", "no_permission", Meaning.CHANNEL_GONE),
        ("chat.postMessage", "access_denied", Meaning.CHANNEL_GONE),
        ("chat.postMessage", "msg_blocks_too_long", Meaning.CONTENT),
        ("chat.postMessage", "metadata_too_large", Meaning.CONTENT),
        ("chat.postMessage", "token_revoked", Meaning.AUTH),
        ("chat.postMessage", "missing_scope", Meaning.AUTH),
        ("chat.postMessage", "invalid_arguments", Meaning.OUR_FAULT),
        ("chat.update", "edit_window_closed", Meaning.MESSAGE_GONE),
        ("chat.update", "cant_update_message", Meaning.MESSAGE_GONE),
        ("chat.update", "is_inactive", Meaning.CHANNEL_GONE),
        ("chat.update", "update_failed", Meaning.TRANSIENT),
        ("chat.postEphemeral", "user_not_in_channel", Meaning.CHANNEL_GONE),
        ("conversations.replies", "thread_not_found", Meaning.THREAD_GONE),
        ("conversations.members", "fetch_members_failed", Meaning.TRANSIENT),
        ("conversations.members", "no_permission", Meaning.AUTH),
        ("views.open", "expired_trigger_id", Meaning.STALE_VIEW),
        ("views.update", "hash_conflict", Meaning.STALE_VIEW),
        ("views.update", "invalid_arguments", Meaning.CONTENT),
        ("views.publish", "not_enabled", Meaning.OUR_FAULT),
        ("response_url", "used_url", Meaning.STALE_VIEW),
        ("response_url", "404", Meaning.STALE_VIEW),
        ("response_url", "429", Meaning.TRANSIENT),
    ],
)
def test_a_code_means_what_slack_documents(method: str, code: str, expected: Meaning) -> None:
    assert meaning(method, code) is expected


def test_a_code_counts_for_the_methods_that_document_it_alone() -> None:
    assert meaning("views.update", "thread_not_found") is Meaning.UNKNOWN


@given(st.text().filter(lambda text: not text.isascii() or " " in text))
def test_whatever_is_not_listed_is_unknown_and_may_have_been_done(code: str) -> None:
    assert meaning("chat.postMessage", code) is Meaning.UNKNOWN
    assert is_outcome_unknown("chat.postMessage", code)


@pytest.mark.parametrize("code", ["fatal_error", "internal_error", "service_unavailable", "502"])
def test_a_breakdown_says_nothing_about_what_was_done(code: str) -> None:
    assert meaning("chat.postMessage", code) is Meaning.TRANSIENT
    assert is_outcome_unknown("chat.postMessage", code)


@pytest.mark.parametrize("code", ["429", "ratelimited", "is_archived", "msg_too_long"])
def test_what_was_refused_was_not_done(code: str) -> None:
    assert not is_outcome_unknown("chat.postMessage", code)


def test_a_failure_on_the_way_passes() -> None:
    assert meaning_of("views.update", aiohttp.ClientOSError()) is Meaning.TRANSIENT
    assert meaning_of("views.update", TimeoutError()) is Meaning.TRANSIENT
