"""Lines that sold something else than goods: gift certificates and downloads. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.actions.orders.snapshot import OrderSnapshot
from bot.bigcommerce.models import OrderLine
from bot.bigcommerce.refunds import ItemType, RefundItem

CERTIFICATE, DOWNLOAD = "gift certificate", "download"


def line_kind(line: OrderLine) -> str:
    """Return what the line sold, "" for goods."""
    if line.type == "giftcertificate" or line.gift_certificate_id:
        return CERTIFICATE
    return DOWNLOAD if line.type == "digital" else ""


def line_warnings(snapshot: OrderSnapshot, items: Sequence[RefundItem]) -> tuple[str, ...]:
    """Return what refunding these items does not take back from the customer."""
    asked = {item.item_id for item in items if item.item_type is ItemType.PRODUCT}
    lines = [line for line in snapshot.lines if line.id in asked]
    certificates = [line.name for line in lines if line_kind(line) == CERTIFICATE]
    downloads = [line.name for line in lines if line_kind(line) == DOWNLOAD]
    warnings = []
    if certificates:
        warnings.append(
            f"A gift certificate was sold here: {_names(certificates)}. The refund does not "
            "disable it, so it can still be spent. Disable it in the BigCommerce control panel, "
            "under Marketing › Gift Certificates."
        )
    if downloads:
        warnings.append(
            f"A download was sold here: {_names(downloads)}. The refund does not take it back."
        )
    return tuple(warnings)


def _names(names: Sequence[str]) -> str:
    more = len(names) - 3
    return ", ".join([*names[:3], *([f"{more} more"] if more > 0 else [])])
