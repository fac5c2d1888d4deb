"""Discount codes: made as asked for, and switched off."""
