"""The category tree: three levels, some names used in more than one branch."""

from __future__ import annotations

import re

from bot.sandbox.bigcommerce.books import Category

TREE: dict[str, dict[str, tuple[str, ...]]] = {
    "Plants": {
        "Indoor": ("Ferns", "Succulents", "Hanging", "Sale"),
        "Outdoor": ("Herbs", "Climbers", "Shrubs", "Sale"),
        "Seeds": ("Vegetables", "Wildflowers"),
    },
    "Garden": {
        "Tools": ("Pruning", "Watering", "Sets"),
        "Pots": ("Terracotta", "Glazed", "Hanging"),
        "Bath": (),
    },
    "Home": {
        "Bath": ("Towels", "Soap"),
        "Kitchen": ("Mugs", "Jars", "Sale"),
        "Candles & Scent": (),
    },
    "Books": {
        "Gardening": ("Beginners", "Reference"),
        "Fables": ("Children", "Classics"),
        "Sets": (),
    },
    "Gifts": {"Under $25": (), "Cards": ()},
}


def categories() -> list[Category]:
    """Return the tree, parents before their children, numbered from 21."""
    rows: list[Category] = []

    def add(name: str, parent: Category | None) -> Category:
        slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
        path = f"{parent.path if parent else '/'}{slug}/"
        row = Category(
            id=21 + len(rows), parent_id=parent.id if parent else 0, name=name, path=path
        )
        rows.append(row)
        return row

    for top, middle in TREE.items():
        first = add(top, None)
        for name, leaves in middle.items():
            second = add(name, first)
            for leaf in leaves:
                add(leaf, second)
    return rows
