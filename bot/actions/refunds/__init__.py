"""Refunds: quoted, confirmed, made at most once."""
