"""The composition root: puts the bot together, starts it and takes it apart again."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlite_utils import Database

from bot.actions.registry import RUNNABLE, is_in_store
from bot.bigcommerce.client import BigCommerceClient, store_client
from bot.bigcommerce.webhooks import WebhookDelivery as HookDelivery
from bot.check.everything import check_everything
from bot.config.installation import live_configuration
from bot.config.live_configuration import LiveConfiguration
from bot.config.settings import Settings
from bot.http.private import Health, HealthError
from bot.http.public import ReceiverError, WebhookReceiver
from bot.lookup.finder import Finder
from bot.mail.smtp import MailServer
from bot.recovery.recovery import Recovery
from bot.runner.customer_email import CustomerMail
from bot.runner.runner import ActionRunner
from bot.runner.schedule import Schedule
from bot.slack.app_manifest import missing
from bot.slack.client import WebClient
from bot.slack.connection import Identity, Sockets, identify, web_client
from bot.slack.errors import error_code, is_passing
from bot.slack.token import token_trouble
from bot.webhooks.secret import hash_of, secret_of
from bot.webhooks.setup import webhook_address
from bot.webhooks.upkeep import HookUpkeep
from handlers.access.access import Access
from handlers.access.directory import Directory
from handlers.access.pace import Pace
from handlers.access.permission import Permission
from handlers.access.person import Installation
from handlers.desk import Desk
from handlers.flow.background_tasks import BackgroundTasks
from handlers.forms import DETAILS
from handlers.home.untold import counted
from handlers.orders.root_message import RootMessages
from handlers.people.waiting import Waiting
from handlers.people.watch import PeopleWatch
from handlers.registration import register_handlers, register_messages
from handlers.settings.proposing import Upkeep, tell
from handlers.store_facts import Catalogue
from handlers.timeline.delivery import Delivery
from handlers.timeline.external_changes.external_changes import ExternalChanges, ExternalMessages
from handlers.timeline.outcomes.outcomes import Outcomes
from handlers.timeline.posting import Poster
from handlers.timeline.slack_timeline import SlackTimeline
from handlers.timeline.waits import Waits
from handlers.windows.shown import REQUESTS, Shown, order_subject
from handlers.windows.upkeep import EVERY_S, HOME_PAUSE_S, ScreenUpkeep
from storage.data_folder.folder import DATABASE_FILE, WORKFLOWS_FILE, DataFolder
from storage.data_folder.owner import LogOwner, Owner
from storage.database import is_usable, open_database
from storage.form_drafts import Drafts
from storage.log.action_log import ActionLog
from storage.outbox.outbox import Outbox
from storage.outbox.posts import OUTSIDE, ROOT
from storage.people.known_people import KnownPeople
from storage.people.person_choices import PersonChoices
from storage.recovery.periods import LogPeriods
from storage.recovery.store_looks import StoreLooks
from storage.recovery.witness import LogWitness
from storage.threads.customer_links import Links
from storage.threads.order_threads import OrderThreads
from storage.webhooks.counts import WebhookCounts
from storage.webhooks.external_changes import OutsideEvents

logger = logging.getLogger(__name__)

DRAIN_S = 10.0
DRAFTS_KEPT = timedelta(days=7)
# Whose root messages are drawn anew after a restore; older cases are closed.
REDRAWN = timedelta(days=30)
# A person waits for the interactive one, and a trigger of Slack's lives three seconds.
INTERACTIVE_TIMEOUT_S = 3
POSTING_TIMEOUT_S = 15


class StartError(Exception):
    """The bot cannot start; `str()` says why and what to do."""


class Makegood:
    """The whole bot, from its settings; `start` returns when it listens to Slack."""

    def __init__(
        self, settings: Settings, *, is_new_app: bool = False, waits: Waits | None = None
    ) -> None:
        """Keep the settings; nothing is touched before `start`.

        `is_new_app`: the data folder goes over to the Slack app that the tokens are of. `waits`:
        when what could not be told is tried again.
        """
        self._settings = settings
        self._is_new_app = is_new_app
        self._waits = waits
        self._open = AsyncExitStack()
        self._is_activated = False

    async def start(self) -> None:
        """Open everything, pick up unfinished requests, and listen.

        Raises StartError or storage.DataFolderError, having closed what was open.
        """
        async with AsyncExitStack() as opened:
            await self._start(opened)
            self._open = opened.pop_all()
        logger.info("Makegood is listening")
        if not self._is_activated:
            logger.info("Actions are not activated: an admin does that in Makegood's Home tab")

    async def close(self) -> None:
        """Stop taking, let what runs come to its end for a bounded time, and close."""
        await self._open.aclose()

    async def _start(self, opened: AsyncExitStack) -> None:
        settings = self._settings
        folder = DataFolder(settings.data)
        opened.callback(folder.close)
        db = open_database(settings.data / DATABASE_FILE, folder.check)
        opened.callback(db.close)
        folder.watch(DATABASE_FILE)
        session = await opened.enter_async_context(aiohttp.ClientSession())
        interactive = web_client(settings, session, timeout_s=INTERACTIVE_TIMEOUT_S)
        posting = web_client(settings, session, timeout_s=POSTING_TIMEOUT_S)
        identity = await _identify(settings, posting)
        _check_owner(LogOwner(db), settings, identity, is_new_app=self._is_new_app)
        store = store_client(settings)
        opened.push_async_callback(store.close)
        desk = make_desk(
            settings,
            identity,
            db,
            store,
            interactive,
            posting,
            halted=lambda: folder.trouble,
            waits=self._waits,
        )
        recovery = _recovery(settings, identity, db, store, desk, folder)
        recovery.prepare()
        desk.runner.ready = recovery.ready
        desk.runner.approving.is_ready = lambda: recovery.is_ready
        desk.permission.is_log_current = lambda: recovery.is_looked
        self._is_activated = desk.configuration.current().activated
        desk.drafts.delete_before(datetime.now(UTC) - DRAFTS_KEPT)
        upkeep = Upkeep(desk, every_s=settings.sweep_every, halted=lambda: folder.trouble)
        opened.push_async_callback(desk.delivery.close, DRAIN_S)
        desk.delivery.start()
        opened.push_async_callback(desk.timeline.close)
        await desk.runner.start()
        folder.watch(WORKFLOWS_FILE)
        opened.push_async_callback(desk.runner.close, DRAIN_S)
        # Closed before the runner: what waits for the first look is left to the next process.
        opened.push_async_callback(recovery.close)
        recovery.start()
        opened.push_async_callback(desk.tasks.drain, DRAIN_S)
        upkeep.start()
        opened.push_async_callback(upkeep.close)
        screens = ScreenUpkeep(
            desk,
            tell=tell,
            every_s=min(EVERY_S, settings.sweep_every),
            home_pause_s=min(HOME_PAUSE_S, settings.sweep_every),
            codes_every_s=settings.sweep_every,
            halted=lambda: folder.trouble,
        )
        screens.start()
        opened.push_async_callback(screens.close)
        if settings.webhook_port is not None:
            receiver = _receiver(settings, desk, WebhookCounts(db))
            opened.push_async_callback(receiver.close)
            await _receive(receiver, settings.webhook_host, settings.webhook_port)
            if settings.webhook_url is not None:
                hooks = HookUpkeep(
                    store.background,
                    webhook_address(settings.webhook_url),
                    _webhook_secret(settings),
                    last_delivery=lambda: receiver.last_delivery,
                    every_s=settings.sweep_every,
                )
                opened.push_async_callback(hooks.close)
                hooks.start()
        desk.people.start()
        opened.push_async_callback(desk.people.close)
        sockets = Sockets(
            settings,
            identity,
            desk.slack,
            listen=lambda app: register_handlers(app, desk),
            outbox=desk.outbox,
            posting=posting,
        )
        opened.push_async_callback(sockets.close)
        if settings.health_port is not None:
            # Before the sockets: while Slack cannot be reached they wait, and this says so.
            health = _health(
                folder,
                db,
                desk.runner,
                sockets,
                recovery,
                desk,
                token=lambda: token_trouble(interactive, posting),
            )
            opened.push_async_callback(health.close)
            await _serve(health, settings.health_host, settings.health_port)
        recovery.is_alone = lambda: sockets.others.are_none
        await sockets.connect()


def _recovery(
    settings: Settings,
    identity: Identity,
    db: Database,
    store: BigCommerceClient,
    desk: Desk,
    folder: DataFolder,
) -> Recovery:
    return Recovery(
        store=store.background,
        log=desk.log,
        periods=LogPeriods(db),
        looks=StoreLooks(db),
        witness=LogWitness(db, settings.data / DATABASE_FILE),
        outbox=desk.outbox,
        found_done=desk.runner.approving.found_done,
        team_id=identity.team_id,
        look_every_s=settings.look_every,
        note_every_s=settings.sweep_every,
        redraw=lambda: desk.outbox.want_roots(
            datetime.now(UTC), told_since=datetime.now(UTC) - REDRAWN
        ),
        halted=lambda: folder.trouble,
    )


def _health(
    folder: DataFolder,
    db: Database,
    runner: ActionRunner,
    sockets: Sockets,
    recovery: Recovery,
    desk: Desk,
    *,
    token: Callable[[], Awaitable[str]],
) -> Health:
    async def slack() -> str:
        if trouble := await token():
            return trouble
        return sockets.others.trouble if await sockets.count_open() else "no connection is open"

    async def data_folder() -> str:
        if not folder.trouble:
            return ""
        return f"it was {folder.trouble}, so nothing is taken any more; start Makegood again"

    async def action_log() -> str:
        return "" if is_usable(db) else "it cannot be read and written"

    async def store() -> str:
        if not recovery.is_ready:
            return recovery.waits_for
        return recovery.foreign.partition("\n")[0]

    async def requests() -> str:
        return "" if runner.is_alive else "nobody looks after them"

    return Health(
        {
            "Slack": slack,
            "Data folder": data_folder,
            "Action log": action_log,
            "Store": store,
            "Requests": requests,
        },
        notes={"Messages": lambda: _untold(desk)},
    )


def _untold(desk: Desk) -> str:
    try:
        untold = desk.outbox.untold()
    except sqlite3.Error:
        return "cannot be read"
    told = []
    if untold:
        why = ", ".join(sorted({each.why or "" for each in untold} - {""}))
        told.append(f"{counted(len(untold))} could not be told ({why}); see the Home tab")
    if broken := desk.delivery.broken():
        told.append(f"{counted(broken)} can't be drawn; see 'message broke' in the log")
    return ". ".join(told) or "ok"


def _check_owner(
    log_owner: LogOwner, settings: Settings, identity: Identity, *, is_new_app: bool
) -> None:
    """Refuse another store's or another app's data: what it says was never done here."""
    us = Owner(settings.bigcommerce_store_hash, identity.team_id, identity.bot_id)
    owner = log_owner.find()
    if owner == us:
        return
    if owner is not None and owner.store_hash != us.store_hash:
        raise StartError(
            f"The data folder {settings.data} belongs to the store {owner.store_hash}, and"
            f" BIGCOMMERCE_STORE_HASH names {us.store_hash}. Each store has a folder of its own:"
            " choose another one with the setting DATA."
        )
    if owner is not None and owner.team_id != us.team_id:
        raise StartError(
            f"The data folder {settings.data} belongs to the Slack workspace {owner.team_id}, and"
            f" the tokens are of {us.team_id}. Copy that workspace's tokens, or choose another"
            " folder with the setting DATA."
        )
    if owner is not None and not is_new_app:
        raise StartError(
            f"The data folder {settings.data} belongs to another Slack app of this workspace (bot"
            f" {owner.bot_id}; the tokens are of {us.bot_id}). Copy that app's tokens. If you have"
            " made the app anew and the former one runs nowhere any more, start once with:"
            " python -m bot run --new-app"
        )
    log_owner.set(us)


async def _serve(health: Health, host: str, port: int) -> None:
    try:
        await health.start(host, port)
    except HealthError as exc:
        raise StartError(str(exc)) from exc


def _webhook_secret(settings: Settings) -> str:
    token = settings.bigcommerce_access_token.get_secret_value()
    return secret_of(token, settings.bigcommerce_store_hash)


def _receiver(settings: Settings, desk: Desk, counts: WebhookCounts) -> WebhookReceiver:
    secret = _webhook_secret(settings)
    counts.use_secret(hash_of(secret))

    def take(delivery: HookDelivery) -> None:
        desk.timeline.take(delivery)
        desk.shown.changed([order_subject(delivery.order_id)])
        desk.runner.waiting.order_changed(delivery.order_id)

    return WebhookReceiver(
        secret=secret,
        store_hash=settings.bigcommerce_store_hash,
        take=take,
        count=counts.add,
        former_secrets=counts.former_secrets(hash_of(secret)),
        proxies=settings.webhook_proxies,
    )


async def _receive(receiver: WebhookReceiver, host: str, port: int) -> None:
    try:
        await receiver.start(host, port)
    except ReceiverError as exc:
        raise StartError(str(exc)) from exc


def make_desk(
    settings: Settings,
    identity: Identity,
    db: Database,
    store: BigCommerceClient,
    interactive: WebClient,
    posting: AsyncWebClient,
    *,
    halted: Callable[[], str] = lambda: "",
    waits: Waits | None = None,
) -> Desk:
    """Return the bot's parts, wired up; nothing runs yet."""
    log, threads, catalogue = ActionLog(db), OrderThreads(db), Catalogue(store)
    drafts, events, outbox = Drafts(db), OutsideEvents(db), Outbox(db)
    configuration = live_configuration(settings, db)
    installation = Installation(identity.team_id, identity.enterprise_id or "")
    directory = Directory(interactive, installation)
    access = Access(
        directory, configuration, team_id=identity.team_id, admins=frozenset(settings.admins)
    )
    permission = Permission(access, configuration, log, catalogue, store.money)
    waits = waits or Waits()
    poster = Poster(
        posting,
        bot_user_id=identity.bot_user_id,
        pause_s=settings.post_every,
        scale=waits.calls,
    )
    shown = Shown()
    delivery = Delivery(
        poster,
        outbox,
        channel_id=lambda: configuration.current().audit_channel,
        every_s=settings.sweep_every,
        waits=waits,
        halted=halted,
        untold_changed=lambda: shown.changed([REQUESTS]),
        is_outsider=access.is_outsider,
    )
    changes = ExternalChanges(
        store=store.background, log=log, events=events, outbox=outbox, call=delivery.call
    )
    timeline = SlackTimeline(outbox=outbox, delivery=delivery, changes=changes)
    _register(
        delivery,
        configuration,
        access,
        store,
        catalogue,
        log,
        drafts,
        events,
        changes,
        shown,
        outbox,
    )
    runner = ActionRunner(
        data=settings.data,
        log=log,
        store=store,
        actions=RUNNABLE,
        timeline=timeline,
        permission=permission.before_sending,
        mail=_customer_mail(settings, configuration, log, store),
        settle_waits=settings.settle_waits,
        schedule=Schedule(sweep_every_s=settings.sweep_every),
        halted=halted,
        is_done=lambda entry: is_in_store(
            store.money, entry.action, entry.reference, entry.request
        ),
    )
    Outcomes(
        log=log,
        outbox=outbox,
        poster=poster,
        ready=lambda entry: runner.ready(entry),
        details=DETAILS,
        is_outsider=access.is_outsider,
    ).register(delivery)
    return Desk(
        installation=installation,
        configuration=configuration,
        slack=interactive,
        store=store,
        catalogue=catalogue,
        runner=runner,
        log=log,
        threads=threads,
        drafts=drafts,
        outbox=outbox,
        delivery=delivery,
        events=events,
        directory=directory,
        access=access,
        permission=permission,
        people=PeopleWatch(
            directory=directory,
            access=access,
            configuration=configuration,
            known=KnownPeople(db),
            waiting=Waiting(
                access=access,
                log=log,
                outbox=outbox,
                poster=poster,
                channel_id=lambda: configuration.current().audit_channel,
                approvers=lambda: configuration.current().approvers,
            ),
            team_id=identity.team_id,
            bot_user_id=identity.bot_user_id,
            admins=frozenset(settings.admins),
            every_s=settings.people_every,
            is_back=delivery.retry,
        ),
        tasks=BackgroundTasks(),
        poster=poster,
        timeline=timeline,
        check=lambda: check_everything(settings, configuration.current()),
        finder=Finder(store),
        links=Links(db),
        choices=PersonChoices(db),
        pace=Pace(settings.look_pause),
        can_mail=settings.smtp_host is not None,
        missing_scopes=lambda: missing(interactive.granted),
        shown=shown,
    )


