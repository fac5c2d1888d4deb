"""Customers: the registered shoppers. Guests are none, they are only named on their orders.

Shapes: the specification `customers.v3`. There is no call for one customer by id, only the list.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from bot.bigcommerce.http.answers import data_of, hold_against, read_list
from bot.bigcommerce.http.calls import Resource
from bot.bigcommerce.http.fields import Charge, Id, Many, Text, Told

MOST_FOUND = 50
LONGEST_NAME = 255
# Filters that find equal values only, and the field that they compare.
EXACT = {"id:in": "id", "email:in": "email"}


class StoreCredit(Told):
    """An amount in the store's default currency."""

    amount: Charge = Decimal(0)


class Customer(Told):
    """A registered shopper; names may hold anything a customer can type."""

    id: Id
    email: Text = ""
    first_name: Text = ""
    last_name: Text = ""
    phone: Text = ""
    store_credit_amounts: Many[StoreCredit] = ()

    @property
    def name(self) -> str:
        """First and last name, the e-mail where there is neither."""
        return f"{self.first_name} {self.last_name}".strip() or self.email

    @property
    def store_credit(self) -> Decimal:
        """What the customer can spend, in the store's default currency."""
        return sum((credit.amount for credit in self.store_credit_amounts), Decimal(0))


class Customers(Resource):
    """The registered shoppers; each list holds at most `MOST_FOUND`, the newest first."""

    async def get(self, customer_id: int) -> Customer | None:
        """Return the customer with the store credit, None when there is none of that number."""
        found = await self._find_customers("id:in", [str(customer_id)])
        return found[0] if found else None

    async def by_email(self, email: str) -> list[Customer]:
        """Return who is registered with this e-mail."""
        return await self._find_customers("email:in", [email])

    async def by_name(self, names: Sequence[str]) -> list[Customer]:
        """Return whose "first last" holds one of these."""
        return await self._find_customers("name:like", [name[:LONGEST_NAME] for name in names])

    async def by_phone(self, spellings: Sequence[str]) -> list[Customer]:
        """Return whose number is kept in exactly one of these spellings."""
        return await self._find_customers("phone:in", spellings)

    async def _find_customers(self, field: str, values: Sequence[str]) -> list[Customer]:
        # A comma separates values, and there is no way to write one inside a value.
        wanted = [value.replace(",", " ").strip() for value in values]
        query = {
            field: ",".join(filter(None, wanted)),
            "include": "storecredit",
            "sort": "date_created:desc",
            "limit": str(MOST_FOUND),
        }
        if not query[field]:  # an empty filter would find everybody
            return []
        call = self._api.read("/v3/customers", query)
        rows = data_of(call, await self._api.fetch(call))
        if field in EXACT:
            hold_against(call, rows, EXACT[field], wanted)
        return read_list(Customer, call, rows)
