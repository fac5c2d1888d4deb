"""Every error code that Slack documents for a method that the bot calls has a meaning, this one."""

from __future__ import annotations

import pytest

from bot.slack.errors import Meaning, is_outcome_unknown, meaning
from tests.telling.documented import COMMON, OWN, RESPONSE_URL, UNHEARD, codes_of

# What waiting does not help, and what is not gone either: said of the call or of the app.
OURS = {Meaning.OUR_FAULT, Meaning.CONTENT, Meaning.AUTH}
PASSES = """
    fatal_error internal_error org_login_required ratelimited request_timeout service_unavailable
    team_added_to_org
"""
# May it not be said here, it may be elsewhere.
BARRED = "access_denied ekm_access_denied no_permission"
# What is documented as passing, gone or stale; whatever is documented besides is OURS.
ELSE: dict[str, dict[Meaning, str]] = {
    "chat.postMessage": {
        Meaning.TRANSIENT: """
            duplicate_channel_not_found duplicate_message_not_found message_limit_exceeded
            rate_limited
        """,
        Meaning.THREAD_GONE: """
            cannot_reply_to_message restricted_action_non_threadable_channel
            restricted_action_thread_locked thread_not_found
        """,
        Meaning.CHANNEL_GONE: f"""
            {BARRED} cannot_dm_bot channel_not_found is_archived messages_tab_disabled
            not_in_channel restricted_action restricted_action_read_only_channel
            restricted_action_thread_only_channel
        """,
    },
    "chat.update": {
        Meaning.TRANSIENT: """
            external_channel_migrating message_limit_exceeded rate_limited
            streaming_state_conflict unable_to_share_files update_failed
        """,
        Meaning.MESSAGE_GONE: "cant_update_message edit_window_closed message_not_found",
        Meaning.CHANNEL_GONE: f"{BARRED} channel_not_found is_inactive posting_to_channel_denied",
    },
    "chat.postEphemeral": {
        Meaning.TRANSIENT: "message_limit_exceeded",
        Meaning.THREAD_GONE: "cannot_reply_to_message thread_not_found",
        Meaning.CHANNEL_GONE: f"""
            {BARRED} channel_not_found is_archived messages_tab_disabled not_in_channel
            restricted_action user_not_in_channel
        """,
    },
    "chat.getPermalink": {
        Meaning.MESSAGE_GONE: "message_not_found",
        Meaning.CHANNEL_GONE: "channel_not_found",
    },
    "conversations.history": {
        Meaning.TRANSIENT: "invalid_cursor",
        Meaning.CHANNEL_GONE: "channel_is_limited_access channel_not_found not_in_channel",
    },
    "conversations.info": {Meaning.CHANNEL_GONE: "channel_is_limited_access channel_not_found"},
    "conversations.members": {
        Meaning.TRANSIENT: "fetch_members_failed invalid_cursor",
        Meaning.CHANNEL_GONE: "channel_not_found",
    },
    "conversations.open": {
        Meaning.CHANNEL_GONE: """
            cannot_dm_bot channel_not_found invalid_user_combination user_disabled user_not_found
            user_not_visible
        """
    },
    "conversations.replies": {
        Meaning.TRANSIENT: "invalid_cursor list_record_comment_fetch_failed",
        Meaning.THREAD_GONE: "thread_not_found",
        Meaning.CHANNEL_GONE: "channel_not_found",
    },
    "usergroups.list": {Meaning.TRANSIENT: "invalid_cursor"},
    "usergroups.users.list": {Meaning.TRANSIENT: "invalid_cursor"},
    "users.list": {Meaning.TRANSIENT: "invalid_cursor"},
    "views.open": {
        Meaning.STALE_VIEW: """
            duplicate_external_id exchanged_trigger_id expired_trigger_id trigger_exchanged
            trigger_expired
        """
    },
    "views.publish": {Meaning.STALE_VIEW: "duplicate_external_id hash_conflict"},
    "views.update": {Meaning.STALE_VIEW: "duplicate_external_id hash_conflict not_found"},
    RESPONSE_URL: {
        Meaning.STALE_VIEW: "expired_url used_url",
        Meaning.CHANNEL_GONE: "channel_not_found",
    },
}


@pytest.mark.parametrize("method", OWN)
def test_every_documented_code_means_what_is_intended(method: str) -> None:
    passes = {} if method == RESPONSE_URL else dict.fromkeys(PASSES.split(), Meaning.TRANSIENT)
    intended = passes | {
        code: means for means, codes in ELSE.get(method, {}).items() for code in codes.split()
    }
    documented = {*OWN[method], *([] if method == RESPONSE_URL else COMMON)}

    assert intended.keys() <= documented
    assert {code: meaning(method, code) for code in intended} == intended
    for code in documented - intended.keys():
        assert meaning(method, code) in OURS, code


@pytest.mark.parametrize("method", OWN)
def test_a_code_that_nobody_has_heard_of_may_have_been_done(method: str) -> None:
    assert UNHEARD in codes_of(method)
    assert meaning(method, UNHEARD) is Meaning.UNKNOWN
    assert is_outcome_unknown(method, UNHEARD)
