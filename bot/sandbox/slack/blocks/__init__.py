"""Block Kit as Slack enforces it."""
