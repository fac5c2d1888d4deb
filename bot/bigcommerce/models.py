"""What the bot reads from BigCommerce: only the fields it uses, frozen, money as Decimal.

Shapes: the official specifications `orders.v2`, `orders.v3`, `marketing.v2`, `store_information.v2`,
`settings.v3` and `category-trees_catalog.v3`. V2 writes money as strings and may send null for text.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field

Text = Annotated[str, BeforeValidator(lambda value: "" if value is None else str(value))]


def _decimal(value: Any) -> Any:
    return "0" if value in (None, "") else str(value)


Amount = Annotated[Decimal, BeforeValidator(_decimal)]


class Model(BaseModel):
    """The base of all models: frozen, unknown fields ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class BillingAddress(Model):
    """Who pays; names may hold anything a customer can type."""

    first_name: Text = ""
    last_name: Text = ""
    email: Text = ""


class Order(Model):
    """`GET /v2/orders/{id}`. `currency` is the transactional one, in which refunds are paid."""

    id: int
    customer_id: int
    status_id: int
    status: str
    custom_status: Text = ""
    date_created: datetime
    date_modified: datetime
    payment_status: Text = ""
    payment_method: Text = ""
    currency: str = Field(validation_alias=AliasChoices("default_currency_code", "currency"))
    subtotal_inc_tax: Amount = Decimal(0)
    total_inc_tax: Amount
    store_credit_amount: Amount = Decimal(0)
    gift_certificate_amount: Amount = Decimal(0)
    staff_notes: Text = ""
    is_deleted: bool = False
    is_tax_inclusive_pricing: bool = False
    channel_id: int = 1
    billing_address: BillingAddress = BillingAddress()


class ProductOption(Model):
    """One chosen option of a line, e.g. "Size: L"."""

    display_name: Text = ""
    display_value: Text = ""


class OrderLine(Model):
    """`GET /v2/orders/{id}/products`; `id` is the refund's item_id (order product id)."""

    id: int
    name: Text
    sku: Text = ""
    type: Text = "physical"
    quantity: int
    quantity_shipped: int = 0
    quantity_refunded: int = 0
    total_inc_tax: Amount = Decimal(0)
    discounted_total_inc_tax: Amount | None = None
    wrapping_id: int = 0
    wrapping_name: Text = ""
    base_wrapping_cost: Amount = Decimal(0)
    wrapping_cost_ex_tax: Amount = Decimal(0)
    wrapping_cost_inc_tax: Amount = Decimal(0)
    parent_order_product_id: int | None = None
    product_options: tuple[ProductOption, ...] = ()

    @property
    def paid_inc_tax(self) -> Decimal:
        """What the shopper paid for the whole line, discounts and tax in."""
        if self.discounted_total_inc_tax is None:
            return self.total_inc_tax
        return self.discounted_total_inc_tax


class ShippingAddress(Model):
    """`GET /v2/orders/{id}/shipping_addresses`; `id` is the item_id of SHIPPING and HANDLING."""

    id: int
    shipping_method: Text = ""
    base_cost: Amount = Decimal(0)
    cost_ex_tax: Amount = Decimal(0)
    cost_inc_tax: Amount = Decimal(0)
    base_handling_cost: Amount = Decimal(0)
    handling_cost_ex_tax: Amount = Decimal(0)
    handling_cost_inc_tax: Amount = Decimal(0)


class Fee(Model):
    """`GET /v2/orders/{id}/fees`; `id` is the item_id of FEE."""

    id: int
    display_name: Text = Field(
        default="", validation_alias=AliasChoices("display_name_merchant", "display_name")
    )
    base_cost: Amount = Decimal(0)
    cost_ex_tax: Amount = Field(
        default=Decimal(0), validation_alias=AliasChoices("cost_ex_tax", "cost_exc_tax")
    )
    cost_inc_tax: Amount = Decimal(0)


