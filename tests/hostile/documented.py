"""What BigCommerce documents that a call may be answered with: statuses, and bodies of refusals.

https://developer.bigcommerce.com/docs/rest-management and, for all calls alike,
https://developer.bigcommerce.com/docs/start/about/status-codes
"""

from __future__ import annotations

import json
import re

# A token that is not accepted or lacks a scope, the request limit, and a platform in trouble.
EVERYWHERE = (400, 401, 403, 404, 429, 500, 502, 503, 504)
NO_CONTENT = 204
# On top of those, by call.
STATUSES: dict[str, tuple[int, ...]] = {
    "PUT v2/orders/N": (409, 422),
    "POST v3/orders/N/payment_actions/void": (422,),
    "POST v3/orders/N/payment_actions/refund_quotes": (422,),
    "POST v3/orders/N/payment_actions/refunds": (409, 422),
    "POST v2/coupons": (409, 422),
    "PUT v2/coupons/N": (409, 422),
    "POST v3/promotions": (409, 422),
    "GET v3/promotions": (422,),
    "DELETE v3/promotions/N": (422,),
    "POST v3/promotions/N/codes": (409, 422),
    "PUT v3/promotions/N": (409, 422),
    "GET v3/settings/inventory": (422,),
    "POST v3/inventory/adjustments/relative": (409, 422),
    "GET v3/channels": (422,),
    "GET v3/customers": (422,),
    "GET v3/catalog/trees/categories": (422,),
}
HTML = "<html><head><title>Just a moment</title></head><body>Please wait.</body></html>"
TYPE = "https://developer.bigcommerce.com/api-docs/getting-started/api-status-codes"
TITLES = {
    400: "The request could not be understood.",
    401: "Unauthorized",
    403: "You don't have a required scope to access the endpoint",
    404: "The requested resource was not found.",
    409: "The name is already in use.",
    422: "JSON data is missing or invalid",
    429: "You have exceeded the rate limit for this store.",
    503: "Tax service gone away",
}


def call_name(method: str, path: str) -> str:
    """Return "GET v2/orders/N/products" for a call's method and path below the store's hash."""
    short = re.sub(r"^/stores/[^/]+/", "", path)
    return f"{method} {re.sub(r'(?<=/)[0-9]+(?=/|$)', 'N', short)}"


def is_write(call: str) -> bool:
    """Tell whether the call changes anything."""
    return not call.startswith("GET ") and not call.endswith("refund_quotes")


def statuses(call: str) -> tuple[int, ...]:
    """Return the statuses other than success that are documented for a call."""
    return (*EVERYWHERE, *STATUSES.get(call, ()))


def refusal(call: str, status: int) -> tuple[str, str]:
    """Return content type and body of such an answer, in the shape that the call's version has."""
    title = TITLES.get(status, "Service unavailable")
    if status in {500, 502, 504}:
        return "text/html", HTML
    if " v2/" in call:
        return "application/json", json.dumps([{"status": status, "message": title}])
    if call.endswith(("refunds", "refund_quotes")) and status == 503:
        row = {"order_id": 1, "status": 503, "error": title}
        return "application/json", json.dumps({"data": [row], "meta": {}})
    body = {"status": status, "title": title, "type": TYPE}
    return "application/json", json.dumps(body | ({"errors": {}} if status == 422 else {}))
