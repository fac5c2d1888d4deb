"""What tells that the data is older than the store."""
