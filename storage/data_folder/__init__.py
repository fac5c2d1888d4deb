"""The data folder: whose it is, who can read it, and backups of it."""
