"""The way of every action through Slack, written once: form, review, confirmation."""
