"""An admin at the Home tab: presses its buttons by what they are for."""

from __future__ import annotations

from typing import Any

from bot.config.configuration import Configuration
from tests.support.agent import Agent, wait_for, words
from tests.support.looking import View
from tests.support.running import Running

Json = dict[str, Any]


async def home(agent: Agent, *texts: str) -> View:
    """Return the Home tab as it stands, once it shows all these texts."""

    async def look() -> View | None:
        view: View | None = (await agent.workspace.get("home", user=agent.user))["view"]
        return view if view and all(text in words(view) for text in texts) else None

    async def seen() -> str:
        return words((await agent.workspace.get("home", user=agent.user))["view"])

    return await wait_for(look, f"a Home tab showing {texts}", seen)


async def open_home(agent: Agent, *texts: str) -> View:
    """Open the Home tab, and return it as the bot draws it now."""
    before = (await agent.workspace.get("home", user=agent.user))["view"]
    await agent.workspace.post("home", user=agent.user)

    async def look() -> View | None:
        view: View | None = (await agent.workspace.get("home", user=agent.user))["view"]
        return view if view and (before is None or view["hash"] != before["hash"]) else None

    await wait_for(look, "a Home tab drawn anew")
    return await home(agent, *texts)


async def open_configuration(agent: Agent) -> View:
    """Open the Home tab and go to the configuration, where it does not come first."""
    view = await open_home(agent)
    if "Latest changes" not in words(view):
        await press(agent, "configuration")
    return await home(agent, "Latest changes")


async def press(agent: Agent, action_id: str) -> None:
    """Press a button of the Home tab; where it was drawn anew meanwhile, the same one of now."""

    async def pressed() -> bool | None:
        view = await home(agent)
        block = next((block for block in view["blocks"] if action_id in _ids(block)), None)
        assert block is not None, f"there is no {action_id}"
        answer = await agent.workspace.post(
            "action",
            user=agent.user,
            view_id=view["id"],
            block_id=block["block_id"],
            action_id=action_id,
        )
        return None if answer.get("error") == "element_not_found" else True

    await wait_for(pressed, f"{action_id} to press")


def offers(view: View) -> set[str]:
    """Return the action ids of everything that can be pressed."""
    return {action_id for block in view["blocks"] for action_id in _ids(block)}


def _ids(block: Json) -> set[str]:
    parts = [*block.get("elements", []), block.get("accessory") or {}]
    return {str(part["action_id"]) for part in parts if "action_id" in part}


async def asked(agent: Agent, *texts: str) -> dict[str, Any]:
    """Return the message that asks for a second person, once it shows all these texts."""
    shown = ("asks to loosen Makegood's rules", *texts)
    return await agent.wait_for_message(*shown, channel=agent.log_channel)


async def make_admin(agent: Agent) -> None:
    await agent.workspace.post("person", user=agent.user, is_admin=True)


async def confirm(second: Agent, *texts: str) -> None:
    """Have the second person confirm what an admin asked for last."""
    await second.press_in_message(await asked(second, *texts), "Confirm change")
    await second.wait_for_message("The rules are looser now", channel=second.log_channel)


def now(running: Running) -> Configuration:
    return running.configuration().current()


async def edit(admin: Agent, key: str, *texts: str) -> None:
    """Open a form of the configuration page."""
    await open_configuration(admin)
    if f"configure:{key}" not in offers(await home(admin)):
        # The page of before was drawn anew just before the one that comes first.
        await open_configuration(admin)
    await press(admin, f"configure:{key}")
    await admin.wait_for_modal("Save", *texts)


async def saved(admin: Agent, *texts: str) -> None:
    """Wait until the page shows what was saved, and the form is closed."""
    await home(admin, *texts)
    assert await admin.modal() is None
