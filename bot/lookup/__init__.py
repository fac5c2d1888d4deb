"""Finding orders and customers by whatever an agent has at hand; it only reads."""
