"""What was sent of an order: how shipments are listed, and how a merchant adds one.

https://developer.bigcommerce.com/docs/rest-management/orders/order-shipments
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.sandbox.bigcommerce.answers import v2_date
from bot.sandbox.bigcommerce.books import Address, Books, Order, Shipment
from bot.sandbox.bigcommerce.orders.order_json import person_json

# Where the core providers let a parcel be followed; BigCommerce's own addresses are not documented.
TRACKING = {
    "usps": "https://tools.usps.com/go/TrackConfirmAction?tLabels={}&ref=bc",
    "ups": "https://www.ups.com/track?tracknum={}",
    "fedex": "https://www.fedex.com/fedextrack/?trknbr={}",
}
NAMES = {"usps": "USPS", "ups": "UPS", "fedex": "FedEx", "": ""}
# As merchants enter them: a core provider, a link of their own, a number and nothing else.
KINDS: tuple[dict[str, str], ...] = (
    {"provider": "usps"},
    {"provider": "ups"},
    {"carrier": "dpd", "link": "https://parcels.fern.example/{}?store=fern&lang=en"},
    {},
)


def shipments_json(order: Order) -> list[dict[str, Any]]:
    """Write the shipments."""
    return [_shipment_json(order, shipment) for shipment in order.shipments]


def _shipment_json(order: Order, shipment: Shipment) -> dict[str, Any]:
    address = _address(order, shipment.address_id)
    products = {line.id: line.product_id for line in order.lines}
    generated = TRACKING.get(shipment.provider, "") if shipment.number else ""
    return {
        "id": shipment.id,
        "order_id": order.id,
        "customer_id": order.customer_id,
        "order_address_id": shipment.address_id,
        "date_created": v2_date(shipment.sent_at),
        "tracking_number": shipment.number,
        "merchant_shipping_cost": "0.0000",
        "shipping_method": address.method if address else "",
        "shipping_provider": shipment.provider,
        "shipping_provider_display_name": NAMES.get(shipment.provider, shipment.provider),
        "tracking_carrier": shipment.carrier,
        "tracking_link": shipment.link,
        # Empty where the merchant gave a link, says the specification.
        "generated_tracking_link": "" if shipment.link else generated.format(shipment.number),
        "comments": "",
        "billing_address": person_json(order.billing),
        "shipping_address": person_json(address.to if address else order.billing),
        "items": [
            {"order_product_id": line_id, "product_id": products.get(line_id, 0), "quantity": many}
            for line_id, many in shipment.quantities.items()
        ],
    }


def send(books: Books, order: Order, quantities: Mapping[int, int], **fields: Any) -> Shipment:
    """Write a parcel down."""
    line = next(line for line in order.lines if line.id in quantities)
    shipment = Shipment(
        id=books.next_id("shipment"),
        address_id=line.address_id,
        quantities=dict(quantities),
        **fields,
    )
    order.shipments.append(shipment)
    return shipment


def seed_shipments(books: Books) -> None:
    """Give each address that something was sent to its parcel."""
    for order in books.orders.values():
        for address in order.addresses:
            quantities = {
                line.id: line.quantity_shipped
                for line in order.lines
                if line.address_id == address.id and line.quantity_shipped
            }
            if quantities:
                _seed_one(books, order, address, quantities)


def _seed_one(books: Books, order: Order, address: Address, quantities: dict[int, int]) -> None:
    number = f"FF{address.id:09d}"
    kind = KINDS[address.id % len(KINDS)]
    fields = {name: value.format(number) for name, value in kind.items()}
    sent_at = order.shipped_at or order.modified_at
    send(books, order, quantities, number=number, sent_at=sent_at, **fields)


def _address(order: Order, address_id: int) -> Address | None:
    return next((row for row in order.addresses if row.id == address_id), None)
