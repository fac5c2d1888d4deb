"""The process itself: its log lines, loops and caches, and errors that nobody expected."""
