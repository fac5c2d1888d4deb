"""Who may do what, up to how much, and who somebody is in Slack."""
