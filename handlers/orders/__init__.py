"""The order in Slack: its card, the search for it, its history."""
