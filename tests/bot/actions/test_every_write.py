"""Nothing is written at the store but by an action, each write in the one way that asks first."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[3]
ASKED = {  # sent by `write_once`, which asks before each sending
    "bot/actions/discounts/coupon.py": {"coupons.create"},
    "bot/actions/discounts/promotion.py": {"promotions.create", "promotions.create_code"},
    "bot/actions/discounts/code_state.py": {"coupons.switch_off", "promotions.switch_off"},
    "bot/actions/orders/order_status.py": {"orders.set_status"},
    "bot/actions/refunds/refunding.py": {"refunds.create"},
    "bot/actions/restocking/restock_items.py": {"inventory.adjust"},
    "bot/actions/cancellations/voiding.py": {"payments.void"},
}
UNASKED = {
    # Takes back what this very run has made otherwise than asked: that gives nothing away.
    "bot/actions/discounts/take_back.py": {
        *("promotions.delete", "promotions.delete_code", "coupons.delete"),
    },
    "bot/check/store.py": {
        "inventory.adjust"
    },  # an adjustment of nothing, to see the token's scopes
    "bot/webhooks/setup.py": {"hooks.create", "hooks.activate", "hooks.delete"},
}
CHANGES_NOTHING = {"refunds.quote"}


def methods() -> Iterator[tuple[str, ast.AST]]:
    """Yield the client's methods, as "refunds.create"."""
    client = ROOT / "bot" / "bigcommerce"
    composed = re.findall(r"self\.(\w+) = (\w+)\(api\)", (client / "client.py").read_text())
    resources = {kind: name for name, kind in composed}
    for path in client.glob("*.py"):
        for kind in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(kind, ast.ClassDef) and kind.name in resources:
                for each in kind.body:
                    if isinstance(each, ast.AsyncFunctionDef):
                        yield f"{resources[kind.name]}.{each.name}", each


def called(tree: ast.AST) -> set[str]:
    """Return what is called there, each by its last two names."""
    names = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return {".".join(name.split(".")[-2:]) for name in names}


def writing() -> set[str]:
    """Return the client's methods that write."""
    return {name for name, body in methods() if "_api.write" in called(body)} - CHANGES_NOTHING


def test_each_write_is_sent_where_it_is_asked_about() -> None:
    writes, found = writing(), defaultdict(set)
    for part in ("bot", "handlers", "storage"):
        for path in (ROOT / part).rglob("*.py"):
            place = path.relative_to(ROOT).as_posix()
            if place.startswith(("bot/bigcommerce/", "bot/sandbox/")):
                continue
            if names := called(ast.parse(path.read_text(encoding="utf-8"))) & writes:
                found[place] = names

    assert len(writes) >= 12
    assert dict(found) == ASKED | UNASKED
