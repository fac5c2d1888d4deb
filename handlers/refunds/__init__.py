"""How Slack asks for refunds: reason, lines, costs, deductions."""
