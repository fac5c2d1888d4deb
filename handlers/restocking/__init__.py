"""What becomes of refunded items, in forms and messages."""
