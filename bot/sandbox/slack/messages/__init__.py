"""Messages: what they hold, where they stand, and how they go."""
