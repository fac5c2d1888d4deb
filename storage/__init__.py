"""What is written down: the action log, the order threads, drafts. Takes plain values."""
