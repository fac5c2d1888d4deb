"""Slack's Web API: what its answers mean."""
