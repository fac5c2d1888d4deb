"""The root message of an order that cannot be read, or is gone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from freezegun import freeze_time

from bot.bigcommerce.http.errors import BigCommerceError
from bot.config.configuration import Configuration
from handlers.orders.root_message import RootMessages
from handlers.store_facts import Catalogue
from storage.database import open_database
from storage.form_drafts import Drafts
from storage.log.action_log import ActionLog
from storage.outbox.posts import ROOT, Post, root_key
from tests.bot.bigcommerce.scripted_store import Reply, ScriptedStore, connected
from tests.support.looking import button_labels

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
DOWN, DELETED = Reply(503), Reply(404, [{"status": 404}])


@dataclass
class Roots:
    messages: RootMessages
    store: ScriptedStore
    gone: list[int] = field(default_factory=list)


@pytest.fixture
async def roots(tmp_path: Path) -> AsyncIterator[Roots]:
    async with AsyncExitStack() as opened:
        store = await opened.enter_async_context(ScriptedStore().serving())
        client = await opened.enter_async_context(connected(store.url))
        db = open_database(tmp_path / "makegood.sqlite")
        opened.callback(db.close)
        gone: list[int] = []
        messages = RootMessages(
            configuration=lambda: Configuration(audit_channel="C1"),
            store=client,
            catalogue=Catalogue(client),
            log=ActionLog(db),
            drafts=Drafts(db),
            found_gone=gone.append,
        )
        yield Roots(messages, store, gone)


def root(*, stands: bool) -> Post:
    post = Post(root_key(1042), ROOT, 1042, None, None, {}, NOW, "said")
    return replace(post, channel="C1", message_ts="1.0") if stands else post


async def test_a_root_that_could_not_be_read_is_drawn_again_soon(roots: Roots) -> None:
    roots.store.always = DOWN

    with freeze_time(NOW, real_asyncio=True):
        rendered = await roots.messages.render(root(stands=False))

    assert rendered is not None
    assert rendered.text == "Order 1042 could not be read just now."
    assert button_labels({"blocks": rendered.blocks}) == ["Refresh"]
    assert rendered.again_at == NOW + timedelta(seconds=10)


async def test_a_root_that_stands_is_left_until_the_order_can_be_read(roots: Roots) -> None:
    roots.store.always = DOWN

    with pytest.raises(BigCommerceError):
        await roots.messages.render(root(stands=True))

    assert roots.gone == []


async def test_a_root_whose_order_may_not_be_read_stays_as_it_is(roots: Roots) -> None:
    roots.store.always = Reply(401)

    assert await roots.messages.render(root(stands=True)) is None
    assert roots.gone == []


async def test_the_root_of_a_deleted_order_has_nothing_to_press_but_a_look(roots: Roots) -> None:
    roots.store.always = DELETED

    rendered = await roots.messages.render(root(stands=True))

    assert rendered is not None
    assert rendered.text == "Order 1042 was deleted."
    assert button_labels({"blocks": rendered.blocks}) == ["Refresh"]
    assert (rendered.again_at, roots.gone) == (None, [1042])


async def test_a_new_root_of_an_order_that_is_not_there_is_looked_at_again(roots: Roots) -> None:
    roots.store.always = DELETED

    with freeze_time(NOW, real_asyncio=True):
        rendered = await roots.messages.render(root(stands=False))

    assert rendered is not None
    assert (rendered.again_at, roots.gone) == (NOW + timedelta(seconds=10), [])
