"""The customer: at a glance, linked to a thread, and what they are written."""
