"""What each of Slack's errors means, per method: the one place that knows.

From the error tables on the methods' pages, https://docs.slack.dev/reference/methods, which are
open-ended: a code that is not in them is UNKNOWN, whatever it sounds like.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import aiohttp
from slack_sdk.errors import SlackApiError

TOO_MANY = 429
# What calls of Slack raise: it refused, or no answer came that is one.
SLACK_ERRORS = (SlackApiError, aiohttp.ClientError, TimeoutError)


class Meaning(StrEnum):
    """What an error says about trying the same again, and about where to go instead.

    TRANSIENT passes. MESSAGE_GONE, THREAD_GONE and CHANNEL_GONE: it cannot be said there any more.
    CONTENT: what was sent is refused as it is. AUTH: the token, its scopes, or what administrators
    allow the app. OUR_FAULT: the call is wrong. STALE_VIEW: the view or the trigger is out of date.
    """

    TRANSIENT = "transient"
    MESSAGE_GONE = "message_gone"
    THREAD_GONE = "thread_gone"
    CHANNEL_GONE = "channel_gone"
    CONTENT = "content"
    AUTH = "auth"
    OUR_FAULT = "our_fault"
    STALE_VIEW = "stale_view"
    UNKNOWN = "unknown"


Table = Mapping[Meaning, str]

# The part that the pages of all methods share, and what old pages listed.
_ANY_METHOD: Table = {
    Meaning.TRANSIENT: """
        fatal_error internal_error org_login_required rate_limited ratelimited request_timeout
        service_unavailable team_added_to_org
    """,
    Meaning.AUTH: """
        access_denied accesslimited account_inactive ekm_access_denied enterprise_is_restricted
        invalid_auth is_bot missing_scope no_permission not_allowed_token_type not_authed
        team_access_not_granted token_expired token_revoked two_factor_setup_required
    """,
    Meaning.OUR_FAULT: """
        deprecated_endpoint invalid_arg_name invalid_arguments invalid_array_arg invalid_charset
        invalid_form_data invalid_json invalid_post_type json_not_object method_deprecated
        missing_charset missing_post_type superfluous_charset unknown_method upgrade_required
    """,
}
# Of messages: said of one channel it need not be so of the next place.
_NOT_HERE = "access_denied ekm_access_denied no_permission"
_CONTENT = """
    invalid_attachments invalid_blocks invalid_blocks_format markdown_text_conflict msg_too_long
    no_text too_many_attachments
"""
_METADATA = """
    invalid_metadata_format invalid_metadata_schema metadata_must_be_sent_from_app
    metadata_too_large
"""
_CONNECT_CONTENT = """
    slack_connect_canvas_sharing_blocked slack_connect_file_link_sharing_blocked
    slack_connect_lists_sharing_blocked
