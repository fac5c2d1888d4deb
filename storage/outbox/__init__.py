"""The outbox: everything that the bot says, a row each."""
