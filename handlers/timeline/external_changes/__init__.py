"""What happened to an order outside the bot: told once, unless the bot did it."""
