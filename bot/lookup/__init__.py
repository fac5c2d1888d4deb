"""Finding orders and customers by whatever an agent has at hand; it only reads."""

from bot.lookup.finder import Finder, Found
from bot.lookup.glance import Glance, load_glance
from bot.lookup.mentioned import Mentioned, find_mentioned
from bot.lookup.wanted import Wanted, read_wanted

__all__ = [
    "Finder",
    "Found",
    "Glance",
    "Mentioned",
    "Wanted",
    "find_mentioned",
    "load_glance",
    "read_wanted",
]
