"""App Home: where an agent's day starts, and where admins configure Makegood."""
