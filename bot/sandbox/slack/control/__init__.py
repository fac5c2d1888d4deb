"""The workspace's control API."""
