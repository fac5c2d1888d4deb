"""Calls to the store's API: one attempt, its repeats, the quota, and what an answer means."""
