"""BigCommerce's webhooks: setting them up in the store, and the secret that they come with."""

from bot.webhooks.secret import HEADER, hash_of, secret_of
from bot.webhooks.setup import (
    Hooks,
    NoAddress,
    look_up,
    mend,
    switch_off,
    switch_on,
    webhook_address,
)
from bot.webhooks.upkeep import HookUpkeep

__all__ = [
    "HEADER",
    "HookUpkeep",
    "Hooks",
    "NoAddress",
    "hash_of",
    "look_up",
    "mend",
    "secret_of",
    "switch_off",
    "switch_on",
    "webhook_address",
]
