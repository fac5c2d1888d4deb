"""All of Slack: commands, modals, messages. Payloads never leave this package."""
