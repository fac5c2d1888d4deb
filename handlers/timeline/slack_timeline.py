"""What the runner and the listeners ask of the orders' threads; the delivery does it."""

from __future__ import annotations

from bot.bigcommerce.webhooks import WebhookDelivery as StoreDelivery
from handlers.timeline.delivery import Delivery
from handlers.timeline.external_changes.external_changes import ExternalChanges
from storage.log.entries import Entry
from storage.outbox.outbox import Outbox
from storage.outbox.posts import root_key


class SlackTimeline:
    """The threads in Slack; the runner knows it only as its protocol."""

    def __init__(self, *, outbox: Outbox, delivery: Delivery, changes: ExternalChanges) -> None:
        """Keep the parts."""
        self._outbox = outbox
        self._delivery = delivery
        self._changes = changes

    def call(self) -> None:
        """Have what is due told now."""
        self._delivery.call()

    def show(self, entry: Entry) -> None:
        """Have the order's root message, if it has one, drawn anew."""
        if entry.order_id is not None and self._outbox.want(root_key(entry.order_id)):
            self._delivery.call()

    async def refresh(self, order_id: int) -> None:
        """Bring the order's root message up to date; what goes wrong is tried again later."""
        if self._outbox.want(root_key(order_id)):
            await self._delivery.deliver(root_key(order_id))

    async def catch_up(self) -> None:
        """Decide what happened outside."""
        self._changes.catch_up()

    async def close(self) -> None:
        """Stop deciding what happened outside; the rest is called by others."""
        await self._changes.close()

    def take(self, delivery: StoreDelivery) -> None:
        """Note what a webhook says; raises sqlite3.Error when it cannot be noted."""
        self._changes.take(delivery)
