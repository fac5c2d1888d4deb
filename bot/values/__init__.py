"""Small values that all know: money, outcomes, and text made into either."""
