"""The orders' threads, and whom a channel or a thread is about."""
