"""What the bot says in channels, threads and direct messages, and how that gets there."""
