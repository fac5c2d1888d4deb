"""The store's control API."""