"""
_TRIGGER = "exchanged_trigger_id expired_trigger_id trigger_exchanged trigger_expired"
# A view that breaks a rule is refused as a wrong argument.
_VIEW = "invalid_arguments view_too_large"

# What single methods say besides, or mean by a shared code.
_BY_METHOD: Mapping[str, Table] = {
    "auth.test": {},
    "apps.connections.open": {
        Meaning.AUTH: "forbidden_team missing_args",
        Meaning.OUR_FAULT: "insecure_request",
    },
    "chat.postMessage": {
        Meaning.TRANSIENT: """
            duplicate_channel_not_found duplicate_message_not_found message_limit_exceeded
        """,
        Meaning.THREAD_GONE: """
            cannot_reply_to_message restricted_action_non_threadable_channel
            restricted_action_thread_locked thread_not_found
        """,
        Meaning.CHANNEL_GONE: f"""
            {_NOT_HERE} cannot_dm_bot channel_not_found is_archived messages_tab_disabled
            not_in_channel restricted_action restricted_action_read_only_channel
            restricted_action_thread_only_channel
        """,
        Meaning.CONTENT: f"""
            {_CONTENT} {_METADATA} {_CONNECT_CONTENT} attachment_payload_limit_exceeded
            missing_file_data msg_blocks_too_long too_many_contact_cards
        """,
        Meaning.AUTH: "app_access_restricted",
        Meaning.OUR_FAULT: """
            as_user_not_supported draft_already_deleted draft_already_sent draft_has_conflict
            draft_not_found send_on_behalf_not_allowed team_not_found
        """,
    },
    "chat.update": {
        Meaning.TRANSIENT: """
            external_channel_migrating message_limit_exceeded streaming_state_conflict
            unable_to_share_files update_failed
        """,
        Meaning.MESSAGE_GONE: "cant_update_message edit_window_closed message_not_found",
        # Posting to an archived channel is refused with is_archived, editing with is_inactive.
        Meaning.CHANNEL_GONE: f"""
            {_NOT_HERE} channel_not_found is_inactive posting_to_channel_denied
        """,
        Meaning.CONTENT: f"""
            {_CONTENT} {_METADATA} block_mismatch slack_connect_canvas_sharing_blocked
            slack_connect_file_link_sharing_blocked
        """,
        Meaning.OUR_FAULT: """
            as_user_not_supported blocked_file_type cant_broadcast_message file_deleted
            file_is_deleted file_not_found file_share_limit_reached max_file_sharing_exceeded
            no_dual_broadcast_content_update slack_connect_blocked_file_type
            slack_connect_clip_sharing_blocked slack_connect_file_upload_sharing_blocked
            team_not_found
        """,
    },
    "chat.postEphemeral": {
        Meaning.TRANSIENT: "message_limit_exceeded",
        Meaning.THREAD_GONE: "cannot_reply_to_message thread_not_found",
        Meaning.CHANNEL_GONE: f"""
            {_NOT_HERE} channel_not_found is_archived messages_tab_disabled not_in_channel
            restricted_action user_not_in_channel
        """,
        Meaning.CONTENT: _CONTENT,
    },
    "chat.getPermalink": {
        Meaning.MESSAGE_GONE: "message_not_found",
        Meaning.CHANNEL_GONE: "channel_not_found",
    },
    "conversations.info": {Meaning.CHANNEL_GONE: "channel_is_limited_access channel_not_found"},
    "conversations.members": {
        Meaning.TRANSIENT: "fetch_members_failed invalid_cursor",
        Meaning.CHANNEL_GONE: "channel_not_found",
        Meaning.OUR_FAULT: "invalid_limit method_not_supported_for_channel_type",
    },
    "conversations.history": {
        Meaning.TRANSIENT: "invalid_cursor",
        Meaning.CHANNEL_GONE: "channel_is_limited_access channel_not_found not_in_channel",
        Meaning.OUR_FAULT: "invalid_metadata_filter_keys invalid_ts_latest invalid_ts_oldest",
    },
    "conversations.replies": {
        Meaning.TRANSIENT: "invalid_cursor list_record_comment_fetch_failed",
        Meaning.THREAD_GONE: "thread_not_found",
        Meaning.CHANNEL_GONE: "channel_not_found",
        Meaning.OUR_FAULT: """
            invalid_metadata_filter_keys invalid_ts_latest invalid_ts_oldest
            method_not_supported_for_channel_type
        """,
    },
    "conversations.open": {
        Meaning.CHANNEL_GONE: """
            cannot_dm_bot channel_not_found invalid_user_combination user_disabled user_not_found
            user_not_visible
        """,
        Meaning.OUR_FAULT: """
            method_not_supported_for_channel_type not_enough_users too_many_users
            users_list_not_supplied
        """,
    },
    "users.info": {Meaning.OUR_FAULT: "too_many_users user_not_found user_not_visible"},
    "users.list": {
        Meaning.TRANSIENT: "invalid_cursor",
        Meaning.OUR_FAULT: "invalid_limit limit_required missing_argument",
    },
    "usergroups.list": {
        Meaning.TRANSIENT: "invalid_cursor",
        Meaning.OUR_FAULT: """
            invalid_team missing_argument plan_upgrade_required user_is_bot user_is_restricted
            users_not_found
        """,
    },
    "usergroups.users.list": {
        Meaning.TRANSIENT: "invalid_cursor",
        Meaning.OUR_FAULT: """
            no_such_subteam plan_upgrade_required user_is_bot user_is_restricted
        """,
    },
    "views.open": {
        Meaning.STALE_VIEW: f"duplicate_external_id {_TRIGGER}",
        Meaning.CONTENT: _VIEW,
        Meaning.OUR_FAULT: "invalid_trigger_id",
    },
    "views.update": {
        Meaning.STALE_VIEW: "duplicate_external_id hash_conflict not_found",
        Meaning.CONTENT: _VIEW,
    },
    "views.publish": {
        Meaning.STALE_VIEW: "duplicate_external_id hash_conflict",
        Meaning.CONTENT: _VIEW,
        Meaning.OUR_FAULT: "missing_profile_id not_enabled not_implemented",
    },
    # No method, but answered like one. 404 and 410: the address is dead.
    "response_url": {
        Meaning.STALE_VIEW: "404 410 expired_url used_url",
        Meaning.CHANNEL_GONE: "channel_not_found",
        Meaning.CONTENT: "invalid_blocks invalid_payload no_text",
    },
}
# "Some aspect of the operation may have succeeded", say the pages of the first two; that nothing
# has been done when the service was unavailable, no page says.
_PERHAPS_DONE = frozenset({"fatal_error", "internal_error", "service_unavailable"})


def _codes(table: Table) -> dict[str, Meaning]:
    return {code: meaning for meaning, codes in table.items() for code in codes.split()}


_SHARED = _codes(_ANY_METHOD)
_TABLES = {method: _SHARED | _codes(table) for method, table in _BY_METHOD.items()}


def meaning(method: str, code: str) -> Meaning:
    """Return what a code of a method means; an HTTP status counts as a code. Never raises."""
    known = _TABLES.get(method, _SHARED).get(code)
    if known is None and _is_passing_status(code):
        return Meaning.TRANSIENT
    return known or Meaning.UNKNOWN


def is_outcome_unknown(method: str, code: str) -> bool:
    """Tell whether a write may have been done although it was answered with this code.

    So it is with whatever is not listed: look before the same is written once more.
    """
    if code in _PERHAPS_DONE or (code.startswith("5") and _is_passing_status(code)):
        return True
    return meaning(method, code) is Meaning.UNKNOWN


def error_code(error: Exception) -> str:
    """Return Slack's code, else the HTTP status, else the kind of failure; never any content."""
    if not isinstance(error, SlackApiError):
        return type(error).__name__
    data = error.response.data  # an answer that is no JSON is handed on as text
    code = data.get("error") if isinstance(data, dict) else None
    return str(code or error.response.status_code)


def meaning_of(method: str, error: Exception) -> Meaning:
    """Return what one of SLACK_ERRORS means; a failure on the way passes."""
    if isinstance(error, SlackApiError):
        return meaning(method, error_code(error))
    return Meaning.TRANSIENT


def is_passing(error: SlackApiError) -> bool:
    """Tell whether an error of whichever method is known to pass."""
    method = error.response.api_url.rpartition("/")[2]
    return meaning(method, error_code(error)) is Meaning.TRANSIENT


def retry_after_s(error: Exception) -> float | None:
    """Return how long Slack says to wait before this method is called again, None: it does not."""
    if not isinstance(error, SlackApiError) or error.response.status_code != TOO_MANY:
        return None
    try:
        return max(0.0, float(error.response.headers.get("Retry-After", "1")))
    except ValueError:
        return 1.0


def _is_passing_status(code: str) -> bool:
    return code == str(TOO_MANY) or (len(code) == 3 and code.isdigit() and code.startswith("5"))
