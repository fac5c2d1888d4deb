"""Requests that wait for a second person: the words, and the clicks."""
