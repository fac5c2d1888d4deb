"""BigCommerce's webhooks: setting them up in the store, and the secret that they come with."""

from bot.webhooks.secret import HEADER, secret_of
from bot.webhooks.setup import Hooks, NoAddress, look_up, switch_off, switch_on, webhook_address

__all__ = [
    "HEADER",
    "Hooks",
    "NoAddress",
    "look_up",
    "secret_of",
    "switch_off",
    "switch_on",
    "webhook_address",
]
