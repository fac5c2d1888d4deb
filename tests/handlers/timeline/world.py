"""A delivery, its outbox, and the workspace on a real port that it delivers to."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from bot.slack.app_manifest import manifest
from bot.slack.client import WebClient
from handlers.block_kit.builders import section
from handlers.timeline.delivery import Delivery
from handlers.timeline.posting import Poster
from handlers.timeline.rendered import Rendered
from handlers.timeline.waits import Waits
from storage.database import open_database
from storage.outbox.outbox import Outbox
from storage.outbox.posts import OUTCOME, ROOT, Post, Spot, root_key
from tests.bot.sandbox.slack.desk import ANNA, CHIARA, LOG, Desk, open_desk

ORDER = 1042
FULL = "Refunded 10.00 USD"
# The waits are none in tests: so many tries make what passes count as refused.
SOON = 6


@dataclass
class World:
    """The delivery's world; `told` is what it said of outcomes, `broken` what does not render.

    `outsiders` may not read of orders any more.
    """

    desk: Desk
    db: Database
    outbox: Outbox
    poster: Poster
    waits: Waits = field(default_factory=lambda: Waits(scale=0))
    channel: str = LOG
    root_text: str = "as it is"
    told: list[Post] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)
    outsiders: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.start_anew()

    def start_anew(self) -> None:
        """Take another delivery, as a new process does."""
        self.delivery = Delivery(
            self.poster,
            self.outbox,
            channel_id=lambda: self.channel,
            every_s=60,
            waits=self.waits,
            is_outsider=self._is_outsider,
        )
        self.delivery.register(ROOT, self._root)
        self.delivery.register(OUTCOME, self._outcome, self.told.append)

    async def _is_outsider(self, user_id: str) -> bool:
        return user_id in self.outsiders

    def put(self, key: str = "a", text: str = FULL, **values: Any) -> None:
        about: dict[str, Any] = {"order_id": ORDER, "actor_id": ANNA, **values}
        self.outbox.put(key, OUTCOME, {"text": text}, **about)

    def find(self, key: str = "a") -> Post:
        post = self.outbox.find(key)
        assert post is not None
        return post

    async def deliver(self, key: str = "a", times: int = 1) -> Post:
        for _ in range(times):
            await self.delivery.deliver(key)
        return self.find(key)

    async def fault(self, **fault: Any) -> None:
        await self.desk.post("faults", **fault)

    async def refuse(self, method: str, code: str, times: int = 999, **more: Any) -> None:
        await self.fault(method=method, kind="error", error=code, times=times, **more)

    async def root(self) -> Post:
        """Open the order's thread, with something said in it."""
        self.put("first", "Something else")
        await self.deliver("first")
        return self.find(root_key(ORDER))

    async def delete(self, spot: Spot) -> None:
        """Have an admin delete a message."""
        about = {"channel": spot.channel, "ts": spot.message_ts}
        await self.desk.post("delete", user=CHIARA, **about)

    async def all(self, channel: str = LOG) -> list[dict[str, Any]]:
        """Return what stands in a channel, replies too, as a person of it reads it."""
        shown = await self.desk.get("books")
        (here,) = [each for each in shown["channels"] if each["id"] == channel]
        tops = here["messages"]
        return [*tops, *(reply for top in tops for reply in top.get("replies", []))]

    async def thread(self) -> list[str]:
        """Return the texts below the order's root message."""
        spot = self.find(root_key(ORDER)).spot
        assert spot is not None
        replies = [each for each in await self.all(spot.channel) if _below(each, spot.message_ts)]
        return [each["text"] for each in replies]

    async def direct(self, user: str = ANNA) -> list[str]:
        """Return what the app and a person wrote to each other."""
        channels = (await self.desk.get("books"))["channels"]
        return [m["text"] for each in channels if each["user"] == user for m in each["messages"]]

    async def full(self) -> int:
        """Return how often the full text stands anywhere."""
        channels = (await self.desk.get("books"))["channels"]
        tops = [message for each in channels for message in each["messages"]]
        replies = [reply for top in tops for reply in top.get("replies", [])]
        orphans = [orphan for each in channels for orphan in each["orphans"]]
        return sum(FULL in message["text"] for message in (*tops, *replies, *orphans))

    async def _root(self, post: Post) -> Rendered:
        if post.key in self.broken:
            raise ValueError(post.key)
        text = f"Order {post.order_id} {self.root_text}"
        return Rendered(text, [section(text)], marker=f"Order {post.order_id} ")

    async def _outcome(self, post: Post) -> Rendered:
        if post.key in self.broken:
            raise ValueError(post.key)
        text = str(post.content["text"])
        return Rendered(text, [section(text)], marker=f"({post.key})")


def _below(message: dict[str, Any], ts: str) -> bool:
    return bool(message.get("thread_ts") == ts != message["ts"])


@asynccontextmanager
async def open_world(data: Path, **values: Any) -> AsyncIterator[World]:
    """Serve a workspace, with nothing said in it yet."""
    db = open_database(data / "makegood.sqlite")
    async with open_desk(manifest=manifest(), tiers=False) as desk:
        slack = WebClient(
            desk.sandbox.bot_token,
            base_url=f"{desk.sandbox.url}/api/",
            session=desk.session,
            retry_handlers=[],
        )
        me = await slack.auth_test()
        poster = Poster(slack, bot_user_id=str(me["user_id"]), pause_s=0)
        yield World(desk, db, Outbox(db), poster, **values)
    db.close()
