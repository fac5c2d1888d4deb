"""Webhooks: kept, listed and sent."""
