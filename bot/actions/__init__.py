"""What can be done to an order or for a customer. Knows neither Slack nor HTTP."""