class ItemType(StrEnum):
    """What a refund item gives back."""

    PRODUCT = "PRODUCT"
    GIFT_WRAPPING = "GIFT_WRAPPING"
    SHIPPING = "SHIPPING"
    HANDLING = "HANDLING"
    FEE = "FEE"
    ORDER = "ORDER"
    TAX = "TAX"


class RefundItem(Model):
    """One thing to give back: `quantity` for lines and wrapping, `amount` for the others.

    `amount` is in the order's transactional currency, at most two decimals.
    """

    item_type: ItemType
    item_id: int
    quantity: int | None = None
    amount: Decimal | None = None
    reason: str = ""


class RefundPayment(Model):
    """One tender of a refund; `offline` means that BigCommerce only records it."""

    provider_id: str
    provider_description: Text = ""
    amount: Amount
    offline: bool = False
    offline_provider: bool = False
    offline_reason: Text = ""


class RefundQuote(Model):
    """`POST .../refund_quotes`. Each of `refund_methods` is one complete way to pay it back.

    `adjustment` below zero: more was asked for than is refundable, and the quote was clipped.
    """

    order_id: int
    total_refund_amount: Amount
    total_refund_tax_amount: Amount = Decimal(0)
    adjustment: Amount = Decimal(0)
    refund_methods: tuple[tuple[RefundPayment, ...], ...] = ()


class RefundedItem(Model):
    """An item of a refund that was made."""

    item_type: str
    item_id: int
    quantity: int | None = None
    requested_amount: Amount | None = None
    reason: Text = ""


class RefundedPayment(Model):
    """A tender of a refund that was made; a decline shows here, some time after the 201."""

    provider_id: Text
    amount: Amount
    offline: bool = False
    is_declined: bool = False
    declined_message: Text = ""
    transaction_id: Text = ""


class Refund(Model):
    """`GET /v3/orders/{id}/payment_actions/refunds`. Made does not mean paid."""

    id: int
    order_id: int
    created: datetime
    reason: Text = ""
    total_amount: Amount
    total_tax: Amount = Decimal(0)
    items: tuple[RefundedItem, ...] = ()
    payments: tuple[RefundedPayment, ...] = ()

    @property
    def is_declined(self) -> bool:
        """Whether every tender was declined, so that no money came back."""
        return bool(self.payments) and all(payment.is_declined for payment in self.payments)


class Transaction(Model):
    """`GET /v3/orders/{id}/transactions`: what the payment gateway did."""

    id: int
    event: str
    method: Text = ""
    amount: Amount
    currency: Text = ""
    gateway: Text = ""
    status: Text = ""
    date_created: datetime


class Store(Model):
    """`GET /v2/store`. `id` is the store hash; `default_currency` the store's own currency."""

    id: str
    name: str
    domain: Text = ""
    control_panel_base_url: Text = ""
    default_currency: str = Field(validation_alias=AliasChoices("currency", "default_currency"))
    timezone_name: str

    def order_url(self, order_id: int) -> str:
        """Return the order's page in BigCommerce's control panel."""
        return f"{self.control_panel_base_url}/manage/orders/{order_id}"


class Category(Model):
    """A product category; `path` reads "Garden › Bath"."""

    id: int
    name: str
    path: str


class CouponType(StrEnum):
    """BigCommerce's names. `per_item_discount` (money off each item) is deliberately absent."""

    FIXED_AMOUNT = "per_total_discount"
    PERCENTAGE = "percentage_discount"


class NewCoupon(Model):
    """What `POST /v2/coupons` is sent. `amount` is money or percent by `type`.

    `category_ids` empty means the whole catalogue; `expires_at` is aware.
    """

    name: str
    code: str
    type: CouponType
    amount: Decimal
    category_ids: tuple[int, ...] = ()
    expires_at: datetime | None = None


class Coupon(Model):
    """A V2 coupon as BigCommerce has it."""

    id: int
    name: str
    code: str
    type: str
    amount: Amount
    enabled: bool = False
    expires: Text = ""
