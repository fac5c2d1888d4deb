"""A stand-in BigCommerce store."""
