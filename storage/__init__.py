"""What the bot remembers, on SQLite."""
