"""The campaign with rules on: people who would walk around them, and what must not have left."""
