"""Nothing is written at the store but by an action, each write in the one way that asks first."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[3]
ASKED = {  # sent by `write_once`, which asks before each sending
    "bot/actions/discount_coupon.py": {"create_coupon"},
    "bot/actions/discount_promotion.py": {"create_promotion", "create_promotion_code"},
    "bot/actions/discount_state.py": {"switch_off_coupon", "switch_off_promotion"},
    "bot/actions/order_status.py": {"set_order_status"},
    "bot/actions/refunding.py": {"create_refund"},
    "bot/actions/restock_items.py": {"adjust_stock"},
    "bot/actions/voiding.py": {"void_payment"},
}
UNASKED = {
    # Takes back what this very run has made otherwise than asked: that gives nothing away.
    "bot/actions/discount_take_back.py": {
        *("delete_promotion", "delete_promotion_code", "delete_coupon"),
    },
    "bot/check/store.py": {"adjust_stock"},  # an adjustment of nothing, to see the token's scopes
    "bot/webhooks/setup.py": {"create_hook", "activate_hook", "delete_hook"},
}
CHANGES_NOTHING = {"quote_refund"}


def functions(path: Path) -> Iterator[ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.AsyncFunctionDef):
            yield node


def called(tree: ast.AST) -> set[str]:
    return {
        node.func.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }


def writing() -> set[str]:
    """Return the client's methods that write."""
    return {
        function.name
        for path in (ROOT / "bot" / "bigcommerce").glob("*.py")
        for function in functions(path)
        if "_write" in called(function)
    } - CHANGES_NOTHING


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
