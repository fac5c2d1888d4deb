"""The secret that BigCommerce sends along with each delivery, so that nobody else can make one."""

from __future__ import annotations

import hmac
from hashlib import sha256

HEADER = "X-Makegood-Webhook"


def secret_of(access_token: str, store_hash: str) -> str:
    """Return the secret: made from the access token, so that there is none to keep or to lose.

    It tells nothing about the token. A new token makes a new one; `webhooks on` then renews it.
    """
    about = f"makegood webhooks {store_hash}".encode()
    return hmac.new(access_token.encode(), about, sha256).hexdigest()


def hash_of(secret: str) -> str:
    """Return what is kept of a secret, to know it again when its token was replaced."""
    return sha256(secret.encode(errors="surrogateescape")).hexdigest()
