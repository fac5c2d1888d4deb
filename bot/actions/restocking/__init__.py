"""Refunded items: back to stock, damaged or lost."""
