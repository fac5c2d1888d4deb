"""The root message of an order's thread: the order as it is now, with what may be done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bot.actions.failures import is_final
from bot.actions.orders.order_card import load_for_card
from bot.actions.orders.snapshot import OrderSnapshot
from bot.actions.registry import ACTIONS
from bot.bigcommerce.client import BigCommerceClient
from bot.bigcommerce.http.errors import BigCommerceError, OrderNotFound
from bot.config.configuration import Configuration
from handlers.block_kit.builders import Block, actions, button, section
from handlers.flow.asked_already import in_the_way, whole_request
from handlers.flow.open_forms import form_lines, open_forms, over_at
from handlers.orders.order_card import card_text, order_card
from handlers.store_facts import Catalogue
from handlers.timeline.outcomes.outcome_message import open_requests, refunded_label
from handlers.timeline.rendered import Rendered
from storage.form_drafts import Drafts
from storage.log.action_log import ActionLog
from storage.outbox.posts import Post

DRAWN_AGAIN_S = 10.0
# After so long the status is what somebody wants it to be.
LAGS_AT_MOST = timedelta(minutes=5)
AFTER_ALL = {4, 5}  # Refunded, Cancelled
AFTER_SOME = AFTER_ALL | {14}  # Partially Refunded


class RootMessages:
    """Renders root messages; `found_gone` is told of an order that BigCommerce has no more."""

    def __init__(
        self,
        *,
        configuration: Callable[[], Configuration],
        store: BigCommerceClient,
        catalogue: Catalogue,
        log: ActionLog,
        drafts: Drafts,
        found_gone: Callable[[int], None],
    ) -> None:
        """Keep the parts."""
        self._configuration = configuration
        self._store = store
        self._catalogue = catalogue
        self._log = log
        self._drafts = drafts
        self._found_gone = found_gone

    async def render(self, post: Post) -> Rendered | None:
        """Return the order's root message; None where the order cannot be read for good.

        Raises BigCommerceError where it cannot be read now, unless there is no message yet: what
        waits to be told below it is not held up.
        """
        order_id = post.order_id or 0
        is_new = post.spot is None
        # Somebody waits for what is told below it.
        is_awaited = is_new or self._log.is_busy(order_id)
        store = self._store.money if is_awaited else self._store.background
        try:
            return await self._root(await load_for_card(store, order_id))
        except OrderNotFound:
            if is_new:
                return _bare_root(order_id)
            self._found_gone(order_id)
            return _gone_root(order_id)
        except BigCommerceError as error:
            if is_new:
                return _bare_root(order_id)
            if is_final(error):
                return None
            raise

    async def _root(self, snapshot: OrderSnapshot) -> Rendered:
        order_id = snapshot.order.id
        store = await self._catalogue.store()
        forms = open_forms(self._drafts, order_id)
        now = self._configuration()
        label = refunded_label(self._log, order_id)
        blocks = order_card(
            snapshot,
            store,
            open_requests=open_requests(self._log, order_id),
            refunded=label,
            forms=form_lines(forms),
            off=now.switched_off(ACTIONS),
            refunds_unpaid=now.refund_before_cancel,
            whole_asked=in_the_way(whole_request(self._log, order_id)),
        )
        again_at = _soon() if _may_lag(snapshot) else over_at(forms)
        return _rendered(order_id, card_text(snapshot, refunded=label), blocks, again_at)


def _may_lag(snapshot: OrderSnapshot) -> bool:
    """Whether BigCommerce may still have to set the status that a late refund brings.

    It does so at a time of its own, also after a refund that it merely records.
    """
    made_at = [refund.created for refund in snapshot.refunds if not refund.is_declined]
    if not made_at or datetime.now(UTC) - max(made_at) > LAGS_AT_MOST:
        return False
    is_whole = snapshot.left.amount <= 0
    return snapshot.order.status_id not in (AFTER_ALL if is_whole else AFTER_SOME)


def _gone_root(order_id: int) -> Rendered:
    """Return the root of an order that was deleted: nothing is left to press but a fresh look."""
    said = "It was deleted: BigCommerce has no order of this number any more."
    blocks: list[Block] = [
        section(f"*Order {order_id}*\n:wastebasket: {said}"),
        actions([button("Refresh", "refresh", str(order_id))], block_id="order_actions"),
    ]
    return _rendered(order_id, f"Order {order_id} was deleted.", blocks)


def _bare_root(order_id: int) -> Rendered:
    blocks: list[Block] = [
        section(f"*Order {order_id}*\nBigCommerce could not be read just now."),
        actions([button("Refresh", "refresh", str(order_id))], block_id="order_actions"),
    ]
    said = f"Order {order_id} could not be read just now."
    return _rendered(order_id, said, blocks, _soon())


def _rendered(
    order_id: int, text: str, blocks: list[Block], again_at: datetime | None = None
) -> Rendered:
    return Rendered(text, blocks, marker=f"Order {order_id} ", again_at=again_at)


def _soon() -> datetime:
    return datetime.now(UTC) + timedelta(seconds=DRAWN_AGAIN_S)
