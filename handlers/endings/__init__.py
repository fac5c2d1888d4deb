"""What people end by hand: requests whose end nobody knew, money that they sent."""
