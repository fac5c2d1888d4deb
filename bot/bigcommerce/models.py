"""What the bot reads from BigCommerce: only the fields it uses, frozen, money as Decimal.

Shapes: the official specifications `orders.v2`, `orders.v3`, `marketing.v2`,
`store_information.v2`, `currencies.v2`, `settings.v3` and `category-trees_catalog.v3`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, ClassVar

from pydantic import AliasChoices, AliasPath, BeforeValidator, Field

from bot.bigcommerce.http.fields import (
    Amount,
    Charge,
    Count,
    CurrencyCode,
    Flag,
    Id,
    Many,
    MaybeAmount,
    MaybeCount,
    MaybeMoment,
    Model,
    Text,
    Told,
    Word,
)


class BillingAddress(Told):
    """Who pays; names may hold anything a customer can type."""

    first_name: Text = ""
    last_name: Text = ""
    email: Text = ""


class Order(Told):
    """`GET /v2/orders/{id}`. `currency` is the transactional one, in which refunds are paid.

    "" where it is not told: then the order can be shown, and no money be moved on it. `rate` is
    what one unit of the store's default currency was in it, None when it is not told.
    """

    ALWAYS: ClassVar[tuple[str, ...]] = (
        "customer_id",
        "date_created",
        "payment_status",
        "currency",
        "store_credit_amount",
        "gift_certificate_amount",
        "is_deleted",
    )

    id: Id
    customer_id: Count = 0
    status_id: Count
    status: Text = ""
    custom_status: Text = ""
    date_created: MaybeMoment = None
    payment_status: Word = ""
    payment_method: Text = ""
    currency: CurrencyCode = Field(
        default="", validation_alias=AliasChoices("default_currency_code", "currency")
    )
    rate: MaybeAmount = Field(
        default=None, validation_alias="store_default_to_transactional_exchange_rate"
    )
    total_inc_tax: Charge
    store_credit_amount: Charge = Decimal(0)
    gift_certificate_amount: Charge = Decimal(0)
    shipping_cost_inc_tax: Charge = Decimal(0)
    handling_cost_inc_tax: Charge = Decimal(0)
    wrapping_cost_inc_tax: Charge = Decimal(0)
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
    channel_id: MaybeCount = None
    billing_address: Annotated[BillingAddress, BeforeValidator(lambda v: v or {})] = (
        BillingAddress()
    )


class ProductOption(Told):
    """One chosen option of a line, e.g. "Size: L"."""

    display_name: Text = ""
    display_value: Text = ""


class OrderLine(Told):
    """`GET /v2/orders/{id}/products`; `id` is the refund's item_id (order product id)."""

    id: Id
    name: Text = ""
    sku: Text = ""
    product_id: Count = 0
    variant_id: Count = 0
    type: Text = "physical"
    quantity: Count
    quantity_refunded: Count = 0
    total_ex_tax: MaybeAmount = None
    total_inc_tax: Charge = Decimal(0)
    discounted_total_inc_tax: MaybeAmount = None
    wrapping_id: Count = 0
    wrapping_cost_ex_tax: Charge = Decimal(0)
    wrapping_cost_inc_tax: Charge = Decimal(0)
    parent_order_product_id: MaybeCount = None
    gift_certificate_id: MaybeCount = None
    product_options: Many[ProductOption] = ()

    @property
    def paid_inc_tax(self) -> Decimal:
        """What the shopper paid for the whole line, discounts and tax in."""
        if self.discounted_total_inc_tax is None:
            return self.total_inc_tax
        return self.discounted_total_inc_tax


class ShippingAddress(Told):
    """`GET /v2/orders/{id}/shipping_addresses`; `id` is the item_id of SHIPPING and HANDLING."""

    id: Id
    first_name: Text = ""
    last_name: Text = ""
    street_1: Text = ""
    city: Text = ""
    shipping_method: Text = ""
    cost_ex_tax: Charge = Decimal(0)
    cost_inc_tax: Charge = Decimal(0)
    handling_cost_ex_tax: Charge = Decimal(0)
    handling_cost_inc_tax: Charge = Decimal(0)


class Fee(Told):
    """`GET /v2/orders/{id}/fees`; `id` is the item_id of FEE."""

    id: Id
    display_name: Text = Field(
        default="", validation_alias=AliasChoices("display_name_merchant", "display_name")
    )
    cost_ex_tax: Charge = Field(
        default=Decimal(0), validation_alias=AliasChoices("cost_ex_tax", "cost_exc_tax")
    )
    cost_inc_tax: Charge = Decimal(0)


class Transaction(Told):
    """`GET /v3/orders/{id}/transactions`: what the payment gateway did.

    `reference_transaction_id` is the transaction on which it acts; None or 0: none is told.
    """

    id: Id
    gateway_transaction_id: Text = ""
    reference_transaction_id: MaybeCount = None
    event: Word
    method: Text = ""
    amount: Amount
    currency: Text = ""
    status: Text = ""
    date_created: MaybeMoment = None


class Store(Told):
    """`GET /v2/store`. `id` is the store hash; `default_currency` the store's own currency.

    `country_code` is that of ISO 3166-1, "" where it is not told.
    """

    id: Word
    name: Text = ""
    country_code: Text = ""
    control_panel_base_url: Text = ""
    order_email: Text = ""
    admin_email: Text = ""
    default_currency: CurrencyCode = Field(
        validation_alias=AliasChoices("currency", "default_currency")
    )
    timezone_name: Word = Field(
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


class Currency(Told):
    """`GET /v2/currencies`. Not transactional: only shown to shoppers, never paid in.

    `rate` is what one unit of the store's default currency is in this one, 0 when it is not told.
    """

    code: CurrencyCode = Field(validation_alias=AliasChoices("currency_code", "code"))
    name: Text = ""
    enabled: Flag = True
    is_transactional: Flag = True
    rate: Charge = Field(
        default=Decimal(0), validation_alias=AliasChoices("currency_exchange_rate", "rate")
    )


class Category(Model):
    """A product category; `path` reads "Garden › Bath"."""

    id: int
    name: str
    path: str
