"""What the workspace takes from a manifest."""

from __future__ import annotations

import pytest

from bot.sandbox.slack.manifest import MessageShortcut, SlashCommand, read_manifest


def test_what_the_app_has_is_read_from_it() -> None:
    manifest = read_manifest(
        """
        # Pasted at api.slack.com/apps.
        display_information: {name: "Fern #1"}
        features:
          app_home: {home_tab_enabled: true, messages_tab_enabled: false}
          shortcuts:
            - {name: Order actions, type: message, callback_id: orders, description: Find orders}
            - {name: New, type: global, callback_id: new}
          slash_commands:
            - command: /order
              description: "Find: an order"
              usage_hint: "[number | help]"
            - command: /plain
        oauth_config:
          scopes:
            bot:
              - chat:write # to tell
              - users:read
        settings:
          event_subscriptions: {bot_events: [app_home_opened]}
        """
    )

    assert manifest.name == "Fern #1"
    assert manifest.commands == (
        SlashCommand("/order", "Find: an order", "[number | help]"),
        SlashCommand("/plain"),
    )
    assert manifest.shortcuts == (MessageShortcut("Order actions", "orders", "Find orders"),)
    assert manifest.scopes == ("chat:write", "users:read")
    assert manifest.events == ("app_home_opened",)
    assert (manifest.home_tab, manifest.messages_tab) == (True, False)


def test_what_is_not_listed_is_not_granted() -> None:
    manifest = read_manifest("features:\nsettings: {}\n")

    assert (manifest.commands, manifest.shortcuts) == ((), ())
    assert (manifest.scopes, manifest.events) == ((), ())
    assert (manifest.home_tab, manifest.messages_tab) == (False, False)


def test_it_may_be_json() -> None:
    assert read_manifest('{"display_information": {"name": "Fern"}}').name == "Fern"


@pytest.mark.parametrize("text", ["", "just words", "- a list", "a: [1", "a: b: c"])
def test_what_is_no_manifest_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="manifest is not"):
        read_manifest(text)
