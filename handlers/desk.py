"""What every listener works with, put together once by the composition root."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Protocol

from slack_sdk.web.async_client import AsyncWebClient

from bot.bigcommerce.client import BigCommerceClient
from bot.config.live_configuration import LiveConfiguration
from bot.lookup.finder import Finder
from bot.runner.runner import ActionRunner
from bot.slack.app_manifest import Scope
from handlers.access.access import Access
from handlers.access.directory import Directory
from handlers.access.pace import Pace
from handlers.access.permission import Permission
from handlers.access.person import Installation
from handlers.flow.background_tasks import BackgroundTasks
from handlers.people.watch import PeopleWatch
from handlers.store_facts import Catalogue
from handlers.timeline.delivery import Delivery
from handlers.timeline.posting import Poster
from handlers.timeline.slack_timeline import SlackTimeline
from handlers.windows.shown import Shown
from storage.configuration.history import ConfigurationChange
from storage.form_drafts import Drafts
from storage.log.action_log import ActionLog
from storage.outbox.outbox import Outbox
from storage.people.person_choices import PersonChoices
from storage.threads.customer_links import Links
from storage.threads.order_threads import OrderThreads
from storage.webhooks.external_changes import OutsideEvents


class Finding(Protocol):
    """One thing that was looked at; `fix` is what to do about it, empty when that is nothing."""

    @property
    def text(self) -> str:
        """What is so."""

    @property
    def fix(self) -> str:
        """What to do."""

    @property
    def is_note(self) -> bool:
        """Whether nothing is broken, but not all is well either."""


@dataclass(frozen=True, slots=True)
class ToldChange:
    """A change of the configuration as it was told: `first` is the first of those it sums up."""

    first: ConfigurationChange
    key: str


@dataclass(frozen=True, slots=True)
class Desk:
    """The bot's parts as the listeners see them.

    `slack` is the client for people who wait: no retries, a short time-out. `can_mail`: there is a
    mail server to send customers e-mail with. `check` looks at the connections, one by one.
    `shown` is what people see at this moment, `stale_homes` are who were told that theirs could not
    be drawn, `told_changes` the latest changes of the configuration that were told, by channel,
    person and section. `missing_scopes` are those that the installed Slack app lacks, as far as
    Slack has shown.
    """

    installation: Installation
    configuration: LiveConfiguration
    slack: AsyncWebClient
    store: BigCommerceClient
    catalogue: Catalogue
    runner: ActionRunner
    log: ActionLog
    threads: OrderThreads
    drafts: Drafts
    outbox: Outbox
    delivery: Delivery
    events: OutsideEvents
    directory: Directory
    access: Access
    permission: Permission
    people: PeopleWatch
    tasks: BackgroundTasks
    poster: Poster
    timeline: SlackTimeline
    check: Callable[[], AsyncIterator[Finding]]
    finder: Finder
    links: Links
    choices: PersonChoices
    pace: Pace
    can_mail: bool = False
    missing_scopes: Callable[[], tuple[Scope, ...]] = tuple
    shown: Shown = field(default_factory=Shown)
    stale_homes: set[str] = field(default_factory=set)
    told_changes: dict[tuple[str, str, str], ToldChange] = field(default_factory=dict)

    @property
    def channel_id(self) -> str:
        """The audit channel."""
        return self.configuration.current().audit_channel

    @property
    def sends_mail(self) -> bool:
        """Whether agents are offered that the bot e-mails the customer."""
        return self.can_mail and self.configuration.current().notifications == "email"