def _register(
    delivery: Delivery,
    configuration: LiveConfiguration,
    access: Access,
    store: BigCommerceClient,
    catalogue: Catalogue,
    log: ActionLog,
    drafts: Drafts,
    events: OutsideEvents,
    changes: ExternalChanges,
    shown: Shown,
    outbox: Outbox,
) -> None:
    """Tell the delivery what renders the messages of each kind."""
    roots = RootMessages(
        configuration=configuration.current,
        store=store,
        catalogue=catalogue,
        log=log,
        drafts=drafts,
        found_gone=changes.note_gone,
    )
    delivery.register(
        ROOT, roots.render, lambda post: shown.changed([order_subject(post.order_id or 0)])
    )
    delivery.register(OUTSIDE, ExternalMessages(events).render)
    register_messages(
        delivery,
        channel_id=lambda: configuration.current().audit_channel,
        approvers=lambda: configuration.current().approvers,
        access=access,
        log=log,
        outbox=outbox,
    )


def _customer_mail(
    settings: Settings, configuration: LiveConfiguration, log: ActionLog, store: BigCommerceClient
) -> CustomerMail:
    if settings.smtp_host is None:
        return CustomerMail(log, store.money)
    return CustomerMail(
        log,
        store.money,
        server=MailServer.of(settings),
        sender=settings.mail_from or "",
        is_on=lambda: configuration.current().notifications == "email",
    )


async def _identify(settings: Settings, slack: AsyncWebClient) -> Identity:
    try:
        return await identify(settings, slack)
    except SlackApiError as exc:
        code = error_code(exc)
        if is_passing(exc):
            raise StartError(
                f"Slack is not well or busy ({code}). Start again in a few minutes."
            ) from exc
        why = f"Slack refused the tokens ({code})."
        raise StartError(
            f"{why} Run `python -m bot check`: it tells what is wrong, and what to do."
        ) from exc
    except (aiohttp.ClientError, TimeoutError) as exc:
        raise StartError(
            "Slack cannot be reached. Check this machine's connection, then start again."
        ) from exc
