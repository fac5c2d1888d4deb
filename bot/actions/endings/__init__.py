"""Requests whose end the bot does not know: what the store shows of them, and what people say."""
