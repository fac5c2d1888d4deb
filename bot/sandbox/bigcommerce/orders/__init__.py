"""Orders: reading, listing, changing a status, and what was sent."""
