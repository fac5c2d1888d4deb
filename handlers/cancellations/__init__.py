"""How Slack asks for cancellations."""
