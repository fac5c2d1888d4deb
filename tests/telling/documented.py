"""Slack's methods that the bot calls, and every error code that Slack documents for each.

As the method pages name them; what a code means, and what is to be done about it, is the bot's
own affair. UNHEARD is a code that no page names: the tables are open-ended.
"""

from __future__ import annotations

UNHEARD = "a_code_nobody_has_heard_of"
RESPONSE_URL = "response_url"

# Of every method.
COMMON = [
    "access_denied",
    "accesslimited",
    "account_inactive",
    "deprecated_endpoint",
    "ekm_access_denied",
    "enterprise_is_restricted",
    "fatal_error",
    "internal_error",
    "invalid_arg_name",
    "invalid_arguments",
    "invalid_array_arg",
    "invalid_auth",
    "invalid_charset",
    "invalid_form_data",
    "invalid_post_type",
    "is_bot",
    "method_deprecated",
    "missing_post_type",
    "missing_scope",
    "no_permission",
    "not_allowed_token_type",
    "not_authed",
    "org_login_required",
    "ratelimited",
    "request_timeout",
    "service_unavailable",
    "team_access_not_granted",
    "team_added_to_org",
    "token_expired",
    "token_revoked",
    "two_factor_setup_required",
    "unknown_method",
]

# Of single methods, besides those.
OWN = {
    name: codes.split()
    for name, codes in {
        "auth.test": "",
        "apps.connections.open": """
            forbidden_team insecure_request missing_args
        """,
        "chat.postMessage": """
            app_access_restricted as_user_not_supported attachment_payload_limit_exceeded
            cannot_dm_bot cannot_reply_to_message channel_not_found draft_already_deleted
            draft_already_sent draft_has_conflict draft_not_found duplicate_channel_not_found
            duplicate_message_not_found invalid_blocks invalid_blocks_format
            invalid_metadata_format invalid_metadata_schema is_archived markdown_text_conflict
            message_limit_exceeded messages_tab_disabled metadata_must_be_sent_from_app
            metadata_too_large missing_file_data msg_blocks_too_long msg_too_long no_text
            not_in_channel rate_limited restricted_action
            restricted_action_non_threadable_channel restricted_action_read_only_channel
            restricted_action_thread_locked restricted_action_thread_only_channel
            send_on_behalf_not_allowed slack_connect_canvas_sharing_blocked
            slack_connect_file_link_sharing_blocked slack_connect_lists_sharing_blocked
            team_not_found thread_not_found too_many_attachments too_many_contact_cards
        """,
        "chat.postEphemeral": """
            cannot_reply_to_message channel_not_found invalid_attachments invalid_blocks
            invalid_blocks_format is_archived markdown_text_conflict message_limit_exceeded
            messages_tab_disabled msg_too_long no_text not_in_channel restricted_action
            thread_not_found too_many_attachments user_not_in_channel
        """,
        "chat.update": """
            as_user_not_supported block_mismatch blocked_file_type cant_broadcast_message
            cant_update_message channel_not_found edit_window_closed external_channel_migrating
            file_deleted file_is_deleted file_not_found file_share_limit_reached
            invalid_attachments invalid_blocks invalid_blocks_format invalid_metadata_format
            invalid_metadata_schema is_inactive markdown_text_conflict max_file_sharing_exceeded
            message_limit_exceeded message_not_found metadata_must_be_sent_from_app
            metadata_too_large msg_too_long no_dual_broadcast_content_update no_text
            posting_to_channel_denied rate_limited slack_connect_blocked_file_type
            slack_connect_canvas_sharing_blocked slack_connect_clip_sharing_blocked
            slack_connect_file_link_sharing_blocked slack_connect_file_upload_sharing_blocked
            streaming_state_conflict team_not_found too_many_attachments unable_to_share_files
            update_failed
        """,
        "chat.getPermalink": """
            channel_not_found message_not_found
        """,
        "conversations.history": """
            channel_is_limited_access channel_not_found invalid_cursor
            invalid_metadata_filter_keys invalid_ts_latest invalid_ts_oldest not_in_channel
        """,
        "conversations.info": """
            channel_is_limited_access channel_not_found
        """,
        "conversations.members": """
            channel_not_found fetch_members_failed invalid_cursor invalid_limit
            method_not_supported_for_channel_type
        """,
        "conversations.open": """
            cannot_dm_bot channel_not_found invalid_user_combination
            method_not_supported_for_channel_type not_enough_users too_many_users user_disabled
            user_not_found user_not_visible users_list_not_supplied
        """,
        "conversations.replies": """
            channel_not_found invalid_cursor invalid_metadata_filter_keys invalid_ts_latest
            invalid_ts_oldest list_record_comment_fetch_failed
            method_not_supported_for_channel_type thread_not_found
        """,
        "usergroups.list": """
            invalid_cursor invalid_team missing_argument plan_upgrade_required user_is_bot
            user_is_restricted users_not_found
        """,
        "usergroups.users.list": """
            invalid_cursor no_such_subteam plan_upgrade_required user_is_bot user_is_restricted
        """,
        "users.list": """
            invalid_cursor invalid_limit limit_required missing_argument
        """,
        "users.info": """
            too_many_users user_not_found user_not_visible
        """,
        "views.open": """
            duplicate_external_id exchanged_trigger_id expired_trigger_id invalid_trigger_id
            trigger_exchanged trigger_expired view_too_large
        """,
        "views.publish": """
            duplicate_external_id hash_conflict missing_profile_id not_enabled not_implemented
            view_too_large
        """,
        "views.update": """
            duplicate_external_id hash_conflict not_found view_too_large
        """,
    }.items()
}
# A response URL has no method page; these words were seen or follow from incoming webhooks.
OWN[RESPONSE_URL] = [
    "channel_not_found",
    "expired_url",
    "invalid_blocks",
    "invalid_payload",
    "no_text",
    "used_url",
]


def codes_of(method: str) -> list[str]:
    """Return every documented code of a method, and the one that is not."""
    if method == RESPONSE_URL:
        return [*OWN[method], UNHEARD]
    return [*sorted({*COMMON, *OWN[method]}), UNHEARD]
