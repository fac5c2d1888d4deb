"""What the store knows: plain records, kept as one JSON document.

Amounts are Decimal in the order's transactional currency. A price is before tax, except on an order
whose prices include tax.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel, Field, model_validator

from bot.sandbox.bigcommerce.catalog.stock import Stock
from bot.sandbox.bigcommerce.discounts.codes import Coupon, Promotion
from bot.sandbox.bigcommerce.refunds.payments import ZERO, Refund, Tender, Transaction, VoidJob
from bot.sandbox.bigcommerce.webhooks.hook import Hook


class Discount(BaseModel):
    """A line's share of a discount; `code` is None when no coupon gave it."""

    id: str
    amount: Decimal
    name: str
    code: str | None = None
    target: Literal["order", "product"] = "order"


class Line(BaseModel):
    """An order product. `wrapping_price` is for one piece."""

    id: int
    product_id: int
    name: str
    sku: str
    price: Decimal
    quantity: int
    type: Literal["physical", "digital", "giftcertificate"] = "physical"
    quantity_shipped: int = 0
    address_id: int = 0
    discounts: list[Discount] = Field(default_factory=list)
    options: dict[str, str] = Field(default_factory=dict)
    wrapping_name: str = ""
    wrapping_price: Decimal = ZERO
    parent_id: int | None = None
    gift_certificate_id: int | None = None


class Person(BaseModel):
    """A name with an address, as it stands on an order."""

    first_name: str
    last_name: str
    email: str
    street: str = "12 Orchard Lane"
    city: str = "Austin"
    state: str = "Texas"
    zip: str = "78701"
    country: str = "United States"
    country_iso2: str = "US"
    phone: str = ""


class Address(BaseModel):
    """A shipping address with what sending there cost.

    `shipping` and `handling` are what was charged; the base is what they cost before a discount or
    somebody's own figure, None where it is the same.
    """

    id: int
    to: Person
    shipping: Decimal
    handling: Decimal = ZERO
    base_shipping: Decimal | None = None
    base_handling: Decimal | None = None

    @property
    def shipping_base(self) -> Decimal:
        """What sending there cost at first."""
        return self.shipping if self.base_shipping is None else self.base_shipping

    @property
    def handling_base(self) -> Decimal:
        """What handling cost at first."""
        return self.handling if self.base_handling is None else self.base_handling

    method: str = "Standard parcel"


class Shipment(BaseModel):
    """A parcel; `quantities` by the id of the line. `link` is one that the merchant typed."""

    id: int
    address_id: int
    sent_at: datetime
    quantities: dict[int, int]
    number: str = ""
    provider: str = ""
    carrier: str = ""
    link: str = ""


class Fee(BaseModel):
    """A fee of the whole order; `price` is what was charged, the base None where it is the same."""

    id: int
    name: str
    price: Decimal
    base_price: Decimal | None = None


class Change(BaseModel):
    """One field that was given another value."""

    at: datetime
    by: str
    field: str
    before: str
    after: str


class Late(BaseModel):
    """A value that a field of an order will have later."""

    field: str
    after: str | int
    due_at: datetime


class Origin(BaseModel):
    """Where an order came from."""

    channel_id: int = 1
    order_source: str = "www"
    external_source: str | None = None
    external_id: str | None = None
    ebay_order_id: str = "0"


class Order(BaseModel):
    """An order with everything that belongs to it.

    `loose_shipping` was charged without an address to show it. `withheld` can no longer be given
    back, or was never taken. `late` is what still follows a refund that has settled.
    """

    id: int
    customer_id: int
    billing: Person
    status_id: int
    payment_status: str
    payment_method: str
    created_at: datetime
    modified_at: datetime
    shipped_at: datetime | None = None
    tags: list[str] = Field(default_factory=list)
    currency: str = "USD"
    shown_currency: str = "USD"
    shown_rate: Decimal = Decimal(1)
    tax_rate: Decimal = Decimal("0.0825")
    tax_inclusive: bool = False
    lines: list[Line] = Field(default_factory=list)
    addresses: list[Address] = Field(default_factory=list)
    fees: list[Fee] = Field(default_factory=list)
    shipments: list[Shipment] = Field(default_factory=list)
    tenders: list[Tender] = Field(default_factory=list)
    refunds: list[Refund] = Field(default_factory=list)
    transactions: list[Transaction] = Field(default_factory=list)
    loose_shipping: Decimal = ZERO
    withheld: Decimal = ZERO
    late: list[Late] = Field(default_factory=list)
    staff_notes: str | None = None
    customer_message: str | None = None
    external_order_id: str = ""
    is_deleted: bool = False
    is_restocked: bool = False
    void_job: VoidJob | None = None
    origin: Origin = Field(default_factory=Origin)
    history: list[Change] = Field(default_factory=list)


