"""Modals and answers for one person, and drawing anew what somebody sees."""
