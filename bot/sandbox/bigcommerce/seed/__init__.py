"""The shop as it opens."""
