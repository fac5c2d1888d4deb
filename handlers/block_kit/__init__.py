"""Block Kit: builders that keep Slack's limits, and text that can do nothing else."""
