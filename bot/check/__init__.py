"""The connection, looked at from end to end, in plain words: what works, and what to fix."""