class Customer(BaseModel):
    """A registered shopper."""

    id: int
    person: Person
    created_at: datetime
    store_credit: Decimal = ZERO


class Category(BaseModel):
    """A node of the category tree; `parent_id` 0 is the top."""

    id: int
    parent_id: int
    name: str
    path: str
    is_visible: bool = True


class Product(BaseModel):
    """What is sold."""

    id: int
    name: str
    sku: str
    price: Decimal


class Mail(BaseModel):
    """A status mail that went to the customer."""

    at: datetime
    order_id: int
    status_id: int


class Channel(BaseModel, extra="forbid"):
    """A sales channel; its number is its place in the list. A mere name is a storefront's."""

    name: str
    type: Literal["storefront", "marketplace", "pos", "marketing"] = "storefront"
    platform: str = "bigcommerce"
    status: Literal["active", "prelaunch", "inactive", "connected", "disconnected"] = "active"

    @model_validator(mode="before")
    @classmethod
    def _of_name(cls, value: Any) -> Any:
        return {"name": value} if isinstance(value, str) else value


CHANNELS = (
    Channel(name="Fern and Fable"),
    Channel(name="Fern on eBay", type="marketplace", platform="ebay", status="connected"),
    Channel(name="Fern on Amazon", type="marketplace", platform="amazon", status="connected"),
    Channel(name="Shop till", type="pos", platform="square", status="connected"),
)


class Settings(BaseModel, extra="forbid"):
    """What a merchant, or a test, can set. A channel's None follows the store.

    `refund_transactions` is how gateways name a refund, and "none" where they leave nothing at all.
    The lags are how long after a refund has settled the order's fields show it.
    """

    settlement_s: float = 1.5
    combined_order_status_email: bool = True
    channel_status_email: bool | None = None
    mail_statuses: list[int] = Field(default_factory=lambda: [2, 3, 4, 5, 8, 10, 14])
    quota: int = 150
    window_ms: int = 30_000
    concurrent_refunds: Literal["accept", "refuse"] = "accept"
    plain_text_401: bool = False
    hook_retry_s: list[float] = Field(default_factory=lambda: [60.0, 180.0, 300.0, 600.0, 900.0])
    hook_block_s: float = 180.0
    refund_order_stock_adjustment: bool | None = False
    channel_stock_adjustment: bool | None = None
    update_stock_behavior: Literal["order_placed", "order_completed_or_shipped"] = "order_placed"
    stock_delay_s: float = 0.3
    paid_in: list[str] = Field(default_factory=lambda: ["USD", "EUR"])
    channels: list[Channel] = Field(default_factory=lambda: list(CHANNELS))
    status_labels: dict[int, str] = Field(default_factory=dict)
    refund_transactions: Literal["refund", "void", "pending", "settled", "none"] = "refund"
    payment_status_lag_s: float = 0.0
    status_lag_s: float = 0.0


class Books(BaseModel):
    """The whole store."""

    seed: int
    orders: dict[int, Order] = Field(default_factory=dict)
    customers: dict[int, Customer] = Field(default_factory=dict)
    categories: dict[int, Category] = Field(default_factory=dict)
    coupons: dict[int, Coupon] = Field(default_factory=dict)
    promotions: dict[int, Promotion] = Field(default_factory=dict)
    products: dict[int, Product] = Field(default_factory=dict)
    mails: list[Mail] = Field(default_factory=list)
    hooks: dict[int, Hook] = Field(default_factory=dict)
    stock: Stock = Field(default_factory=Stock)
    settings: Settings = Field(default_factory=Settings)
    last_id: dict[str, int] = Field(default_factory=dict)

    def next_id(self, kind: str) -> int:
        """Return the next number of its kind, starting with 1."""
        self.last_id[kind] = self.last_id.get(kind, 0) + 1
        return self.last_id[kind]
