"""The message of an outcome, and what is said with every outcome."""
