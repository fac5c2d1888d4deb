"""Cancelling an order, with or without giving its money back."""
