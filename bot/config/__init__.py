"""The settings of the process, and what a shop has configured."""
