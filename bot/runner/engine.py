"""The durable queue, on DBOS: what was put in is run to its end, also by the next process.

Nothing else touches DBOS. Its workflows run on the event loop that called `start`.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Protocol

from dbos import (
    DBOS,
    DBOSClient,
    DBOSConfig,
    SetEnqueueOptions,
    SetWorkflowID,
    WorkflowStatus,
)

from bot.runner.queue_serializer import QueueValues, check_input, drop_foreign_rows, never_unpickle
from storage.data_folder.folder import make_private
from storage.data_folder.trouble import explained, look_over

logger = logging.getLogger(__name__)

NAME = "makegood"
QUEUE = "orders"
LIVE = ["ENQUEUED", "PENDING", "DELAYED"]
WHEN_DAMAGED = (
    "Move it away and start again: no request is lost, since all of them are in the action log."
)

# More at once gain nothing, for a store takes some 5 calls a second; but their calls would wait for
# quota until they give up. They wait in the queue instead, which never does.
AT_ONCE = 20

# Stable, so that a new release carries on what an old one began.
APPLICATION_VERSION = "1"
EXECUTOR_ID = "local"


class Work(Protocol):
    """What there is to do for a reference; it may be called again after a crash."""

    async def run(self, reference: str) -> None:
        """Carry the request out and log its outcome."""

    def ended(self, reference: str) -> None:
        """Nothing runs for the reference any more, however it ended."""


class Engine:
    """Runs in a queue in which those of one partition go one at a time."""

    def __init__(
        self,
        path: Path,
        work: Work,
        *,
        polling_interval_s: float,
    ) -> None:
        """Keep the work; `path` is the engine's own database."""
        self._path = path
        self._url = f"sqlite:///{path}"
        self._work = work
        self._polling_interval_s = polling_interval_s
        self._tasks: set[asyncio.Task[None]] = set()
        self._running_ids: Counter[str] = Counter()
        self._closing = False

    async def start(self) -> None:
        """Begin to work, with what an earlier process left first.

        Raises storage.DataFolderError when the engine's database cannot be used.
        """
        self._closing = False
        await asyncio.to_thread(self._prepare)
        DBOS(config=self._config())
        self._register()
        DBOS.launch()

    async def close(self, drain_s: float) -> None:
        """Take nothing new, wait for what runs, cancel what runs on: it continues at next start."""
        self._closing = True
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=drain_s)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        # DBOS has made its own pool the loop's: without another one, the loop could not resolve a
        # host name any more.
        pool = ThreadPoolExecutor(thread_name_prefix=NAME)
        loop = asyncio.get_running_loop()
        loop.set_default_executor(pool)
        await loop.run_in_executor(pool, lambda: DBOS.destroy(destroy_registry=True))

    async def enqueue_run(
        self, workflow_id: str, reference: str, partition: str, *, turn: int
    ) -> None:
        """Queue a run; the same id again does nothing. In a partition the lowest turn goes first.

        The queue's own order would not do: on SQLite it knows the second of each arrival, no more.
        """
        options = SetEnqueueOptions(queue_partition_key=partition, priority=turn)
        with SetWorkflowID(workflow_id), options:
            await DBOS.enqueue_workflow_async(QUEUE, self._run_workflow, reference)

    async def live_ids(self) -> set[str]:
        """Return the ids of what is queued or running."""
        return {status.workflow_id for status in await self._live()}

    async def look(self) -> tuple[set[str], set[str]]:
        """Return the ids of what is queued or running, and those of it that nothing here runs.

        The engine takes what it cannot begin for running: it stays so, and holds up its partition.
        """
        live = await self._live()
        begun = {status.workflow_id for status in live if status.status == "PENDING"}
        return {status.workflow_id for status in live}, begun - self._running_ids.keys()

    async def drop(self, workflow_ids: Iterable[str]) -> None:
        """Take these out of the queue for good."""
        await DBOS.cancel_workflows_async(sorted(workflow_ids))

    async def _live(self) -> list[WorkflowStatus]:
        return await DBOS.list_workflows_async(
            status=LIVE, load_input=False, load_output=False, queue_name=QUEUE
        )

    def _prepare(self) -> None:
        try:
            make_private(self._path)
            with closing(sqlite3.connect(self._path)) as connection:
                connection.execute("PRAGMA journal_mode = WAL")
                look_over(connection, self._path)
        except (OSError, sqlite3.Error) as exc:
            raise explained(self._path, exc, when_damaged=WHEN_DAMAGED) from exc
        never_unpickle()
        DBOS.migrate(self._url)
        with closing(sqlite3.connect(self._path)) as connection:
            dropped = drop_foreign_rows(connection)
        if dropped:
            logger.warning("queue rows of another form dropped", extra={"count": dropped})
        # Known to the queue's worker before it starts, or it would find it up to a second later.
        client = DBOSClient(
            system_database_url=self._url, application_name=NAME, serializer=QueueValues()
        )
        try:
            client.register_queue(
                QUEUE,
                partition_concurrency=1,
                worker_concurrency=AT_ONCE,
                polling_interval_sec=self._polling_interval_s,
            )
        finally:
            client.destroy()

    def _config(self) -> DBOSConfig:
        return {
            "name": NAME,
            "system_database_url": self._url,
            "application_version": APPLICATION_VERSION,
            "executor_id": EXECUTOR_ID,
            "log_level": "WARNING",
            "serializer": QueueValues(),
            "enable_otlp": False,
            "notification_listener_polling_interval_sec": self._polling_interval_s,
        }

    def _register(self) -> None:
        @DBOS.step(name="run")
        async def run_step(reference: str) -> None:
            await self._work.run(reference)

        @DBOS.workflow(name="carry_out")
        async def carry_out(reference: str) -> None:
            with self._tracked(reference):
                await run_step(reference)

        self._run_workflow = carry_out

    @contextmanager
    def _tracked(self, reference: str) -> Iterator[None]:
        if self._closing:
            # A cancelled workflow is not recorded as ended: it continues at the next start.
            raise asyncio.CancelledError
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("a workflow runs in a task of the event loop")
        workflow_id = DBOS.workflow_id or ""
        check_input(reference, workflow_id)
        self._tasks.add(task)
        self._running_ids[workflow_id] += 1
        try:
            yield
        finally:
            self._tasks.discard(task)
            self._running_ids -= Counter([workflow_id])
            self._work.ended(reference)
