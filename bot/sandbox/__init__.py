"""The outside world in small: a stand-in store and workspace. Knows nothing of the bot."""
