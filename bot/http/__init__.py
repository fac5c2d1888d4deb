"""The two ports that the bot may listen on: a public one for webhooks, a private one for health."""
