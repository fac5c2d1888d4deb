"""The rules that requests are held against: limits and approvals. Pure."""
