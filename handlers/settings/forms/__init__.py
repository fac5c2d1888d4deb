"""The forms of the configuration page."""
