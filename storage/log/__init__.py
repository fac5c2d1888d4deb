"""The action log: every request, and what became of it."""
