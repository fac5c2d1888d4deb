"""Refunds: quotes, booking, gateways and the money on its way."""
