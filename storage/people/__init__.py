"""Who was there, and what people chose for themselves."""
