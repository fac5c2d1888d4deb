"""Whom money goes to, as the log keeps it: by number, and by address without telling it. Pure."""

from __future__ import annotations

import hashlib
import unicodedata

from pydantic import BaseModel

from bot.bigcommerce.models import Order

GOOGLE = ("gmail.com", "googlemail.com")


class CustomerKeys(BaseModel, frozen=True):
    """A customer by both keys: the same number or the same address is the same customer.

    `id` 0 is a guest, and nobody's number. `mail` is a hash of the normalised e-mail address, ""
    where the order tells none.
    """

    id: int = 0
    mail: str = ""


NOBODY = CustomerKeys()


def customer_of(order: Order) -> CustomerKeys:
    """Return the customer of an order: guests have their address alone."""
    return CustomerKeys(id=order.customer_id, mail=_hashed(order.billing_address.email))


def _hashed(address: str) -> str:
    """Return a hash that is the same for all spellings of an address, "" for none.

    Case, blanks, and what stands behind a plus sign make no other mailbox; with Google dots don't
    either (https://support.google.com/mail/answer/7436150).
    """
    plain = unicodedata.normalize("NFKC", address[:320]).strip().casefold()
    name, _, domain = plain.rpartition("@")
    if not name or not domain:
        return ""
    name, domain = name.partition("+")[0] or name, domain.rstrip(".")
    if domain in GOOGLE:
        name, domain = name.replace(".", ""), GOOGLE[0]
    mailbox = f"{name}@{domain}"
    return hashlib.sha256(mailbox.encode()).hexdigest()
