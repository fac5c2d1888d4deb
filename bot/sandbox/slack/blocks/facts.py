"""Block Kit's facts: what exists, where it may stand, which fields it takes and how long they are.

As Slack documents them for 2026. Where accounts differ the narrower limit stands here, so that what
this workspace accepts is accepted by Slack.
"""

from __future__ import annotations

MESSAGE, MODAL, HOME = "message", "modal", "home"
_EVERYWHERE = frozenset({MESSAGE, MODAL, HOME})
_MESSAGE = frozenset({MESSAGE})

MAX_BLOCKS = {MESSAGE: 50, MODAL: 100, HOME: 100}
MAX_ID = 255
MAX_PRIVATE_METADATA = 3000
MAX_VIEW_LABEL = 24
MAX_VIEW_BYTES = 250_000
MAX_POST_TEXT = 40_000
MAX_BLOCKS_TEXT = 13_200  # over all blocks of a message; reported, not documented
MAX_UPDATE_TEXT = 4_000
MAX_OPTIONS = 100
MAX_OPTION_TEXT = 75
MAX_OPTION_VALUE = 150

BLOCK_SURFACES: dict[str, frozenset[str]] = {
    "actions": _EVERYWHERE,
    "alert": frozenset({MODAL}),
    "card": frozenset({MESSAGE, HOME}),  # reported not to show in modals although listed for them
    "carousel": frozenset({MESSAGE, HOME}),
    "container": _MESSAGE,
    "context": _EVERYWHERE,
    "context_actions": _MESSAGE,
    "data_table": _MESSAGE,  # reported not to show in Home although listed for it; so is table
    "data_visualization": _MESSAGE,
    "divider": _EVERYWHERE,
    "header": _EVERYWHERE,
    "image": _EVERYWHERE,
    "input": _EVERYWHERE,
    "markdown": _MESSAGE,
    "plan": _MESSAGE,
    "rich_text": _EVERYWHERE,
    "section": _EVERYWHERE,
    "table": _MESSAGE,
    "task_card": _MESSAGE,
    "video": _EVERYWHERE,
}

# Fields beside type and block_id. Blocks that are not listed are checked for their surface only.
BLOCK_FIELDS: dict[str, frozenset[str]] = {
    "actions": frozenset({"elements"}),
    "alert": frozenset({"text", "level"}),
    "context": frozenset({"elements"}),
    "divider": frozenset(),
    "header": frozenset({"text", "level"}),
    "image": frozenset({"image_url", "slack_file", "alt_text", "title"}),
    "input": frozenset({"label", "element", "hint", "optional", "dispatch_action"}),
    "markdown": frozenset({"text"}),
    "rich_text": frozenset({"elements"}),
    "section": frozenset({"text", "fields", "accessory", "expand"}),
}

ALERT_LEVELS = frozenset({"default", "info", "warning", "error", "success"})
STYLES = frozenset({"primary", "danger"})

_SINGLE = ("static", "external", "users", "conversations", "channels")
SINGLE_SELECTS = frozenset(f"{kind}_select" for kind in _SINGLE)
MULTI_SELECTS = frozenset(f"multi_{kind}_select" for kind in _SINGLE)
# Those that Slack fills itself.
SLACKS_SELECTS = frozenset(
    f"{many}{kind}_select" for many in ("", "multi_") for kind in _SINGLE[2:]
)
TEXT_INPUTS = frozenset({"plain_text_input", "email_text_input", "url_text_input", "number_input"})
_CHOICES = SINGLE_SELECTS | {"checkboxes", "radio_buttons", "datepicker", "timepicker"}

# Which elements stand in which block.
BLOCK_ELEMENTS: dict[str, frozenset[str]] = {
    "actions": _CHOICES | {"button", "overflow", "datetimepicker", "workflow_button"},
    "section": _CHOICES | MULTI_SELECTS | {"button", "overflow", "image", "workflow_button"},
    "input": _CHOICES
    | MULTI_SELECTS
    | TEXT_INPUTS
    | {"datetimepicker", "file_input", "rich_text_input"},
    "context": frozenset({"image", "plain_text", "mrkdwn"}),
}

ELEMENT_SURFACES: dict[str, frozenset[str]] = {
    "number_input": frozenset({MODAL}),
    "email_text_input": frozenset({MODAL}),
    "url_text_input": frozenset({MODAL}),
    "file_input": frozenset({MODAL}),
    "rich_text_input": frozenset({MODAL, HOME}),
    "datetimepicker": frozenset({MESSAGE, MODAL}),
    "workflow_button": frozenset({MESSAGE}),
}

_INPUT = frozenset({"action_id", "focus_on_load", "placeholder"})
_CHOICE = frozenset({"action_id", "focus_on_load", "confirm"})
_TEXT = _INPUT | {"initial_value", "dispatch_action_config"}
_CONVERSATIONS = _INPUT | {"default_to_current_conversation", "filter", "confirm"}

# Fields beside type. Elements that are not listed are checked for place and action_id only.
ELEMENT_FIELDS: dict[str, frozenset[str]] = {
    "button": frozenset(
        {
            "action_id",
            "text",
            "value",
            "url",
            "style",
            "confirm",
            "accessibility_label",
            "visible_to_user_ids",
            "agent_prompt",
        }
    ),
    "overflow": frozenset({"action_id", "options", "confirm"}),
    "checkboxes": _CHOICE | {"options", "initial_options"},
    "radio_buttons": _CHOICE | {"options", "initial_option"},
    "static_select": _INPUT | {"options", "option_groups", "initial_option", "confirm"},
    "external_select": _INPUT | {"initial_option", "min_query_length", "confirm"},
    "multi_static_select": _INPUT
    | {"options", "option_groups", "initial_options", "max_selected_items", "confirm"},
    "multi_external_select": _INPUT
    | {"initial_options", "min_query_length", "max_selected_items", "confirm"},
    "users_select": _INPUT | {"initial_user", "confirm"},
    "multi_users_select": _INPUT | {"initial_users", "max_selected_items", "confirm"},
    "channels_select": _INPUT | {"initial_channel", "response_url_enabled", "confirm"},
    "multi_channels_select": _INPUT | {"initial_channels", "max_selected_items", "confirm"},
    "conversations_select": _CONVERSATIONS | {"initial_conversation", "response_url_enabled"},
    "multi_conversations_select": _CONVERSATIONS | {"initial_conversations", "max_selected_items"},
    "plain_text_input": _TEXT | {"multiline", "min_length", "max_length"},
    "number_input": _TEXT | {"is_decimal_allowed", "min_value", "max_value"},
    "email_text_input": _TEXT,
    "url_text_input": _TEXT,
    "datepicker": _INPUT | {"initial_date", "confirm"},
    "timepicker": _INPUT | {"initial_time", "confirm", "timezone"},
    "datetimepicker": _CHOICE | {"initial_date_time"},
}

# How many options an element may have.
ELEMENT_OPTIONS = {
    "overflow": 5,
    "checkboxes": 10,
    "radio_buttons": 10,
    "static_select": MAX_OPTIONS,
    "multi_static_select": MAX_OPTIONS,
}
