"""What is shown of an order besides its lines: shipments, and the coupons that it used.

Shapes: `orders.v2`, the shipments and coupons below an order. Both lists are answered 204 where
there is none.
"""

from __future__ import annotations

from decimal import Decimal

from bot.bigcommerce.http.fields import Amount, Count, Id, Many, MaybeMoment, Text, Told

# The providers' own names are spelt small in the API.
CARRIERS = {
    "auspost": "Australia Post",
    "canadapost": "Canada Post",
    "endicia": "USPS",
    "usps": "USPS",
    "fedex": "FedEx",
    "royalmail": "Royal Mail",
    "ups": "UPS",
    "upsonline": "UPS",
    "upsready": "UPS",
    "shipperhq": "ShipperHQ",
}


class ShippedItem(Told):
    """How many pieces of an order product a shipment holds."""

    order_product_id: Count = 0
    quantity: Count = 0


class Shipment(Told):
    """A parcel. `tracking_link` is the merchant's own, the generated one BigCommerce's."""

    id: Id
    date_created: MaybeMoment = None
    tracking_number: Text = ""
    shipping_provider: Text = ""
    shipping_provider_display_name: Text = ""
    tracking_carrier: Text = ""
    shipping_method: Text = ""
    tracking_link: Text = ""
    generated_tracking_link: Text = ""
    items: Many[ShippedItem] = ()

    @property
    def carrier(self) -> str:
        """Who carries it, in words; "" when the store does not say."""
        known = CARRIERS.get(self.shipping_provider)
        named = self.shipping_provider_display_name or known or self.tracking_carrier
        return named or self.shipping_method

    @property
    def link(self) -> str:
        """Where it can be followed; "" when the store does not say."""
        return self.tracking_link or self.generated_tracking_link

    @property
    def quantity(self) -> int:
        """How many pieces it holds."""
        return sum(item.quantity for item in self.items)


class UsedCoupon(Told):
    """A coupon on an order; `discount` is what it took off."""

    code: Text = ""
    discount: Amount = Decimal(0)
