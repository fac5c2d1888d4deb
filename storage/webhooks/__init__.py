"""What BigCommerce's webhooks told."""
