"""The log held against the store: at each start, after a restore, and every few minutes."""

from bot.recovery.recovery import Recovery

__all__ = ["Recovery"]
