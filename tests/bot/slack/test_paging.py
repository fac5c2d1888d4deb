"""Lists of Slack are read to their end, or not taken for whole."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.slack.client import WebClient
from bot.slack.paging import MOST_PAGES, Endless
from handlers.access.directory import Directory
from handlers.access.person import Installation

# The method, the name of its list, and the list's members by page.
LISTS: dict[str, tuple[str, Callable[[int], Any]]] = {
    "conversations.members": ("members", lambda page: f"U{page}"),
    "usergroups.users.list": ("users", lambda page: f"U{page}"),
    "usergroups.list": ("usergroups", lambda page: {"id": f"S{page}", "handle": f"g{page}"}),
}


class Lists:
    """Answers every list with a page of one member; `cursors` are those of the next pages."""

    def __init__(self) -> None:
        self.cursors: list[str] = []
        self.asked: list[str] = []

    async def answer(self, request: web.Request) -> web.Response:
        name, member = LISTS[request.match_info["method"]]
        asked = {**request.query, **await request.post()}
        number = len(self.asked)
        self.asked.append(str(asked.get("cursor") or ""))
        cursor = self.cursors[number] if number < len(self.cursors) else ""
        answer = {"ok": True, name: [member(number)], "response_metadata": {"next_cursor": cursor}}
        return web.json_response(answer)


@pytest.fixture
async def lists() -> AsyncIterator[tuple[Lists, Directory]]:
    slack = Lists()
    app = web.Application()
    app.router.add_route("*", "/api/{method}", slack.answer)
    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        url = f"{server.make_url('/api/')}"
        client = WebClient("xoxb-1", base_url=url, session=session, retry_handlers=[])
        yield slack, Directory(client, Installation("T1"))


async def read(directory: Directory, method: str) -> list[str]:
    if method == "conversations.members":
        return sorted(await directory.members("C1"))
    if method == "usergroups.users.list":
        return sorted(await directory.group("S1"))
    return sorted((await directory.groups()).values())


@pytest.mark.parametrize("method", LISTS)
async def test_all_pages_are_read(lists: tuple[Lists, Directory], method: str) -> None:
    slack, directory = lists
    slack.cursors = ["two", "three"]

    found = await read(directory, method)

    letter = "g" if method == "usergroups.list" else "U"
    assert found == [f"{letter}0", f"{letter}1", f"{letter}2"]
    assert slack.asked == ["", "two", "three"]


@pytest.mark.parametrize("method", LISTS)
@pytest.mark.parametrize("cursors", [["same"] * 9, ["one", "two", "one", "two", "one"]])
async def test_a_cursor_that_comes_again_ends_it_without_a_part_taken_for_the_whole(
    lists: tuple[Lists, Directory], method: str, cursors: list[str]
) -> None:
    slack, directory = lists
    slack.cursors = cursors

    with pytest.raises(Endless):
        await read(directory, method)

    assert slack.asked == ["", *dict.fromkeys(cursors)]


async def test_a_list_that_never_ends_is_given_up(lists: tuple[Lists, Directory]) -> None:
    slack, directory = lists
    slack.cursors = [f"page {number}" for number in itertools.islice(itertools.count(), 2000)]

    with pytest.raises(Endless):
        await directory.members("C1")

    assert len(slack.asked) == MOST_PAGES
