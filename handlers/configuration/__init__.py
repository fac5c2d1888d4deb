"""How admins configure Makegood in Slack: the words, the forms, and what follows a change."""
