"""What the bot reads from BigCommerce: only the fields it uses, frozen, money as Decimal.

Shapes: the official specifications `orders.v2`, `orders.v3`, `marketing.v2`,
`store_information.v2`, `currencies.v2`, `settings.v3` and `category-trees_catalog.v3`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import AliasChoices, AliasPath, BeforeValidator, Field

from bot.bigcommerce.fields import (
    Amount,
    Count,
    Flag,
    Many,
    MaybeAmount,
    MaybeMoment,
    Model,
    Moment,
    Text,
)
from bot.bigcommerce.refunds import ItemType as ItemType
from bot.bigcommerce.refunds import Refund as Refund
from bot.bigcommerce.refunds import RefundAdjustment as RefundAdjustment
from bot.bigcommerce.refunds import RefundedItem as RefundedItem
from bot.bigcommerce.refunds import RefundedPayment as RefundedPayment
from bot.bigcommerce.refunds import RefundItem as RefundItem
from bot.bigcommerce.refunds import RefundPayment as RefundPayment
from bot.bigcommerce.refunds import RefundQuote as RefundQuote


class BillingAddress(Model):
    """Who pays; names may hold anything a customer can type."""

    first_name: Text = ""
    last_name: Text = ""
    email: Text = ""


class Order(Model):
    """`GET /v2/orders/{id}`. `currency` is the transactional one, in which refunds are paid.

    `rate` is what one unit of the store's default currency was in it, None when it is not told.
    """

    id: int
    customer_id: Count
    status_id: int
    status: Text
    custom_status: Text = ""
    date_created: Moment
    date_modified: MaybeMoment = None
    payment_status: Text = ""
    payment_method: Text = ""
    currency: str = Field(validation_alias=AliasChoices("default_currency_code", "currency"))
    rate: MaybeAmount = Field(
        default=None, validation_alias="store_default_to_transactional_exchange_rate"
    )
    subtotal_inc_tax: Amount = Decimal(0)
    total_inc_tax: Amount
    store_credit_amount: Amount = Decimal(0)
    gift_certificate_amount: Amount = Decimal(0)
    shipping_cost_inc_tax: Amount = Decimal(0)
    handling_cost_inc_tax: Amount = Decimal(0)
    wrapping_cost_inc_tax: Amount = Decimal(0)
    discount_amount: Amount = Decimal(0)
    coupon_discount: Amount = Decimal(0)
    items_total: Count = 0
    items_shipped: Count = 0
    order_source: Text = ""
    ebay_order_id: Text = ""
    external_source: Text = ""
    staff_notes: Text = ""
    is_deleted: Flag = False
    is_tax_inclusive_pricing: Flag = False
    channel_id: int = 1
    billing_address: Annotated[BillingAddress, BeforeValidator(lambda v: v or {})] = (
        BillingAddress()
    )


class ProductOption(Model):
    """One chosen option of a line, e.g. "Size: L"."""

    display_name: Text = ""
    display_value: Text = ""


class OrderLine(Model):
    """`GET /v2/orders/{id}/products`; `id` is the refund's item_id (order product id)."""

    id: int
    name: Text
    sku: Text = ""
    product_id: Count = 0
    variant_id: Count = 0
    type: Text = "physical"
    quantity: int
    quantity_shipped: Count = 0
    quantity_refunded: Count = 0
    total_ex_tax: MaybeAmount = None
    total_inc_tax: Amount = Decimal(0)
    discounted_total_inc_tax: MaybeAmount = None
    wrapping_id: Count = 0
    wrapping_name: Text = ""
    base_wrapping_cost: Amount = Decimal(0)
    wrapping_cost_ex_tax: Amount = Decimal(0)
    wrapping_cost_inc_tax: Amount = Decimal(0)
    parent_order_product_id: int | None = None
    gift_certificate_id: Count = 0
    product_options: Many[ProductOption] = ()

    @property
    def paid_inc_tax(self) -> Decimal:
        """What the shopper paid for the whole line, discounts and tax in."""
        if self.discounted_total_inc_tax is None:
            return self.total_inc_tax
        return self.discounted_total_inc_tax


class ShippingAddress(Model):
    """`GET /v2/orders/{id}/shipping_addresses`; `id` is the item_id of SHIPPING and HANDLING."""

    id: int
    first_name: Text = ""
    last_name: Text = ""
    street_1: Text = ""
    city: Text = ""
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


class Transaction(Model):
    """`GET /v3/orders/{id}/transactions`: what the payment gateway did.

    `reference_transaction_id` is the transaction on which it acts; None or 0: none is told.
    """

    id: int
    gateway_transaction_id: Text = ""
    reference_transaction_id: int | None = None
    event: str
    method: Text = ""
    amount: Amount
    currency: Text = ""
    gateway: Text = ""
    status: Text = ""
    date_created: MaybeMoment = None


class Store(Model):
    """`GET /v2/store`. `id` is the store hash; `default_currency` the store's own currency."""

    id: str
    name: str
    domain: Text = ""
    control_panel_base_url: Text = ""
    order_email: Text = ""
    admin_email: Text = ""
    default_currency: str = Field(validation_alias=AliasChoices("currency", "default_currency"))
    timezone_name: str = Field(
        default="UTC",
        validation_alias=AliasChoices(AliasPath("timezone", "name"), "timezone_name"),
    )

    @property
    def sender(self) -> str:
        """Return the address that the store's own e-mails come from, "" when it has none."""
        return self.order_email or self.admin_email

    def order_url(self, order_id: int) -> str:
        """Return the order's page in BigCommerce's control panel."""
        return f"{self.control_panel_base_url}/manage/orders/{order_id}"


class Currency(Model):
    """`GET /v2/currencies`. Not transactional: only shown to shoppers, never paid in.

    `rate` is what one unit of the store's default currency is in this one, 0 when it is not told.
    """

    code: str = Field(validation_alias=AliasChoices("currency_code", "code"))
    name: Text = ""
    is_default: Flag = False
    enabled: Flag = True
    is_transactional: Flag = True
    decimal_places: int = 2
    rate: Amount = Field(
        default=Decimal(0), validation_alias=AliasChoices("currency_exchange_rate", "rate")
    )


class Category(Model):
    """A product category; `path` reads "Garden › Bath"."""

    id: int
    name: str
    path: str
