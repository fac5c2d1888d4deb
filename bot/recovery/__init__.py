"""The log held against the store: at each start, after a restore, and every few minutes."""
