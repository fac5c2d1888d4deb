"""The configuration in Slack: its words, and what follows a change."""
