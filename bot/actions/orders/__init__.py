"""An order as it is: its lines, costs, status and what is left on it."""
