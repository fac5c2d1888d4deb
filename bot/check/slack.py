"""Slack: both tokens, the scopes, and the channel where threads are told."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.check.finding import Finding
from bot.check.people import check_people
from bot.config.configuration import Configuration
from bot.config.settings import Settings
from bot.slack.app_manifest import INSTALL_ANEW, missing
from bot.slack.client import scopes_of
from bot.slack.connection import web_client
from bot.slack.errors import error_code, is_passing
from bot.slack.token import INSTALL, fix_of
from handlers.access.person import Installation

TIMEOUT_S = 15
UNREACHABLE = Finding(
    "Slack cannot be reached.", "Check this machine's connection, proxy and SLACK_API_URL."
)
NOT_SLACK = Finding(
    "What answers is not Slack, or Slack is not well.",
    "Check SLACK_API_URL and this machine's proxy; if they are right, check again in a few"
    " minutes.",
)


async def check_slack(settings: Settings, configuration: Configuration) -> AsyncIterator[Finding]:
    """Yield what is found about Slack; stops where nothing more can be found out."""
    async with aiohttp.ClientSession() as session:
        slack = web_client(settings, session, timeout_s=TIMEOUT_S)
        try:
            async for finding in _check(settings, slack, configuration):
                yield finding
        except aiohttp.ClientPayloadError:
            yield NOT_SLACK
        except (aiohttp.ClientError, TimeoutError):
            yield UNREACHABLE
        except SlackApiError as exc:
            yield _trouble(exc)


async def _check(
    settings: Settings, slack: AsyncWebClient, configuration: Configuration
) -> AsyncIterator[Finding]:
    yield await _app_token(settings, slack)
    # https://docs.slack.dev/reference/methods/auth.test
    try:
        me = await slack.auth_test()
    except SlackApiError as exc:
        if is_passing(exc):
            raise
        yield _bot_token_refused(error_code(exc))
        return
    yield Finding(f"Slack bot token: {me['user']} in the workspace {me['team']}.")
    for finding in _scopes(me):
        yield finding
    channel = await _channel(configuration.audit_channel, slack, str(me["user"]))
    yield channel
    if channel.fix:
        return
    installation = Installation(str(me["team_id"]), str(me.get("enterprise_id") or ""))
    async for finding in check_people(slack, installation, configuration):
        yield finding


async def _app_token(settings: Settings, slack: AsyncWebClient) -> Finding:
    # https://docs.slack.dev/reference/methods/apps.connections.open
    token = settings.slack_app_token.get_secret_value()
    try:
        await slack.apps_connections_open(app_token=token)
    except SlackApiError as exc:
        if is_passing(exc):
            raise
        return Finding(
            f"Slack app token refused ({error_code(exc)}).",
            "Make one with the scope connections:write under Basic Information > App-Level Tokens,"
            " switch Socket Mode on, and copy it to SLACK_APP_TOKEN.",
        )
    return Finding("Slack app token: connections can be opened.")


def _bot_token_refused(code: str) -> Finding:
    return Finding(f"Slack bot token refused ({code}).", fix_of(code))


def _scopes(me: AsyncSlackResponse) -> Iterator[Finding]:
    """Compare the scopes that Slack shows with those that are needed; nothing when it shows none.

    https://docs.slack.dev/reference/methods/auth.test: the header comes with every answer.
    """
    granted = scopes_of(me)
    if granted is None:
        return
    lacking = missing(granted)
    for scope in lacking:
        yield Finding(f"Slack scope {scope.name} is missing. {scope.without}", INSTALL_ANEW)
    if not lacking:
        yield Finding("Slack scopes: all there.")


async def _channel(channel_id: str, slack: AsyncWebClient, me: str) -> Finding:
    # https://docs.slack.dev/reference/methods/conversations.info
    try:
        answer = await slack.conversations_info(channel=channel_id)
    except SlackApiError as exc:
        if is_passing(exc):
            raise
        if error_code(exc) == "channel_not_found":
            return Finding(
                f"Slack channel {channel_id} was not found.",
                "Check SLACK_CHANNEL, or the audit channel in Makegood's Home tab; if the channel"
                f" is private, write /invite @{me} in it.",
            )
        is_scope = error_code(exc) == "missing_scope"
        return Finding(
            f"Slack channel {channel_id} could not be read ({error_code(exc)}).",
            "Give the app the scopes channels:read and groups:read."
            if is_scope
            else f"Look at your app under {INSTALL}, or choose another audit channel.",
        )
    channel = answer["channel"]
    name = f"Slack channel #{channel.get('name', channel_id)}"
    if channel.get("is_archived"):
        return Finding(
            f"{name} is archived, so nobody can use Makegood.", "Unarchive it, or choose another."
        )
    if channel.get("is_ext_shared") or channel.get("is_pending_ext_shared"):
        return Finding(
            f"{name} is shared with another organisation, so nobody can use Makegood.",
            "End the sharing, or choose another channel in Makegood's Home tab.",
        )
    if not channel.get("is_member"):
        return Finding(f"{name}: {me} is not a member.", f"Write /invite @{me} in it.")
    if channel.get("is_private"):
        return Finding(f"{name}: private, {me} is a member.")
    return Finding(
        f"{name}: {me} is a member. It is public: whoever joins it may refund and cancel orders."
    )


def _trouble(exc: SlackApiError) -> Finding:
    said = f"Slack is not well or busy ({error_code(exc)})."
    return Finding(said, "Check again in a few minutes.")
