"""Makegood: put BigCommerce orders right from Slack. Importing this imports nothing."""
