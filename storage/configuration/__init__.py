"""The configuration's history, and changes of it that wait."""
