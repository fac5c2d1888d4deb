"""Whether Slack takes the bot's token, by what it answers, and what to do where it does not."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping

from slack_sdk.errors import SlackApiError

from bot.slack.client import WebClient
from bot.slack.errors import SLACK_ERRORS, error_code

# An answer counts for so long; then Slack is asked.
COUNTS_S = 30.0
INSTALL = "api.slack.com/apps > your app > OAuth & Permissions"
COPY_AGAIN = f"Copy SLACK_BOT_TOKEN again from {INSTALL}."
INSTALL_AGAIN = f"Install the app again under {INSTALL} and copy the new SLACK_BOT_TOKEN."
# What says that the token itself is no good, by what to do. Not a scope, and not a single call.
# https://docs.slack.dev/reference/methods/auth.test
FIXES: Mapping[str, str] = {
    "invalid_auth": COPY_AGAIN,
    "not_authed": COPY_AGAIN,
    "not_allowed_token_type": COPY_AGAIN,
    "token_revoked": INSTALL_AGAIN,
    "token_expired": INSTALL_AGAIN,
    "account_inactive": INSTALL_AGAIN,
    "team_access_not_granted": INSTALL_AGAIN,
}


def fix_of(code: str) -> str:
    """Return what to do about a bot token that was refused with this code."""
    return FIXES.get(code, f"Look at your app under {INSTALL}.")


async def token_trouble(*clients: WebClient) -> str:
    """Return that the token is refused, with what to do; "" where it is taken, or nobody knows."""
    answered_at = max(client.answered_at for client in clients)
    is_refused = any(client.refused in FIXES for client in clients)
    if is_refused or time.monotonic() - answered_at > COUNTS_S:
        try:
            await asyncio.gather(*(client.auth_test() for client in clients))
        except SlackApiError as error:
            code = error_code(error)
            return f"the bot token is refused ({code}). {FIXES[code]}" if code in FIXES else ""
        except SLACK_ERRORS:
            return ""  # the connections tell of that
    return ""
