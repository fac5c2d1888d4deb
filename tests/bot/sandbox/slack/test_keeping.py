from __future__ import annotations

from pathlib import Path

from tests.bot.sandbox.slack.desk import ANNA, BEN, LOG, SUPPORT, Desk, open_desk, section


async def test_what_was_said_survives_a_restart(tmp_path: Path) -> None:
    async with open_desk(data=tmp_path) as desk:
        await desk.client.chat_postMessage(channel=LOG, text="Order 1042", blocks=[section("x")])
        home = {"type": "home", "blocks": [section("Welcome")]}
        await desk.client.views_publish(user_id=ANNA, view=home)
        await desk.post("membership", channel=LOG, user=BEN, member=False)
        await desk.post("group", group="agents", user=BEN, member=False)
        await desk.post("person", user=BEN, is_owner=True)

    async with open_desk(data=tmp_path) as desk:
        texts = await desk.texts(LOG)
        view = (await desk.get("home", user=ANNA))["view"]
        members = (await desk.client.conversations_members(channel=LOG))["members"]
        agents = (await desk.client.usergroups_users_list(usergroup="S0AGENTS"))["users"]
        ben = (await desk.client.users_info(user=BEN))["user"]

    assert texts == ["Order 1042"]
    assert view["blocks"][0]["text"]["text"] == "Welcome"
    assert BEN not in members
    assert BEN not in agents
    assert ben["is_owner"]


async def test_reset_starts_over(tmp_path: Path) -> None:
    async with open_desk(data=tmp_path) as desk:
        await desk.client.chat_postMessage(channel=LOG, text="old")

    async with open_desk(data=tmp_path, reset=True) as desk:
        assert await desk.texts(LOG) == []


async def test_an_unreadable_file_is_set_aside(tmp_path: Path) -> None:
    (tmp_path / "workspace.json").write_text("{half")

    async with open_desk(data=tmp_path) as desk:
        assert await desk.texts(LOG) == []

    assert (tmp_path / "workspace.unreadable").read_text() == "{half"


async def test_a_running_workspace_can_start_over(desk: Desk) -> None:
    await desk.client.chat_postMessage(channel=LOG, text="old")

    assert await desk.post("reset") == {"ok": True}

    assert await desk.texts(LOG) == []
    assert len((await desk.get("people"))["people"]) == 5


async def test_unread_counts_what_came_since_the_last_look(desk: Desk) -> None:
    async def unread() -> int:
        channels = (await desk.get("channels", user=BEN))["channels"]
        return int(next(c["unread"] for c in channels if c["id"] == LOG))

    await desk.client.chat_postMessage(channel=LOG, text="new")

    assert await unread() == 1
    await desk.get("messages", user=BEN, channel=LOG)
    assert await unread() == 0


async def test_people_see_only_their_channels(desk: Desk) -> None:
    channels = (await desk.get("channels", user="U0DEVPATEL"))["channels"]

    assert {c["name"]: c["member"] for c in channels if not c["is_im"]} == {
        "support": False,
        "general": True,
    }
    answer = await desk.get("messages", user="U0DEVPATEL", channel=LOG)
    assert answer == {"ok": False, "error": "channel_not_found"}
    written = await desk.post("message", user="U0DEVPATEL", channel=SUPPORT, text="hi")
    assert written["error"] == "not_in_channel"


async def test_the_commands_come_from_the_manifest(desk: Desk) -> None:
    commands = (await desk.get("commands"))["commands"]

    assert {c["command"] for c in commands} >= {"/order", "/cancel-order", "/refund-order"}
    assert all(c["description"] for c in commands)
