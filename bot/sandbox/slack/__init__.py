"""A stand-in Slack workspace."""
