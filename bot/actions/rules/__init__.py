"""The rules that requests are held against: eligibility, limits and approvals. Pure."""
