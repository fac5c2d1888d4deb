"""Whether the money of a refund has moved."""
