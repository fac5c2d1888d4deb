"""What can honestly be said about BigCommerce's own e-mail to the customer.

There is no switch for one change: the store's settings decide. One of them can be read, whether
status e-mails are on at all; which statuses they are sent for cannot.
"""

from __future__ import annotations

from bot.bigcommerce.client import BigCommerceClient


async def read_email_line(store: BigCommerceClient, channel_id: int | None, *statuses: str) -> str:
    """Return the sentence about the customer's e-mail when the order gets these statuses."""
    are_on = await store.info.are_status_emails_on(channel_id)
    names = " or ".join(statuses)
    if are_on is None:
        return "Whether BigCommerce e-mails the customer could not be read from the store."
    if are_on:
        return (
            "The store's status e-mails are on: BigCommerce e-mails the customer if its order "
            f"notifications include {names}."
        )
    return "The store's status e-mails are off: BigCommerce does not e-mail the customer."
