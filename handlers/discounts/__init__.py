"""Discount codes in Slack: the form, the message, its buttons."""
