"""Whom a conversation is about, kept by numbers only."""

from __future__ import annotations

import sqlite3

import pytest
from sqlite_utils import Database

from storage.threads.customer_links import Conversation, Link, Links
from storage.threads.order_threads import OrderThreads
from tests.support.rooting import place_root

CHANNEL = Conversation("T1", "C1")
THREAD = Conversation("T1", "C1", "1700000000.000100")
MAYA = Link(customer_id=1, order_id=None, linked_by="UANNA")
GUEST = Link(customer_id=None, order_id=1018, linked_by="UBEN")


def test_a_channel_and_its_threads_have_links_of_their_own(db: Database) -> None:
    links = Links(db)

    links.save(CHANNEL, MAYA)
    links.save(THREAD, GUEST)

    assert (links.find(CHANNEL), links.find(THREAD)) == (MAYA, GUEST)
    assert links.find(Conversation("T2", "C1")) is None


def test_a_new_link_takes_the_place_of_the_old_one(db: Database) -> None:
    links = Links(db)
    links.save(CHANNEL, MAYA)

    links.save(CHANNEL, GUEST)

    assert links.find(CHANNEL) == GUEST
    assert links.forget(CHANNEL)
    assert not links.forget(CHANNEL)
    assert links.find(CHANNEL) is None


@pytest.mark.parametrize("numbers", [(None, None), (1, 1018)])
def test_a_link_is_to_a_customer_or_a_guests_order(
    db: Database, numbers: tuple[int | None, int | None]
) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        Links(db).save(CHANNEL, Link(*numbers, linked_by="UANNA"))


def test_a_thread_leads_back_to_its_order(db: Database) -> None:
    threads = OrderThreads(db)
    place_root(db, 1042, "C1", THREAD.thread_ts)

    assert threads.order_of("C1", THREAD.thread_ts) == 1042
    assert threads.order_of("C2", THREAD.thread_ts) is None
    assert threads.order_of("C1", "") is None
