"""The category tree as a flat list in which every name stands with its path."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import AliasChoices, Field

from bot.bigcommerce.answers import read_list
from bot.bigcommerce.fields import Count, Id, Text, Told
from bot.bigcommerce.models import Category
from bot.bigcommerce.transport import Call

SEPARATOR = " › "


class TreeCategory(Told):
    """`GET /v3/catalog/trees/categories`."""

    id: Id = Field(validation_alias=AliasChoices("category_id", "id"))
    parent_id: Count = 0
    name: Text = ""


def read_categories(call: Call, values: list[Any]) -> list[Category]:
    """Return the categories sorted by path; names are unique only among siblings."""
    tree = {category.id: category for category in read_list(TreeCategory, call, values)}
    found = [
        Category(id=category.id, name=category.name, path=_path(category, tree))
        for category in tree.values()
    ]
    return sorted(found, key=lambda category: (category.path.casefold(), category.id))


def _path(category: TreeCategory, tree: Mapping[int, TreeCategory]) -> str:
    names = [category.name]
    seen = {category.id}
    parent = tree.get(category.parent_id)
    while parent is not None and parent.id not in seen:  # a loop must not hang the form
        names.insert(0, parent.name)
        seen.add(parent.id)
        parent = tree.get(parent.parent_id)
    return SEPARATOR.join(names)
