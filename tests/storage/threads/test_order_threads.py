from __future__ import annotations

from dataclasses import replace

from sqlite_utils import Database

from storage.outbox.outbox import Outbox
from storage.threads.order_threads import OrderThreads, Thread
from tests.support.rooting import place_root


def test_an_order_without_messages_has_no_thread(db: Database) -> None:
    assert OrderThreads(db).find(1042) is None


def test_a_thread_is_that_of_the_root_message_while_that_stands(db: Database) -> None:
    threads = OrderThreads(db)

    root = place_root(db, 1042, "C1", "1.1")
    place_root(db, 1043, "C1", "1.2")
    assert threads.find(1042) == Thread("C1", "1.1")
    assert threads.order_of("C1", "1.1") == 1042

    Outbox(db).save(replace(root, channel="C2", message_ts="2.1"))
    assert threads.find(1042) == Thread("C2", "2.1")
    assert threads.order_of("C1", "1.1") is None

    Outbox(db).save(replace(root, channel=None, message_ts=None))
    assert threads.find(1042) is None
    assert threads.find(1043) == Thread("C1", "1.2")
