"""What the app is sent, and how it answers: Socket Mode and response URLs."""
