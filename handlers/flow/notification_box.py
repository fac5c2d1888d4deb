"""The bot's own e-mail to the customer, in Slack: the box, and the preview."""

from __future__ import annotations

from typing import Any

from bot.actions.action import MethodChoice
from bot.actions.orders.order_status import CANCELLED
from bot.actions.orders.snapshot import OrderSnapshot
from bot.actions.refunds.words import describe_deducted, describe_for_customer
from bot.actions.registry import ACTIONS
from bot.mail.addresses import masked
from bot.mail.letter import RefundLetter
from handlers.block_kit.builders import Block, checkboxes, context, option, section
from handlers.block_kit.mrkdwn import inert, typed
from handlers.desk import Desk
from handlers.flow.form import FormState
from handlers.flow.form_context import FormContext
from storage.form_drafts import Draft

FIELD = "notify_customer"
YES = "yes"


class Mail(FormContext):
    """What the box shows: the store's name, and the customer's address, masked; "" for none."""

    store: str
    to: str


class MailContext(FormContext):
    """`mail` None: the store e-mails by itself."""

    mail: Mail | None = None


async def load_mail(desk: Desk, snapshot: OrderSnapshot) -> dict[str, Any]:
    """Return what the box shows, {} where the store e-mails by itself: the address is masked."""
    if not desk.sends_mail:
        return {}
    store = await desk.catalogue.store()
    to = masked(snapshot.order.billing_address.email)
    return MailContext(mail=Mail(store=store.name, to=to)).saved()


def notify_fields(form: FormState) -> list[Block]:
    """Return the box, or why there is none; nothing where the store e-mails by itself."""
    mail = MailContext.of(form.context).mail
    if mail is None:
        return []
    if not mail.to:
        return [context("The order has no e-mail address that can be mailed: no e-mail is sent.")]
    text = f"E-mail the customer, {mail.to}"
    options = [option(text, YES, "Makegood sends it, once the money has moved")]
    box = checkboxes(FIELD, options, initial=[YES] if _is_ticked(form) else [])
    return form.field(FIELD, "Notification", box, optional=True)


def parse_notify(form: FormState) -> bool:
    """Return whether the box is there and ticked."""
    mail = MailContext.of(form.context).mail
    return bool(mail and mail.to and _is_ticked(form))


def preview(draft: Draft, chosen: MethodChoice | None) -> list[Block]:
    """Return the e-mail as the customer gets it, or that none is sent; nothing without a box."""
    mail = MailContext.of(draft.context).mail
    if mail is None or chosen is None or draft.order_id is None:
        return []
    if not (draft.request or {}).get(FIELD):
        return [context("Makegood sends the customer no e-mail.")]
    paid_back = describe_for_customer(chosen.payments, chosen.amount.currency)
    if not paid_back:
        return [context("The customer is e-mailed once somebody has sent the money by hand.")]
    letter = RefundLetter(
        store_name=mail.store,
        order_id=draft.order_id,
        amount=chosen.amount,
        paid_back=paid_back,
        is_cancelled=ACTIONS[draft.action].sets(draft.request or {}) == CANCELLED,
        deducted=describe_deducted((draft.request or {}).get("deduction"), chosen.amount.currency),
    )
    lines = [letter.subject, "", *letter.text.splitlines()]
    quoted = "\n".join(f"> {typed(line, limit=400)}" if line else ">" for line in lines)
    return [
        section(f"*E-mail to {inert(mail.to)}, once the money has moved*"),
        section(quoted),
    ]


def _is_ticked(form: FormState) -> bool:
    return any(value == YES for value, _ in form.values.get(FIELD) or [])
