"""Who comes and goes, what they may do, and what waits for whom: noticed, and told."""
