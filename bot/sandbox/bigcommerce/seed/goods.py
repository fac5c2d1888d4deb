"""What the shop sells and whom it sells to."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from bot.sandbox.bigcommerce.books import Customer, Person, Product

# name, price; the number is 101 plus the place in the list.
GOODS: tuple[tuple[str, str], ...] = (
    ("Boston Fern", "24.00"),
    ("Orbit Terrarium", "54.50"),
    ("Brass Plant Mister", "27.50"),
    ("Terracotta Pot, 6 inch", "12.00"),
    ("Glazed Planter “Heron”", "38.00"),
    ("Potting Mix, 8 quarts", "9.75"),
    ("Bypass Secateurs", "31.20"),
    ("Aesop's Fables, illustrated", "18.99"),
    ("The Fox & the Fern", "14.50"),
    ("Beeswax Candle", "16.25"),
    ("Stoneware Mug", "13.40"),
    ("Linen Hand Towel", "11.90"),
    ("String of Pearls", "19.00"),
    ("Copper Watering Can", "62.00"),
    ("Maidenhair Fern", "21.75"),
    ("Wildflower Seed Tin", "7.30"),
    ("Kokedama Kit <beginner>", "34.00"),
    ("Macramé Hanger", "22.60"),
)

NAMES: tuple[tuple[str, str], ...] = (
    ("Maya", "Lindqvist"),
    ("Theo", "Okafor"),
    ("Marks & Daughters", "Ltd. <wholesale>"),
    ("<!channel>", "Everyone"),
    ("Zoë 🌿", "O’Hara-Núñez"),
    ("מרים", "לוי"),
    ("عمر", "الحسن"),
    ("Priya", "Raghunathan"),
    ("Jonas", "Weber"),
    ("Grace", "Kim"),
    ("*Bold*", "_Underline_ ~Strike~ `Code`"),
    ("Lucía", "Ferreira"),
    ("Noah", "Bennett"),
    ("Ida", "Sørensen"),
    ("Kwame", "Mensah"),
    ("Hana", "Novák"),
    ("Samuel", "Reyes"),
    ("Elif", "Demir"),
)


def person(index: int) -> Person:
    """Return the person of a place in the list of names."""
    first, last = NAMES[index]
    return Person(
        first_name=first,
        last_name=last,
        email=f"{'shopper+' if index == 1 else ''}customer{index + 1}@mail.example",
        phone=f"512-555-01{index + 1:02d}",
        street=f"{10 + index} Orchard Lane",
    )


def products() -> list[Product]:
    """Return what is sold, numbered from 101; the SKUs are those that order lines carry."""
    return [
        Product(id=101 + index, name=name, sku=f"FF-{101 + index}", price=Decimal(price))
        for index, (name, price) in enumerate(GOODS)
    ]


def customers(opened_at: datetime) -> list[Customer]:
    """Return the registered shoppers, numbered from 1."""
    return [
        Customer(
            id=index + 1,
            person=person(index),
            created_at=opened_at - timedelta(days=400 - index * 7),
            store_credit=Decimal("10.00") if index % 5 == 0 else Decimal("0.00"),
        )
        for index in range(len(NAMES))
    ]
